//! A credit service with its database, behind the mesh's own server layer, and clients that call it as others do.

mod laws;
mod notification;
mod verbs;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use khaacho_cache::Redis;
use khaacho_config::{Reader, Secret, Strings};
use khaacho_credit::{APPEND_ONLY, Config, Deps, MIGRATIONS};
use khaacho_durable::{Door, SCHEMA_SQL};
use khaacho_fault::Fault;
use khaacho_ids::{OrderId, VendorId};
use khaacho_lifecycle::{Clock, Hand, Kind, Part, Stop, Tasks};
use khaacho_pg::migrate::{SchemaMigrations, role_exists};
use khaacho_pg::{Db, Settings};
use khaacho_proto::credit::v1::account_service_client::AccountServiceClient;
use khaacho_proto::credit::v1::hold_service_client::HoldServiceClient;
use khaacho_proto::credit::v1::ledger_service_client::LedgerServiceClient;
use khaacho_proto::credit::v1::payment_service_client::PaymentServiceClient;
use khaacho_proto::notification::v1 as notes;
use khaacho_proto::notification::v1::notification_service_server::NotificationServiceServer;
use khaacho_rpc::{
    Ctx, GuardLayer, MeshChannel, MeshKeys, PeerSettings, Peers, Principal, Role, ServerLimits, Target,
};
use khaacho_testkit::db::TestDb;
use tokio::net::TcpListener;
use tonic::service::RoutesBuilder;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use notification::FakeNotification;
pub(crate) use verbs::delivery;

const ROLE: &str = "khaacho_credit";
const PRELUDE: &[(&str, &str)] = &[("durable", SCHEMA_SQL)];
const SCHEMA: SchemaMigrations = SchemaMigrations::new("credit", ROLE, MIGRATIONS)
    .with_prelude(PRELUDE)
    .with_append_only(APPEND_ONLY);

/// When every test begins.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-11-22T06:00:00Z".parse().expect("a time")
}

/// A time as the contracts write it.
pub(crate) fn stamp(at: DateTime<Utc>) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: 0,
    })
}

/// The order with this name.
pub(crate) fn order(name: &str) -> String {
    OrderId::derive(&["test", name]).to_string()
}

/// The vendor of all tests.
pub(crate) fn vendor() -> String {
    VendorId::derive(&["test"]).to_string()
}

/// A running service.
pub(crate) struct World {
    /// The service's pool, under the service's own role where there is one.
    pub(crate) db: Db,
    /// Moves the service's clock.
    pub(crate) hand: Hand,
    /// Notices that the fake notification service was given.
    pub(crate) notices: Arc<Mutex<Vec<notes::Notice>>>,
    /// Switched on, the fake notification service is away.
    pub(crate) notification_down: Arc<AtomicBool>,
    order: MeshChannel,
    gateway: MeshChannel,
    next: AtomicU32,
    stop: Stop,
    test_db: TestDb,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    /// Starts a service with an empty database. Jobs run when `Part::Jobs` is asked for.
    pub(crate) async fn start(parts: &[Part]) -> Self {
        let test_db = TestDb::migrated(&[SCHEMA]).await;
        let role = role_exists(test_db.url(), ROLE)
            .await
            .expect("the test server answers");
        let settings = Settings {
            role: role.then(|| ROLE.to_owned()),
            pool_max: 12,
            ..Settings::new(test_db.url(), "credit", "credit test")
        };
        let db = Db::connect(settings).await.expect("a pool");
        let (clock, hand) = Clock::manual(start());
        let keys = MeshKeys::new(&Secret::new("0123456789abcdef0123456789abcdef")).expect("long enough");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let peers_of = |identity: &str| {
            let targets: BTreeMap<_, _> = ["credit", "notification"]
                .map(|name| (name.to_owned(), Target::Address(address)))
                .into();
            let settings = PeerSettings {
                identity: identity.to_owned(),
                keys: keys.clone(),
                targets,
            };
            Peers::new(settings, &mut |_, _| {})
        };
        let strings = Strings::default();
        let config = Config::read(&mut Reader::new(&strings));
        let deps = Deps {
            door: Door::new("credit", db.clone(), clock),
            peers: peers_of("credit"),
            redis: Redis::connect(None),
            listens: false,
        };
        let unit = khaacho_credit::unit(config, deps);

        let fake = FakeNotification::default();
        let (notices, notification_down) = (fake.notices.clone(), fake.down.clone());
        let mut routes = RoutesBuilder::default();
        unit.mount.expect("it serves")(&mut routes);
        routes.add_service(NotificationServiceServer::new(fake));
        let stop = Stop::new();
        let tasks = Tasks::new(stop.clone());
        let server = Server::builder()
            .layer(GuardLayer::new(keys.clone(), ServerLimits::default()))
            .add_routes(routes.routes())
            .serve_with_incoming_shutdown(TcpIncoming::from(listener), stop.clone().cancelled_owned());
        tasks.spawn(Kind::Background, "server", async move {
            server.await.expect("serves")
        });
        for background in unit.background {
            if parts.contains(&background.part) {
                tasks.spawn(
                    Kind::Background,
                    background.name,
                    (background.start)(stop.clone()),
                );
            }
        }
        let (order, gateway) = (
            peers_of("order").channel("credit"),
            peers_of("gateway").channel("credit"),
        );
        let next = AtomicU32::new(0);
        Self {
            db,
            hand,
            notices,
            notification_down,
            order,
            gateway,
            next,
            stop,
            test_db,
        }
    }

