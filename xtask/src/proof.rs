//! The proof's runs that every change has to pass: `kasauti` against the program that the tests were built with.

use anyhow::{Context, Result};

use crate::steps::Outcome;
use crate::workspace::Workspace;

/// What one order costs, against `proof/counts.json`.
pub fn counts(workspace: &Workspace) -> Result<Outcome> {
    kasauti(
        workspace,
        None,
        &["bench", "--counts", "--limits", "proof/counts.json"],
    )
}

/// A fifth of the points at which a process can die after a statement was done and before its answer came, spread over the
/// whole scenario; all of them take a development build 25 minutes. `make crash` plays them all.
pub fn crash_points(workspace: &Workspace) -> Result<Outcome> {
    let args = ["crashpoints", "--modes", "B", "--every", "5"];
    kasauti(workspace, Some("crashpoints"), &args)
}

/// What everybody sees while a part is away, against `docs/degradation.md`: the cells that tell the same on a slow machine
/// too. `make matrix` plays all of them.
pub fn degradation(workspace: &Workspace) -> Result<Outcome> {
    let mut args = vec!["matrix", "--check", "--meshes", "2"];
    let cells = ["redis", "order", "credit", "inventory"]
        .iter()
        .flat_map(|part| ["down", "slow", "flapping", "wrong"].map(|how| format!("{part}:{how}")))
        .chain(["postgresql:down".to_owned(), "collector:down".to_owned()])
        .collect::<Vec<_>>();
    for cell in &cells {
        args.extend(["--only", cell]);
    }
    kasauti(workspace, Some("matrix"), &args)
}

/// A short run of seeded actors under faults.
pub fn faults(workspace: &Workspace) -> Result<Outcome> {
    let args = ["run", "--seed", "1", "--ops", "400", "--faults", "12"];
    kasauti(workspace, Some("run"), &args)
}

/// Runs the tool with a new directory for what it finds, which stays for whoever wants to look.
fn kasauti(workspace: &Workspace, dir: Option<&str>, args: &[&str]) -> Result<Outcome> {
    let target = workspace.target()?;
    let program = target.join("debug/kasauti").display().to_string();
    let mut args = args.to_vec();
    let dir = dir.map(|name| target.join("proof").join(name));
    let shown = dir.as_ref().map(|dir| dir.display().to_string());
    if let (Some(dir), Some(shown)) = (&dir, &shown) {
        if dir.exists() {
            std::fs::remove_dir_all(dir).with_context(|| format!("removing {shown}"))?;
        }
        std::fs::create_dir_all(dir).with_context(|| format!("making {shown}"))?;
        args.extend(["--dir", shown]);
    }
    workspace.check(&program, &args)?;
    Ok(Outcome::Passed)
}
