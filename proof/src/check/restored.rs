//! I23: a restored backup has everything that was acknowledged before it began, nothing that the end does not have, and
//! balances.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use serde_json::Value;

use super::effects::{effect, effect_in, kept, op_name};
use super::facts::{Facts, left, message_name};
use super::ops::{Op, text};
use super::snapshots;
use super::verdict::{Found, Judged};
use crate::views::Views;

/// A backup that was taken, by the numbers of history lines.
struct Backup {
    /// What was acknowledged before this line must be in it.
    begun: u64,
    /// What was asked after this line cannot be.
    done: u64,
    /// Taken when all was over, after the last views.
    at_rest: bool,
}

impl Backup {
    fn of(facts: &Facts<'_>) -> Option<Self> {
        let mark = facts.ops.marks_of("backup").last()?;
        let at_rest = text(&mark.v, "at") == "rest";
        let begun = mark.v.get("after").and_then(Value::as_u64);
        Some(Self {
            begun: begun.or(at_rest.then_some(mark.i))?,
            done: mark.i,
            at_rest,
        })
    }

    fn has_seen(&self, op: &Op<'_>) -> bool {
        op.oks().any(|answer| answer.i < self.begun)
    }
}

/// I23.
pub(super) fn passes(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for mark in facts.ops.marks_of("not_restored") {
        found.case();
        let why = text(&mark.v, "error");
        found.wrong("backup", format!("the backup could not be restored: {why}"));
    }
    match &facts.run.restored {
        Some(restored) => whole(facts, restored, &mut found),
        None if found.wrong.is_empty() => {
            return Judged::NotCovered("this run restored no backup (there is no views/restored)");
        }
        None => {}
    }
    Judged::Checked(found)
}

/// Backups during which operations had been acknowledged already, and went on afterwards.
pub(super) fn amid_operations(facts: &Facts<'_>) -> usize {
    let amid = |backup: &Backup| {
        let later = |op: &Op<'_>| op.oks().any(|answer| answer.i > backup.done);
        let all = &facts.ops.all;
        all.iter().any(|op| backup.has_seen(op)) && all.iter().any(later)
    };
    let backup = facts.run.restored.as_ref().and_then(|_| Backup::of(facts));
    backup.filter(amid).iter().count()
}

fn whole(facts: &Facts<'_>, restored: &Views, found: &mut Found) {
    let last = &facts.run.last;
    found.case();
    snapshots::balances(restored, found);
    let Some(backup) = Backup::of(facts) else {
        return found.wrong("backup", "no mark says when it was begun".to_owned());
    };
    operations(facts, &backup, restored, found);
    messages(facts, &backup, restored, found);
    remembered(facts, &backup, restored, found);
    for earlier in earlier(facts, &backup) {
        stays(earlier, restored, found);
    }
    if backup.at_rest {
        stays(last, restored, found);
    }
    // Without rest, something may have been written between the last views and a backup after them.
    if !backup.at_rest || facts.ops.quiescent() {
        stays(restored, last, found);
    }
    if backup.at_rest && facts.ops.quiescent() {
        same(restored, last, found);
    }
}

/// What the operations left that were acknowledged before it began. What the end does not have either is I2's finding.
fn operations(facts: &Facts<'_>, backup: &Backup, restored: &Views, found: &mut Found) {
    let there = left(restored);
    for op in facts.ops.all.iter().filter(|op| backup.has_seen(op)) {
        if effect(facts, op).is_none_or(|effect| effect.times == 0) {
            continue;
        }
        found.case();
        let rows = there.get(op.id).map_or(&[][..], Vec::as_slice);
        let seen = effect_in(rows, op).is_some_and(|effect| effect.times > 0);
        found.must(seen, &op_name(op), || {
            format!("{} was acknowledged before the backup and is not in it", op.f)
        });
    }
}

/// Messages that were acknowledged before it began. What the end does not have either is I1's finding.
fn messages(facts: &Facts<'_>, backup: &Backup, restored: &Views, found: &mut Found) {
    let stored = |views: &'_ Views| -> HashSet<(String, String)> {
        let rows = views.inbound.iter();
        rows.map(|row| (row.provider.clone(), row.mid.clone())).collect()
    };
    let (there, in_the_end) = (stored(restored), stored(&facts.run.last));
    for op in facts.ops.all.iter().filter(|op| backup.has_seen(op)) {
        let key = (
            text(op.asked(), "prov").to_owned(),
            text(op.asked(), "mid").to_owned(),
        );
        if !matches!(op.f, "message" | "dup" | "twin") || !in_the_end.contains(&key) {
            continue;
        }
        found.case();
        found.must(there.contains(&key), &message_name(&key.0, &key.1), || {
            format!(
                "op {} was acknowledged before the backup and its message is not in it",
                op.id
            )
        });
    }
}

