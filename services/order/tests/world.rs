//! An order service with its database, behind the mesh's own server layer, with peers that the test directs.

pub(crate) mod books;
pub(crate) mod chat;
mod laws;
pub(crate) mod model;
mod peers;
pub(crate) mod stage;
pub(crate) mod verbs;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use khaacho_config::{Reader, Secret, Strings};
use khaacho_durable::{Door, SCHEMA_SQL};
use khaacho_fault::Fault;
use khaacho_lifecycle::{Background, Clock, Hand, Kind, Part, Stop, Tasks};
use khaacho_order::{APPEND_ONLY, Config, Deps, MIGRATIONS};
use khaacho_pg::migrate::{SchemaMigrations, role_exists};
use khaacho_pg::{Db, Settings};
use khaacho_proto::order::v1::intake_service_client::IntakeServiceClient;
use khaacho_proto::order::v1::order_service_client::OrderServiceClient;
use khaacho_rpc::{
    Ctx, GuardLayer, MeshChannel, MeshKeys, PeerSettings, Peers, Principal, Role, ServerLimits, Target,
};
use khaacho_testkit::db::TestDb;
use tokio::net::TcpListener;
use tonic::service::RoutesBuilder;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use books::{Books, account_id, vendor_id};
use stage::{Play, Stage};

const ROLE: &str = "khaacho_orders";
const SCHEMA: SchemaMigrations = SchemaMigrations::new("orders", ROLE, MIGRATIONS)
    .with_prelude(&[("durable", SCHEMA_SQL)])
    .with_append_only(APPEND_ONLY);

/// Where operators of the tests read.
pub(crate) const OPERATOR_PHONE: &str = "+9779800000001";

/// A running service.
pub(crate) struct World {
    /// The service's pool, under the service's own role where there is one.
    pub(crate) db: Db,
    /// Moves the service's clock ahead; it runs by itself, too.
    pub(crate) hand: Hand,
    /// The peers.
    pub(crate) stage: Arc<Stage>,
    gateway: MeshChannel,
    next: AtomicU32,
    jobs: Mutex<Option<Background>>,
    tasks: Tasks,
    stop: Stop,
    test_db: TestDb,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    /// A service whose jobs run.
    pub(crate) async fn new() -> Self {
        let world = Self::idle().await;
        world.begin_jobs();
        world
    }

