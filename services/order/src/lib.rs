#![doc = include_str!("../README.md")]

mod assist;
mod config;
pub mod domain;
mod jobs;
mod peers;
mod rpc;
mod service;
mod store;

use std::sync::Arc;

use khaacho_durable::{Door, Runner};
use khaacho_lifecycle::{Part, Unit};
use khaacho_pg::migrate::Step;
use khaacho_proto::order::v1::intake_service_server::IntakeServiceServer;
use khaacho_proto::order::v1::order_service_server::OrderServiceServer;

pub use config::Config;

/// What the service needs from its process.
pub struct Deps {
    /// Door to schema `orders`.
    pub door: Door,
    /// Channels to credit, inventory and notification.
    pub peers: khaacho_rpc::Peers,
    /// Whether jobs are also enqueued by other processes, so that the runner has to listen for them.
    pub listens: bool,
}

/// Steps of the schema `orders`.
pub const MIGRATIONS: &[Step] = &[
    Step {
        version: 1,
        name: "orders",
        sql: include_str!("../migrations/0001_orders.sql"),
    },
    Step {
        version: 2,
        name: "open_orders",
        sql: include_str!("../migrations/0002_open_orders.sql"),
    },
    Step {
        version: 3,
        name: "assay",
        sql: include_str!("../migrations/0003_assay.sql"),
    },
    Step {
        version: 4,
        name: "conversations",
        sql: include_str!("../migrations/0004_conversations.sql"),
    },
    Step {
        version: 5,
        name: "claims",
        sql: include_str!("../migrations/0005_claims.sql"),
    },
    Step {
        version: 6,
        name: "carts",
        sql: include_str!("../migrations/0006_carts.sql"),
    },
    Step {
        version: 7,
        name: "speech",
        sql: include_str!("../migrations/0007_speech.sql"),
    },
    Step {
        version: 8,
        name: "assist_quota",
        sql: include_str!("../migrations/0008_assist_quota.sql"),
    },
    Step {
        version: 9,
        name: "media",
        sql: include_str!("../migrations/0009_media.sql"),
    },
];

/// Tables that the service may only append to.
pub const APPEND_ONLY: &[&str] = &["order_event"];

/// The order service.
pub fn unit(config: Config, deps: Deps) -> Unit {
    let at_once = config.jobs_at_once;
    let service = Arc::new(service::Service::new(
        deps.door.clone(),
        peers::Peers::new(&deps.peers),
        config,
    ));
    let rpc = rpc::Rpc(service.clone());
    let door = deps.door;
    Unit::new("order")
        .serve(
            move |routes| {
                routes.add_service(IntakeServiceServer::new(rpc.clone()).max_decoding_message_size(8 << 20));
                routes.add_service(OrderServiceServer::new(rpc).max_decoding_message_size(1 << 20));
            },
            &["khaacho.order.v1.IntakeService", "khaacho.order.v1.OrderService"],
        )
        .background("order bell", Part::Serve, {
            let door = door.clone();
            move |stop| door.announce(stop)
        })
        .background("order jobs", Part::Jobs, move |stop| {
            let kinds = jobs::all(&service);
            Runner::new(door, kinds)
                .at_once(at_once)
                .listening(deps.listens)
                .run(stop)
        })
}
