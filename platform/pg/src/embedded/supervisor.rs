//! The process between us and the server. Its standard input is the lifeline: when that ends, we are gone,
//! however we went, and the server is stopped. (A parent-death signal is the wrong tool: it fires when the
//! *thread* that spawned the child ends, and does not exist on macOS.)

use std::{
    ffi::{OsStr, OsString},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::exit,
    thread,
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::{Durability, HIDDEN_ARG, STOP_PATIENCE, nap, server::Server};

/// The one line that a supervisor prints.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Ready(String),
    Failed(String),
}

impl Answer {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.trim_end().split_once(' ')?;
        match word {
            "ready" => Some(Self::Ready(rest.to_owned())),
            "failed" => Some(Self::Failed(rest.to_owned())),
            _ => None,
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Ready(url) => format!("ready {url}"),
            Self::Failed(why) => format!("failed {}", why.replace('\n', " ")),
        }
    }
}

/// The arguments after [`HIDDEN_ARG`]: durability, owner's process id, home, optional directory of the
/// binaries.
pub(super) fn arguments(home: &Path, durability: Durability, bin_dir: Option<&Path>) -> Vec<OsString> {
    let durability = match durability {
        Durability::Durable => "durable",
        Durability::Fast => "fast",
    };
    let owner = std::process::id().to_string();
    let mut arguments = vec![OsString::from(durability), owner.into(), home.into()];
    arguments.extend(bin_dir.map(OsString::from));
    arguments
}

/// Becomes the supervisor and never returns when the first argument is [`HIDDEN_ARG`]. First line of every
/// `main` that starts a private server.
pub fn supervise_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(HIDDEN_ARG)) {
        return;
    }
    let rest: Vec<OsString> = arguments.collect();
    exit(match supervise(&rest) {
        Ok(()) => 0,
        Err(error) => {
            // the parent prints it; with nobody there to read there is nobody to tell
            let _ = say(&Answer::Failed(format!("{error:#}")));
            1
        }
    });
}

/// Runs a server until standard input ends or the server does. Prints `ready <url>` once it accepts
/// connections.
///
/// # Errors
/// As [`super::Embedded::start`], and when the server ended with a failure.
pub fn supervise(arguments: &[OsString]) -> anyhow::Result<()> {
    let (durability, owner, home, bin_dir) = match arguments {
        [durability, owner, home] => (durability, owner, home, None),
        [durability, owner, home, bin_dir] => (durability, owner, home, Some(PathBuf::from(bin_dir))),
        _ => bail!(
            "the supervisor takes: durable or fast, process id of the owner, home, directory of the binaries"
        ),
    };
    let durability = match durability.to_str() {
        Some("durable") => Durability::Durable,
        Some("fast") => Durability::Fast,
        _ => bail!("durability is neither durable nor fast"),
    };
    let owner = owner
        .to_str()
        .and_then(|text| text.parse().ok())
        .context("the owner is not a process id")?;
    let mut server = Server::start(Path::new(home), durability, bin_dir.as_deref(), owner)?;
    if say(&Answer::Ready(server.url())).is_err() {
        return server.stop();
    }
    let pid = i32::try_from(server.pid())
        .ok()
        .and_then(Pid::from_raw)
        .context("the server has no process id")?;
    thread::spawn(move || {
        let mut buffer = [0_u8; 64];
        while matches!(io::stdin().lock().read(&mut buffer), Ok(1..)) {}
        // fast shutdown: rolls back, writes a checkpoint, exits; this process ends with it and this thread
        // too
        let _ = kill_process(pid, Signal::INT);
        nap(STOP_PATIENCE);
        let _ = kill_process(pid, Signal::QUIT);
    });
    let status = server.wait()?;
    if !status.success() {
        bail!("the private PostgreSQL ended unexpectedly ({status})");
    }
    Ok(())
}

fn say(answer: &Answer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", answer.line())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn answers_survive_the_pipe() {
        let ready = Answer::Ready("postgres://khaacho@%2Ftmp%2Fa%20b/postgres".to_owned());
        assert_eq!(Answer::parse(&format!("{}\n", ready.line())), Some(ready));
        let failed = Answer::Failed("two\nlines".to_owned());
        assert_eq!(
            Answer::parse(&failed.line()),
            Some(Answer::Failed("two lines".to_owned()))
        );
        assert_eq!(Answer::parse(""), None);
    }
}
