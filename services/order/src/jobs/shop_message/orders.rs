//! Questions about a shop's orders and its account, and what it does with an order that stands.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::ordering::Beside;
use super::{Asker, ordering, still_waits};
use crate::domain::cancel_order::{By, CancelOrder};
use crate::domain::complete_order::CompleteOrder;
use crate::domain::finish_message::Outcome;
use crate::domain::{Asked, Buyer, Order, Refusal, Status};
use crate::peers::Entry;
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Cancels an order of the shop.
pub(super) async fn cancel(
    talk: &Talk<'_>,
    buyer: &Buyer,
    number: String,
    reason: String,
) -> Result<Finished, Fault> {
    let Some(order) = own_order(talk, buyer, &number).await? else {
        return talk.say_no("", &Refusal::OrderUnknown.into()).await;
    };
    let command = CancelOrder {
        order: number,
        own_account: Some(buyer.account_id.clone()),
        by: By::Buyer,
        reason,
        expected_version: 0,
    };
    // The change itself tells the shop. A basket that waits is another matter and stays.
    let state = talk.waiting.state.clone();
    let replies = still_waits(&state).into_iter().collect();
    talk.carry_out(&order.order_id, command, Outcome::Answered, state, replies)
        .await
}

/// An order of the shop by id or number; those of others do not exist for it.
pub(super) async fn own_order(talk: &Talk<'_>, buyer: &Buyer, number: &str) -> Result<Option<Order>, Fault> {
    let found = get_order::find(talk.service.door.db().pool(), number).await?;
    Ok(found.filter(|o| o.buyer.account_id == buyer.account_id))
}

/// How one order stands, or the latest ones.
pub(super) async fn status(
    talk: &Talk<'_>,
    buyer: &Buyer,
    number: Option<String>,
) -> Result<Finished, Fault> {
    let (about, reply) = match number {
        Some(number) => named(talk, buyer, &number).await?,
        None => latest(talk, buyer).await?,
    };
    let state = talk.waiting.state.clone();
    talk.answer_about(&about, Outcome::Answered, state, vec![reply])
        .await
}

/// The order with this number and its id; one that is not the shop's does not exist for it.
pub(super) async fn named(talk: &Talk<'_>, buyer: &Buyer, number: &str) -> Result<(String, Reply), Fault> {
    Ok(match own_order(talk, buyer, number).await? {
        Some(order) => order_status(order),
        None => (String::new(), ("not_found_order", json!({ "number": number }))),
    })
}

/// The only order and its id, or the latest ones.
pub(super) async fn latest(talk: &Talk<'_>, buyer: &Buyer) -> Result<(String, Reply), Fault> {
    let pool = talk.service.door.db().pool();
    let filter = Filter {
        account_id: Some(buyer.account_id.clone()),
        limit: 5,
        ..Filter::default()
    };
    let (orders, _) = list(pool, &filter).await?;
    Ok(match orders.as_slice() {
        [only] => match get_order::find(pool, &only.order_id).await? {
            Some(order) => order_status(order),
            None => (String::new(), ("orders_list", json!({ "orders": [] }))),
        },
        several => {
            let row = |o: &Order| {
                let total = o.total.paisa();
                json!({ "order_number": o.number, "status": o.status.name(), "total_paisa": total })
            };
            let rows: Vec<_> = several.iter().map(row).collect();
            (String::new(), ("orders_list", json!({ "orders": rows })))
        }
    })
}

