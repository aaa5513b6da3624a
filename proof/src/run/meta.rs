//! What has to be known about a run before it begins, so that its findings can be found again.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::schedule::Planned;
use super::stage::Stage;
use crate::fakes::{META_ACCESS, META_SECRET, TWILIO_TOKEN};

/// Faults of the catalogue that a run does not apply, and why.
const NOT_APPLIED: [(&str, &str); 7] = [
    (
        "F2",
        "every statement in turn is the business of `kasauti crashpoints`",
    ),
    (
        "F8",
        "a lost reply after COMMIT needs the PostgreSQL proxy of `kasauti crashpoints`",
    ),
    ("F10", "no TCP proxy stands between the processes of a run yet"),
    ("F11", "no TCP proxy stands between the processes of a run yet"),
    ("F13", "a full disk needs mounts of its own"),
    (
        "F14",
        "a clock that jumps needs libfaketime, which is not required here",
    ),
    ("F15", "limits of memory and files are not set"),
];

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
    let meta = json!({
        "seed": stage.scenario.seed,
        "tool": env!("CARGO_PKG_VERSION"),
        "program": String::from_utf8_lossy(&version.stdout).trim(),
        "program_sha256": digest,
        "scenario": stage.scenario,
        "schedule": planned,
        "not_applied": NOT_APPLIED.map(|(fault, why)| json!({ "fault": fault, "why": why })),
        "phones": world.phones(),
        "secrets": secrets,
    });
    std::fs::write(dir.join("meta.json"), serde_json::to_vec_pretty(&meta)?)?;
    Ok(())
}
