//! Finds the PostgreSQL server binaries of this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

/// Oldest major version that our SQL is written for.
const OLDEST: u32 = 14;

/// Directories whose children hold a `bin` directory each.
const ROOTS: [&str; 7] = [
    "/usr/lib/postgresql",
    "/usr/lib64/postgresql",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/home/linuxbrew/.linuxbrew/opt",
    "/Applications/Postgres.app/Contents/Versions",
    "/usr",
];

/// A directory with `postgres` and `initdb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

/// Everything usable on this machine, newest first; only `bin_dir` when it is given.
pub(super) fn find(bin_dir: Option<&Path>) -> anyhow::Result<Vec<Binaries>> {
    if let Some(dir) = bin_dir {
        let found = probe(dir).with_context(|| {
            format!(
                "{} does not hold working PostgreSQL programs postgres and initdb",
                dir.display()
            )
        })?;
        ensure!(
            found.major >= OLDEST,
            "PostgreSQL {} is too old, {OLDEST} or newer is needed",
            found.major
        );
        return Ok(vec![found]);
    }
    let mut found: Vec<Binaries> = candidates().iter().filter_map(|dir| probe(dir)).collect();
    found.retain(|one| one.major >= OLDEST);
    found.sort_by_key(|one| std::cmp::Reverse(one.major));
    ensure!(
        !found.is_empty(),
        "no PostgreSQL {OLDEST} or newer was found on this machine: install it \
         (Debian and Ubuntu: apt-get install postgresql, macOS: brew install postgresql), \
         or set DATABASE_URL to a server that runs elsewhere"
    );
    Ok(found)
}

fn candidates() -> Vec<PathBuf> {
    let below = ROOTS
        .iter()
        .filter_map(|root| fs::read_dir(root).ok())
        .flatten()
        .flatten();
    let mut dirs: Vec<PathBuf> = below.map(|entry| entry.path().join("bin")).collect();
    dirs.push("/usr/bin".into());
    // not a setting of ours, and it need not be UTF-8
    if let Some(path) = std::env::var_os("PATH") {
        dirs.extend(std::env::split_paths(&path));
    }
    dirs
}

/// Both programs must be there: Debian has a wrapper for `psql` in `/usr/bin`, but no server.
fn probe(dir: &Path) -> Option<Binaries> {
    let postgres = dir.join("postgres");
    if !postgres.is_file() || !dir.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(postgres).arg("--version").output().ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries {
        dir: dir.to_owned(),
        major,
    })
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` and `postgres (PostgreSQL) 19beta1` have one.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{find, major};

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn a_wrong_override_is_named() {
        let error = find(Some("/nowhere/bin".as_ref())).expect_err("there is nothing");
        assert!(
            error.to_string().starts_with("/nowhere/bin does not hold"),
            "{error}"
        );
    }
}
