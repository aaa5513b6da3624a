//! Installs what the machine lacks, with the system's own package manager, and says so in one sentence an action.
//! With everything in place it only looks, and needs neither network nor rights.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::{quietly, succeed, text_of};

/// What the machine is to be ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `khaacho up`: a PostgreSQL server.
    Up,
    /// The tests: Redis as well.
    Tests,
}

/// Installs what is missing for the purpose, and checks that it is there afterwards.
pub fn run(purpose: Purpose) -> Result<()> {
    let wanted: &[Package] = if purpose == Purpose::Tests {
        &[POSTGRES, REDIS]
    } else {
        &[POSTGRES]
    };
    let missing: Vec<&Package> = wanted
        .iter()
        .filter(|package| (package.version)().is_none())
        .collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    for package in wanted {
        let version = (package.version)();
        let version =
            version.with_context(|| format!("{} was installed, but it does not run", package.name))?;
        println!("{} is installed: {version}.", package.name);
    }
    Ok(())
}

struct Package {
    name: &'static str,
    apt: &'static str,
    brew: &'static str,
    /// What the program says about itself; none when it is not there.
    version: fn() -> Option<String>,
}

const POSTGRES: Package = Package {
    name: "PostgreSQL",
    apt: "postgresql",
    brew: "postgresql@17",
    version: postgres_version,
};
const REDIS: Package = Package {
    name: "Redis",
    apt: "redis-server",
    brew: "redis",
    version: redis_version,
};

/// Where packages put the server programs, one directory a version; nobody's `PATH` has them.
const POSTGRES_HOMES: [&str; 4] = [
    "/usr/lib/postgresql",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/home/linuxbrew/.linuxbrew/opt",
];

/// Looks where khaacho-pg will look. `initdb` has to be there too: clients alone do not make a server.
fn postgres_version() -> Option<String> {
    let homes = POSTGRES_HOMES
        .iter()
        .filter_map(|home| fs::read_dir(home).ok())
        .flatten()
        .flatten();
    let mut bins: Vec<PathBuf> = homes.map(|home| home.path().join("bin")).collect();
    bins.sort();
    bins.reverse();
    bins.push(PathBuf::new());
    bins.iter().find_map(|bin| {
        quietly(Command::new(bin.join("initdb")).arg("--version")).then_some(())?;
        says(Command::new(bin.join("postgres")).arg("--version"))
    })
}

fn redis_version() -> Option<String> {
    let version = says(Command::new("redis-server").arg("--version"))?;
    version.split(" sha=").next().map(str::to_owned)
}

fn says(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn install(packages: &[&Package]) -> Result<()> {
    let apt: Vec<&str> = packages.iter().map(|package| package.apt).collect();
    let brew: Vec<&str> = packages.iter().map(|package| package.brew).collect();
    if quietly(Command::new("apt-get").arg("--version")) {
        println!("Installing {} with apt-get.", apt.join(" and "));
        return succeed(
            as_root()
                .args(["sh", "-c", include_str!("setup/apt.sh"), "apt.sh"])
                .args(&apt),
        );
    }
    if quietly(Command::new("brew").arg("--version")) {
        println!("Installing {} with Homebrew.", brew.join(" and "));
        return succeed(
            Command::new("brew")
                .arg("install")
                .args(&brew)
                .stdin(Stdio::null()),
        );
    }
    bail!(
        "neither apt-get nor brew is here: please install {} yourself",
        apt.join(" and ")
    )
}

/// Through sudo where we are somebody else; `env` only passes its arguments on.
fn as_root() -> Command {
    let root = text_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    Command::new(if root { "env" } else { "sudo" })
}
