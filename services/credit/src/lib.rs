#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    expect(
        clippy::inconsistent_digit_grouping,
        reason = "5_250_00 is Rs 5,250.00 in paisa"
    )
)]

mod config;
pub mod domain;
mod jobs;
mod measures;
mod parties;
mod rpc;
mod store;

use khaacho_cache::Redis;
use khaacho_durable::{Door, Runner};
use khaacho_lifecycle::{Part, Unit};
use khaacho_pg::migrate::Step;
use khaacho_proto::credit::v1::account_service_server::AccountServiceServer;
use khaacho_proto::credit::v1::hold_service_server::HoldServiceServer;
use khaacho_proto::credit::v1::ledger_service_server::LedgerServiceServer;
use khaacho_proto::credit::v1::payment_service_server::PaymentServiceServer;
use khaacho_rpc::Peers;

pub use config::Config;

use crate::parties::Parties;
use crate::rpc::Rpc;
use crate::store::get_account::{Standings, standings};

/// The service's migrations, in order.
pub static MIGRATIONS: &[Step] = &[
    Step {
        version: 1,
        name: "0001_credit",
        sql: include_str!("../migrations/0001_credit.sql"),
    },
    Step {
        version: 2,
        name: "0002_guards",
        sql: include_str!("../migrations/0002_guards.sql"),
    },
    Step {
        version: 3,
        name: "0003_assay",
        sql: include_str!("../migrations/0003_assay.sql"),
    },
    Step {
        version: 4,
        name: "0004_shared_phones",
        sql: include_str!("../migrations/0004_shared_phones.sql"),
    },
    Step {
        version: 5,
        name: "0005_languages",
        sql: include_str!("../migrations/0005_languages.sql"),
    },
];

/// Tables whose rows are history: the service's role may add and read them, nothing else.
pub const APPEND_ONLY: &[&str] = &[
    "entry",
    "entry_line",
    "account_event",
    "account_change",
    "allocation",
];

/// Full names of the gRPC services.
pub const SERVICES: &[&str] = &[
    "khaacho.credit.v1.AccountService",
    "khaacho.credit.v1.HoldService",
    "khaacho.credit.v1.LedgerService",
    "khaacho.credit.v1.PaymentService",
];

/// No request of this service comes near it.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// What the service needs from its process.
pub struct Deps {
    /// The way to the schema `credit`.
    pub door: Door,
    /// The other services; `notification` is called by jobs.
    pub peers: Peers,
    /// Second layer of the party cache; may be off.
    pub redis: Redis,
    /// Whether jobs are also enqueued by other processes, so that the runner has to listen for them.
    pub listens: bool,
}

/// The service: four gRPC services, its jobs, and the watch over its books.
pub fn unit(config: Config, deps: Deps) -> Unit {
    let Deps {
        door,
        peers,
        redis,
        listens,
    } = deps;
    let (jobs_door, bell_door) = (door.clone(), door.clone());
    let rpc = Rpc {
        door: door.clone(),
        parties: Parties::new(door.clone(), redis),
        standings: Standings::new("standings", 64, standings),
    };
    Unit::new("credit")
        .serve(
            move |routes| {
                routes
                    .add_service(
                        AccountServiceServer::new(rpc.clone()).max_decoding_message_size(REQUEST_BYTES_MAX),
                    )
                    .add_service(
                        HoldServiceServer::new(rpc.clone()).max_decoding_message_size(REQUEST_BYTES_MAX),
                    )
                    .add_service(
                        LedgerServiceServer::new(rpc.clone()).max_decoding_message_size(REQUEST_BYTES_MAX),
                    )
                    .add_service(PaymentServiceServer::new(rpc).max_decoding_message_size(REQUEST_BYTES_MAX));
            },
            SERVICES,
        )
        // made only where it runs: a runner tells the door that bells need not be rung in other processes
        .background("credit jobs", Part::Jobs, move |stop| {
            Runner::new(jobs_door, jobs::kinds(&peers))
                .listening(listens)
                .run(stop)
        })
        .background("credit bell", Part::Serve, move |stop| bell_door.announce(stop))
        .background("credit drift", Part::Jobs, move |stop| {
            jobs::watch_ledger::run(door, config.drift_every, stop)
        })
}