/// The lines of the last order as a new basket, at the prices of today.
pub(super) async fn repeat(asker: &Asker<'_>, mut beside: Beside) -> Result<Finished, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let pool = talk.service.door.db().pool();
    let filter = Filter {
        account_id: Some(buyer.account_id.clone()),
        limit: 1,
        ..Filter::default()
    };
    let (orders, _) = list(pool, &filter).await?;
    let last = match orders.first() {
        Some(last) => get_order::find(pool, &last.order_id).await?,
        None => None,
    };
    let Some(last) = last else {
        beside.replies.push(("nothing_to_repeat", json!({})));
        let replies = beside.replies;
        return talk
            .answer(Outcome::Answered, talk.waiting.state.clone(), replies)
            .await;
    };
    beside
        .replies
        .push(("order_repeated", json!({ "order_number": last.number })));
    beside.known.clone_from(&last.lines);
    let lines = last.lines.into_iter().map(|line| Asked {
        sku: line.sku,
        quantity: line.quantity,
        unit: line.unit,
        called: Vec::new(),
    });
    ordering::go_on(asker, lines.collect(), Vec::new(), beside).await
}

/// The balance, and the last entries of the account's ledger.
pub(super) async fn statement(talk: &Talk<'_>, buyer: &Buyer) -> Result<Vec<Reply>, Fault> {
    let entries = talk.service.peers.entries(&talk.ctx(), &buyer.account_id).await?;
    let entry = |entry: &Entry| {
        let day = entry.effective_at.map(|at| at.to_rfc3339());
        json!({ "day": day, "kind": entry.kind, "owed_paisa": entry.owed.paisa() })
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    Ok(vec![
        ("statement", json!({ "entries": entries })),
        balance(talk, buyer).await?,
    ])
}

/// An order's id, and how it stands.
fn order_status(order: Order) -> (String, Reply) {
    let accepted = !matches!(
        order.status,
        Status::Placed | Status::Pending | Status::Routed | Status::SentToVendor
    );
    let vendor = order.vendor.as_ref().filter(|_| accepted).map(|v| v.name.clone());
    let data = json!({
        "order_number": order.number, "status": order.status.name(), "vendor": vendor,
        "total_paisa": order.total.paisa(), "items": order.lines.len(),
        "due": order.due_at.map(|d| d.to_rfc3339()),
    });
    (order.order_id, ("order_status", data))
}

/// What is owed, held and left.
pub(super) async fn balance(talk: &Talk<'_>, buyer: &Buyer) -> Result<Reply, Fault> {
    let balance = talk.service.peers.balance(&talk.ctx(), &buyer.account_id).await?;
    let due = balance.next_due_at.and_then(crate::rpc::datetime);
    let data = json!({
        "owed_paisa": balance.owed_paisa, "held_paisa": balance.held_paisa, "limit_paisa": balance.limit_paisa,
        "available_paisa": balance.available_paisa,
        "next_due_paisa": due.map(|_| Paisa::new(balance.next_due_paisa).paisa()),
        "next_due_on": due.map(|d| d.to_rfc3339()),
    });
    Ok(("balance", data))
}

/// Confirms the receipt of an order; without a number, of the only delivered one.
pub(super) async fn complete(
    talk: &Talk<'_>,
    buyer: &Buyer,
    number: Option<String>,
) -> Result<Finished, Fault> {
    let order = match number {
        Some(number) => match own_order(talk, buyer, &number).await? {
            Some(order) => order,
            None => return talk.say_no("", &Refusal::OrderUnknown.into()).await,
        },
        None => {
            let filter = Filter {
                account_id: Some(buyer.account_id.clone()),
                status: Some(Status::Delivered),
                limit: 2,
                ..Filter::default()
            };
            let (mut delivered, _) = list(talk.service.door.db().pool(), &filter).await?;
            let Some(only) = delivered.pop().filter(|_| delivered.is_empty()) else {
                let reply = ("which_order", json!({}));
                return talk
                    .answer(Outcome::Answered, talk.waiting.state.clone(), vec![reply])
                    .await;
            };
            only
        }
    };
    let command = CompleteOrder {
        order: order.number,
        own_account: Some(buyer.account_id.clone()),
        own_vendor: None,
        expected_version: 0,
    };
    let state = talk.waiting.state.clone();
    talk.carry_out(&order.order_id, command, Outcome::Answered, state, Vec::new())
        .await
}
