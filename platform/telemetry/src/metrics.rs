//! Names of our metrics. Dashboards and alerts use these texts: a change here is a change there.

/// Counter: HTTP requests answered. Labels `method`, `route`, `status`.
pub const HTTP_REQUESTS: &str = "http_requests_total";
/// Histogram, seconds: time to the answer of an HTTP request. Labels `method`, `route`.
pub const HTTP_DURATION: &str = "http_request_duration_seconds";
/// Histogram, seconds: the same for the JSON API alone. Labels `method`, `route`.
pub const API_DURATION: &str = "api_request_duration_seconds";
/// Counter: bad signatures, replays, refusals of access, limits. Label `kind`.
pub const SECURITY_EVENTS: &str = "security_events_total";
/// Histogram, seconds: time to the acknowledgement of a webhook. Label `provider`.
pub const WEBHOOK_ACK: &str = "webhook_ack_seconds";
/// Counter: RPCs answered by a server. Labels `grpc_service`, `grpc_method`, `grpc_code`.
pub const GRPC_HANDLED: &str = "grpc_server_handled_total";
/// Histogram, seconds: time of an RPC in the server. Labels `grpc_service`, `grpc_method`.
pub const GRPC_DURATION: &str = "grpc_server_handling_seconds";
/// Gauge: jobs that are due or running. Labels `schema`, `kind`.
pub const QUEUE_DEPTH: &str = "queue_depth";
/// Gauge, seconds: age of the oldest due job. Labels `schema`, `kind`.
pub const QUEUE_OLDEST: &str = "queue_oldest_age_seconds";
/// Counter: runs of jobs that ended. Labels `kind`, `outcome`.
pub const QUEUE_JOBS: &str = "queue_jobs_total";
/// Histogram, seconds: time of one run of a job. Label `kind`.
pub const QUEUE_DURATION: &str = "queue_job_seconds";
/// Counter: look-ups that Redis answered. Label `cache`.
pub const CACHE_HITS: &str = "redis_cache_hits_total";
/// Counter: look-ups that Redis did not answer. Label `cache`.
pub const CACHE_MISSES: &str = "redis_cache_misses_total";
/// Gauge, 0 to 1: hits over look-ups since start. Label `cache`.
pub const CACHE_HIT_RATE: &str = "redis_cache_hit_rate";
/// Gauge, paisa: sum of the entries minus the balances. Anything but zero is an incident.
pub const LEDGER_DRIFT: &str = "ledger_drift_paisa";
/// Gauge, sale units: sum of the movements minus the stock. Anything but zero is an incident.
pub const STOCK_DRIFT: &str = "stock_drift_units";

/// Bucket bounds of every histogram of time, in seconds.
pub(crate) const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Bucket bounds of histograms whose name ends in `_size` (batches).
pub(crate) const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
