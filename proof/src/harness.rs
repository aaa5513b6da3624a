//! A mesh of its own on this machine: a private PostgreSQL, perhaps a private Redis, and the roles of the program as
//! separate processes on loopback.
//!
//! ```no_run
//! # async fn f() -> anyhow::Result<()> {
//! use std::time::Duration;
//! use kasauti::harness::{Mesh, Mode, Plan, Postgres, Role};
//! let dir = std::path::Path::new("/tmp/one-run");
//! let binary = kasauti::harness::program(None)?;
//! // 1. the database, with schemas and the demonstration in `khaacho`, and a copy of it as template `demo`
//! let postgres = Postgres::start(dir).await?;
//! postgres.seed(&binary).await?;
//! // 2. addresses are known before anything runs, so that proxies can stand in between
//! let mut plan = Plan::new(dir, &binary, Mode::Split, postgres.url("khaacho"));
//! let through = "127.0.0.1:4711"; // of a proxy that leads to `plan.grpc(Role::Credit)`
//! plan.peer(Role::Order, Role::Credit, through);
//! plan.database_url(Role::Credit, "postgres://khaacho@127.0.0.1:4712/khaacho");
//! plan.env(Role::Gateway, "LOG_LEVEL", "debug");
//! plan.env_everywhere("KHAACHO_CREDIT_DRIFT_CHECK_SECONDS", "5");
//! // 3. all roles, ready
//! let mesh = Mesh::start(plan).await?;
//! let answer = mesh.owner().post("/api/v1/orders:quote", &[], &serde_json::json!({})).await;
//! mesh.kill(Role::Credit)?;                          // SIGKILL, reaped
//! mesh.spawn(Role::Credit)?;                         // the same settings and ports
//! mesh.ready(Role::Credit, Duration::from_secs(10)).await?;
//! postgres.restart_immediately().await?;
//! mesh.stop().await?;                                // SIGTERM to all; Drop would kill
//! // 4. the next round starts from the same rows
//! postgres.reset("khaacho", "demo").await?;
//! # Ok(()) }
//! ```
//!
//! Everything ends with its value, and with this process: children are told by the kernel when it dies.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

mod client;
mod mesh;
mod plan;
mod ports;
mod postgres;
mod process;
mod redis;
mod usage;
mod wait;

#[cfg(test)]
mod tests;

pub use client::{Answer, Client, Lost};
pub use mesh::Mesh;
pub use plan::{Mode, Plan, Role};
pub use ports::free_port;
pub use postgres::Postgres;
pub use process::{Process, Spec};
pub use redis::Redis;
pub use usage::{Usage, usage};
pub use wait::eventually;

pub use rustix::process::Signal;

/// The program to test: the given one, else `khaacho` beside this executable (or one directory above, for tests).
///
/// # Errors
/// When it is not there.
pub fn program(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(given) = given {
        anyhow::ensure!(given.exists(), "there is no {}", given.display());
        return Ok(given.canonicalize()?);
    }
    let own = std::env::current_exe().context("this executable has no path")?;
    let beside = own.ancestors().skip(1).take(2).map(|dir| dir.join("khaacho"));
    beside
        .into_iter()
        .find(|path| path.exists())
        .with_context(|| format!("there is no khaacho beside {}; --binary names it", own.display()))
}
