//! Names of our metrics. Dashboards and alerts use these texts: a change here is a change there.

mod catalogue;

pub use catalogue::Part;

/// Counter: HTTP requests answered. Labels `method`, `route`, `status`.
pub const HTTP_REQUESTS: &str = "http_requests_total";
/// Histogram, seconds: time to the answer of an HTTP request. Labels `method`, `route`.
pub const HTTP_DURATION: &str = "http_request_duration_seconds";
/// Histogram, seconds: the same for the JSON API alone. Labels `method`, `route`.
pub const API_DURATION: &str = "api_request_duration_seconds";
/// Histogram, seconds: time to the acknowledgement of a webhook. Label `provider`.
pub const WEBHOOK_ACK: &str = "webhook_ack_seconds";
/// Gauge, paisa: sum of the entries minus the balances. Anything but zero is an incident. Label `check`.
pub const LEDGER_DRIFT: &str = "ledger_drift_paisa";
/// Gauge, sale units: sum of the movements minus the stock. Anything but zero is an incident.
pub const STOCK_DRIFT: &str = "stock_drift_units";

/// Bucket bounds of every histogram of time, in seconds.
pub(crate) const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Bucket bounds of histograms whose name ends in `_size` (batches).
pub(crate) const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Labels of one series.
type Labels = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Histogram,
    /// Shown from its first measurement on: a zero that nobody measured would be a lie, and alerts wait for gauges
    /// that are absent.
    Gauge,
}

/// One metric of the catalogue.
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    says: &'static str,
    /// Series that are there from the start. Where the values of a label have no end, one that will come.
    series: &'static [Labels],
}

/// Describes the metrics of one part of a process and starts those that count at zero, so that a rate over them is
/// right from the first event and nobody takes a missing one for a broken process. `labels` are added to every
/// series.
pub fn announce(part: Part, labels: &[(&'static str, &'static str)]) {
    for metric in part.metrics() {
        let Metric { name, says, .. } = *metric;
        match metric.kind {
            Kind::Counter => ::metrics::describe_counter!(name, says),
            Kind::Histogram => ::metrics::describe_histogram!(name, says),
            Kind::Gauge => ::metrics::describe_gauge!(name, says),
        }
        for own in metric.series {
            let all: Vec<(&str, &str)> = labels.iter().chain(*own).copied().collect();
            match metric.kind {
                Kind::Counter => ::metrics::counter!(name, &all).increment(0),
                // Registering it is enough: it is shown without samples.
                Kind::Histogram => drop(::metrics::histogram!(name, &all)),
                Kind::Gauge => {}
            }
        }
    }
}