/// Keys of requests that were acknowledged before it began: whoever repeats one is still answered the same.
fn remembered(facts: &Facts<'_>, backup: &Backup, restored: &Views, found: &mut Found) {
    let keys = |views: &'_ Views| -> HashSet<(String, String)> {
        let rows = views.idem.iter();
        rows.map(|row| (row.request_id.clone(), row.method.clone()))
            .collect()
    };
    let there = keys(restored);
    let mut early = HashSet::new();
    for op in facts.ops.all.iter().filter(|op| backup.has_seen(op)) {
        let own = text(op.asked(), "idem");
        early.insert(if own.is_empty() { op.id } else { own });
    }
    for (request, method) in keys(&facts.run.last) {
        if !early.contains(request.as_str()) {
            continue;
        }
        found.case();
        let key = (request, method);
        found.must(there.contains(&key), &format!("op {}", key.0), || {
            format!(
                "{} was acknowledged before the backup, which does not remember it",
                key.1
            )
        });
    }
}

/// Views that were read before it began.
fn earlier<'a>(facts: &Facts<'a>, backup: &Backup) -> Vec<&'a Views> {
    let read = |views: &&Views| {
        let mut marks = facts.ops.marks_of("snapshot");
        marks.any(|mark| text(&mark.v, "label") == views.label && mark.i < backup.begun)
    };
    let run = facts.run;
    run.start.iter().chain(run.snaps.iter().filter(read)).collect()
}

/// Everything that is never deleted and was in the one is in the other, and says the same where it must.
fn stays(before: &Views, after: &Views, found: &mut Found) {
    kept::between(before, after, found);
    let labels = (before.label.as_str(), after.label.as_str());
    there(labels, (&before.hold, &after.hold), |row| &row.hold_id, found);
    there(
        labels,
        (&before.account, &after.account),
        |row| &row.retailer,
        found,
    );
    there(
        labels,
        (&before.stock, &after.stock),
        |row| (&row.vendor, &row.sku),
        found,
    );
    there(
        labels,
        (&before.reservation, &after.reservation),
        |row| &row.res_id,
        found,
    );
    let lines = (&before.reservation_line, &after.reservation_line);
    there(labels, lines, |row| (&row.res_id, &row.sku), found);
    let offers = (&before.assignment, &after.assignment);
    there(labels, offers, |row| (&row.order_id, row.attempt), found);
    let tries = (&before.attempt, &after.attempt);
    there(labels, tries, |row| (&row.notice_id, row.n), found);
}

fn there<'a, T: Debug, K: Eq + Hash + Debug>(
    (was, is): (&str, &str),
    (before, after): (&'a Vec<T>, &'a Vec<T>),
    key: fn(&'a T) -> K,
    found: &mut Found,
) {
    let after: HashSet<K> = after.iter().map(key).collect();
    for row in before {
        found.case();
        let key = key(row);
        found.must(after.contains(&key), &format!("row {key:?}"), || {
            format!("{row:?} is in {was} and not in {is}")
        });
    }
}

/// At rest nothing moves but reports on messages that went out, and what is remembered for a while only.
fn same(restored: &Views, last: &Views, found: &mut Found) {
    macro_rules! same {
        ($($view:ident),+) => { $(equal(stringify!($view), &restored.$view, &last.$view, found);)+ };
    }
    same!(inbound, orders, order_line, order_status, assignment);
    same!(
        account,
        account_event,
        hold,
        entry,
        line,
        invoice,
        payment,
        allocation
    );
    same!(stock, stock_event, reservation, reservation_line);
}

fn equal<T: Debug>(view: &str, restored: &[T], last: &[T], found: &mut Found) {
    let mut rows: BTreeMap<String, i64> = BTreeMap::new();
    for row in restored {
        *rows.entry(format!("{row:?}")).or_insert(0) += 1;
    }
    for row in last {
        found.case();
        *rows.entry(format!("{row:?}")).or_insert(0) -= 1;
    }
    for (row, more) in rows.into_iter().filter(|(_, more)| *more != 0) {
        let only = if more > 0 { "the backup" } else { "the end" };
        found.wrong(&format!("view {view}"), format!("only {only} has {row}"));
    }
}
