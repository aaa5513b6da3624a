//! One child process.

use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use anyhow::Context as _;
use rustix::process::Pid;
pub use rustix::process::Signal;

use super::wait::eventually;

/// What to start.
#[derive(Debug, Clone)]
pub struct Spec {
    /// For people, and the name of its log.
    pub name: String,
    /// Program.
    pub program: PathBuf,
    /// Arguments.
    pub args: Vec<String>,
    /// Its whole environment.
    pub env: Vec<(String, String)>,
    /// File to which standard output and error are appended.
    pub log: PathBuf,
    /// User and group to run as, when not this process's own.
    pub user: Option<(u32, u32)>,
    /// Signal (`KILL`) sent by the kernel when this process dies, whatever it died of.
    pub at_our_death: &'static str,
}

/// A running child. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// When the program or its log cannot be opened.
    pub fn start(spec: &Spec) -> anyhow::Result<Self> {
        let child = spawn(command(spec)?).with_context(|| format!("cannot start {}", spec.name))?;
        Ok(Self {
            name: spec.name.clone(),
            child,
        })
    }

    /// Its id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// When it has ended.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        rustix::process::kill_process(Pid::from_child(&self.child), signal)
            .with_context(|| format!("{} cannot be sent a signal", self.name))
    }

    /// Ends it at once, as a power cut does, and waits until it is gone.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn wait(&mut self, within: Duration) -> anyhow::Result<ExitStatus> {
        let what = format!("the end of {}", self.name);
        let mut look = || {
            let ended = self.child.try_wait().map_err(|error| error.to_string())?;
            ended.ok_or_else(|| "it runs".to_owned())
        };
        eventually(&what, within, || std::future::ready(look())).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn command(spec: &Spec) -> anyhow::Result<Command> {
    let log = OpenOptions::new().create(true).append(true).open(&spec.log);
    let log = log.with_context(|| format!("cannot write {}", spec.log.display()))?;
    let mut command = match tied(spec) {
        Some(command) => command,
        None => {
            let mut plain = Command::new(&spec.program);
            if let Some((user, group)) = spec.user {
                plain.uid(user).gid(group);
            }
            plain
        }
    };
    command
        .args(&spec.args)
        .env_clear()
        .envs(spec.env.iter().cloned())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        // Ctrl-C at the terminal is ours to handle: children are stopped in order.
        .process_group(0);
    Ok(command)
}

/// `setpriv` becomes the program, as another user and bound to our life; where it is missing, only `Drop` ends it.
fn tied(spec: &Spec) -> Option<Command> {
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].map(Path::new);
    let setpriv = setpriv.into_iter().find(|path| path.exists())?;
    let mut command = Command::new(setpriv);
    if let Some((user, group)) = spec.user {
        command.args([
            format!("--reuid={user}"),
            format!("--regid={group}"),
            "--clear-groups".to_owned(),
        ]);
    }
    command.arg(format!("--pdeathsig={}", spec.at_our_death));
    command.arg("--").arg(&spec.program);
    Some(command)
}

type Asked = (Command, mpsc::Sender<std::io::Result<Child>>);

/// Starts a child from a thread that lives as long as this process: the kernel counts the death of the starting
/// *thread*, and those of a runtime come and go.
fn spawn(command: Command) -> anyhow::Result<Child> {
    static SPAWNER: OnceLock<mpsc::Sender<Asked>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (send, asked) = mpsc::channel::<Asked>();
        std::thread::spawn(move || {
            for (mut command, reply) in asked {
                // The asker may have gone; its child ends with the dropped reply then.
                let _ = reply.send(command.spawn());
            }
        });
        send
    });
    let (reply, answer) = mpsc::channel();
    spawner
        .send((command, reply))
        .context("the spawning thread is gone")?;
    Ok(answer.recv().context("the spawning thread is gone")??)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(dir: &Path, args: &[&str]) -> Spec {
        Spec {
            name: "test".to_owned(),
            program: PathBuf::from("/bin/sh"),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: vec![("GREETING".to_owned(), "namaste".to_owned())],
            log: dir.join("test.log"),
            user: None,
            at_our_death: "KILL",
        }
    }

    #[tokio::test]
    async fn runs_logs_and_ends() {
        let dir = std::env::temp_dir().join(format!("kasauti-process-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a directory");
        let mut short = Process::start(&spec(&dir, &["-c", "echo $GREETING; exit 3"])).expect("starts");
        let status = short.wait(Duration::from_secs(5)).await.expect("ends");
        assert_eq!(status.code(), Some(3));
        assert_eq!(
            std::fs::read_to_string(dir.join("test.log")).expect("a log"),
            "namaste\n"
        );
        let mut long = Process::start(&spec(&dir, &["-c", "exec sleep 60"])).expect("starts");
        assert!(long.ended().is_none());
        let pid = long.pid();
        long.signal(Signal::STOP).expect("it runs");
        long.kill();
        assert!(super::super::usage(pid).is_none());
        std::fs::remove_dir_all(&dir).expect("ours");
    }
}
