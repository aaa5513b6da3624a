//! What a check finds.

use serde::{Deserialize, Serialize};

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Invariant, `I8`.
    pub invariant: String,
    /// What it is about: `order ord_…`, `retailer acc_…`, `stock ven_…/SKU`, `message meta/<mid>`, `op r01-7`, …
    pub entity: String,
    /// One sentence.
    pub message: String,
    /// Rows and lines that show it.
    pub evidence: Vec<String>,
}

/// How an invariant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Looked at, and nothing found.
    Held,
    /// Broken.
    Violated,
    /// The run had nothing to look at: not covered, which is not the same as held.
    NotCovered,
    /// The product has no data for it.
    NotApplicable,
}

/// What was found for one invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `I8`.
    pub invariant: String,
    /// What it says.
    pub says: String,
    /// How it stands.
    pub standing: Standing,
    /// Things that were looked at.
    pub cases: u64,
    /// How many of them were wrong; the verdict keeps the first of them.
    pub violations: u64,
    /// Why it is not applicable or not covered; empty otherwise.
    pub reason: String,
}

/// How often something was seen that a good run should have seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// What.
    pub name: String,
    /// How often; nothing when it cannot be seen from outside.
    pub seen: Option<u64>,
}

/// What a run was, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Operations.
    pub operations: u64,
    /// Operations that were acknowledged.
    pub acknowledged: u64,
    /// Operations that were refused for certain.
    pub refused: u64,
    /// Operations whose outcome the client never learnt.
    pub unknown: u64,
    /// Things that were broken on purpose.
    pub faults: u64,
    /// Snapshots of the views, `final` among them.
    pub snapshots: u64,
    /// Orders at the end.
    pub orders: u64,
    /// Length of the history in milliseconds.
    pub took_ms: u64,
}

/// How long the mesh took to serve again after something was broken, or to come to rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// `roles`, `postgres`, `redis`, or `rest`.
    pub what: String,
    /// How often it was measured.
    pub times: u64,
    /// The longest, in milliseconds.
    pub worst_ms: u64,
    /// What it may take, in milliseconds.
    pub budget_ms: u64,
}

/// The verdict on a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether no invariant was broken.
    pub held: bool,
    /// Numbers.
    pub totals: Totals,
    /// Every invariant, in order.
    pub findings: Vec<Finding>,
    /// What was broken, at most [`KEPT`] of each invariant.
    pub violations: Vec<Violation>,
    /// What was seen how often.
    pub sometimes: Vec<Counter>,
    /// Ways back that were measured.
    #[serde(default)]
    pub recoveries: Vec<Recovery>,
    /// How many planted bugs these checks found when they were tried; empty when that is not on record.
    #[serde(default)]
    pub selftest: String,
}

/// Violations of one invariant that are kept in full.
pub const KEPT: usize = 40;

impl Verdict {
    /// The finding of an invariant, such as `I8`.
    pub fn finding(&self, invariant: &str) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.invariant == invariant)
    }

    /// Names of the invariants that are broken.
    pub fn broken(&self) -> Vec<&str> {
        let broken = self
            .findings
            .iter()
            .filter(|finding| finding.standing == Standing::Violated);
        broken.map(|finding| finding.invariant.as_str()).collect()
    }
}

/// What a rule collects while it looks.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) cases: u64,
    pub(super) wrong: Vec<(String, String, Vec<String>)>,
}

impl Found {
    /// One more thing was looked at.
    pub(super) fn case(&mut self) {
        self.cases += 1;
    }

    /// It must be so; the message says how it is instead.
    pub(super) fn must(&mut self, so: bool, entity: &str, message: impl FnOnce() -> String) {
        if !so {
            self.wrong(entity, message());
        }
    }

    /// Something is wrong.
    pub(super) fn wrong(&mut self, entity: &str, message: String) {
        self.wrong.push((entity.to_owned(), message, Vec::new()));
    }

    /// Something is wrong, with rows that show it.
    pub(super) fn shown(&mut self, entity: &str, message: String, evidence: Vec<String>) {
        self.wrong.push((entity.to_owned(), message, evidence));
    }
}

/// What a rule says.
#[derive(Debug)]
pub(super) enum Judged {
    /// It looked.
    Checked(Found),
    /// The product has nothing to look at, and why.
    NotApplicable(&'static str),
    /// This run has nothing to look at, and why.
    NotCovered(&'static str),
}
