//! All invariants, in their order.

use super::facts::Facts;
use super::verdict::{Finding, Found, Judged, KEPT, Standing, Violation};
use super::{
    credit, effects, idempotency, intake, ledger, liveness, logs, machine, matrix, notices, once, orphans,
    phantoms, reads, restored, snapshots, stock,
};

/// One invariant.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) says: &'static str,
    /// Who writes the rows that it looks at first.
    pub(super) owner: &'static str,
    pub(super) kind: Kind,
    check: fn(&Facts<'_>) -> Judged,
}

/// What a broken invariant means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something happened that must not.
    Safety,
    /// Something did not happen in time.
    Liveness,
}

const fn rule(
    id: &'static str,
    owner: &'static str,
    says: &'static str,
    check: fn(&Facts<'_>) -> Judged,
) -> Rule {
    Rule {
        id,
        says,
        owner,
        kind: Kind::Safety,
        check,
    }
}

const fn live(
    id: &'static str,
    owner: &'static str,
    says: &'static str,
    check: fn(&Facts<'_>) -> Judged,
) -> Rule {
    Rule {
        kind: Kind::Liveness,
        ..rule(id, owner, says, check)
    }
}

const NO_CHAIN: &str = "the product has no audit chain yet: changes of accounts are rows that nothing can \
    change, but without hashes, and no view shows them; there is nothing to recompute";

fn no_chain(_: &Facts<'_>) -> Judged {
    Judged::NotApplicable(NO_CHAIN)
}

/// The invariants.
pub(super) const RULES: [Rule; 26] = [
    rule(
        "I1",
        "order",
        "each acknowledged message has exactly one outcome",
        intake::one_outcome,
    ),
    rule(
        "I2",
        "gateway",
        "acknowledged effects are durable, refused ones never happened",
        effects::durable,
    ),
    rule(
        "I3",
        "order",
        "nothing is there that nobody asked for",
        phantoms::none,
    ),
    rule(
        "I4",
        "order",
        "one of everything per order, one order per message and key",
        once::one_each,
    ),
    rule("I5", "inventory", "stock is conserved", stock::conserved),
    rule(
        "I6",
        "inventory",
        "stock is never oversold at any prefix",
        stock::never_oversold,
    ),
    rule("I7", "credit", "the ledger is balanced", ledger::balanced),
    rule(
        "I8",
        "credit",
        "the credit limit holds at every prefix",
        credit::limits,
    ),
    rule("I9", "credit", "each hold is settled at most once", credit::holds),
    rule(
        "I10",
        "order",
        "order, hold, reservation and ledger agree",
        matrix::agree,
    ),
    live("I11", "order", "nothing is left over", orphans::none_left),
    rule(
        "I12",
        "order",
        "the history of an order is monotone",
        machine::monotone,
    ),
    rule(
        "I13",
        "notification",
        "messages arrive at least once, at most a few times, at their recipient",
        notices::reach,
    ),
    rule(
        "I14",
        "gateway",
        "a repeated request is answered the same",
        idempotency::replays,
    ),
    rule(
        "I15",
        "gateway",
        "a used key with another body is refused",
        idempotency::reuse,
    ),
    rule("I16", "credit", "the audit chain is whole", no_chain),
    rule("I17", "credit", "all amounts are one calculation", ledger::money),
    rule(
        "I18",
        "credit",
        "every committed state balances, whatever is broken",
        snapshots::each,
    ),
    rule(
        "I19",
        "gateway",
        "who reads after an acknowledgement sees it",
        reads::real_time,
    ),
    rule(
        "I20",
        "gateway",
        "logs show no phones and no secrets",
        logs::no_leak,
    ),
    rule(
        "I21",
        "gateway",
        "no panic, no unplanned exit, no 5xx while nothing is broken",
        logs::clean,
    ),
    rule(
        "I22",
        "order",
        "work is handed on once and never given up",
        orphans::handed_on_once,
    ),
    rule(
        "I23",
        "database",
        "a restored backup passes, and has what was acknowledged before it",
        restored::passes,
    ),
    live(
        "I24",
        "mesh",
        "the mesh comes to rest and answers in time",
        liveness::rest,
    ),
    live(
        "I25",
        "mesh",
        "what was taken is given back",
        liveness::given_back,
    ),
    rule(
        "I26",
        "gateway",
        "nobody sees another's things",
        liveness::own_only,
    ),
];

/// The invariant of this name.
pub(super) fn named(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Looks at everything.
pub(super) fn judge(facts: &Facts<'_>) -> (Vec<Finding>, Vec<Violation>) {
    let (mut findings, mut violations) = (Vec::new(), Vec::new());
    for rule in &RULES {
        let judged = (rule.check)(facts);
        findings.push(finding(rule, &judged));
        if let Judged::Checked(found) = judged {
            violations.extend(kept(rule, found));
        }
    }
    (findings, violations)
}

fn finding(rule: &Rule, judged: &Judged) -> Finding {
    let (cases, wrong, standing, reason) = match judged {
        Judged::NotApplicable(why) => (0, 0, Standing::NotApplicable, *why),
        Judged::NotCovered(why) => (0, 0, Standing::NotCovered, *why),
        Judged::Checked(found) if !found.wrong.is_empty() => {
            (found.cases, found.wrong.len(), Standing::Violated, "")
        }
        Judged::Checked(found) if found.cases == 0 => {
            (0, 0, Standing::NotCovered, "the run had nothing of the kind")
        }
        Judged::Checked(found) => (found.cases, 0, Standing::Held, ""),
    };
    Finding {
        invariant: rule.id.to_owned(),
        says: rule.says.to_owned(),
        standing,
        cases,
        violations: u64::try_from(wrong).unwrap_or(u64::MAX),
        reason: reason.to_owned(),
    }
}

fn kept(rule: &Rule, found: Found) -> impl Iterator<Item = Violation> {
    found
        .wrong
        .into_iter()
        .take(KEPT)
        .map(|(entity, message, evidence)| Violation {
            invariant: rule.id.to_owned(),
            entity,
            message,
            evidence,
        })
}
