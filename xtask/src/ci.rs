//! `cargo xtask ci`: runs every step, whatever the ones before it said, and counts.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::steps::{Outcome, STEPS};
use crate::workspace::Workspace;

/// Runs all steps. The last line of the output is `N passed, N failed`; a skipped step counts as neither.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut tally = Tally::default();
    for (number, step) in STEPS.iter().enumerate() {
        println!("\n==> {}/{} {}", number + 1, STEPS.len(), step.name);
        let started = Instant::now();
        let outcome = (step.run)(workspace);
        let took = started.elapsed();
        println!(
            "<== {}: {} ({})",
            step.name,
            tally.add(step.name, outcome),
            seconds(took)
        );
    }
    for skipped in &tally.skipped {
        println!("skipped  {skipped}");
    }
    for failed in &tally.failed {
        println!("failed   {failed}");
    }
    println!("{}", tally.last_line());
    Ok(if tally.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
    skipped: Vec<String>,
}

impl Tally {
    /// Counts one step and says in a few words how it ended.
    fn add(&mut self, step: &str, outcome: Result<Outcome>) -> String {
        match outcome {
            Ok(Outcome::Passed) => {
                self.passed += 1;
                "passed".to_owned()
            }
            Ok(Outcome::Skipped(why)) => {
                self.skipped.push(format!("{step}: {why}"));
                format!("skipped, {why}")
            }
            Ok(Outcome::Counted { passed, failed }) => {
                let line = format!("{passed} passed, {} failed", failed.len());
                self.passed += passed;
                self.failed
                    .extend(failed.into_iter().map(|name| format!("{step}: {name}")));
                line
            }
            Err(error) => {
                self.failed.push(format!("{step}: {error:#}"));
                format!("failed, {error:#}")
            }
        }
    }

    fn last_line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed.len())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_and_every_step_counts_once_and_a_skipped_step_not_at_all() {
        let mut tally = Tally::default();
        tally.add("format", Ok(Outcome::Passed));
        tally.add("contracts", Ok(Outcome::Skipped("no npx".to_owned())));
        tally.add("clippy", Err(anyhow::anyhow!("warnings")));
        let failed = vec!["orders::cancel".to_owned(), "orders::place".to_owned()];
        tally.add("tests", Ok(Outcome::Counted { passed: 40, failed }));

        assert_eq!(tally.last_line(), "41 passed, 3 failed");
        assert_eq!(tally.failed[2], "tests: orders::place");
        assert_eq!(tally.skipped, ["contracts: no npx"]);
    }
}
