//! What a snapshot saw is still there in the next one: a commit that was seen is never undone.

use std::collections::HashMap;
use std::hash::Hash;

use super::super::facts::{message_name, order_name, retailer_name, stock_name};
use super::super::input::Run;
use super::super::verdict::Found;
use crate::views::Views;

/// Compares every snapshot with the next one.
pub(super) fn everything(run: &Run, found: &mut Found) {
    let stages: Vec<&Views> = run.stages().collect();
    for pair in stages.windows(2) {
        let [before, after] = pair else { continue };
        between(before, after, found);
    }
}

/// Compares two views, the second of which was read later.
pub(in crate::check) fn between(before: &Views, after: &Views, found: &mut Found) {
    orders(before, after, found);
    money(before, after, found);
    goods(before, after, found);
}

/// Rows that must stay, with what of them must stay the same.
struct Stay<'a, T, K, S> {
    labels: (&'a str, &'a str),
    before: &'a [T],
    after: &'a [T],
    key: fn(&'a T) -> K,
    same: fn(&'a T) -> S,
    name: fn(&'a T) -> String,
}

impl<'a, T, K: Eq + Hash + std::fmt::Debug, S: PartialEq + std::fmt::Debug> Stay<'a, T, K, S> {
    fn check(&self, found: &mut Found) {
        let after: HashMap<K, &T> = self.after.iter().map(|row| ((self.key)(row), row)).collect();
        let (was, is) = self.labels;
        for row in self.before {
            found.case();
            let key = (self.key)(row);
            let Some(now) = after.get(&key) else {
                found.wrong(
                    &(self.name)(row),
                    format!("{key:?} was there in {was} and is gone in {is}"),
                );
                continue;
            };
            let (then, now) = ((self.same)(row), (self.same)(now));
            found.must(then == now, &(self.name)(row), || {
                format!("was {then:?} in {was} and is {now:?} in {is}")
            });
        }
    }
}

fn orders(before: &Views, after: &Views, found: &mut Found) {
    let labels = (before.label.as_str(), after.label.as_str());
    Stay {
        labels,
        before: &before.inbound,
        after: &after.inbound,
        key: |row| (&row.provider, &row.account, &row.mid),
        same: |row| (&row.sha, &row.phone, &row.kind, row.received_at),
        name: |row| message_name(&row.provider, &row.mid),
    }
    .check(found);
    let handled: Vec<_> = before
        .inbound
        .iter()
        .filter(|row| !row.outcome.is_empty())
        .cloned()
        .collect();
    Stay {
        labels,
        before: &handled,
        after: &after.inbound,
        key: |row| (&row.provider, &row.account, &row.mid),
        same: |row| (&row.outcome, &row.outcome_ref),
        name: |row| message_name(&row.provider, &row.mid),
    }
    .check(found);
    Stay {
        labels,
        before: &before.orders,
        after: &after.orders,
        key: |row| &row.order_id,
        same: |row| {
            (
                &row.number,
                &row.retailer,
                &row.quote_id,
                &row.cause,
                row.total_paisa,
                row.placed_at,
            )
        },
        name: |row| order_name(&row.order_id),
    }
    .check(found);
    Stay {
        labels,
        before: &before.order_line,
        after: &after.order_line,
        key: |row| (&row.order_id, row.n),
        same: |row| row,
        name: |row| order_name(&row.order_id),
    }
    .check(found);
    Stay {
        labels,
        before: &before.order_status,
        after: &after.order_status,
        key: |row| (&row.order_id, row.n),
        same: |row| row,
        name: |row| order_name(&row.order_id),
    }
    .check(found);
}

fn money(before: &Views, after: &Views, found: &mut Found) {
    let labels = (before.label.as_str(), after.label.as_str());
    Stay {
        labels,
        before: &before.account_event,
        after: &after.account_event,
        key: |row| (&row.retailer, row.seq),
        same: |row| row,
        name: |row| retailer_name(&row.retailer),
    }
    .check(found);
    Stay {
        labels,
        before: &before.entry,
        after: &after.entry,
        key: |row| &row.entry_id,
        same: |row| row,
        name: |row| format!("entry {} of {}", row.entry_id, row.retailer),
    }
    .check(found);
    Stay {
        labels,
        before: &before.line,
        after: &after.line,
        key: |row| (&row.entry_id, row.n),
        same: |row| row,
        name: |row| format!("entry {}", row.entry_id),
    }
    .check(found);
    Stay {
        labels,
        before: &before.payment,
        after: &after.payment,
        key: |row| &row.payment_id,
        same: |row| (&row.retailer, row.amount_paisa, &row.reference, &row.entry_id),
        name: |row| format!("payment {} of {}", row.payment_id, row.retailer),
    }
    .check(found);
    Stay {
        labels,
        before: &before.invoice,
        after: &after.invoice,
        key: |row| &row.invoice_id,
        same: |row| {
            (
                &row.number,
                &row.order_id,
                row.amount_paisa,
                row.vat_paisa,
                row.vendor_paisa,
                row.due_at,
            )
        },
        name: |row| order_name(&row.order_id),
    }
    .check(found);
    Stay {
        labels,
        before: &before.allocation,
        after: &after.allocation,
        key: |row| (&row.payment_id, &row.invoice_id),
        same: |row| row.amount_paisa,
        name: |row| format!("payment {}", row.payment_id),
    }
    .check(found);
}

fn goods(before: &Views, after: &Views, found: &mut Found) {
    let labels = (before.label.as_str(), after.label.as_str());
    Stay {
        labels,
        before: &before.stock_event,
        after: &after.stock_event,
        key: |row| (&row.vendor, &row.sku, row.seq),
        same: |row| row,
        name: |row| stock_name(&row.vendor, &row.sku),
    }
    .check(found);
    let closed: Vec<_> = before
        .reservation
        .iter()
        .filter(|row| row.state != "PENDING")
        .cloned()
        .collect();
    Stay {
        labels,
        before: &closed,
        after: &after.reservation,
        key: |row| &row.res_id,
        same: |row| (&row.order_id, row.attempt, &row.state),
        name: |row| order_name(&row.order_id),
    }
    .check(found);
    Stay {
        labels,
        before: &before.notice,
        after: &after.notice,
        key: |row| &row.notice_id,
        same: |row| (&row.dedup_key, row.part, &row.to_hash, &row.template),
        name: |row| format!("notice {}", row.notice_id),
    }
    .check(found);
}
