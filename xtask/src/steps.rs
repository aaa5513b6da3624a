//! The steps of `cargo xtask ci`, in order: cheap ones first. A new check is one line in [`STEPS`].

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{breaking, ledger, new_verb, proof, setup, suite, tidy};

/// The version of buf that checks the contracts; exact, so that npm's cache serves it without a network.
pub const BUF: &str = "@bufbuild/buf@1.75.0";

/// How a step ended when it did not fail as a whole.
pub enum Outcome {
    Passed,
    /// Nothing was checked, and why.
    Skipped(String),
    /// The step is many checks: how many passed, and the names of those that did not.
    Counted {
        passed: usize,
        failed: Vec<String>,
    },
}

/// One check of `cargo xtask ci`.
pub struct Step {
    pub name: &'static str,
    /// An error is a failed step; the others still run.
    pub run: fn(&Workspace) -> Result<Outcome>,
}

pub const STEPS: &[Step] = &[
    Step {
        name: "set-up",
        run: |_| setup::run(setup::Purpose::Tests).map(passed),
    },
    Step {
        name: "format",
        run: |w| w.check("cargo", &["fmt", "--all", "--check"]).map(passed),
    },
    Step {
        name: "tidy",
        run: |w| tidy::run(w).map(passed),
    },
    Step {
        name: "contracts: lint",
        run: contracts_lint,
    },
    Step {
        name: "contracts: breaking changes",
        run: breaking::run,
    },
    Step {
        name: "proof: the ledger only grows",
        run: ledger::run,
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "a new verb compiles",
        run: new_verb::compiles::run,
    },
    Step {
        name: "licences, bans, sources",
        run: deny,
    },
    Step {
        name: "security advisories",
        run: advisories,
    },
    Step {
        name: "tests",
        run: suite::run,
    },
    Step {
        name: "proof: what an order costs",
        run: proof::counts,
    },
    Step {
        name: "proof: a run under faults",
        run: proof::faults,
    },
    Step {
        name: "proof: crash points",
        run: proof::crash_points,
    },
    Step {
        name: "proof: degradation",
        run: proof::degradation,
    },
];

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

fn contracts_lint(workspace: &Workspace) -> Result<Outcome> {
    if let Some(skipped) = without_npx(workspace) {
        return Ok(skipped);
    }
    workspace
        .check("npx", &["--yes", BUF, "lint", "proto"])
        .map(passed)
}

/// The outcome of a step that needs npx on a machine that has none.
pub fn without_npx(workspace: &Workspace) -> Option<Outcome> {
    let missing = !workspace.has("npx", &["--version"]);
    missing.then(|| Outcome::Skipped("npx is not installed (it comes with Node.js)".to_owned()))
}

fn clippy(workspace: &Workspace) -> Result<Outcome> {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ];
    workspace.check("cargo", &args).map(passed)
}

/// Offline, because clippy has just fetched every crate.
fn deny(workspace: &Workspace) -> Result<Outcome> {
    if let Some(skipped) = without_deny(workspace) {
        return Ok(skipped);
    }
    let args = [
        "deny",
        "--locked",
        "--offline",
        "check",
        "licenses",
        "bans",
        "sources",
    ];
    workspace.check("cargo", &args).map(passed)
}

fn advisories(workspace: &Workspace) -> Result<Outcome> {
    if let Some(skipped) = without_deny(workspace) {
        return Ok(skipped);
    }
    let mut command = workspace.command("cargo", &["deny", "--locked", "check", "advisories"]);
    let output = command.output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(Outcome::Passed);
    }
    if report.contains("failed to fetch advisory database") {
        return Ok(Outcome::Skipped(
            "the advisory database cannot be reached from here".to_owned(),
        ));
    }
    eprint!("{report}");
    anyhow::bail!("`cargo deny check advisories` ended with {}", output.status)
}

fn without_deny(workspace: &Workspace) -> Option<Outcome> {
    let missing = !workspace.has("cargo", &["deny", "--version"]);
    missing.then(|| Outcome::Skipped("cargo-deny is not installed".to_owned()))
}
