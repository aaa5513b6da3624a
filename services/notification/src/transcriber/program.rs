//! A program of this machine that writes voices down: the sound on its standard input, the words on its standard output.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::{Deaf, Hearing, Transcriber};

/// Words of the longest voice message take far less.
const OUTPUT_MAX: usize = 64 * 1024;

/// How the program is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Its full path.
    pub(crate) path: PathBuf,
    /// After this it is ended.
    pub(crate) limit: Duration,
}

/// The program.
pub(crate) struct Program(Settings);

impl Program {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(settings)
    }

    async fn run(&self, mime: &str, sound: &[u8]) -> Result<String, Deaf> {
        // It reads what strangers send, so it gets nothing of ours: no variables, no directory, no log.
        let child = Command::new(&self.0.path)
            .arg(mime)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let mut group = Group(child.map_err(|_| Deaf::Missing)?);
        let heard = tokio::time::timeout(self.0.limit, exchange(&mut group.0, sound)).await;
        heard.unwrap_or(Err(Deaf::Late))
    }
}

impl Transcriber for Program {
    fn hear<'a>(&'a self, mime: &'a str, sound: &'a [u8]) -> Hearing<'a> {
        Box::pin(self.run(mime, sound))
    }
}

/// A program with everything that it has started: all of it ends with this.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // Its own id is the group's; without one it has been waited for, and the group may be somebody else's by now.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(id) = id.and_then(Pid::from_raw) {
            // One that has just ended by itself needs no end.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}

async fn exchange(child: &mut Child, sound: &[u8]) -> Result<String, Deaf> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Deaf::Failed);
    };
    let write = async move {
        // A program may know enough before it has read everything.
        let _ = input.write_all(sound).await;
        Ok(())
    };
    let ((), words) = tokio::try_join!(write, read(output))?;
    let status = child.wait().await.map_err(|_| Deaf::Failed)?;
    if !status.success() {
        return Err(Deaf::Failed);
    }
    Ok(String::from_utf8_lossy(&words).into_owned())
}

async fn read(output: impl AsyncRead + Unpin) -> Result<Vec<u8>, Deaf> {
    let mut words = Vec::new();
    let mut limited = output.take(OUTPUT_MAX as u64 + 1);
    limited.read_to_end(&mut words).await.map_err(|_| Deaf::Failed)?;
    if words.len() > OUTPUT_MAX {
        return Err(Deaf::TooMuch);
    }
    Ok(words)
}

#[cfg(test)]
mod tests;
