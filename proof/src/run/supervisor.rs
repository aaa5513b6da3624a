//! Watches what nobody else watches: processes that end by themselves, and a run that does not get on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::stage::Stage;

const LOOK: Duration = Duration::from_millis(50);
const RESTART: Duration = Duration::from_millis(500);

/// Starts processes again that ended by themselves, as a platform does, and writes it down. Runs until it is dropped.
///
/// # Errors
/// When a process cannot be started.
pub(super) async fn watch(stage: Arc<Stage>) -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(LOOK).await;
        for (role, status) in stage.mesh.ended() {
            let v = json!({ "svc": role.name(), "planned": false, "status": status.to_string() });
            stage.mark("exit", v);
            tokio::time::sleep(RESTART).await;
            stage.mesh.spawn(role)?;
        }
    }
}

/// Ends when nothing was acknowledged for too long.
pub(super) async fn stuck(stage: &Stage) -> u64 {
    let patience = Duration::from_secs(stage.scenario.limits.stuck_s);
    let (mut seen, mut since) = (stage.acked(), Instant::now());
    loop {
        tokio::time::sleep(LOOK).await;
        let now = stage.acked();
        if now != seen {
            (seen, since) = (now, Instant::now());
        }
        if since.elapsed() > patience {
            return seen;
        }
    }
}
