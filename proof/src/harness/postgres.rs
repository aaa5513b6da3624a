//! A private PostgreSQL.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

use super::mesh;
use super::ports::free_port;
use super::process::{Process, Signal, Spec};
use super::wait::eventually;

/// Recovery after a power cut is part of a start, on a machine that is busy.
const START: Duration = Duration::from_secs(60);
/// Superuser of the cluster.
const USER: &str = "khaacho";

/// What differs from the server's defaults. Nothing here makes it forget: a proof needs what production has.
const SETTINGS: [(&str, &str); 11] = [
    ("listen_addresses", "127.0.0.1"),
    ("max_connections", "220"),
    ("shared_buffers", "128MB"),
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("max_wal_size", "1GB"),
    ("log_min_duration_statement", "2s"),
    ("log_line_prefix", "%m [%p] %a "),
    ("restart_after_crash", "on"),
    // Otherwise every file is synced one by one before recovery, whose time is what we measure.
    ("recovery_init_sync_method", "syncfs"),
];

/// A cluster in a directory, with fsync, on a socket and a loopback port. Dropping it ends it at once.
#[derive(Debug)]
pub struct Postgres {
    dir: PathBuf,
    port: u16,
    spec: Spec,
    process: Mutex<Option<Process>>,
}

impl Postgres {
    /// Makes the cluster (`pg` in the directory, log in `logs/postgres.log`) and starts it.
    ///
    /// # Errors
    /// When there are no programs of PostgreSQL, or it does not start.
    pub async fn start(dir: &Path) -> anyhow::Result<Self> {
        Self::start_with(dir, &[]).await
    }

    /// [`Postgres::start`] with further settings; later ones win.
    ///
    /// # Errors
    /// As there.
    pub async fn start_with(dir: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir.join("logs"))?;
        let dir = dir.canonicalize()?;
        let programs = programs()?;
        let account = account()?;
        let data = dir.join("pg");
        if !data.join("PG_VERSION").exists() {
            initialise(&programs, &data, account)?;
        }
        let sockets = sockets(&dir, account)?;
        let port = free_port();
        let mut args = vec![
            "-D".to_owned(),
            data.display().to_string(),
            "-p".to_owned(),
            port.to_string(),
        ];
        args.extend(["-k".to_owned(), sockets.display().to_string()]);
        for (name, value) in SETTINGS.iter().chain(settings) {
            args.extend(["-c".to_owned(), format!("{name}={value}")]);
        }
        let spec = Spec {
            name: "postgres".to_owned(),
            program: programs.join("postgres"),
            args,
            env: vec![("TZ".to_owned(), "UTC".to_owned())],
            log: dir.join("logs/postgres.log"),
            user: account,
            at_our_death: "QUIT",
        };
        let postgres = Self {
            dir,
            port,
            spec,
            process: Mutex::new(None),
        };
        postgres.spawn()?;
        postgres.ready(START).await?;
        Ok(postgres)
    }

    /// URL of a database, over TCP, as superuser.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Process of the postmaster, when it runs.
    pub fn pid(&self) -> Option<u32> {
        self.lock().as_ref().map(Process::pid)
    }

    /// One of PostgreSQL's programs, of the server's version.
    pub fn program(&self, name: &str) -> PathBuf {
        self.spec.program.with_file_name(name)
    }

    /// A connection of its own, as superuser, with `application_name` `kasauti`. No statement waits longer than 30 s.
    ///
    /// # Errors
    /// When the server does not take it.
    pub async fn connect(&self, database: &str) -> anyhow::Result<PgConnection> {
        let options: sqlx::postgres::PgConnectOptions = self.url(database).parse()?;
        let options = options
            .application_name("kasauti")
            .options([("statement_timeout", "30s")]);
        let connection = tokio::time::timeout(Duration::from_secs(10), PgConnection::connect_with(&options));
        Ok(connection
            .await
            .context("PostgreSQL does not take a connection")??)
    }

    /// Runs statements as superuser.
    ///
    /// # Errors
    /// When one fails.
    pub async fn execute(&self, database: &str, sql: &str) -> anyhow::Result<()> {
        let mut connection = self.connect(database).await?;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .with_context(|| format!("in {sql:?}"))?;
        connection.close().await?;
        Ok(())
    }

    /// Makes database `khaacho` with the program's schemas and the demonstration, and a copy `demo` to reset from.
    ///
    /// # Errors
    /// When the program cannot do it.
    pub async fn seed(&self, binary: &Path) -> anyhow::Result<()> {
        self.execute("postgres", "create database khaacho").await?;
        mesh::load_demonstration(binary, &self.dir, &self.url("khaacho")).await?;
        self.copy("demo", "khaacho").await?;
        // What was written until here is no part of a later recovery.
        self.execute("postgres", "checkpoint").await
    }

    /// Makes `database` a copy of `template`. Sessions of the template are ended first.
    ///
    /// # Errors
    /// When somebody connects to the template meanwhile.
    pub async fn copy(&self, database: &str, template: &str) -> anyhow::Result<()> {
        self.end_sessions(template).await?;
        self.execute(
            "postgres",
            &format!("create database \"{database}\" template \"{template}\""),
        )
        .await
    }

    /// Throws `database` away and makes it anew from `template`.
    ///
    /// # Errors
    /// When somebody connects to one of them meanwhile.
    pub async fn reset(&self, database: &str, template: &str) -> anyhow::Result<()> {
        self.execute(
            "postgres",
            &format!("drop database if exists \"{database}\" with (force)"),
        )
        .await?;
        self.copy(database, template).await
    }

    /// Ends all sessions of a database.
    ///
    /// # Errors
    /// When the server is away.
    pub async fn end_sessions(&self, database: &str) -> anyhow::Result<()> {
        let mut connection = self.connect("postgres").await?;
        sqlx::query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1")
            .bind(database)
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }

    /// Ends the server as a power cut would, but for what the kernel has not written yet: SIGQUIT to the postmaster.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop_immediately(&self) -> anyhow::Result<()> {
        self.stop_with(Signal::QUIT).await
    }

    /// Starts it, if it does not run or has ended by itself.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self) -> anyhow::Result<()> {
        let mut process = self.lock();
        if process.as_mut().is_some_and(|process| process.ended().is_some()) {
            *process = None;
        }
        if process.is_none() {
            let stale = self.dir.join("pg/postmaster.pid");
            if stale.exists() {
                std::fs::remove_file(&stale)?;
            }
            *process = Some(Process::start(&self.spec)?);
        }
        Ok(())
    }

    /// Waits until it answers a query.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self, within: Duration) -> anyhow::Result<()> {
        eventually("a PostgreSQL that answers", within, || async {
            if let Some(status) = self.lock().as_mut().and_then(Process::ended) {
                return Err(format!("it ended with {status}; see {}", self.spec.log.display()));
            }
            let mut connection = self
                .connect("postgres")
                .await
                .map_err(|error| format!("{error:#}"))?;
            connection.ping().await.map_err(|error| error.to_string())
        })
        .await
    }

    /// Immediate stop and start again; how long until it answered comes back.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn restart_immediately(&self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        self.stop_immediately().await?;
        self.spawn()?;
        self.ready(START).await?;
        Ok(began.elapsed())
    }

    /// Fast, clean stop.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.stop_with(Signal::INT).await
    }

    async fn stop_with(&self, signal: Signal) -> anyhow::Result<()> {
        let Some(mut process) = self.lock().take() else {
            return Ok(());
        };
        process.signal(signal)?;
        // Its children end before it does. Dropping a process that does not end kills it.
        process.wait(Duration::from_secs(30)).await?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(process) = self.lock().as_mut() {
            // Its children notice a postmaster that was killed only after a while; this way they end with it.
            let _ = process.signal(Signal::QUIT);
            let began = Instant::now();
            while process.ended().is_none() && began.elapsed() < Duration::from_secs(5) {
                std::thread::park_timeout(Duration::from_millis(5));
            }
        }
    }
}

