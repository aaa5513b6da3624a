//! I24, as far as it is about calls: who is in trouble is not called more often for it.

use super::facts::Facts;
use super::ops::number;
use super::verdict::Found;

/// Repeats, of a hundred calls.
const REPEATS_PER_CENT: i64 = 10;

/// Calls inside the mesh are repeated by at most a tenth, and one a second of each process in any case.
pub(super) fn amplified(facts: &Facts<'_>, found: &mut Found) {
    for mark in facts.ops.marks_of("calls") {
        found.case();
        let of = |name| number(&mark.v, name).unwrap_or(0);
        let (handled, repeated) = (of("handled"), of("repeated"));
        let most = handled * REPEATS_PER_CENT / 100 + of("seconds") * of("processes");
        found.must(repeated <= most, "mesh", || {
            format!("{repeated} calls were repeats beside {handled} that were answered; {most} are the most")
        });
    }
}
