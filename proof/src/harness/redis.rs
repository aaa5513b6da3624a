//! A private Redis.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::ports::free_port;
use super::process::{Process, Signal, Spec};
use super::wait::eventually;

const SOON: Duration = Duration::from_secs(10);

/// A server that keeps nothing on disk.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    spec: Spec,
    process: Mutex<Option<Process>>,
}

impl Redis {
    /// Starts it; its log goes to `logs/redis.log` of the directory.
    ///
    /// # Errors
    /// When there is no `redis-server` or it does not listen.
    pub async fn start(dir: &Path) -> anyhow::Result<Self> {
        let program = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"];
        let program = program.iter().map(PathBuf::from).find(|path| path.exists());
        let program = program.context("redis-server is not installed")?;
        std::fs::create_dir_all(dir.join("logs"))?;
        let port = free_port();
        let port_text = port.to_string();
        let args = [
            "--bind",
            "127.0.0.1",
            "--port",
            &port_text,
            "--save",
            "",
            "--appendonly",
            "no",
        ];
        let redis = Self {
            port,
            spec: Spec {
                name: "redis".to_owned(),
                program,
                args: args.iter().map(|arg| (*arg).to_owned()).collect(),
                env: Vec::new(),
                log: dir.join("logs/redis.log"),
                user: None,
                at_our_death: "KILL",
            },
            process: Mutex::new(None),
        };
        redis.spawn()?;
        redis.ready().await?;
        Ok(redis)
    }

    /// `redis://…`, for `REDIS_URL`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// SIGKILL.
    pub fn kill(&self) {
        drop(self.lock().take());
    }

    /// Starts it again at the same port, if it does not run.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self) -> anyhow::Result<()> {
        let mut process = self.lock();
        if process.is_none() {
            *process = Some(Process::start(&self.spec)?);
        }
        Ok(())
    }

    /// Waits until it listens.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> anyhow::Result<()> {
        eventually("a Redis that answers", SOON, || async {
            self.command("PING")
                .await
                .map(drop)
                .map_err(|error| error.to_string())
        })
        .await
    }

    /// SIGSTOP: it accepts connections and answers nothing.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.signal(Signal::CONT)
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn flush_all(&self) -> anyhow::Result<()> {
        let told = self.command("FLUSHALL").await?;
        anyhow::ensure!(told.starts_with("+OK"), "FLUSHALL was answered {told:?}");
        Ok(())
    }

    /// Sends one inline command; the first bytes of its answer come back.
    ///
    /// # Errors
    /// When it does not answer within two seconds.
    pub async fn command(&self, line: &str) -> anyhow::Result<String> {
        let exchange = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(format!("{line}\r\n").as_bytes()).await?;
            let mut buffer = vec![0; 4096];
            let read = stream.read(&mut buffer).await?;
            buffer.truncate(read);
            anyhow::Ok(String::from_utf8_lossy(&buffer).into_owned())
        };
        tokio::time::timeout(Duration::from_secs(2), exchange)
            .await
            .context("redis is silent")?
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let process = self.lock();
        process.as_ref().context("redis does not run")?.signal(signal)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Process>> {
        self.process
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
