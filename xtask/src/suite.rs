//! The tests of the workspace, against private PostgreSQL and Redis servers.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::redis::Redis;
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// Runs `cargo test` and counts what it says; its output is shown as it comes.
pub fn run(workspace: &Workspace) -> Result<Outcome> {
    // With the features of the whole workspace, so that the tests use what this builds: the private server, and the
    // program itself, which tests of the whole mesh start as processes.
    workspace.check("cargo", &["build", "--workspace", "--locked", "--bins"])?;
    let with_postgres = workspace
        .target()?
        .join("debug/with-postgres")
        .display()
        .to_string();
    let redis = Redis::start()?;
    let args = ["cargo", "test", "--workspace", "--locked", "--no-fail-fast"];
    let mut command = workspace.command(&with_postgres, &args);
    command.env("KHAACHO_TEST_REDIS_URL", &redis.url);
    let mut cargo = command
        .stdout(Stdio::piped())
        .spawn()
        .context("starting the tests")?;
    let output = cargo
        .stdout
        .take()
        .context("the output of cargo test is a pipe")?;

    let mut report = Report::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("reading the output of cargo test")?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        report.read(&line);
    }
    let status = cargo.wait()?;
    Ok(report.outcome(status.success()))
}

/// What the lines of `cargo test` have said so far.
#[derive(Default)]
struct Report {
    passed: usize,
    /// The sum of the `failed` counts; a name may be missing when a test printed in the middle of its line.
    failed: usize,
    names: Vec<String>,
}

impl Report {
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.trim().strip_prefix("test result: ") {
            self.passed += count(counts, " passed");
            self.failed += count(counts, " failed");
        } else if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.names.push(name.to_owned());
        }
    }

    /// `succeeded` is whether cargo ended well: without a failed test it ends badly only when something did not
    /// compile or a test binary died, which counts as one failure.
    fn outcome(self, succeeded: bool) -> Outcome {
        let mut failed = self.names;
        while failed.len() < self.failed {
            failed.push("a test whose name got lost in its own output".to_owned());
        }
        if failed.is_empty() && !succeeded {
            failed
                .push("cargo test did not finish: a crate does not compile or a test binary died".to_owned());
        }
        Outcome::Counted {
            passed: self.passed,
            failed,
        }
    }
}

/// The number before a word, as in `ok. 3 passed; 1 failed; 0 ignored`.
fn count(counts: &str, word: &str) -> usize {
    let before = counts.split(word).next().unwrap_or_default();
    before
        .rsplit([' ', '.'])
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome_of(lines: &[&str], succeeded: bool) -> (usize, Vec<String>) {
        let mut report = Report::default();
        lines.iter().for_each(|line| report.read(line));
        match report.outcome(succeeded) {
            Outcome::Counted { passed, failed } => (passed, failed),
            _ => panic!("tests are counted"),
        }
    }

    #[test]
    fn the_results_of_all_binaries_add_up() {
        let (passed, failed) = outcome_of(
            &[
                "test domain::cancels ... ok",
                "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                "test journeys::delivers ... FAILED",
                "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            ],
            false,
        );
        assert_eq!((passed, failed), (15, vec!["journeys::delivers".to_owned()]));
    }

    #[test]
    fn a_failure_without_a_name_still_counts() {
        let line = "test result: FAILED. 0 passed; 2 failed; 0 ignored";
        assert_eq!(outcome_of(&[line], false).1.len(), 2);
    }

    #[test]
    fn a_build_that_breaks_counts_as_one_failure() {
        let (passed, failed) = outcome_of(&[], false);
        assert_eq!((passed, failed.len()), (0, 1));
    }
}
