//! A mesh of one test: in this process, as six processes, or as one process.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho::compose::{Listeners, Mesh, Plan, compose};
use khaacho::roles::ALL;
use khaacho::settings::{Purpose, Settings};
use khaacho_config::Strings;
use khaacho_lifecycle::{Clock, Hand};
use khaacho_pg::Db;
use khaacho_rpc::Role;
use khaacho_telemetry::{Options, Telemetry};
use khaacho_testkit::db::TestDb;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;

use crate::chat::Chat;
use crate::process::{Process, free_port};
use crate::rest::{Rest, install_tls};
use crate::{SOON, check};

mod processes;

pub use processes::Serve;

/// Thirty characters and more, and no example.
const MESH_SECRET: &str = "0f4c1e7a9b2d4836b5e0c7d19a3f6e58";
/// The fixtures of the demonstration; a template database holds exactly these.
const DEMO: [&str; 4] = [
    include_str!("../../khaacho/fixtures/retailers.csv"),
    include_str!("../../services/inventory/fixtures/catalogue.csv"),
    include_str!("../../services/inventory/fixtures/offers.csv"),
    include_str!("../../services/inventory/fixtures/vendors.csv"),
];

/// A running mesh with the demonstration in its database.
pub struct TestMesh {
    /// The gateway, `http://127.0.0.1:…`.
    pub http: String,
    /// Address of gRPC of the process that serves the order service.
    pub grpc: String,
    /// Its database, for looks from outside: no service's role, no service's pool.
    pub database: PgPool,
    /// URL of the database.
    pub database_url: String,
    /// Key of the owner.
    pub owner: String,
    clock: Clock,
    hand: Hand,
    body: Body,
    gateway: Db,
    // Dropped last: the database goes when nobody uses it any more.
    _database: TestDb,
}

enum Body {
    Here(Box<Mesh>),
    There(Vec<Process>),
}

impl TestMesh {
    /// All roles in this process, with a clock that the test can move. `settings` are added to those of a test.
    pub async fn all_in_one(settings: &[(&str, &str)]) -> Self {
        let database = demo_database().await;
        let (clock, hand) = Clock::shifted();
        let mesh = start_here(database.url(), settings, &clock)
            .await
            .expect("the mesh starts");
        let http = format!("http://{}", mesh.http.expect("the gateway listens"));
        let grpc = mesh.grpc.expect("gRPC listens").to_string();
        Self::over(database, Body::Here(Box::new(mesh)), http, grpc, clock, hand).await
    }

    /// Six processes: gateway, four services without jobs, and a worker that runs the jobs.
    pub async fn split(settings: &[(&str, &str)]) -> Self {
        let database = demo_database().await;
        let (processes, http, grpc) = processes::start_split(database.url(), settings).await;
        let (clock, hand) = Clock::shifted();
        Self::over(database, Body::There(processes), http, grpc, clock, hand).await
    }

    /// One process of the built program with all roles. The process is the caller's, to kill and to start again.
    pub async fn served(settings: &[(&str, &str)]) -> (Self, Serve) {
        let database = demo_database().await;
        let (port, grpc) = (free_port(), free_port());
        let http = format!("http://127.0.0.1:{port}");
        let mut environment = environment(database.url(), settings);
        environment.push(("PORT".to_owned(), port.to_string()));
        environment.push(("KHAACHO_GRPC_PORT".to_owned(), grpc.to_string()));
        let serve = Serve::start(environment, http.clone());
        serve.ready().await;
        let (clock, hand) = Clock::shifted();
        let body = Body::There(Vec::new());
        (
            Self::over(database, body, http, format!("127.0.0.1:{grpc}"), clock, hand).await,
            serve,
        )
    }

    async fn over(
        database: TestDb,
        body: Body,
        http: String,
        grpc: String,
        clock: Clock,
        hand: Hand,
    ) -> Self {
        let database_url = database.url().to_owned();
        let pool = PgPoolOptions::new()
            .max_connections(2)
            .connect_lazy(&database_url)
            .expect("a URL");
        let gateway = Db::connect(khaacho_pg::Settings::new(&database_url, "gateway", "e2e")).await;
        let gateway = gateway.expect("the database answers");
        let mut mesh = Self {
            http,
            grpc,
            database: pool,
            database_url,
            owner: String::new(),
            clock,
            hand,
            body,
            gateway,
            _database: database,
        };
        mesh.owner = mesh.key(Role::Owner, None).await;
        mesh
    }

    /// Makes an API key.
    pub async fn key(&self, role: Role, scope: Option<&str>) -> String {
        let now = self.clock.now();
        let key = khaacho_gateway::auth::create_api_key(&self.gateway, "e2e", role, scope, now).await;
        key.expect("the database answers").secret_text
    }

