//! Processes of the built program.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::wait::eventually;

/// Lines of a process's log that a failure shows.
const TAIL: usize = 60;
/// Below the ports that the kernel gives to outgoing connections, so that a restarted process finds its own free.
const PORTS: std::ops::Range<u16> = 18_000..32_000;

/// The program beside the test executable.
///
/// # Panics
/// When it is not built.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its own file");
    let profile = own
        .parent()
        .and_then(|deps| deps.parent())
        .expect("tests run from target/<profile>/deps");
    let program = profile.join("khaacho");
    assert!(
        program.exists(),
        "{} is not built; run `cargo build --workspace --bin khaacho` before the tests of the mesh",
        program.display()
    );
    program
}

/// A port of the loopback address that nobody uses.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 200).expect("below 200") * 64;
    loop {
        let offset = own.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % (PORTS.end - PORTS.start);
        let port = PORTS.start + offset;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A running process. Dropping it kills it; when the test has failed, the end of its log is shown.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts the program with these arguments and exactly this environment.
    pub fn start(name: &str, arguments: &[&str], environment: &[(String, String)]) -> Self {
        let mut child = command(arguments, environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, written) = (child.stderr.take().expect("it is piped"), log.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(lines).lines().map_while(Result::ok) {
                written.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Self {
            name: name.to_owned(),
            child,
            log,
        }
    }

    /// Everything that it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// Ends it at once, as a power cut does, and waits until it is gone.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Asks it to stop and waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn terminate(&mut self, within: Duration) -> ExitStatus {
        let pid = Pid::from_child(&self.child);
        rustix::process::kill_process(pid, Signal::TERM).expect("it runs");
        self.ended(within).await
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn ended(&mut self, within: Duration) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        eventually(&what, within, async || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it still runs".to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            let tail = &log[log.len().saturating_sub(TAIL)..];
            println!("the log of {} ends with:\n{}", self.name, tail.join("\n"));
        }
    }
}

/// Runs the program to its end with exactly this environment.
pub fn run(arguments: &[&str], environment: &[(String, String)]) -> Output {
    command(arguments, environment)
        .output()
        .expect("the program starts")
}

fn command(arguments: &[&str], environment: &[(String, String)]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().cloned());
    command
}