    /// A service with these settings, whose jobs run.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let world = Self::set(settings).await;
        world.begin_jobs();
        world
    }

    /// A service whose jobs wait for [`World::begin_jobs`].
    pub(crate) async fn idle() -> Self {
        Self::set(&[]).await
    }

    async fn set(variables: &[(&str, &str)]) -> Self {
        let test_db = TestDb::migrated(&[SCHEMA]).await;
        let role = role_exists(test_db.url(), ROLE)
            .await
            .expect("the test server answers");
        let settings = Settings {
            role: role.then(|| ROLE.to_owned()),
            pool_max: 12,
            ..Settings::new(test_db.url(), "orders", "order test")
        };
        let db = Db::connect(settings).await.expect("a pool");
        let (clock, hand) = Clock::shifted();
        let keys = MeshKeys::new(&Secret::new("0123456789abcdef0123456789abcdef")).expect("long enough");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let peers_of = |identity: &str| {
            let names = ["order", "credit", "inventory", "notification"];
            let targets: BTreeMap<_, _> = names
                .map(|name| (name.to_owned(), Target::Address(address)))
                .into();
            let settings = PeerSettings {
                identity: identity.to_owned(),
                keys: keys.clone(),
                targets,
            };
            Peers::new(settings, &mut |_, _| {})
        };
        let operator = [("KHAACHO_ORDER_OPERATOR_PHONE", OPERATOR_PHONE)];
        let strings = Strings::from_pairs(operator.iter().chain(variables).copied());
        let mut reader = Reader::new(&strings);
        let config = Config::read(&mut reader);
        reader.finish().expect("good settings");
        let door = Door::new("order", db.clone(), clock);
        let unit = khaacho_order::unit(
            config,
            Deps {
                door,
                peers: peers_of("order"),
                listens: false,
            },
        );

        let stage = Arc::new(Stage::default());
        *stage.books() = Books::open();
        let mut routes = RoutesBuilder::default();
        unit.mount.expect("it serves")(&mut routes);
        routes.add_service(peers::Accounts(stage.clone()));
        routes.add_service(peers::Holds(stage.clone()));
        routes.add_service(peers::Ledger(stage.clone()));
        routes.add_service(peers::Catalog(stage.clone()));
        routes.add_service(peers::Vendors(stage.clone()));
        routes.add_service(peers::Quotes(stage.clone()));
        routes.add_service(peers::Consents(stage.clone()));
        routes.add_service(peers::Offers(stage.clone()));
        routes.add_service(peers::Stocks(stage.clone()));
        routes.add_service(peers::Reservations(stage.clone()));
        routes.add_service(peers::Notifications(stage.clone()));
        routes.add_service(peers::Media(stage.clone()));
        let stop = Stop::new();
        let tasks = Tasks::new(stop.clone());
        let server = Server::builder()
            .layer(GuardLayer::new(keys.clone(), ServerLimits::default()))
            .add_routes(routes.routes())
            .serve_with_incoming_shutdown(TcpIncoming::from(listener), stop.clone().cancelled_owned());
        tasks.spawn(Kind::Background, "server", async move {
            server.await.expect("serves")
        });
        let jobs = unit.background.into_iter().find(|b| b.part == Part::Jobs);
        let gateway = peers_of("gateway").channel("order");
        let (next, jobs) = (AtomicU32::new(1), Mutex::new(jobs));
        Self {
            db,
            hand,
            stage,
            gateway,
            next,
            jobs,
            tasks,
            stop,
            test_db,
        }
    }

    /// From now on jobs run.
    pub(crate) fn begin_jobs(&self) {
        let jobs = self
            .jobs
            .lock()
            .expect("no test panics here")
            .take()
            .expect("they do not run yet");
        self.tasks
            .spawn(Kind::Background, jobs.name, (jobs.start)(self.stop.clone()));
    }

    /// A connection with all rights, past the service.
    pub(crate) async fn superuser(&self) -> sqlx::PgPool {
        sqlx::PgPool::connect(self.test_db.url())
            .await
            .expect("the test's database")
    }

    /// The peers' books.
    pub(crate) fn books(&self) -> std::sync::MutexGuard<'_, Books> {
        self.stage.books()
    }

    /// The next calls of a peer's method are played so.
    pub(crate) fn script(&self, method: &'static str, plays: impl IntoIterator<Item = Play>) {
        self.stage.script(method, plays);
    }

    /// A number that this world gave to nobody before.
    pub(crate) fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// An idempotency key that this world gave to nobody before.
    pub(crate) fn request_id(&self) -> String {
        format!("request-{}", self.number())
    }

    pub(crate) fn orders(&self) -> OrderServiceClient<MeshChannel> {
        OrderServiceClient::new(self.gateway.clone())
    }

    pub(crate) fn intake(&self) -> IntakeServiceClient<MeshChannel> {
        IntakeServiceClient::new(self.gateway.clone())
    }
}

/// Somebody who calls.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// The shop with this number.
    Shop(usize),
    /// The vendor with this number.
    Vendor(usize),
    /// A person of the back office.
    Operator,
}

impl By {
    fn principal(self) -> Principal {
        let (subject, role) = match self {
            By::Operator => {
                return Principal {
                    subject: "key_operator".to_owned(),
                    role: Role::Operations,
                    scope: None,
                };
            }
            By::Shop(n) => (account_id(n), Role::Retailer),
            By::Vendor(n) => (vendor_id(n), Role::Vendor),
        };
        Principal {
            subject: subject.clone(),
            role,
            scope: Some(subject),
        }
    }

    /// His request.
    pub(crate) fn asks<T>(self, body: T) -> Request<T> {
        Ctx::for_test().on_behalf_of(self.principal()).outgoing(body)
    }
}

/// What a call answered, or its fault as a client reads it.
pub(crate) fn answer<T>(result: Result<Response<T>, Status>) -> Result<T, Fault> {
    result.map(Response::into_inner).map_err(Fault::from)
}

/// The reason of a refused call.
pub(crate) fn reason<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
    result.expect_err("a refusal").reason().to_owned()
}
