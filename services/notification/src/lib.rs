#![doc = include_str!("../README.md")]

mod channels;
mod config;
pub mod domain;
mod jobs;
mod rpc;
mod store;
mod transcriber;

use khaacho_durable::Door;
use khaacho_lifecycle::{Part, Unit};
use khaacho_pg::migrate::Step;
use khaacho_proto::notification::v1::consent_service_server::ConsentServiceServer;
use khaacho_proto::notification::v1::delivery_status_service_server::DeliveryStatusServiceServer;
use khaacho_proto::notification::v1::media_service_server::MediaServiceServer;
use khaacho_proto::notification::v1::notification_service_server::NotificationServiceServer;
use khaacho_proto::notification::v1::simulator_service_server::SimulatorServiceServer;
use khaacho_proto::notification::v1::template_service_server::TemplateServiceServer;

pub use config::Config;

/// What the service needs from its process.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Its database.
    pub door: Door,
    /// Whether its runner hears the bells of other processes; takes one connection.
    pub listens: bool,
}

/// The tables of schema `notification`.
pub static MIGRATIONS: &[Step] = &[
    Step {
        version: 1,
        name: "0001_notification",
        sql: include_str!("../migrations/0001_notification.sql"),
    },
    Step {
        version: 2,
        name: "0002_assay",
        sql: include_str!("../migrations/0002_assay.sql"),
    },
    Step {
        version: 3,
        name: "0003_cause",
        sql: include_str!("../migrations/0003_cause.sql"),
    },
    Step {
        version: 4,
        name: "0004_named_states",
        sql: include_str!("../migrations/0004_named_states.sql"),
    },
    Step {
        version: 5,
        name: "0005_consents",
        sql: include_str!("../migrations/0005_consents.sql"),
    },
    Step {
        version: 6,
        name: "0006_told",
        sql: include_str!("../migrations/0006_told.sql"),
    },
    Step {
        version: 7,
        name: "0007_media",
        sql: include_str!("../migrations/0007_media.sql"),
    },
];

/// The service: six gRPC services, its jobs, and the bell for processes that run them.
pub fn unit(config: Config, deps: Deps) -> Unit {
    let Deps { door, listens } = deps;
    let rpc = rpc::Rpc::new(door.clone(), &config);
    let bell = door.clone();
    let serve = move |routes: &mut tonic::service::RoutesBuilder| {
        routes
            .add_service(NotificationServiceServer::new(rpc.clone()))
            .add_service(DeliveryStatusServiceServer::new(rpc.clone()))
            .add_service(ConsentServiceServer::new(rpc.clone()))
            .add_service(MediaServiceServer::new(rpc.clone()))
            .add_service(TemplateServiceServer::new(rpc.clone()))
            .add_service(SimulatorServiceServer::new(rpc));
    };
    Unit::new("notification")
        .serve(
            serve,
            &[
                "khaacho.notification.v1.NotificationService",
                "khaacho.notification.v1.DeliveryStatusService",
                "khaacho.notification.v1.ConsentService",
                "khaacho.notification.v1.MediaService",
                "khaacho.notification.v1.TemplateService",
                "khaacho.notification.v1.SimulatorService",
            ],
        )
        .background("notification bell", Part::Serve, move |stop| bell.announce(stop))
        .background("notification jobs", Part::Jobs, move |stop| {
            jobs::runner(door, &config, listens).run(stop)
        })
}
