//! Whether the proof's ledger still has every line that landed: a run that found something is never taken out again.

use std::collections::HashMap;
use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::breaking::landed;
use crate::steps::Outcome;
use crate::workspace::Workspace;

const LEDGER: &str = "proof/ledger.jsonl";

/// Compares the ledger with the landed one, whose lines it begins with, and with every one that was committed before,
/// whose lines it has all.
pub fn run(workspace: &Workspace) -> Result<Outcome> {
    let now = fs::read_to_string(workspace.path(LEDGER)).context("reading the ledger")?;
    let base = landed(workspace, LEDGER);
    let earlier = earlier(workspace)?;
    if base.is_none() && earlier.iter().all(|(_, before)| *before == now) {
        return Ok(Outcome::Skipped(
            "this clone holds no earlier ledger to compare with".to_owned(),
        ));
    }
    if let Some(base) = base {
        println!("comparing with commit {base}");
        if let Some(number) = changed(&of_commit(workspace, &base)?, &now) {
            bail!("line {number} of {LEDGER} is no longer what it was in {base}: lines are only added");
        }
    }
    println!("looking for the lines of {} earlier ledgers", earlier.len());
    for (commit, before) in &earlier {
        if let Some(number) = lost(before, &now) {
            bail!("line {number} of {LEDGER} in {commit} is gone: lines are only added");
        }
    }
    Ok(Outcome::Passed)
}

/// Every ledger that was committed on the way to what is checked out, as far as this clone goes, the newest first.
fn earlier(workspace: &Workspace) -> Result<Vec<(String, String)>> {
    let has = |name: &str| workspace.has("git", &["rev-parse", "--verify", "--quiet", name]);
    if !has("HEAD") {
        return Ok(Vec::new());
    }
    // A filter of what to show, not of what to leave out: that one shows nothing without a diff.
    let log = [
        "log",
        "--first-parent",
        "--diff-filter=AM",
        "--format=%H",
        "--",
        LEDGER,
    ];
    let commits = workspace.read("git", &log)?;
    let earlier: Vec<_> = commits
        .lines()
        .map(|commit| Ok((commit.to_owned(), of_commit(workspace, commit)?)))
        .collect::<Result<_>>()?;
    let known = !earlier.is_empty() || !has(&format!("HEAD:{LEDGER}"));
    ensure!(known, "git names no commit of {LEDGER}, which HEAD has");
    Ok(earlier)
}

fn of_commit(workspace: &Workspace, commit: &str) -> Result<String> {
    workspace.read("git", &["show", &format!("{commit}:{LEDGER}")])
}

/// The number of the first line of `before` that `now` has less often, wherever it is: lines that were missing for a
/// while came back to another place.
fn lost(before: &str, now: &str) -> Option<usize> {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for line in now.lines() {
        *there.entry(line).or_default() += 1;
    }
    let mut gone = |line: &str| match there.get_mut(line) {
        Some(times) if *times > 0 => {
            *times -= 1;
            false
        }
        _ => true,
    };
    before.lines().position(&mut gone).map(|index| index + 1)
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

    #[test]
    fn lines_of_any_earlier_ledger_are_somewhere() {
        let before = "{\"seed\":1}\n{\"seed\":2}\n";
        assert_eq!(lost(before, before), None);
        assert_eq!(lost("", before), None);
        assert_eq!(lost(before, "{\"seed\":2}\n{\"seed\":3}\n{\"seed\":1}\n"), None);
        assert_eq!(lost(before, "{\"seed\":1}\n{\"seed\":3}\n"), Some(2));
        assert_eq!(lost(before, ""), Some(1));
    }

    #[test]
    fn a_line_that_was_there_twice_is_there_twice() {
        assert_eq!(lost("a\nb\na\n", "a\nb\nc\n"), Some(3));
        assert_eq!(lost("a\nb\na\n", "a\na\nb\n"), None);
    }
}
