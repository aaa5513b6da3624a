//! Whether the proof's ledger still has every line that landed: a run that found something is never taken out again.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::breaking::landed;
use crate::steps::Outcome;
use crate::workspace::Workspace;

const LEDGER: &str = "proof/ledger.jsonl";

/// Compares the ledger with the landed one.
pub fn run(workspace: &Workspace) -> Result<Outcome> {
    let Some(base) = landed(workspace, LEDGER) else {
        return Ok(Outcome::Skipped(
            "this clone holds no earlier ledger to compare with".to_owned(),
        ));
    };
    println!("comparing with commit {base}");
    let before = workspace.read("git", &["show", &format!("{base}:{LEDGER}")])?;
    let now = fs::read_to_string(workspace.path(LEDGER)).context("reading the ledger")?;
    if let Some(number) = changed(&before, &now) {
        bail!("line {number} of {LEDGER} is no longer what it was in {base}: lines are only added");
    }
    Ok(Outcome::Passed)
}

/// The number of the first line of `before` that `now` does not have in its place.
fn changed(before: &str, now: &str) -> Option<usize> {
    let mut now = now.lines();
    before
        .lines()
        .position(|line| now.next() != Some(line))
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_be_added_and_nothing_else() {
        let before = "{\"seed\":1}\n{\"seed\":2}\n";
        assert_eq!(changed(before, before), None);
        assert_eq!(changed("", before), None);
        assert_eq!(
            changed(before, "{\"seed\":1}\n{\"seed\":2}\n{\"seed\":3}\n"),
            None
        );
        assert_eq!(changed(before, "{\"seed\":1}\n"), Some(2));
        assert_eq!(changed(before, "{\"seed\":2}\n{\"seed\":3}\n"), Some(1));
        assert_eq!(changed(before, "{\"seed\":1}\n{\"seed\":9}\n"), Some(2));
        assert_eq!(changed(before, ""), Some(1));
    }
}
