//! Views with their rows found by what they belong to.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::views::{
    Account, AccountEvent, Assignment, Attempt, Entry, Hold, Invoice, Line, Notice, Order, OrderLine,
    OrderStatus, Reservation, ReservationLine, Stock, StockEvent, Views,
};

type Groups<'a, K, T> = BTreeMap<K, Vec<&'a T>>;

/// Views, indexed. Rows of a group are in the order of their numbers.
#[derive(Debug)]
pub(super) struct Index<'a> {
    pub(super) views: &'a Views,
    pub(super) orders: HashMap<&'a str, &'a Order>,
    pub(super) order_lines: Groups<'a, &'a str, OrderLine>,
    pub(super) statuses: Groups<'a, &'a str, OrderStatus>,
    pub(super) assignments: Groups<'a, &'a str, Assignment>,
    pub(super) accounts: HashMap<&'a str, &'a Account>,
    pub(super) account_events: Groups<'a, &'a str, AccountEvent>,
    pub(super) holds: Groups<'a, &'a str, Hold>,
    pub(super) deliveries: Groups<'a, &'a str, Entry>,
    pub(super) lines: Groups<'a, &'a str, Line>,
    pub(super) invoices: Groups<'a, &'a str, Invoice>,
    pub(super) stock: HashMap<(&'a str, &'a str), &'a Stock>,
    pub(super) stock_events: Groups<'a, (&'a str, &'a str), StockEvent>,
    pub(super) reservations: Groups<'a, &'a str, Reservation>,
    pub(super) reservation_lines: Groups<'a, &'a str, ReservationLine>,
    pub(super) notices: Groups<'a, &'a str, Notice>,
    pub(super) attempts: Groups<'a, &'a str, Attempt>,
}

impl<'a> Index<'a> {
    /// Indexes views.
    pub(super) fn of(views: &'a Views) -> Self {
        let mut deliveries = groups(&views.entry, |e| e.order_id.as_str(), |_| 0);
        for entries in deliveries.values_mut() {
            entries.retain(|entry| entry.kind == "delivery");
        }
        Self {
            views,
            orders: by(&views.orders, |o| o.order_id.as_str()),
            order_lines: groups(&views.order_line, |l| l.order_id.as_str(), |l| l.n),
            statuses: groups(&views.order_status, |s| s.order_id.as_str(), |s| s.n),
            assignments: groups(&views.assignment, |a| a.order_id.as_str(), |a| a.attempt),
            accounts: by(&views.account, |a| a.retailer.as_str()),
            account_events: groups(&views.account_event, |e| e.retailer.as_str(), |e| e.seq),
            holds: groups(&views.hold, |h| h.order_id.as_str(), |_| 0),
            deliveries,
            lines: groups(&views.line, |l| l.entry_id.as_str(), |l| l.n),
            invoices: groups(&views.invoice, |i| i.order_id.as_str(), |_| 0),
            stock: by(&views.stock, |s| (s.vendor.as_str(), s.sku.as_str())),
            stock_events: groups(
                &views.stock_event,
                |e| (e.vendor.as_str(), e.sku.as_str()),
                |e| e.seq,
            ),
            reservations: groups(&views.reservation, |r| r.order_id.as_str(), |r| r.attempt),
            reservation_lines: groups(&views.reservation_line, |l| l.res_id.as_str(), |_| 0),
            notices: groups(&views.notice, |n| n.order_id.as_str(), |n| n.part),
            attempts: groups(&views.attempt, |a| a.notice_id.as_str(), |a| a.n),
        }
    }

    /// Whether an order ever had a status.
    pub(super) fn was(&self, order_id: &str, state: &str) -> bool {
        rows(&self.statuses, order_id)
            .iter()
            .any(|status| status.to_state == state)
    }
}

/// The rows of a group; none when there is no such group.
pub(super) fn rows<'m, 'a, T>(groups: &'m Groups<'a, &'a str, T>, key: &str) -> &'m [&'a T] {
    groups.get(key).map_or(&[], Vec::as_slice)
}

fn by<'a, T, K: Eq + Hash>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> HashMap<K, &'a T> {
    rows.iter().map(|row| (key(row), row)).collect()
}

fn groups<'a, T, K: Ord>(
    rows: &'a [T],
    key: impl Fn(&'a T) -> K,
    place: impl Fn(&T) -> i64,
) -> BTreeMap<K, Vec<&'a T>> {
    let mut groups: BTreeMap<K, Vec<&'a T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    for group in groups.values_mut() {
        group.sort_by_key(|row| place(row));
    }
    groups
}

/// Quantities summed per product.
pub(super) fn summed<'a>(lines: impl IntoIterator<Item = (&'a str, i64)>) -> Vec<(String, i64)> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (sku, milli) in lines {
        *sums.entry(sku).or_insert(0) += milli;
    }
    sums.into_iter()
        .map(|(sku, milli)| (sku.to_owned(), milli))
        .collect()
}