    /// A client with the owner's key.
    pub fn rest(&self) -> Rest {
        Rest::new(&self.http, Some(&self.owner))
    }

    /// A client with another key.
    pub async fn rest_as(&self, role: Role, scope: Option<&str>) -> Rest {
        Rest::new(&self.http, Some(&self.key(role, scope).await))
    }

    /// A client without a key.
    pub fn stranger(&self) -> Rest {
        Rest::new(&self.http, None)
    }

    /// A phone.
    pub async fn chat(&self, phone: &str) -> Chat {
        Chat::open(self.stranger(), phone).await
    }

    /// Moves the mesh's clock forward, once everything that is due has been done.
    ///
    /// # Panics
    /// When the mesh runs in processes of its own, whose clocks nobody moves.
    pub async fn advance(&self, by: Duration) {
        assert!(
            matches!(self.body, Body::Here(_)),
            "the clock of another process cannot be moved"
        );
        check::quiesce(&self.database, self.now()).await;
        self.hand.advance(by);
    }

    /// The mesh's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits until nothing is left to do, then checks that messages, orders, stock, credit and ledger agree.
    ///
    /// # Panics
    /// With every rule that is broken.
    pub async fn quiesce_and_check(&self) {
        check::quiesce(&self.database, self.now()).await;
        check::all(&self.database).await;
    }

    /// [`TestMesh::quiesce_and_check`], then stops it.
    pub async fn finish(self) {
        self.quiesce_and_check().await;
        self.database.close().await;
        self.gateway.close().await;
        match self.body {
            Body::Here(mesh) => assert!(mesh.stop().await, "everything in this process ends in time"),
            // The gateway first, the services that it calls last.
            Body::There(processes) => {
                for mut process in processes.into_iter().rev() {
                    let status = process.terminate(SOON).await;
                    assert!(status.success(), "{status}: {}", process.log());
                }
            }
        }
    }
}

/// A database with all schemas and the demonstration.
pub async fn demo_database() -> TestDb {
    let sets = khaacho::migrate::all();
    let mut hasher = DefaultHasher::new();
    DEMO.hash(&mut hasher);
    let key = format!(
        "{} demo {:016x}",
        khaacho_pg::migrate::fingerprint(&sets),
        hasher.finish()
    );
    TestDb::new(&key, |url| async move {
        khaacho::migrate::migrate(&url).await?;
        let mesh = start_here(&url, &[], &Clock::system()).await?;
        let loaded = khaacho::demo::load(&mesh.doors["inventory"], &mesh.peers).await;
        mesh.stop().await;
        loaded
    })
    .await
}

async fn start_here(url: &str, settings: &[(&str, &str)], clock: &Clock) -> anyhow::Result<Mesh> {
    install_tls();
    let settings = Settings::read(
        &Strings::from_pairs(environment(url, settings)),
        &ALL.into(),
        Purpose::Alone,
    )
    .0?;
    let listeners = Listeners {
        grpc: Some(TcpListener::bind("127.0.0.1:0").await?),
        http: Some(TcpListener::bind("127.0.0.1:0").await?),
        health: None,
    };
    let plan = Plan {
        roles: ALL.into(),
        serves: true,
        jobs: true,
        listens: false,
    };
    let mesh = compose(plan, listeners, &settings, clock.clone(), telemetry()?).await?;
    mesh.ready(SOON).await.map_err(anyhow::Error::msg)?;
    Ok(mesh)
}

/// Logs of meshes in this process go to standard error; `KHAACHO_TEST_LOG` picks which.
fn telemetry() -> anyhow::Result<Telemetry> {
    let strings = Strings::from_env();
    khaacho_telemetry::init(Options {
        service: "e2e".to_owned(),
        version: "test".to_owned(),
        environment: "test".to_owned(),
        otlp_endpoint: None,
        log_level: strings.get("KHAACHO_TEST_LOG").unwrap_or("off").to_owned(),
        json: false,
    })
}

/// What every process of a test is told; later pairs win.
fn environment(url: &str, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let basic = [
        ("ENVIRONMENT", "test"),
        ("DATABASE_URL", url),
        ("DB_POOL_MAX", "4"),
        ("KHAACHO_UNSAFE_DATABASE", "true"),
        ("KHAACHO_MESH_SECRET", MESH_SECRET),
        ("HOST", "127.0.0.1"),
        ("LOG_LEVEL", "warn"),
        ("RATE_LIMIT_ENABLED", "false"),
        ("SUPPORT_PHONE", "+9779748000000"),
    ];
    let strings = Strings::from_env();
    let log = strings.get("KHAACHO_TEST_LOG").map(|level| ("LOG_LEVEL", level));
    let all = basic.iter().chain(settings).chain(&log);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
