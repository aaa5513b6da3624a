//! Whether the contracts still speak to clients of the version that has landed before.

use std::fs;

use anyhow::{Context, Result};

use crate::steps::{BUF, Outcome, without_npx};
use crate::workspace::Workspace;

/// `buf breaking` against the landed contracts. They are unpacked from git first, so that a clone of any depth
/// will do.
pub fn run(workspace: &Workspace) -> Result<Outcome> {
    if let Some(skipped) = without_npx(workspace) {
        return Ok(skipped);
    }
    let Some(base) = landed(workspace, "proto") else {
        return Ok(Outcome::Skipped(
            "this clone holds no earlier contracts to compare with".to_owned(),
        ));
    };
    println!("comparing with commit {base}");
    let (unpacked, archive) = ("target/xtask/landed", "target/xtask/landed.tar");
    if workspace.path(unpacked).exists() {
        fs::remove_dir_all(workspace.path(unpacked)).context("removing the contracts of the last run")?;
    }
    fs::create_dir_all(workspace.path(unpacked)).context("making a place for the landed contracts")?;
    workspace.check(
        "git",
        &["archive", "--format=tar", "--output", archive, &base, "proto"],
    )?;
    workspace.check("tar", &["-xf", archive, "-C", unpacked])?;
    let against = format!("{unpacked}/proto");
    workspace.check("npx", &["--yes", BUF, "breaking", "proto", "--against", &against])?;
    Ok(Outcome::Passed)
}

/// The commit to compare `path` with: the landed main, or its parent when main is what is checked out, unchanged. None
/// when there is no such commit or it has no such files.
pub fn landed(workspace: &Workspace, path: &str) -> Option<String> {
    let head = commit(workspace, "HEAD")?;
    let main = ["origin/main", "main"]
        .into_iter()
        .find_map(|name| commit(workspace, name));
    let unchanged = workspace.has("git", &["diff", "--quiet", "HEAD", "--", path]);
    let base = match main {
        Some(main) if main != head || !unchanged => main,
        _ => commit(workspace, "HEAD~1")?,
    };
    let files = workspace
        .read("git", &["ls-tree", "-r", "--name-only", &base, path])
        .ok()?;
    (!files.trim().is_empty()).then_some(base)
}

fn commit(workspace: &Workspace, name: &str) -> Option<String> {
    let mut command = workspace.command(
        "git",
        &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")],
    );
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
