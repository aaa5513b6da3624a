//! Databases to clone from.

use std::{collections::HashSet, future::Future, hash::Hasher, sync::LazyLock};

use anyhow::Context;
use tokio::sync::Mutex;

use super::server::{Maintenance, Server};

/// Templates that this process has seen finished.
static KNOWN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Name of the finished template for `key`, made now if nobody has made it.
pub(super) async fn ensure<F, Fut>(server: &Server, key: &str, prepare: F) -> anyhow::Result<String>
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let hash = hash(key);
    let name = format!("template_{hash:016x}");
    let mut known = KNOWN.lock().await;
    if known.contains(&name) {
        return Ok(name);
    }
    let mut maintenance = Maintenance::connect(server).await?;
    // one process makes it, the others wait; the lock ends with the session, also when the process dies
    sqlx::query("select pg_advisory_lock($1)")
        .bind(hash.cast_signed())
        .execute(maintenance.conn())
        .await?;
    if !finished(&mut maintenance, &name).await? {
        // what a process that died in the middle left behind
        maintenance
            .run(format!("drop database if exists {name} with (force)"))
            .await?;
        maintenance.run(format!("create database {name}")).await?;
        prepare(server.url_of(&name))
            .await
            .context("cannot prepare the template database")?;
        // the mark of a finished one; and nobody may connect, for a session would be in the way of cloning
        maintenance
            .run(format!(
                "alter database {name} with is_template true allow_connections false"
            ))
            .await?;
    }
    maintenance.close().await?;
    known.insert(name.clone());
    Ok(name)
}

async fn finished(maintenance: &mut Maintenance, name: &str) -> anyhow::Result<bool> {
    let sql = "select exists (select from pg_catalog.pg_database where datname = $1 and datistemplate)";
    Ok(sqlx::query_scalar(sql)
        .bind(name)
        .fetch_one(maintenance.conn())
        .await?)
}

/// The same in every process.
fn hash(key: &str) -> u64 {
    // `new`, unlike `RandomState`, has fixed keys; all processes of a test run are built by one compiler
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}