/// Directory of the newest PostgreSQL.
fn programs() -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
    {
        let bin = entry.path().join("bin");
        let major = entry.file_name().to_string_lossy().parse().unwrap_or(0);
        if bin.join("initdb").exists() {
            found.push((major, bin));
        }
    }
    found.sort();
    let (_, newest) = found
        .pop()
        .context("PostgreSQL is not installed under /usr/lib/postgresql")?;
    Ok(newest)
}

/// Whom the server runs as: it refuses to be root.
fn account() -> anyhow::Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let line = line.context("there is no account `postgres` to run the server as")?;
    let mut fields = line.split(':').skip(2).map(str::parse::<u32>);
    match (fields.next(), fields.next()) {
        (Some(Ok(user)), Some(Ok(group))) => Ok(Some((user, group))),
        _ => anyhow::bail!("the account `postgres` has no number"),
    }
}

fn initialise(programs: &Path, data: &Path, account: Option<(u32, u32)>) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    own(data, account)?;
    let mut initdb = Command::new(programs.join("initdb"));
    initdb
        .arg("-D")
        .arg(data)
        .args([
            "-U",
            USER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
            "--data-checksums",
            "--no-sync",
        ])
        .current_dir("/");
    if let Some((user, group)) = account {
        initdb.uid(user).gid(group);
    }
    let done = initdb.output().context("cannot run initdb")?;
    let told = String::from_utf8_lossy(&done.stderr);
    anyhow::ensure!(
        done.status.success(),
        "initdb in {} failed: {}",
        data.display(),
        told.trim()
    );
    Ok(())
}

/// A directory that only the server's account can use.
fn own(dir: &Path, account: Option<(u32, u32)>) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir)?;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    if let Some((user, group)) = account {
        chown(dir, Some(user), Some(group))?;
    }
    Ok(())
}

/// Where the socket goes: paths of sockets are short.
fn sockets(dir: &Path, account: Option<(u32, u32)>) -> anyhow::Result<PathBuf> {
    let mut sockets = dir.join("pgsock");
    if sockets.as_os_str().len() > 80 {
        sockets = std::env::temp_dir().join(format!("kasauti-{}-{}", std::process::id(), free_port()));
    }
    own(&sockets, account)?;
    std::fs::set_permissions(&sockets, std::fs::Permissions::from_mode(0o755))?;
    Ok(sockets)
}
