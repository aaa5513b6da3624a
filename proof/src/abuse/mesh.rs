//! One mesh in one process, with the credentials of both providers, in a directory of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde::Deserialize;
use tokio::process::{Child, Command};

use super::case::Request;
use super::wire;
use crate::harness::free_port;

/// Account of Twilio.
pub const TWILIO_ACCOUNT: &str = "AC00000000000000000000000000000001";
/// Its Auth Token.
pub const TWILIO_TOKEN: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
/// Our number there.
pub const TWILIO_NUMBER: &str = "+14155238886";
/// App secret of Meta.
pub const META_SECRET: &str = "kasauti-app-secret-0123456789abcdef";
/// Token of Meta's handshake.
pub const META_VERIFY: &str = "kasauti-verify-token";
/// Our number at Meta.
pub const META_NUMBER: &str = "109876543210987";
/// The secret that signs calls between services.
pub const MESH_SECRET: &str = "kasauti-mesh-secret-8c1f0d5e7b2a4963";
/// Where the providers believe us to be.
pub const PUBLIC_URL: &str = "https://abuse.example";

const START_MAX: Duration = Duration::from_secs(60);
const STOP_MAX: Duration = Duration::from_secs(40);

/// What `khaacho up` says about itself.
#[derive(Debug, Clone, Deserialize)]
struct Running {
    pid: i32,
    grpc: SocketAddr,
    database_url: String,
}

/// A running mesh. Dropping it kills the process.
#[derive(Debug)]
pub struct Mesh {
    child: Child,
    /// Its process.
    pub pid: i32,
    /// Gateway.
    pub gateway: SocketAddr,
    /// gRPC.
    pub grpc: SocketAddr,
    /// Database of the owner.
    pub database_url: String,
    /// What it wrote on standard error.
    pub log: PathBuf,
}

/// How the mesh is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The program.
    pub binary: &'a Path,
    /// Where its data live.
    pub data: &'a Path,
    /// Where providers' APIs are faked.
    pub providers: SocketAddr,
    /// Whether limits of requests and connections are the product's own.
    pub limits: bool,
}

impl Mesh {
    /// Starts one and waits until it is ready.
    ///
    /// # Errors
    /// When it does not start within a minute.
    pub async fn start(setup: Setup<'_>) -> anyhow::Result<Self> {
        fs::create_dir_all(setup.data)?;
        let http = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let log = setup.data.join(format!("log-{}.jsonl", http.port()));
        let out = setup.data.join(format!("out-{}.txt", http.port()));
        let child = Command::new(setup.binary)
            .args(["up", "--demo", "--port", &http.port().to_string(), "--data-dir"])
            .arg(setup.data)
            .env_clear()
            .envs(environment(&setup)?)
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out)?)
            .stderr(fs::File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", setup.binary.display()))?;
        let gateway = SocketAddr::from(([127, 0, 0, 1], http.port()));
        let mut mesh = Self {
            child,
            pid: 0,
            gateway,
            grpc: gateway,
            database_url: String::new(),
            log,
        };
        mesh.await_ready(setup.data).await?;
        if let Some(key) = owner_key(&out) {
            fs::write(setup.data.join("owner-key"), key)?;
        }
        Ok(mesh)
    }

    async fn await_ready(&mut self, data: &Path) -> anyhow::Result<()> {
        let until = Instant::now() + START_MAX;
        loop {
            if let Some(status) = self.child.try_wait()? {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                anyhow::bail!("the mesh ended at its start ({status}): {said}");
            }
            if let Ok(text) = fs::read(data.join("running.json"))
                && let Ok(running) = serde_json::from_slice::<Running>(&text)
                && self
                    .child
                    .id()
                    .is_some_and(|id| i64::from(id) == i64::from(running.pid))
                && self.ready().await
            {
                self.pid = running.pid;
                self.grpc = running.grpc;
                self.database_url = running.database_url;
                return Ok(());
            }
            anyhow::ensure!(Instant::now() < until, "the mesh is not ready after a minute");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn ready(&self) -> bool {
        let request = Request::new("GET", "/ready");
        let seen = wire::http(self.gateway, &request, Duration::from_secs(2)).await;
        seen.replies.first().is_some_and(|reply| reply.status == 200)
    }

    /// Whether the process still lives.
    pub fn alive(&mut self) -> bool {
        let ours = self.child.try_wait().is_ok_and(|status| status.is_none());
        ours && Pid::from_raw(self.pid).is_some_and(|pid| test_kill_process(pid).is_ok())
    }

    /// Resident memory in KiB.
    pub fn memory_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap_or_default();
        line.split_whitespace()
            .nth(1)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// Stops it politely, and by force when that takes too long.
    ///
    /// # Errors
    /// When it did not stop on its own.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = Pid::from_raw(self.pid) {
            let _ = kill_process(pid, Signal::TERM);
        }
        match tokio::time::timeout(STOP_MAX, self.child.wait()).await {
            Ok(status) => anyhow::ensure!(status?.success(), "the mesh ended with a failure at its stop"),
            Err(_late) => {
                self.child.kill().await?;
                anyhow::bail!("the mesh did not stop within {} s", STOP_MAX.as_secs());
            }
        }
        Ok(())
    }
}

