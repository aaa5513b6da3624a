//! What the service counts. Names are in one place because dashboards and alerts use them.

use khaacho_fault::{Fault, Kind};
use khaacho_telemetry::metrics::LEDGER_DRIFT;

use crate::store::ledger_drift::Drift;

/// Counter: what happened to holds. Labels `outcome` (placed, refused, posted, released), `reason` (of the refusal or
/// the release, else empty).
const HOLDS: &str = "credit_holds_total";
/// Counter: recorded payments. Label `method`.
const PAYMENTS: &str = "credit_payments_total";
/// Longest reason that becomes a label; label values must stay few and short.
const LABEL_CHARS_MAX: usize = 40;

/// A hold was placed, or a repetition found it (not counted).
pub(crate) fn placed(fresh: bool) {
    count(fresh, "placed", String::new());
}

/// A hold became a debt.
pub(crate) fn posted(fresh: bool) {
    count(fresh, "posted", String::new());
}

/// A hold was given back.
pub(crate) fn released(fresh: bool, reason: &str) {
    count(fresh, "released", label(reason));
}

/// A hold was not placed; only refusals count, not failures.
pub(crate) fn refused(fault: &Fault) {
    let refusal = matches!(fault.kind(), Kind::Refused | Kind::NotFound);
    count(refusal, "refused", fault.reason().to_owned());
}

/// A payment was recorded.
pub(crate) fn paid(fresh: bool, method: &'static str) {
    if fresh {
        metrics::counter!(PAYMENTS, "method" => method).increment(1);
    }
}

/// How far the books disagree.
pub(crate) fn drift(drift: &Drift) {
    for (check, paisa) in drift.checks() {
        metrics::gauge!(LEDGER_DRIFT, "check" => check).set(paisa as f64);
    }
}

fn count(happened: bool, outcome: &'static str, reason: String) {
    if happened {
        metrics::counter!(HOLDS, "outcome" => outcome, "reason" => reason).increment(1);
    }
}

/// Reason codes as they are, free text as `OTHER`.
fn label(reason: &str) -> String {
    let code = reason.len() <= LABEL_CHARS_MAX && reason.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    if code {
        reason.to_owned()
    } else {
        "OTHER".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_does_not_become_a_label() {
        assert_eq!(label("STOCK_SHORT"), "STOCK_SHORT");
        assert_eq!(label("shop called, +977 98…"), "OTHER");
    }
}
