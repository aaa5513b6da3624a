//! The server process itself: create the data, start, wait until ready, stop.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::{
    Durability, STOP_PATIENCE, SUPERUSER,
    account::Account,
    binaries::{self, Binaries},
    homes::{Homes, lives},
    nap,
};

/// How long a start may take; recovery after a power cut is part of it.
const START_PATIENCE: Duration = Duration::from_secs(120);
const LOG: &str = "postgres.log";
/// A log that grew beyond this is set aside at the next start (one old file is kept).
const LOG_MAX_BYTES: u64 = 8 * 1024 * 1024;

/// A server that is our own child.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    homes: Homes,
}

impl Server {
    /// See [`super::Embedded::start`]; `owner` is the process on whose behalf the server runs.
    pub(super) fn start(
        home: &Path,
        durability: Durability,
        bin_dir: Option<&Path>,
        owner: u32,
    ) -> anyhow::Result<Self> {
        let installed = binaries::find(bin_dir)?;
        let account = Account::find()?;
        let homes = Homes::claim(home, account, owner)?;
        let (binaries, data) = choose(&installed, &homes.own)?;
        if !data.join("PG_VERSION").exists() {
            create_data(binaries, account, &homes.own.join("init.tmp"), &data, durability)?;
        }
        stop_orphan(&data)?;
        let mut child = spawn(binaries, account, &homes, &data, durability)?;
        if let Err(error) = wait_ready(&mut child, &homes.own, &data) {
            // a child that is left behind would hold the directory
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok(Self { child, homes })
    }

    pub(super) fn url(&self) -> String {
        self.homes.url()
    }

    pub(super) fn homes(&self) -> &Homes {
        &self.homes
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Fast shutdown, then an immediate one, then the end of the temporary socket directory.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        if self.child.try_wait()?.is_none() {
            let pid = Pid::from_child(&self.child);
            kill_process(pid, Signal::INT).context("cannot signal the private PostgreSQL")?;
            let begun = Instant::now();
            while self.child.try_wait()?.is_none() && begun.elapsed() < STOP_PATIENCE {
                nap(Duration::from_millis(5));
            }
            if self.child.try_wait()?.is_none() {
                kill_process(pid, Signal::QUIT).context("cannot signal the private PostgreSQL")?;
            }
        }
        self.wait()?;
        Ok(())
    }

    /// Waits until the server ends, for whatever reason.
    pub(super) fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        let status = self.child.wait()?;
        if self.homes.socket_is_elsewhere {
            let _ = fs::remove_dir_all(&self.homes.socket_dir);
        }
        Ok(status)
    }
}

/// The programs to use with the data that exists: a newer PostgreSQL beside the old one must not look like an
/// empty database.
fn choose<'a>(installed: &'a [Binaries], own: &Path) -> anyhow::Result<(&'a Binaries, PathBuf)> {
    let data_of = |major: u32| own.join(format!("pg{major}"));
    if let Some(same) = installed
        .iter()
        .find(|one| data_of(one.major).join("PG_VERSION").exists())
    {
        return Ok((same, data_of(same.major)));
    }
    for entry in fs::read_dir(own)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(major) = name.strip_prefix("pg").and_then(|rest| rest.parse::<u32>().ok()) {
            bail!(
                "the data in {} was written by PostgreSQL {major}, which is not installed any more: \
                 install it again, or pass --data-dir with another directory",
                entry.path().display()
            );
        }
    }
    let newest = installed.first().context("no PostgreSQL programs")?;
    Ok((newest, data_of(newest.major)))
}

/// `initdb` into a side directory, then a rename: one that was killed never looks finished.
fn create_data(
    binaries: &Binaries,
    account: Account,
    side: &Path,
    data: &Path,
    durability: Durability,
) -> anyhow::Result<()> {
    let mut why = String::new();
    // C.UTF-8 folds case beyond ASCII and needs no locale package, but not every system has it
    for locale in ["C.UTF-8", "en_US.UTF-8", "C"] {
        let _ = fs::remove_dir_all(side);
        let mut initdb = account.command(binaries.dir.join("initdb"));
        initdb
            .arg("-D")
            .arg(side)
            .args(["-U", SUPERUSER, "-E", "UTF8", "--locale", locale]);
        initdb.args(["--auth-local=trust", "--auth-host=reject", "--data-checksums"]);
        if durability == Durability::Fast {
            initdb.arg("--no-sync");
        }
        match initdb.stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => {
                return fs::rename(side, data).with_context(|| format!("cannot create {}", data.display()));
            }
            Ok(output) => why = last_line(&String::from_utf8_lossy(&output.stderr)),
            Err(error) => why = error.to_string(),
        }
    }
    bail!(
        "PostgreSQL could not create its data in {} ({why}): an account without a line in /etc/passwd, \
         or a container without CAP_SETUID, cannot run it; then set DATABASE_URL",
        data.display()
    )
}

