#![doc = include_str!("../README.md")]

mod catalogue;
mod config;
pub mod domain;
mod jobs;
mod load;
mod metrics;
mod rpc;
mod store;

pub use config::Config;
pub use domain::load_demo::Loaded;
pub use load::load_demo;

use khaacho_cache::Redis;
use khaacho_durable::Door;
use khaacho_lifecycle::{Part, Unit};
use khaacho_pg::migrate::Step;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::Peers;

/// The service's tables, in the schema `inventory`.
pub static MIGRATIONS: &[Step] = &[
    Step {
        version: 1,
        name: "0001_inventory",
        sql: include_str!("../migrations/0001_inventory.sql"),
    },
    Step {
        version: 2,
        name: "0002_assay",
        sql: include_str!("../migrations/0002_assay.sql"),
    },
    Step {
        version: 3,
        name: "0003_aliases",
        sql: include_str!("../migrations/0003_aliases.sql"),
    },
    Step {
        version: 4,
        name: "0004_asked_again",
        sql: include_str!("../migrations/0004_asked_again.sql"),
    },
    Step {
        version: 5,
        name: "0005_languages",
        sql: include_str!("../migrations/0005_languages.sql"),
    },
];

/// Tables whose rows are never changed or deleted.
pub static APPEND_ONLY: &[&str] = &["stock_move", "alias_event", "vendor_event"];

/// What the service needs from the process that it lives in.
#[derive(Clone)]
pub struct Deps {
    /// Its database, clock and jobs.
    pub door: Door,
    /// Channels to the other services; `order` is asked about old reservations.
    pub peers: Peers,
    /// Optional accelerator of look-ups.
    pub redis: Redis,
    /// Whether jobs are also enqueued by other processes, so that the runner has to listen for them.
    pub listens: bool,
}

/// The service.
pub fn unit(config: Config, deps: Deps) -> Unit {
    let catalogue = catalogue::Catalogue::new(deps.door.db().clone());
    let rpc = rpc::Rpc::new(
        deps.door.clone(),
        catalogue.clone(),
        &deps.redis,
        config.promote_after,
    );
    let (index_every, drift_every, db) = (config.index_every, config.drift_every, deps.door.db().clone());
    Unit::new("inventory")
        .serve(
            move |routes| {
                use pb::{
                    catalog_service_server::CatalogServiceServer, offer_service_server::OfferServiceServer,
                    quote_service_server::QuoteServiceServer,
                    reservation_service_server::ReservationServiceServer,
                    stock_service_server::StockServiceServer, vendor_service_server::VendorServiceServer,
                };
                routes
                    .add_service(CatalogServiceServer::new(rpc.clone()))
                    .add_service(VendorServiceServer::new(rpc.clone()))
                    .add_service(OfferServiceServer::new(rpc.clone()))
                    .add_service(StockServiceServer::new(rpc.clone()))
                    .add_service(QuoteServiceServer::new(rpc.clone()))
                    .add_service(ReservationServiceServer::new(rpc));
            },
            &[
                "khaacho.inventory.v1.CatalogService",
                "khaacho.inventory.v1.VendorService",
                "khaacho.inventory.v1.OfferService",
                "khaacho.inventory.v1.StockService",
                "khaacho.inventory.v1.QuoteService",
                "khaacho.inventory.v1.ReservationService",
            ],
        )
        .background("inventory catalogue", Part::Serve, move |stop| {
            catalogue.keep_fresh(index_every, stop)
        })
        .background("inventory drift", Part::Jobs, move |stop| {
            jobs::drift::watch(db, drift_every, stop)
        })
        .background("inventory jobs", Part::Jobs, move |stop| async move {
            let runner = jobs::runner(&deps.door, &deps.peers, &config).listening(deps.listens);
            runner.run(stop).await;
        })
}
