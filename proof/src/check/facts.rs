//! What the rules look at.

use std::collections::HashMap;

use super::index::Index;
use super::input::Run;
use super::ops::{Op, Ops, text};
use crate::views::{Inbound, Order, Views};

/// A row that names the request that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left<'a> {
    Order,
    Payment,
    Stock,
    /// A change of an account of this kind.
    Account(&'a str),
    /// A move of an order, from and to.
    Status(&'a str, &'a str),
}

/// A run with its history and its last views indexed.
pub(super) struct Facts<'a> {
    pub(super) run: &'a Run,
    pub(super) ops: Ops<'a>,
    pub(super) last: Index<'a>,
    /// Whether nothing moves any more but messages on their way out.
    pub(super) settled: bool,
    by_mid: HashMap<(&'a str, &'a str), &'a str>,
    by_inbound: HashMap<&'a str, &'a Inbound>,
    left: HashMap<&'a str, Vec<Left<'a>>>,
}

impl<'a> Facts<'a> {
    /// Reads a run's facts.
    pub(super) fn of(run: &'a Run) -> Self {
        let ops = Ops::of(&run.history);
        let mut by_mid = HashMap::new();
        for op in ops.of_kind("message") {
            let asked = op.asked();
            by_mid
                .entry((text(asked, "prov"), text(asked, "mid")))
                .or_insert(op.id);
        }
        let by_inbound = run
            .last
            .inbound
            .iter()
            .map(|row| (row.inbound_id.as_str(), row))
            .collect();
        Self {
            run,
            settled: ops.quiescent() || settled(&run.last),
            last: Index::of(&run.last),
            by_mid,
            by_inbound,
            left: left(&run.last),
            ops,
        }
    }

    /// The operation that sent a message first.
    pub(super) fn message(&self, provider: &str, mid: &str) -> Option<&Op<'a>> {
        self.by_mid.get(&(provider, mid)).and_then(|op| self.ops.get(op))
    }

    /// The rows that a request left behind.
    pub(super) fn left_by(&self, op: &str) -> &[Left<'a>] {
        self.left.get(op).map_or(&[], Vec::as_slice)
    }

    /// The message that an order came from, if one did.
    pub(super) fn inbound_of(&self, order: &Order) -> Option<&'a Inbound> {
        self.by_inbound.get(order.cause.as_str()).copied()
    }

    /// Rows of the last views that were not there before the first actor.
    pub(super) fn new_rows<T, K: std::hash::Hash + Eq>(
        &self,
        of: impl Fn(&'a Views) -> &'a Vec<T>,
        key: impl Fn(&'a T) -> K,
    ) -> Vec<&'a T> {
        let start = self.run.start.as_ref();
        let given: std::collections::HashSet<K> =
            start.into_iter().flat_map(|v| of(v).iter().map(&key)).collect();
        of(&self.run.last)
            .iter()
            .filter(|row| !given.contains(&key(row)))
            .collect()
    }
}

/// A run may end while providers are still waited for; its orders, money and goods have come to rest all the same when
/// no service has work for them that is due, under way, or tried again.
fn settled(views: &Views) -> bool {
    let Some(at) = views.taken_at else { return false };
    let of_orders = views
        .job
        .iter()
        .filter(|job| job.service != "notification" && !job.parked);
    let handled = views.inbound.iter().all(|row| !row.outcome.is_empty());
    handled
        && of_orders
            .into_iter()
            .all(|job| job.run_at > at && !job.leased && job.faults == 0)
}

/// Rows by the request that they name.
pub(super) fn left(views: &Views) -> HashMap<&str, Vec<Left<'_>>> {
    let mut left: HashMap<&str, Vec<Left<'_>>> = HashMap::new();
    let orders = views.orders.iter().map(|row| (&row.cause, Left::Order));
    let payments = views.payment.iter().map(|row| (&row.reference, Left::Payment));
    let by_hand = views
        .stock_event
        .iter()
        .filter(|row| matches!(row.kind.as_str(), "opening" | "adjust"));
    let stock = by_hand.map(|row| (&row.reason, Left::Stock));
    // what follows from a request by jobs has its cause too, but is no effect of its own
    let own = |kind: &str| matches!(kind, "opened" | "limit_set" | "blocked" | "unblocked" | "payment");
    let accounts = views.account_event.iter().filter(|row| own(&row.kind));
    let accounts = accounts.map(|row| (&row.cause, Left::Account(&row.kind)));
    let moves = views
        .order_status
        .iter()
        .map(|row| (&row.cause, Left::Status(&row.from_state, &row.to_state)));
    for (op, row) in orders.chain(payments).chain(stock).chain(accounts).chain(moves) {
        left.entry(op).or_default().push(row);
    }
    left
}

/// The digits of a phone number.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// How a message is named in findings.
pub(super) fn message_name(provider: &str, mid: &str) -> String {
    format!("message {provider}/{mid}")
}

/// How an order is named in findings.
pub(super) fn order_name(order_id: &str) -> String {
    format!("order {order_id}")
}

/// How an account is named in findings.
pub(super) fn retailer_name(retailer: &str) -> String {
    format!("retailer {retailer}")
}

/// How a stock is named in findings.
pub(super) fn stock_name(vendor: &str, sku: &str) -> String {
    format!("stock {vendor}/{sku}")
}
