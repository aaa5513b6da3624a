//! I18: whatever is broken, every committed state balances. I23: so does a restored backup.

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
        one(views, &mut found);
    }
    Judged::Checked(found)
}

/// I23, as far as it goes: what was restored balances. That everything is there which was acknowledged before the backup
/// began is not looked at.
pub(super) fn restored(facts: &Facts<'_>) -> Judged {
    let Some(views) = &facts.run.restored else {
        return Judged::NotCovered("this run restored no backup (there is no views/restored)");
    };
    let mut found = Found::default();
    found.case();
    one(views, &mut found);
    Judged::Checked(found)
}

fn one(views: &Views, found: &mut Found) {
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
