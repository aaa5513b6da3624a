//! I18: whatever is broken, every committed state balances.

use super::facts::Facts;
use super::index::Index;
use super::verdict::{Found, Judged};
use super::{credit, ledger, stock};
use crate::views::Views;

/// I18.
pub(super) fn each(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for views in &facts.run.snaps {
        found.case();
        balances(views, &mut found);
    }
    Judged::Checked(found)
}

/// Stock, credit and journal of one committed state.
pub(super) fn balances(views: &Views, found: &mut Found) {
    let index = Index::of(views);
    let mut inner = Found::default();
    stock::sums(&index, &mut inner);
    stock::prefixes(&index, &mut inner);
    credit::prefixes(&index, &mut inner);
    credit::resolutions(&index, &mut inner);
    ledger::entries(&index, &mut inner);
    for (entity, message, evidence) in inner.wrong {
        found.shown(&entity, format!("in {}: {message}", views.label), evidence);
    }
}
