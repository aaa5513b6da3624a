//! One edge a test: its own database, its own fake peers, keys of all roles.

mod peer;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Request, StatusCode};
use khaacho_config::{Reader, Secret, Strings};
use khaacho_gateway::auth::create_api_key;
use khaacho_gateway::health::Vitals;
use khaacho_gateway::{Config, Deps, MIGRATIONS, router};
use khaacho_lifecycle::{Clock, Hand, Readiness, State};
use khaacho_pg::migrate::SchemaMigrations;
use khaacho_pg::{Db, Settings};
use khaacho_proto::Role;
use khaacho_rpc::{MeshKeys, PeerSettings, Peers, Target};
use khaacho_testkit::db::TestDb;
use serde_json::Value;
use tower::ServiceExt as _;

pub use peer::Fake;

/// All roles that a key can have.
pub const ROLES: [Role; 7] = [
    Role::Owner,
    Role::Finance,
    Role::Operations,
    Role::Support,
    Role::Auditor,
    Role::Vendor,
    Role::Retailer,
];

/// The edge of one test.
pub struct World {
    pub router: Router,
    pub peer: Fake,
    pub db: Db,
    pub hand: Hand,
    pub readiness: Readiness,
    pub now: DateTime<Utc>,
    keys: HashMap<Role, String>,
    _database: TestDb,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Checks status and reason of a refusal, and what every refusal has.
    #[track_caller]
    pub fn refused(&self, status: u16, reason: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["reason"], reason, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        for member in ["type", "title", "detail", "facts", "errors"] {
            assert!(!problem[member].is_null(), "{member} is missing: {problem}");
        }
        assert!(["not-executed", "unknown"].contains(&self.header("x-outcome")));
        problem
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// An edge with these settings on top of the defaults. Rate limits are high unless they are set.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let schema = SchemaMigrations::new("gateway", "khaacho_gateway", MIGRATIONS);
        let database = TestDb::migrated(&[schema]).await;
        let db = Db::connect(Settings::new(database.url(), "gateway", "test"))
            .await
            .expect("the test's database");
        let keys = MeshKeys::new(&Secret::new("a mesh secret with more than 32 characters")).expect("long");
        let peer = Fake::start(keys.clone()).await;
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("valid");
        let (clock, hand) = Clock::manual(now);
        let readiness = Readiness::new();
        readiness.set("database", State::Up(Duration::from_micros(1500)));
        readiness.set("order", State::Up(Duration::from_millis(1)));
        let mut api_keys = HashMap::new();
        for role in ROLES {
            let scope = match role {
                Role::Vendor => Some("ven_00000000000000000000000000000001"),
                Role::Retailer => Some("acc_00000000000000000000000000000001"),
                _ => None,
            };
            let key = create_api_key(&db, "test", role, scope, now)
                .await
                .expect("a key");
            api_keys.insert(role, key.secret_text);
        }
        let deps = Deps {
            db: db.clone(),
            peers: peers(&peer, keys),
            redis: khaacho_cache::Redis::connect(None),
            readiness: readiness.clone(),
            clock,
            metrics_text: Arc::new(|| include_str!("golden/metrics.txt").to_owned()),
            vitals: Vitals::default(),
            pools: vec![db.clone()],
            simulator: true,
            version: "1.2.3".to_owned(),
            started: now - chrono::Duration::seconds(60),
        };
        let router = router(config(settings), deps);
        Self {
            router,
            peer,
            db,
            hand,
            readiness,
            now,
            keys: api_keys,
            _database: database,
        }
    }

    pub fn key(&self, role: Role) -> &str {
        &self.keys[&role]
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from("203.0.113.7:5000", request).await
    }

    pub async fn send_from(&self, address: &str, mut request: Request<Body>) -> Answer {
        let address: SocketAddr = address.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(address));
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("in memory");
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
        }
    }

    pub async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(self.request(role, "GET", path, None)).await
    }

    pub async fn post(&self, role: Role, path: &str, body: Value) -> Answer {
        self.send(self.request(role, "POST", path, Some(body))).await
    }

    pub fn request(&self, role: Role, method: &str, path: &str, body: Option<Value>) -> Request<Body> {
        let builder = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.key(role)));
        match body {
            None => builder.body(Body::empty()),
            Some(body) => builder
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
        }
        .expect("a request")
    }
}

/// A request without a key.
pub fn plain(method: &str, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .expect("a request")
}

/// Adds a header.
pub fn and(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request
        .headers_mut()
        .append(name, value.parse().expect("a header value"));
    request
}

fn config(settings: &[(&str, &str)]) -> Config {
    let defaults = [
        ("RATE_LIMIT_PER_MINUTE", "100000"),
        ("RATE_LIMIT_PER_HOUR", "100000"),
        ("RATE_LIMIT_MAX_REQUESTS", "100000"),
        ("PUBLIC_BASE_URL", "https://gateway.example.com"),
        ("TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef"),
        ("WHATSAPP_APP_SECRET", "00112233445566778899aabbccddeeff"),
        ("WHATSAPP_VERIFY_TOKEN", "khaacho-verify-token-made-up"),
        ("CORS_ORIGINS", "https://panel.example.com"),
    ];
    let strings = Strings::from_pairs(defaults.into_iter().chain(settings.iter().copied()));
    let mut reader = Reader::new(&strings);
    let config = Config::read(&mut reader);
    reader.finish().expect("the test's settings are fine");
    config
}

fn peers(peer: &Fake, keys: MeshKeys) -> Peers {
    let names = ["order", "credit", "inventory", "notification", "ops"];
    let targets: BTreeMap<String, Target> = names
        .into_iter()
        .map(|name| (name.to_owned(), Target::Address(peer.address)))
        .collect();
    let settings = PeerSettings {
        identity: "gateway".to_owned(),
        keys,
        targets,
    };
    Peers::new(settings, &mut |_, _| {})
}
