//! A backup that is taken while everybody works and things break, and restored when all is over, for I23.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use tokio::process::Command;

use super::stage::Stage;
use crate::views;

/// Database into which it is restored.
const RESTORED: &str = "restored";
/// Whoever cannot take one, because a fault hits it, waits so long.
const PAUSE: Duration = Duration::from_millis(500);
/// A backup or a restore takes no longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes one when two thirds of the operations are acknowledged, again and again until it succeeds; when the run is over
/// before that, at its end.
pub(super) async fn take(stage: Arc<Stage>) -> anyhow::Result<()> {
    while !stage.over() && stage.acked() < stage.scenario.ops * 2 / 3 {
        stage.pause(Duration::from_millis(50)).await;
    }
    while !stage.over() {
        let begun = stage.mark("backup_begins", json!({}));
        match dump(&stage).await {
            Ok(()) => {
                stage.mark("backup", json!({ "after": begun }));
                return Ok(());
            }
            Err(error) => {
                stage.mark("no_backup", json!({ "error": format!("{error:#}") }));
                stage.pause(PAUSE).await;
            }
        }
    }
    Ok(())
}

/// Restores it into a database of its own and dumps the contract views of that as `restored`. One that cannot be
/// restored is a finding, and no reason to end without a verdict.
pub(super) async fn restore(stage: &Stage) {
    if let Err(error) = restored(stage).await {
        stage.mark("not_restored", json!({ "error": format!("{error:#}") }));
    }
}

async fn restored(stage: &Stage) -> anyhow::Result<()> {
    let file = file(stage);
    if !file.exists() {
        // Nothing is broken any more.
        let begun = stage.mark("backup_begins", json!({}));
        dump(stage).await.context("no backup can be taken at rest")?;
        stage.mark("backup", json!({ "at": "rest", "after": begun }));
    }
    let postgres = &stage.postgres;
    postgres
        .execute("postgres", &format!("create database {RESTORED}"))
        .await?;
    let url = postgres.url(RESTORED);
    let mut restore = Command::new(postgres.program("pg_restore"));
    restore.args(["--exit-on-error", "--single-transaction", "--dbname", &url]);
    restore.arg(&file);
    run(restore).await?;
    views::dump(&url, &stage.mesh.plan().dir, RESTORED).await?;
    // The database goes with the whole server; the file would only take room.
    let _ = tokio::fs::remove_file(&file).await;
    Ok(())
}

fn file(stage: &Stage) -> PathBuf {
    stage.mesh.plan().dir.join("backup.dump")
}

/// Either the whole backup is there, or nothing.
async fn dump(stage: &Stage) -> anyhow::Result<()> {
    let (file, part) = (file(stage), file(stage).with_extension("part"));
    let mut dump = Command::new(stage.postgres.program("pg_dump"));
    dump.args(["--format=custom", "--compress=0", "--lock-wait-timeout=10s"]);
    dump.arg("--file").arg(&part).arg(stage.postgres.url("khaacho"));
    run(dump).await?;
    tokio::fs::rename(part, file).await?;
    Ok(())
}

async fn run(mut command: Command) -> anyhow::Result<()> {
    let name = format!("{}", command.as_std().get_program().display());
    let done = command.kill_on_drop(true).output();
    let done = tokio::time::timeout(PATIENCE, done)
        .await
        .with_context(|| format!("{name} does not end"))?
        .with_context(|| format!("cannot run {name}"))?;
    let told = String::from_utf8_lossy(&done.stderr);
    anyhow::ensure!(done.status.success(), "{name} failed: {}", told.trim());
    Ok(())
}
