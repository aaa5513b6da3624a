//! The best case of a peer: `proof/anchors/node-best`, one process of Node on the anchors' schema.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::anchors;
use super::stage::{ANCHOR, Stage};
use crate::harness::{Client, Redis, eventually, free_port};
use crate::load::client::Connection;
use crate::load::data;
use crate::load::orders::trouble;
use crate::load::pace::Workload;
use crate::load::run::{Kind, Offer, Ran, Target, run};
use crate::load::tally::Outcome;
use crate::load::webhooks::Meta;

/// Signs tokens of shops.
const TOKEN_SECRET: &str = "d1c2b3a4958677685940a1b2c3d4e5f6";
/// Connections of which the best counts.
const CONNECTIONS: [usize; 2] = [16, 64];
/// What the registry may take.
const INSTALL_WITHIN: Duration = Duration::from_secs(180);

/// The peer's best rates, a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Orders.
    pub orders: f64,
    /// Webhooks.
    pub webhooks: f64,
}

/// Measures it, after its packages were installed as its lock file says; the inner error says why it cannot be measured
/// here.
///
/// # Errors
/// When it is installed and fails.
pub async fn measure(stage: &Stage, dir: &Path, seconds: f64) -> anyhow::Result<Result<Rates, String>> {
    if let Err(why) = install(dir).await {
        return Ok(Err(why));
    }
    anchors::prepare(stage).await?;
    let redis = Redis::start(&stage.dir).await?;
    let port = free_port();
    let log = std::fs::File::create(stage.dir.join("logs/node.log"))?;
    let mut child = tokio::process::Command::new("node")
        .arg(dir.canonicalize()?.join("app.js"))
        .env("PORT", port.to_string())
        .env("DATABASE_URL", stage.postgres.url(ANCHOR))
        .env("REDIS_URL", redis.url())
        .env("TOKEN_SECRET", TOKEN_SECRET)
        .env("META_SECRET", Meta::secret())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .context("node does not start")?;
    let client = Client::new(&format!("http://127.0.0.1:{port}"), None);
    eventually(
        "the peer to answer",
        Duration::from_secs(20),
        async || match client.get("/health").await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(answer.text()),
            Err(lost) => Err(lost.to_string()),
        },
    )
    .await?;
    let to = Target {
        address: format!("127.0.0.1:{port}"),
        key: String::new(),
        sink: None,
    };
    let mut rates = Rates::default();
    for connections in CONNECTIONS {
        let offer = Offer::peak(Kind::W3, connections, seconds);
        let ran = run(&offer, &to, Orders::default(), || None).await;
        rates.orders = rates.orders.max(checked(&ran)?);
        let ran = run(&offer, &to, Hooks::default(), || None).await;
        rates.webhooks = rates.webhooks.max(checked(&ran)?);
    }
    child.kill().await?;
    eprintln!(
        "best-case Node: {:.0} orders/s, {:.0} webhooks/s",
        rates.orders, rates.webhooks
    );
    Ok(Ok(rates))
}

/// Installs what the peer needs in the versions of its lock file, unless it is there and as new. `npm ci` refuses a lock
/// file that lacks the optional packages of other systems, which not every registry has.
async fn install(dir: &Path) -> Result<(), String> {
    let written = |file: &str| {
        std::fs::metadata(dir.join(file))
            .and_then(|found| found.modified())
            .ok()
    };
    let (wanted, there) = (
        written("package-lock.json"),
        written("node_modules/.package-lock.json"),
    );
    if there.is_some() && there >= wanted {
        return Ok(());
    }
    let done = tokio::process::Command::new("npm")
        .args([
            "install",
            "--omit=optional",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
        ])
        .arg(dir)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let done = tokio::time::timeout(INSTALL_WITHIN, done)
        .await
        .map_err(|_| format!("npm did not end within {} s", INSTALL_WITHIN.as_secs()))?
        .map_err(|error| format!("npm does not start: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let errors = |line: &&str| line.starts_with("npm error") || line.starts_with("npm ERR!");
    let said = said
        .lines()
        .find(errors)
        .or_else(|| said.lines().last())
        .unwrap_or_default();
    Err(format!("npm failed ({}): {said}", done.status))
}

fn checked(ran: &Ran) -> anyhow::Result<f64> {
    anyhow::ensure!(ran.summary.bad == 0, "the peer fails: {:?}", ran.summary.errors);
    Ok(ran.summary.rate)
}

struct Orders {
    token: String,
    tag: u32,
}

impl Default for Orders {
    fn default() -> Self {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!(
            "{}.{}",
            part(r#"{"alg":"HS256","typ":"JWT"}"#),
            part(r#"{"sub":"shop"}"#)
        );
        let key = hmac::Key::new(hmac::HMAC_SHA256, TOKEN_SECRET.as_bytes());
        let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()).as_ref());
        Self {
            token: format!("Bearer {signed}.{tag}"),
            tag: fastrand::u32(..),
        }
    }
}

impl Workload for Orders {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        let mut rng = data::stream(1, n);
        let (shop, vendor, units) = (rng.u64(1..=1500), rng.u64(0..300), rng.u64(1..=5));
        let goods = [rng.u64(1..=6), rng.u64(7..=13), rng.u64(14..=20)].map(|p| vendor * 20 + p);
        let once = uuid::Uuid::from_u64_pair(u64::from(self.tag), n).to_string();
        let lines = goods
            .map(|p| format!(r#"{{"goods":{p},"units":{units}}}"#))
            .join(",");
        let body = format!(r#"{{"shop":{shop},"vendor":{vendor},"lines":[{lines}]}}"#);
        let headers = [
            ("authorization", self.token.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &once),
        ];
        match connection.post("/orders", &headers, body.as_bytes()).await {
            Ok(answer) if answer.status == 201 => Outcome::Good("placed"),
            Ok(answer) => Outcome::Bad(trouble(&answer)),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}

struct Hooks {
    meta: Meta,
    tag: u32,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            meta: Meta::default(),
            tag: fastrand::u32(..),
        }
    }
}

impl Workload for Hooks {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        let id = format!("wamid.{}.{n}", self.tag);
        let (body, signature) = self.meta.text(&data::shop_phone(n % 1500), &id, "status");
        let headers = [
            ("content-type", "application/json"),
            ("x-hub-signature-256", signature.as_str()),
        ];
        match connection.post("/webhook", &headers, &body).await {
            Ok(answer) if answer.status == 200 => Outcome::Good("acknowledged"),
            Ok(answer) => Outcome::Bad(trouble(&answer)),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}
