//! Which account the server runs as: PostgreSQL refuses to run as root.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use anyhow::{Context, bail, ensure};
use rustix::process::geteuid;

/// Accounts to drop to, best first: the packages' own, macOS's, everybody's.
const CANDIDATES: [&str; 3] = ["postgres", "_postgres", "nobody"];

/// The account of the server process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    /// We are not root: the server runs as we do.
    Ours,
    /// We are root: the server runs as this one.
    Dropped { uid: u32, gid: u32 },
}

impl Account {
    /// Looks at who we are and, for root, into `/etc/passwd`.
    pub(super) fn find() -> anyhow::Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::Ours);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        match pick(&passwd) {
            Some((uid, gid)) => Ok(Self::Dropped { uid, gid }),
            None => bail!(
                "PostgreSQL does not run as root and /etc/passwd has no account postgres or nobody \
                 to run it as: set DATABASE_URL, or run khaacho as another user"
            ),
        }
    }

    /// The uid that owns the server's files.
    pub(super) fn uid(self) -> u32 {
        match self {
            Self::Ours => geteuid().as_raw(),
            Self::Dropped { uid, .. } => uid,
        }
    }

    /// A command that runs as this account, in its own process group, with a minimal environment and `/` as
    /// its working directory (ours may not be readable to it).
    pub(super) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        if let Self::Dropped { uid, gid } = self {
            // std clears the supplementary groups itself when it drops from root
            command.gid(gid).uid(uid);
        }
        command
            .current_dir("/")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .process_group(0);
        command
    }

    /// Gives one directory to this account, private to it.
    pub(super) fn take(self, dir: &Path) -> anyhow::Result<()> {
        if let Self::Dropped { uid, gid } = self {
            chown(dir, Some(uid), Some(gid)).with_context(|| {
                format!(
                    "cannot give {} to uid {uid} (does the container lack CAP_CHOWN?)",
                    dir.display()
                )
            })?;
        }
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot make {} private", dir.display()))
    }

    /// Checks that this account can reach `dir`: every directory above it must be searchable. `/root`, for
    /// one, is not, and PostgreSQL's own message would not say so.
    pub(super) fn check_reach(self, dir: &Path) -> anyhow::Result<()> {
        let Self::Dropped { uid, gid } = self else {
            return Ok(());
        };
        for above in dir.ancestors().skip(1) {
            let meta = fs::metadata(above).with_context(|| format!("cannot look at {}", above.display()))?;
            let bit = match (meta.uid() == uid, meta.gid() == gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            ensure!(
                meta.mode() & bit != 0,
                "we run as root, PostgreSQL must not, and its user (uid {uid}) cannot enter {}: \
                 pass --data-dir with a directory outside of it, for example /var/lib/khaacho",
                above.display()
            );
        }
        Ok(())
    }
}

/// The first candidate's uid and gid in the text of a passwd file.
fn pick(passwd: &str) -> Option<(u32, u32)> {
    CANDIDATES.iter().find_map(|wanted| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (name == *wanted).then_some((uid, gid))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::pick;

    #[test]
    fn the_package_account_wins_over_nobody() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:105:109::/:/bin/sh\n";
        assert_eq!(pick(passwd), Some((105, 109)));
    }

    #[test]
    fn nobody_will_do_and_no_account_is_none() {
        assert_eq!(
            pick("broken line\nnobody:x:65534:65533::/:/x\n"),
            Some((65534, 65533))
        );
        assert_eq!(pick("root:x:0:0::/root:/bin/sh\n"), None);
    }
}
