//! Faults of processes.

use std::time::Duration;

use serde_json::json;

use crate::harness::Signal;

use super::nemesis::Hand;
use super::repairs::needs;

/// How long a process is waited for.
const READY: Duration = Duration::from_secs(90);
/// The program gives itself 25 s.
const DRAIN: Duration = Duration::from_secs(40);

/// SIGKILL; some are killed again while they recover.
pub(super) async fn kill(hand: &Hand) -> anyhow::Result<()> {
    let mesh = &hand.stage.mesh;
    let svc = hand.role.name();
    let again = if hand.fault.again { 2 } else { 0 };
    hand.broken(json!({ "svc": svc, "pid": mesh.pid(hand.role), "again": again }));
    mesh.kill(hand.role)?;
    hand.exit("killed");
    hand.hold().await;
    let mut random = hand.random();
    for _ in 0..again {
        // It recovers just now, which is when it is most worth killing.
        hand.starts_again();
        mesh.spawn(hand.role)?;
        tokio::time::sleep(Duration::from_millis(random.u64(5..=400))).await;
        mesh.kill(hand.role)?;
        hand.exit("killed");
    }
    start(hand).await
}

/// Starts the role that a fault ended, and measures it.
pub(super) async fn start(hand: &Hand) -> anyhow::Result<()> {
    let started = hand.stage.recorder.now_ns();
    hand.starts_again();
    hand.stage.mesh.spawn(hand.role)?;
    // One that is not ready by then has broken the bar many times over: I24 finds it, and the run goes on.
    let _ = hand.stage.mesh.ready(hand.role, READY).await;
    let budget = hand.stage.scenario.limits.restart_s;
    let svc = hand.role.name();
    hand.served_again(svc, svc, started, &needs(hand.role), budget);
    hand.mended(svc);
    Ok(())
}

/// SIGSTOP, and SIGCONT later: nobody is told that it is away.
pub(super) async fn stop(hand: &Hand) -> anyhow::Result<()> {
    let svc = hand.role.name();
    if hand.stage.mesh.signal(hand.role, Signal::STOP).is_err() {
        // It has just ended by itself; the supervisor tells.
        return Ok(());
    }
    hand.broken(json!({ "svc": svc, "ms": hand.fault.hold_ms }));
    hand.hold().await;
    hand.stage.mesh.signal(hand.role, Signal::CONT)?;
    hand.mended(svc);
    Ok(())
}

/// SIGTERM and a new process, as in a deploy.
pub(super) async fn terminate(hand: &Hand) -> anyhow::Result<()> {
    hand.broken(json!({ "svc": hand.role.name() }));
    let status = hand.stage.mesh.terminate(hand.role, DRAIN).await?;
    hand.exit(&status.to_string());
    start(hand).await
}
