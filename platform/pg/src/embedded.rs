//! A private PostgreSQL from the binaries of the machine: what `khaacho up` uses when there is no
//! `DATABASE_URL`.
//!
//! It listens on a unix socket only, needs no password, keeps its data between runs and dies with us. Who
//! starts it is the [`Supervisor`]: a process of its own (normal), or this process (tests).
//!
//! Everything here blocks; call it before the async runtime starts or from `spawn_blocking`.

mod account;
mod binaries;
mod homes;
mod server;
mod supervisor;

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};

use self::{homes::Homes, server::Server};

pub use self::supervisor::{supervise, supervise_if_asked};

/// First argument that turns this executable into the supervisor of a private server.
pub const HIDDEN_ARG: &str = "__private-postgres";

/// Name of the private server's superuser.
pub const SUPERUSER: &str = "khaacho";

/// How long a server may take for a fast shutdown before it is told to quit at once.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// Whether commits survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync`, `full_page_writes` and `synchronous_commit` on, 100 connections.
    Durable,
    /// All three off, 300 connections: for tests, whose data is thrown away.
    Fast,
}

/// Who owns the server process.
#[derive(Debug, Clone)]
pub enum Supervisor {
    /// This executable once more, with [`HIDDEN_ARG`]; its `main` calls [`supervise_if_asked`] first.
    CurrentExe,
    /// Another executable whose `main` does so.
    Executable(PathBuf),
    /// The server is our own child, and a `sh` waits on a pipe to stop it should we die. For test processes,
    /// which cannot start themselves again with an argument of ours.
    Shell {
        /// Whether that `sh` removes the home directory after the server stopped.
        remove_home: bool,
    },
}

/// A running private server. Dropping it stops the server as [`Embedded::stop`] does.
#[derive(Debug)]
pub struct Embedded {
    url: String,
    keeper: Option<Keeper>,
}

#[derive(Debug)]
enum Keeper {
    /// The supervisor; closing its standard input is the order to stop.
    Process {
        child: Child,
        lifeline: Option<ChildStdin>,
    },
    /// Our own child and the shell that watches us.
    Own { server: Server, watcher: Child },
}

impl Embedded {
    /// Starts the server of `home`, creating its data on first use, and waits until it accepts connections.
    ///
    /// `bin_dir` overrides the search for the PostgreSQL binaries. Everything is kept in `home/postgres`;
    /// nothing else is created, chowned or removed, save a socket directory under `/tmp` when `home` is too
    /// long for one.
    ///
    /// # Errors
    /// One sentence for a person: no binaries (with what to install), a directory that the unprivileged user
    /// of the server cannot enter, another server on the same home, or the server's own last words.
    pub fn start(
        home: &Path,
        durability: Durability,
        supervisor: Supervisor,
        bin_dir: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        match supervisor {
            Supervisor::CurrentExe => {
                let own = std::env::current_exe().context("cannot find the path of this executable")?;
                Self::start_process(&own, home, durability, bin_dir.as_deref())
            }
            Supervisor::Executable(path) => Self::start_process(&path, home, durability, bin_dir.as_deref()),
            Supervisor::Shell { remove_home } => {
                let server = Server::start(home, durability, bin_dir.as_deref(), std::process::id())?;
                let watcher = watch(&server, remove_home.then_some(home))?;
                Ok(Self {
                    url: server.url(),
                    keeper: Some(Keeper::Own { server, watcher }),
                })
            }
        }
    }

    fn start_process(
        executable: &Path,
        home: &Path,
        durability: Durability,
        bin_dir: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let mut child = Command::new(executable)
            .arg(HIDDEN_ARG)
            .args(supervisor::arguments(home, durability, bin_dir))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // its own group: Ctrl-C must not reach the database before the services have drained
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", executable.display()))?;
        let lifeline = child.stdin.take();
        let stdout = child
            .stdout
            .take()
            .context("the supervisor has no standard output")?;
        let mut answer = String::new();
        BufReader::new(stdout)
            .read_line(&mut answer)
            .context("cannot read the supervisor's answer")?;
        match supervisor::Answer::parse(&answer) {
            Some(supervisor::Answer::Ready(url)) => Ok(Self {
                url,
                keeper: Some(Keeper::Process { child, lifeline }),
            }),
            Some(supervisor::Answer::Failed(why)) => {
                child.wait()?;
                bail!("{why}")
            }
            None => {
                drop(lifeline);
                let status = child.wait()?;
                bail!("the supervisor of the private PostgreSQL ended without an answer ({status})")
            }
        }
    }

    /// Superuser URL on the unix socket, database `postgres`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and waits for it: a fast shutdown, after 20 s an immediate one. The data stays.
    ///
    /// # Errors
    /// When the process cannot be signalled or waited for.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.keeper.take().map_or(Ok(()), Keeper::stop)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take()
            && let Err(error) = keeper.stop()
        {
            tracing::warn!(%error, "the private PostgreSQL did not stop cleanly");
        }
    }
}

impl Keeper {
    fn stop(self) -> anyhow::Result<()> {
        match self {
            Self::Process { mut child, lifeline } => {
                drop(lifeline);
                child.wait()?;
                Ok(())
            }
            Self::Own {
                mut server,
                mut watcher,
            } => {
                let stopped = server.stop();
                // only now: the watcher may remove the directory under the server
                drop(watcher.stdin.take());
                watcher.wait()?;
                stopped
            }
        }
    }
}

/// Waits for a process, which has no other way to tell us.
#[expect(
    clippy::disallowed_methods,
    reason = "everything in this module blocks, on a thread that may"
)]
fn nap(time: Duration) {
    std::thread::sleep(time);
}

/// A shell that does nothing until our end of its pipe closes, which the kernel does even after `kill -9`.
fn watch(server: &Server, remove: Option<&Path>) -> anyhow::Result<Child> {
    const SCRIPT: &str = r#"cat >/dev/null; kill -INT "$1" 2>/dev/null; i=0
while kill -0 "$1" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done
kill -QUIT "$1" 2>/dev/null; shift; for d in "$@"; do rm -rf -- "$d"; done"#;
    let Homes {
        socket_dir,
        socket_is_elsewhere,
        ..
    } = server.homes();
    Command::new("/bin/sh")
        .args(["-c", SCRIPT, "watcher"])
        .arg(server.pid().to_string())
        .args(remove)
        .args(socket_is_elsewhere.then_some(socket_dir))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("cannot start /bin/sh to watch over the private PostgreSQL")
}
