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

/// Every point at which a process can die after a statement was done and before its answer came.
pub fn crash_points(workspace: &Workspace) -> Result<Outcome> {
    kasauti(workspace, Some("crashpoints"), &["crashpoints", "--modes", "B"])
}

/// What everybody sees while a part is down, against `docs/degradation.md`: one cell after the other, which tell the same on
/// a slow machine too. `make matrix` plays all of them.
pub fn degradation(workspace: &Workspace) -> Result<Outcome> {
    let cells = ["postgresql", "redis", "order", "credit", "inventory", "collector"];
    let cells = cells.map(|part| format!("{part}:down"));
    let mut args = vec!["matrix", "--check", "--meshes", "1"];
    for cell in &cells {
        args.extend(["--only", cell]);
    }
    kasauti(workspace, Some("matrix"), &args)
}

/// Two short runs of seeded actors under faults: the first with a gateway that turns requests away, the second with room
/// for everybody, so that they meet at limits and stock.
pub fn faults(workspace: &Workspace) -> Result<Outcome> {
    for (seed, dir) in [("1", "run-crowded"), ("2", "run")] {
        let args = ["run", "--seed", seed, "--ops", "400", "--faults", "12"];
        kasauti(workspace, Some(dir), &args)?;
    }
    Ok(Outcome::Passed)
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
