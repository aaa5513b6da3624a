//! A sentence that seems to take, refuse or dispatch an order is asked back: it names the order and the words that do it.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::{Value, json};

use super::super::handle_message::{Reply, Talk};
use super::{answered_before, his, not_his, refuse, updates};
use crate::domain::answer::lines_of;
use crate::domain::ask_back::{Meant, ORDERS_MAX};
use crate::domain::finish_message::Outcome;
use crate::domain::{Order, Status, Vendor};
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Orders under way of one wholesaler, at most.
const OPEN_MAX: i64 = 100;

/// Asks about the order that is meant: the named one, or the one that fits; of several, which.
pub(super) async fn handle(
    talk: &Talk<'_>,
    vendor: &Vendor,
    meant: Meant,
    number: Option<&str>,
) -> Result<Finished, Fault> {
    if let Some(number) = number {
        return named(talk, vendor, meant, number).await;
    }
    let (orders, more) = fitting(talk, vendor, meant.places()).await?;
    match orders.as_slice() {
        [] if meant != Meant::Dispatched && updates::waits(talk) => updates::again(talk, vendor).await,
        [] => refuse(talk, "", "ORDER_UNKNOWN", ("vendor_no_order", json!({}))).await,
        [only] => ask(talk, meant, only).await,
        several => {
            let told = which(meant, several, more);
            talk.answer(Outcome::Answered, talk.waiting.state.clone(), vec![told])
                .await
        }
    }
}

/// About an order that the sentence names.
async fn named(talk: &Talk<'_>, vendor: &Vendor, meant: Meant, number: &str) -> Result<Finished, Fault> {
    let Some(order) = written(talk, vendor, number).await? else {
        let unknown = ("not_found_order", json!({ "number": number }));
        return refuse(talk, "", "ORDER_UNKNOWN", unknown).await;
    };
    if let Some(lost) = not_his(&order, vendor) {
        return refuse(talk, &order.order_id, "OFFER_GONE", lost).await;
    }
    if meant.word(order.status).is_none() {
        return answered_before(talk, meant == Meant::Decline, &order).await;
    }
    ask(talk, meant, &order).await
}

/// His order with this number, or whose number ends so.
pub(super) async fn written(talk: &Talk<'_>, vendor: &Vendor, number: &str) -> Result<Option<Order>, Fault> {
    if number.starts_with("ORD") {
        return his(talk, vendor, number).await;
    }
    let filter = Filter {
        vendor_id: Some(vendor.vendor_id.clone()),
        open: true,
        limit: OPEN_MAX,
        ..Filter::default()
    };
    let (open, _) = list(talk.service.door.db().pool(), &filter).await?;
    let mut ending = open.into_iter().filter(|order| order.number.ends_with(number));
    Ok(ending.next().filter(|_| ending.next().is_none()))
}

/// His orders in the first of these places where there are any, newest first, and whether there are more.
pub(super) async fn fitting(
    talk: &Talk<'_>,
    vendor: &Vendor,
    places: &[Status],
) -> Result<(Vec<Order>, bool), Fault> {
    let pool = talk.service.door.db().pool();
    for place in places {
        let filter = Filter {
            vendor_id: Some(vendor.vendor_id.clone()),
            status: Some(*place),
            limit: i64::try_from(ORDERS_MAX).unwrap_or(1),
            ..Filter::default()
        };
        let (orders, next) = list(pool, &filter).await?;
        if !orders.is_empty() {
            return Ok((orders, next.is_some()));
        }
    }
    Ok((Vec::new(), false))
}

/// Asks about one order.
pub(super) async fn ask(talk: &Talk<'_>, meant: Meant, order: &Order) -> Result<Finished, Fault> {
    let whole = get_order::find(talk.service.door.db().pool(), &order.order_id).await?;
    let order = whole.as_ref().unwrap_or(order);
    let asked = ("vendor_ask_back", question(talk, meant, order));
    talk.answer_about(
        &order.order_id,
        Outcome::Answered,
        talk.waiting.state.clone(),
        vec![asked],
    )
    .await
}

fn question(talk: &Talk<'_>, meant: Meant, order: &Order) -> Value {
    json!({
        "order_number": order.number, "says": meant.name(), "stands": order.status.name(),
        "shop": order.buyer.shop_name, "municipality": order.buyer.municipality,
        "lines": lines_of(order), "vendor_total_paisa": order.vendor_paisa,
        "minutes_left": minutes_left(talk, order),
    })
}

/// Whole minutes that are left to answer an offer, at least one; `None` for an order that is not on offer.
pub(super) fn minutes_left(talk: &Talk<'_>, order: &Order) -> Option<i64> {
    let until = order
        .vendor_deadline_at
        .filter(|_| order.status == Status::SentToVendor)?;
    let seconds = (until - talk.service.clock().now()).num_seconds();
    Some(seconds.max(1).saturating_add(59) / 60)
}

/// Asks which of several orders is meant.
pub(super) fn which(meant: Meant, orders: &[Order], more: bool) -> Reply {
    let row = |order: &Order| {
        json!({
            "order_number": order.number, "word": meant.word(order.status), "shop": order.buyer.shop_name,
            "vendor_total_paisa": order.vendor_paisa,
        })
    };
    let orders: Vec<_> = orders.iter().map(row).collect();
    (
        "vendor_ask_which",
        json!({ "says": meant.name(), "orders": orders, "more": more }),
    )
}
