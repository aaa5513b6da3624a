//! A wholesaler can supply a part of an order. He is shown how that was understood against its lines, and a person has a look;
//! the order stays as it is until he takes or declines it as a whole, or a person decides.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::{Value, json};

use super::super::handle_message::{Reply, Talk};
use super::ask_back::{ask, fitting, minutes_left, written};
use super::sentences::{for_a_person, person};
use super::{answered_before, not_his, refuse};
use crate::domain::ask_back::Meant;
use crate::domain::basket::Shelf;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::Meaning;
use crate::domain::partial::{Partial, Supply, partial};
use crate::domain::{Line, Order, Status, Vendor};
use crate::store::get_order;

const REASON: &str = "PARTIAL_ACCEPT";
/// Where an order stands of which he may say that he has only a part, the likeliest first.
const PLACES: [Status; 3] = [Status::SentToVendor, Status::Accepted, Status::Packing];

/// Reads the sentence against the order that it is about.
pub(super) async fn handle(
    talk: &Talk<'_>,
    vendor: &Vendor,
    meaning: &Meaning,
    shelf: &Shelf,
) -> Result<Finished, Fault> {
    if let Some(number) = &meaning.order_ref {
        return named(talk, vendor, meaning, shelf, number).await;
    }
    let (found, more) = fitting(talk, vendor, &PLACES).await?;
    let orders = whole(talk, &found).await?;
    match orders.as_slice() {
        [] => {
            let replies = vec![("vendor_no_order", json!({})), person(talk, REASON)];
            end(talk, "", replies).await
        }
        [only] => show(talk, meaning, shelf, only).await,
        several => {
            // His goods may tell which one.
            let fits = |order: &&Order| {
                let read = partial(meaning, shelf, &order.lines);
                read.foreign.is_empty() && read.says_something()
            };
            let mut fitting = several.iter().filter(fits);
            match (fitting.next(), fitting.next(), more) {
                (Some(only), None, false) => show(talk, meaning, shelf, only).await,
                _ => which(talk, several, more).await,
            }
        }
    }
}

/// The orders with their lines.
async fn whole(talk: &Talk<'_>, orders: &[Order]) -> Result<Vec<Order>, Fault> {
    let mut out = Vec::with_capacity(orders.len());
    for order in orders {
        out.extend(get_order::find(talk.service.door.db().pool(), &order.order_id).await?);
    }
    Ok(out)
}

async fn named(
    talk: &Talk<'_>,
    vendor: &Vendor,
    meaning: &Meaning,
    shelf: &Shelf,
    number: &str,
) -> Result<Finished, Fault> {
    let Some(order) = written(talk, vendor, number).await? else {
        let unknown = ("not_found_order", json!({ "number": number }));
        return refuse(talk, "", "ORDER_UNKNOWN", unknown).await;
    };
    if let Some(lost) = not_his(&order, vendor) {
        return refuse(talk, &order.order_id, "OFFER_GONE", lost).await;
    }
    if order.status == Status::Cancelled {
        return answered_before(talk, false, &order).await;
    }
    if !PLACES.contains(&order.status) {
        return for_a_person(talk, REASON).await;
    }
    let order = whole(talk, std::slice::from_ref(&order))
        .await?
        .pop()
        .unwrap_or(order);
    show(talk, meaning, shelf, &order).await
}

/// Shows how it was understood. All of an order is an acceptance and none of it a refusal, which are asked back as such.
async fn show(talk: &Talk<'_>, meaning: &Meaning, shelf: &Shelf, order: &Order) -> Result<Finished, Fault> {
    let read = partial(meaning, shelf, &order.lines);
    let offered = order.status == Status::SentToVendor;
    if offered && read.is_whole() {
        return ask(talk, Meant::Accept, order).await;
    }
    if offered && read.is_nothing() {
        return ask(talk, Meant::Decline, order).await;
    }
    let told = ("vendor_partial", shown(talk, order, &read));
    end(talk, &order.order_id, vec![told]).await
}

fn shown(talk: &Talk<'_>, order: &Order, read: &Partial) -> Value {
    let line = |(line, supply): (&Line, &Supply)| {
        let (count, count_unit) = match supply {
            Supply::Some(count, unit) => (Some(count), unit.as_str()),
            _ => (None, ""),
        };
        json!({
            "name": line.name, "quantity": line.quantity, "unit": line.unit, "can": supply.name(), "count": count,
            "count_unit": count_unit,
        })
    };
    let lines: Vec<_> = order.lines.iter().zip(&read.supplies).map(line).collect();
    let echoed = |words: &[String]| words.iter().map(|words| echo(words)).collect::<Vec<_>>();
    json!({
        "order_number": order.number, "shop": order.buyer.shop_name, "municipality": order.buyer.municipality,
        "offered": order.status == Status::SentToVendor, "minutes_left": minutes_left(talk, order),
        "understood": read.says_something(), "lines": lines, "foreign": echoed(&read.foreign),
        "unclear": echoed(&read.unclear), "support_phone": talk.service.config.support_phone,
    })
}

/// Nobody knows which of several orders it is about.
async fn which(talk: &Talk<'_>, orders: &[Order], more: bool) -> Result<Finished, Fault> {
    let row = |order: &Order| json!({ "order_number": order.number, "shop": order.buyer.shop_name });
    let orders: Vec<_> = orders.iter().map(row).collect();
    let told = ("vendor_partial_which", json!({ "orders": orders, "more": more }));
    end(talk, "", vec![told]).await
}

/// A person has a look: the conversation shows what was written, and the answer what was understood of it.
async fn end(talk: &Talk<'_>, about: &str, replies: Vec<Reply>) -> Result<Finished, Fault> {
    let outcome = Outcome::NeedsHuman(REASON.to_owned());
    talk.answer_about(about, outcome, talk.waiting.state.clone(), replies)
        .await
}
