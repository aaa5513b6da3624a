//! What a process counts and measures, by the part of it that does.

mod edge;
mod notification;

use super::{Kind, LEDGER_DRIFT, Labels, Metric, STOCK_DRIFT};
use edge::EDGE;

/// A part of a process that has metrics of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What every process has: database pools, Redis, calls to peers.
    Process,
    /// A gRPC server.
    Grpc,
    /// The gateway.
    Edge,
    /// A runner of jobs; takes the label `service`.
    Jobs,
    /// The order service.
    Order,
    /// The credit service.
    Credit,
    /// The inventory service.
    Inventory,
    /// The notification service.
    Notification,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 8] = [
        Self::Process,
        Self::Grpc,
        Self::Edge,
        Self::Jobs,
        Self::Order,
        Self::Credit,
        Self::Inventory,
        Self::Notification,
    ];

    pub(crate) fn metrics(self) -> &'static [Metric] {
        match self {
            Self::Process => PROCESS,
            Self::Grpc => GRPC,
            Self::Edge => EDGE,
            Self::Jobs => JOBS,
            Self::Order => ORDER,
            Self::Credit => CREDIT,
            Self::Inventory => INVENTORY,
            Self::Notification => notification::METRICS,
        }
    }
}

/// A metric without labels.
const PLAIN: &[Labels] = &[&[]];

const fn counter(name: &'static str, says: &'static str, series: &'static [Labels]) -> Metric {
    let kind = Kind::Counter;
    Metric {
        name,
        kind,
        says,
        series,
    }
}

const fn histogram(name: &'static str, says: &'static str, series: &'static [Labels]) -> Metric {
    let kind = Kind::Histogram;
    Metric {
        name,
        kind,
        says,
        series,
    }
}

const fn gauge(name: &'static str, says: &'static str) -> Metric {
    let (kind, series) = (Kind::Gauge, &[]);
    Metric {
        name,
        kind,
        says,
        series,
    }
}

const CONFLICTS: (&str, &str) = (
    "command_conflicts_total",
    "Commands that met another one and ran again",
);
const SIZES: (&str, &str) = (
    "command_batch_size",
    "Commands that shared a transaction, 1 for one that went alone",
);
const SHARED: (&str, &str) = (
    "shared_statement_keys",
    "Keys of statements that callers share, 1 for one that went alone",
);
const SPLIT: (&str, &str) = (
    "command_batches_split_total",
    "Batches that did not work out and went one by one",
);
const REPLAYED: (&str, &str) = (
    "requests_replayed_total",
    "Repeated requests answered from memory",
);

const PROCESS: &[Metric] = &[
    gauge(
        "clock_corrected_seconds",
        "How far the process's clock was ahead of the database's at the last look",
    ),
    gauge("db_pool_connections", "Connections of a pool"),
    gauge("redis_up", "Whether Redis answers, where there is one"),
    counter(
        "redis_errors_total",
        "Commands that Redis did not answer well",
        &[
            &[("kind", "timeout")],
            &[("kind", "io")],
            &[("kind", "oom")],
            &[("kind", "other")],
        ],
    ),
    gauge(
        "redis_cache_hit_rate",
        "Share of look-ups that did not need the database",
    ),
    counter(
        "panics_total",
        "Bugs that were caught",
        &[
            &[("where", "task")],
            &[("where", "http")],
            &[("where", "rpc")],
            &[("where", "job")],
            &[("where", "batch")],
            &[("where", "after_commit")],
        ],
    ),
    counter("grpc_client_retries_total", "Calls that were tried again", PEERS),
    counter(
        "grpc_client_disbelieved_total",
        "Calls whose peer did not accept this process's token",
        PEERS,
    ),
    counter(
        "grpc_server_shed_total",
        "Calls refused because too many were in progress",
        PLAIN,
    ),
];

const PEERS: &[Labels] = &[
    &[("peer", "order")],
    &[("peer", "credit")],
    &[("peer", "inventory")],
    &[("peer", "notification")],
];

const GRPC: &[Metric] = &[
    counter(
        "grpc_server_handled_total",
        "RPCs answered",
        &[&[
            ("grpc_service", "ops"),
            ("grpc_method", "GetMesh"),
            ("grpc_code", "Ok"),
        ]],
    ),
    histogram(
        "grpc_server_handling_seconds",
        "Time of an RPC in the server",
        &[&[("grpc_service", "ops"), ("grpc_method", "GetMesh")]],
    ),
    counter("security_events_total", SECURITY, &[&[("kind", "mesh_refused")]]),
];

const SECURITY: &str = "Refusals for want of proof, permission or patience";
const TWILIO: (&str, &str) = ("provider", "twilio");
const META: (&str, &str) = ("provider", "meta");
const SIMULATOR: (&str, &str) = ("provider", "simulator");

/// Every service has this kind of job.
const SWEEP: (&str, &str) = ("kind", "sweep_request_log");

