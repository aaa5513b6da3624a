//! The directories of a private server and the lock on them.

use std::{
    fs::{self, File},
    io::{Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use rustix::{
    io::Errno,
    process::{Pid, geteuid, test_kill_process},
};

use super::{account::Account, nap};

/// Room for a socket's path with its end: 104 bytes on macOS and the BSDs, 108 on Linux.
const SOCKET_PATH_MAX: usize = 104;
const SOCKET_NAME: &str = "/.s.PGSQL.5432";

/// How long a start waits for the lock of a process that lives, and of one that is just being cleaned up
/// after.
const LIVE_OWNER_PATIENCE: Duration = Duration::from_secs(2);
const DEAD_OWNER_PATIENCE: Duration = Duration::from_secs(25);

/// Where a server keeps its things.
#[derive(Debug)]
pub(super) struct Homes {
    /// Ours alone: `<home>/postgres`.
    pub(super) own: PathBuf,
    pub(super) socket_dir: PathBuf,
    /// Whether the socket had to go to `/tmp`; then it is removed at the end.
    pub(super) socket_is_elsewhere: bool,
    /// Held as long as the server runs.
    _lock: File,
}

impl Homes {
    /// Creates what is missing and takes the lock for `owner` (a process id, for the message a second start
    /// gets).
    pub(super) fn claim(home: &Path, account: Account, owner: u32) -> anyhow::Result<Self> {
        fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
        // the server's working directory is `/`
        let home = home
            .canonicalize()
            .with_context(|| format!("cannot resolve {}", home.display()))?;
        let own = home.join("postgres");
        check_ours(&own)?;
        create_private(&own)?;
        account.check_reach(&own)?;
        let lock = lock(&own.join("lock"), &home, owner)?;
        account.take(&own)?;
        let inside = own.join("s");
        let socket_is_elsewhere = inside.as_os_str().len() + SOCKET_NAME.len() >= SOCKET_PATH_MAX;
        let socket_dir = if socket_is_elsewhere {
            elsewhere(&own)
        } else {
            inside
        };
        create_private(&socket_dir)?;
        check_owner(&socket_dir, account)?;
        account.take(&socket_dir)?;
        Ok(Self {
            own,
            socket_dir,
            socket_is_elsewhere,
            _lock: lock,
        })
    }

    /// Superuser URL of the server that listens here.
    pub(super) fn url(&self) -> String {
        format!(
            "postgres://{}@{}/postgres",
            super::SUPERUSER,
            percent(self.socket_dir.as_os_str().as_encoded_bytes())
        )
    }
}

fn create_private(dir: &Path) -> anyhow::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("cannot create {}", dir.display()))
        }
        _ => Ok(()),
    }
}

/// A directory named `postgres` that somebody else filled is not chowned.
fn check_ours(own: &Path) -> anyhow::Result<()> {
    let Ok(mut entries) = fs::read_dir(own) else {
        return Ok(());
    };
    ensure!(
        own.join("lock").exists() || entries.next().is_none(),
        "{} exists and was not made by khaacho: pass --data-dir with another directory",
        own.display()
    );
    Ok(())
}

/// `/tmp` belongs to everybody: a directory that another user put there in advance is not used.
fn check_owner(dir: &Path, account: Account) -> anyhow::Result<()> {
    let meta = fs::symlink_metadata(dir).with_context(|| format!("cannot look at {}", dir.display()))?;
    let known = meta.uid() == account.uid() || meta.uid() == geteuid().as_raw();
    ensure!(
        meta.is_dir() && known,
        "{} belongs to somebody else: remove it, or pass --data-dir with a shorter path",
        dir.display()
    );
    Ok(())
}

/// A short name for the sockets of a long path, the same at every start.
fn elsewhere(own: &Path) -> PathBuf {
    let digest = crate::hash::sha256_hex(own.as_os_str().as_encoded_bytes());
    PathBuf::from(format!("/tmp/khaacho-{}-{}", geteuid().as_raw(), &digest[..12]))
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn percent(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte))
            }
            other => text.push_str(&format!("%{other:02X}")),
        }
        text
    })
}

fn lock(path: &Path, home: &Path, owner: u32) -> anyhow::Result<File> {
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(fs::TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
            Err(fs::TryLockError::WouldBlock) => {}
        }
        // the owner may have been killed a moment ago, and its server be about to stop
        let holder = fs::read_to_string(path)
            .ok()
            .and_then(|text| text.trim().parse::<i32>().ok());
        let patience = if holder.is_some_and(lives) {
            LIVE_OWNER_PATIENCE
        } else {
            DEAD_OWNER_PATIENCE
        };
        if begun.elapsed() > patience {
            let who = holder.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
            bail!(
                "{} is in use by {who}: stop it first, or pass --data-dir with another directory",
                home.display()
            );
        }
        nap(Duration::from_millis(20));
    }
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{owner}")?;
    Ok(file)
}

/// Whether a process exists; one that we may not signal does.
pub(super) fn lives(pid: i32) -> bool {
    Pid::from_raw(pid).is_some_and(|pid| !matches!(test_kill_process(pid), Err(Errno::SRCH)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{SOCKET_NAME, SOCKET_PATH_MAX, elsewhere, lives, percent};

    #[test]
    fn a_url_holds_any_path() {
        assert_eq!(percent("/tmp/a b/ñ".as_bytes()), "%2Ftmp%2Fa%20b%2F%C3%B1");
    }

    #[test]
    fn the_short_socket_directory_is_stable_and_short() {
        let long = "/x".repeat(90);
        let dir = elsewhere(Path::new(&long));
        assert_eq!(dir, elsewhere(Path::new(&long)));
        assert_ne!(dir, elsewhere(Path::new("/y")));
        assert!(dir.as_os_str().len() + SOCKET_NAME.len() < SOCKET_PATH_MAX);
    }

    #[test]
    fn this_process_lives() {
        assert!(lives(i32::try_from(std::process::id()).expect("a pid fits")));
        assert!(!lives(0));
    }
}