    /// Without jobs.
    pub(crate) async fn new() -> Self {
        Self::start(&[Part::Serve]).await
    }

    /// URL of the database for a superuser.
    pub(crate) fn superuser_url(&self) -> &str {
        self.test_db.url()
    }

    /// A number that this world gave to nobody before.
    pub(crate) fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// An idempotency key that this world gave to nobody before.
    pub(crate) fn request_id(&self) -> String {
        format!("request-{}", self.number())
    }

    pub(crate) fn accounts(&self) -> AccountServiceClient<MeshChannel> {
        AccountServiceClient::new(self.gateway.clone())
    }

    pub(crate) fn parties(&self) -> AccountServiceClient<MeshChannel> {
        AccountServiceClient::new(self.order.clone())
    }

    pub(crate) fn holds(&self) -> HoldServiceClient<MeshChannel> {
        HoldServiceClient::new(self.order.clone())
    }

    pub(crate) fn ledger(&self) -> LedgerServiceClient<MeshChannel> {
        LedgerServiceClient::new(self.gateway.clone())
    }

    pub(crate) fn stories(&self) -> LedgerServiceClient<MeshChannel> {
        LedgerServiceClient::new(self.order.clone())
    }

    pub(crate) fn payments(&self) -> PaymentServiceClient<MeshChannel> {
        PaymentServiceClient::new(self.gateway.clone())
    }
}

/// A person of the back office calls.
pub(crate) fn by_finance<T>(body: T) -> Request<T> {
    let principal = Principal {
        subject: "key_finance".to_owned(),
        role: Role::Finance,
        scope: None,
    };
    Ctx::for_test().on_behalf_of(principal).outgoing(body)
}

/// A shop calls.
pub(crate) fn by_shop<T>(account_id: &str, body: T) -> Request<T> {
    let principal = Principal {
        subject: account_id.to_owned(),
        role: Role::Retailer,
        scope: Some(account_id.to_owned()),
    };
    Ctx::for_test().on_behalf_of(principal).outgoing(body)
}

/// The order service calls, because of that.
pub(crate) fn by_order<T>(body: T) -> Request<T> {
    Ctx::for_test()
        .on_behalf_of(Principal::service("order"))
        .caused_by("job_of_the_order")
        .outgoing(body)
}

/// What a call answered, or its fault as a client reads it.
pub(crate) fn answer<T>(result: Result<Response<T>, Status>) -> Result<T, Fault> {
    result.map(Response::into_inner).map_err(Fault::from)
}

/// The reason of a refused call.
pub(crate) fn reason<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
    result.expect_err("a refusal").reason().to_owned()
}