/// The owner key that the first start of a data directory showed.
///
/// # Errors
/// When there is none.
pub fn stored_key(data: &Path) -> anyhow::Result<String> {
    fs::read_to_string(data.join("owner-key")).context("the first start showed no owner key")
}

fn owner_key(out: &Path) -> Option<String> {
    let text = fs::read_to_string(out).ok()?;
    let start = text.find("kha_")?;
    text[start..].split_whitespace().next().map(str::to_owned)
}

#[expect(clippy::disallowed_methods, reason = "the child needs the path of programs")]
fn environment(setup: &Setup<'_>) -> anyhow::Result<Vec<(&'static str, String)>> {
    let providers = format!("http://{}", setup.providers);
    let mut pairs = vec![
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("HOST", "127.0.0.1".to_owned()),
        ("KHAACHO_GRPC_PORT", free_port().to_string()),
        ("KHAACHO_MESH_SECRET", MESH_SECRET.to_owned()),
        ("PUBLIC_BASE_URL", PUBLIC_URL.to_owned()),
        ("TWILIO_ACCOUNT_SID", TWILIO_ACCOUNT.to_owned()),
        ("TWILIO_AUTH_TOKEN", TWILIO_TOKEN.to_owned()),
        ("TWILIO_WHATSAPP_NUMBER", TWILIO_NUMBER.to_owned()),
        ("TWILIO_API_URL", providers.clone()),
        ("WHATSAPP_APP_SECRET", META_SECRET.to_owned()),
        ("WHATSAPP_VERIFY_TOKEN", META_VERIFY.to_owned()),
        ("WHATSAPP_ACCESS_TOKEN", "kasauti-access-token".to_owned()),
        ("WHATSAPP_PHONE_NUMBER_ID", META_NUMBER.to_owned()),
        ("WHATSAPP_API_URL", format!("{providers}/v26.0")),
        ("LOG_FORMAT", "json".to_owned()),
        ("LOG_LEVEL", "info".to_owned()),
        ("KHAACHO_SHUTDOWN_SECONDS", "10".to_owned()),
        ("KHAACHO_GATEWAY_DRAIN_SECONDS", "5".to_owned()),
    ];
    // names a bug on purpose where the selftest wants one; other builds do not know it
    pairs.extend(
        std::env::var("KHAACHO_PLANTED")
            .ok()
            .map(|bug| ("KHAACHO_PLANTED", bug)),
    );
    if setup.limits {
        pairs.push(("RATE_LIMIT_PER_MINUTE", "60".to_owned()));
        pairs.push(("RATE_LIMIT_PER_HOUR", "1000".to_owned()));
        pairs.push(("RATE_LIMIT_SIMULATOR_PER_MINUTE", "30".to_owned()));
    } else {
        pairs.push(("RATE_LIMIT_ENABLED", "false".to_owned()));
        pairs.push(("KHAACHO_GATEWAY_CONNECTIONS_PER_ADDRESS_MAX", "400".to_owned()));
    }
    Ok(pairs)
}
