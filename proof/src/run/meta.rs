//! What has to be known about a run before it begins, so that its findings can be found again.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::schedule::Planned;
use super::stage::Stage;
use crate::fakes::{META_ACCESS, META_SECRET, TWILIO_TOKEN};
use crate::scorecard;

/// Where the score of the checks is kept, seen from the project's root.
const LEDGER: &str = "proof/ledger.jsonl";

/// Faults of the catalogue, or parts of them, that no run applies, and why.
const NOT_APPLIED: [(&str, &str); 9] = [
    (
        "F4",
        "a role ends by SIGTERM and comes back; two of them, or two versions, are not there at the same time",
    ),
    (
        "F6",
        "sessions are ended by the server; nobody takes all connections away",
    ),
    (
        "F10",
        "bits flip only between roles and Redis: the checksums of TCP and TLS keep them from the other edges",
    ),
    (
        "F12",
        "providers are reached without TLS, so none has a wrong certificate",
    ),
    ("F15", "limits of memory and files are not set"),
    (
        "F16",
        "processors are not taken away: a run on a busy machine has less of them anyway",
    ),
    ("F17", "migrations run before the first actor"),
    ("F19", "no file system forgets what was not synced"),
    (
        "F20",
        "a backup is taken under load, restored and compared with what was acknowledged, but no mesh goes on from it",
    ),
];

/// Those that this run does not apply, on this machine or by its seed.
fn not_applied(stage: &Stage) -> Vec<(&'static str, &'static str)> {
    let mut all = NOT_APPLIED.to_vec();
    if stage.disk.is_none() {
        let why = if stage.scenario.small_disk {
            "mounting a small file system is not permitted here"
        } else {
            "the seed gives the database a disk of its usual size"
        };
        all.push(("F13", why));
    }
    if stage.clocks.is_none() {
        all.push(("F14", "libfaketime is not installed"));
    }
    if stage.redis.is_none() {
        all.push(("F9", "the run has no Redis"));
    }
    all
}

/// Writes `meta.json`.
///
/// # Errors
/// When the program or the file cannot be read or written.
pub(super) fn write(stage: &Stage, dir: &Path, binary: &Path, planned: &[Planned]) -> anyhow::Result<()> {
    let world = stage.world();
    let version = Command::new(binary).arg("--version").env_clear().output()?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &std::fs::read(binary)?);
    let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut secrets = world.keys();
    secrets.extend([META_ACCESS, META_SECRET, TWILIO_TOKEN]);
    let not_applied = not_applied(stage)
        .into_iter()
        .map(|(fault, why)| json!({ "fault": fault, "why": why }))
        .collect::<Vec<_>>();
    let meta = json!({
        "seed": stage.scenario.seed,
        "began": began(stage).to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "tool": env!("CARGO_PKG_VERSION"),
        "program": String::from_utf8_lossy(&version.stdout).trim(),
        "program_sha256": digest,
        "scenario": stage.scenario,
        "schedule": planned,
        "not_applied": not_applied,
        "selftest": scorecard::score_of_checks(Path::new(LEDGER)),
        "phones": world.phones(),
        "secrets": secrets,
    });
    std::fs::write(dir.join("meta.json"), serde_json::to_vec_pretty(&meta)?)?;
    Ok(())
}

/// The time of the day at nanosecond 0 of the history.
#[expect(
    clippy::disallowed_methods,
    reason = "rows and logs have times of the day, which a report puts beside those of the history"
)]
fn began(stage: &Stage) -> chrono::DateTime<chrono::Utc> {
    let since = i64::try_from(stage.recorder.now_ns()).unwrap_or(i64::MAX);
    chrono::Utc::now() - chrono::TimeDelta::nanoseconds(since)
}