fn spawn(
    binaries: &Binaries,
    account: Account,
    homes: &Homes,
    data: &Path,
    durability: Durability,
) -> anyhow::Result<Child> {
    let path = homes.own.join(LOG);
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > LOG_MAX_BYTES) {
        fs::rename(&path, homes.own.join("postgres.log.1"))?;
    }
    let log = OpenOptions::new().create(true).append(true).open(&path)?;
    let (switch, connections) = match durability {
        Durability::Durable => ("on", 100),
        Durability::Fast => ("off", 300),
    };
    let mut postgres = account.command(binaries.dir.join("postgres"));
    postgres.arg("-D").arg(data).arg("-k").arg(&homes.socket_dir);
    for setting in [
        "listen_addresses=".to_owned(),
        "unix_socket_permissions=0700".to_owned(),
        format!("max_connections={connections}"),
        format!("fsync={switch}"),
        format!("full_page_writes={switch}"),
        format!("synchronous_commit={switch}"),
        "log_timezone=UTC".to_owned(),
        "timezone=UTC".to_owned(),
        // details quote column values, such as phone numbers
        "log_error_verbosity=terse".to_owned(),
        // our statements are short; compiling them costs more than it saves
        "jit=off".to_owned(),
    ] {
        postgres.arg("-c").arg(setting);
    }
    postgres
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start PostgreSQL (may this container not change its user?)")
}

/// Ready when line 8 of `postmaster.pid` says so and line 1 is our child: what `pg_ctl --wait` reads.
fn wait_ready(child: &mut Child, own: &Path, data: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let log = own.join(LOG);
    loop {
        if let Some(status) = child.try_wait()? {
            let said = last_line(&fs::read_to_string(&log).unwrap_or_default());
            bail!(
                "PostgreSQL stopped while starting ({status}): {said}; its log is {}",
                log.display()
            );
        }
        let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = state.lines();
        let ours = lines
            .next()
            .is_some_and(|pid| pid.trim().parse() == Ok(child.id()));
        if ours && lines.nth(6).is_some_and(|status| status.trim() == "ready") {
            return Ok(());
        }
        let patience = START_PATIENCE.as_secs();
        ensure!(
            begun.elapsed() < START_PATIENCE,
            "PostgreSQL is not ready after {patience} s; its log is {}",
            log.display()
        );
        nap(Duration::from_millis(10));
    }
}

/// We hold the lock, so a server that still lives on this data lost its supervisor: it is stopped, not
/// joined, because nobody would stop it with us.
fn stop_orphan(data: &Path) -> anyhow::Result<()> {
    let Ok(state) = fs::read_to_string(data.join("postmaster.pid")) else {
        return Ok(());
    };
    let Some(raw) = state
        .lines()
        .next()
        .and_then(|line| line.trim().parse::<i32>().ok())
    else {
        return Ok(());
    };
    let Some(pid) = Pid::from_raw(raw) else {
        return Ok(());
    };
    if !lives(raw) || !command_line(raw).contains(&*data.to_string_lossy()) {
        return Ok(());
    }
    let begun = Instant::now();
    let _ = kill_process(pid, Signal::INT);
    while lives(raw) {
        ensure!(
            begun.elapsed() < STOP_PATIENCE,
            "an old PostgreSQL (process {raw}) still uses {} and does not stop: end it, then start again",
            data.display()
        );
        nap(Duration::from_millis(20));
    }
    Ok(())
}

/// What process `pid` was started with; empty when unknown. A process id may have been used again by now.
fn command_line(pid: i32) -> String {
    if let Ok(bytes) = fs::read(format!("/proc/{pid}/cmdline")) {
        return String::from_utf8_lossy(&bytes).replace('\0', " ");
    }
    let listed = Command::new("/bin/ps")
        .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
        .output();
    listed
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

fn last_line(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty())
        .unwrap_or("it said nothing")
        .to_owned()
}