const JOBS: &[Metric] = &[
    gauge("queue_depth", "Jobs that wait or are parked"),
    gauge("queue_oldest_age_seconds", "Age of the oldest job that is due"),
    gauge("outbox_pending", "Jobs that wait"),
    counter(
        "queue_jobs_total",
        "Runs of jobs that ended",
        &[
            &[SWEEP, ("outcome", "finished")],
            &[SWEEP, ("outcome", "failed")],
            &[SWEEP, ("outcome", "lease_lost")],
        ],
    ),
    histogram("queue_job_seconds", "Time of one run of a job", &[&[SWEEP]]),
    counter(
        "queue_jobs_parked_total",
        "Jobs that a person has to look at",
        &[&[SWEEP]],
    ),
];

const ORDER: &[Metric] = &[
    counter(
        "messages_handled_total",
        "Messages that were answered",
        &[
            &[("outcome", "ordered")],
            &[("outcome", "refused")],
            &[("outcome", "not_an_order")],
            &[("outcome", "needs_human")],
        ],
    ),
    counter(
        "messages_read_total",
        "Messages of shops that were no command, by what the interpreter made of them",
        &[
            &[("result", "clear")],
            &[("result", "asked")],
            &[("result", "unknown")],
        ],
    ),
    counter(
        "assist_calls_total",
        "Messages whose unread words were to be shown to the language model, by how that ended",
        &[
            &[("outcome", "answered")],
            &[("outcome", "cached")],
            &[("outcome", "quota")],
            &[("outcome", "busy")],
            &[("outcome", "resting")],
            &[("outcome", "late")],
            &[("outcome", "failed")],
            &[("outcome", "refused")],
            &[("outcome", "invalid")],
            &[("outcome", "database")],
        ],
    ),
    histogram(
        "assist_seconds",
        "Time of one question to the language model, all tries together",
        PLAIN,
    ),
    counter(
        "assist_answers_total",
        "Proposals of the language model, by what became of them",
        &[&[("result", "asked")], &[("result", "dropped")]],
    ),
    counter(
        "orders_moved_total",
        "Steps of orders",
        &[
            &[("to", "PLACED")],
            &[("to", "PENDING")],
            &[("to", "ROUTED")],
            &[("to", "SENT_TO_VENDOR")],
            &[("to", "ACCEPTED")],
            &[("to", "PACKING")],
            &[("to", "DISPATCHED")],
            &[("to", "OUT_FOR_DELIVERY")],
            &[("to", "DELIVERED")],
            &[("to", "COMPLETED")],
            &[("to", "CANCELLED")],
            &[("to", "REFUSED")],
        ],
    ),
    counter("orders_escalated_total", "Orders that no vendor takes", PLAIN),
    counter(CONFLICTS.0, CONFLICTS.1, &[&[("command", "PlaceOrder")]]),
    histogram(SIZES.0, SIZES.1, &[&[("command", "PlaceOrder")]]),
    histogram(SHARED.0, SHARED.1, &[&[("statement", "end_jobs")]]),
    counter(SPLIT.0, SPLIT.1, &[&[("command", "PlaceOrder")]]),
    counter(REPLAYED.0, REPLAYED.1, &[&[("command", "PlaceOrder")]]),
];

const CREDIT: &[Metric] = &[
    gauge(
        LEDGER_DRIFT,
        "Difference between books that have to agree, in paisa",
    ),
    counter(
        "credit_holds_total",
        "What happened to holds",
        &[
            &[("outcome", "placed"), ("reason", "")],
            &[("outcome", "posted"), ("reason", "")],
            &[("outcome", "refused"), ("reason", "CREDIT_SHORT")],
        ],
    ),
    counter(
        "credit_payments_total",
        "Recorded payments",
        &[
            &[("method", "CASH")],
            &[("method", "BANK_TRANSFER")],
            &[("method", "MOBILE_MONEY")],
            &[("method", "CHEQUE")],
        ],
    ),
    counter(CONFLICTS.0, CONFLICTS.1, &[&[("command", "RecordPayment")]]),
    histogram(SIZES.0, SIZES.1, &[&[("command", "PlaceHold")]]),
    histogram(SHARED.0, SHARED.1, &[&[("statement", "standings")]]),
    counter(SPLIT.0, SPLIT.1, &[&[("command", "PlaceHold")]]),
    counter(REPLAYED.0, REPLAYED.1, &[&[("command", "RecordPayment")]]),
];

const INVENTORY: &[Metric] = &[
    gauge(
        STOCK_DRIFT,
        "Difference between stock and its moves or promises, in sale units",
    ),
    counter(
        "phrases_learned_total",
        "What shops call products: their own answers, meanings that hold for all from now on, and what nobody could match",
        &[
            &[("result", "own")],
            &[("result", "promoted")],
            &[("result", "unmatched")],
        ],
    ),
    counter(
        "inventory_reservations_total",
        "What became of requests about reservations",
        &[
            &[("result", "made")],
            &[("result", "refused")],
            &[("result", "consumed")],
            &[("result", "released")],
            &[("result", "repeated")],
        ],
    ),
    counter(CONFLICTS.0, CONFLICTS.1, &[&[("command", "AdjustStock")]]),
    histogram(SIZES.0, SIZES.1, &[&[("command", "Reserve")]]),
    histogram(SHARED.0, SHARED.1, &[&[("statement", "baskets")]]),
    counter(SPLIT.0, SPLIT.1, &[&[("command", "Reserve")]]),
    counter(REPLAYED.0, REPLAYED.1, &[&[("command", "AdjustStock")]]),
];
