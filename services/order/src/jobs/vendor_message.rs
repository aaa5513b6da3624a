//! What a vendor writes.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk};
use crate::domain::accept_order::AcceptOrder;
use crate::domain::basket::State;
use crate::domain::decline_order::DeclineOrder;
use crate::domain::deliver_order::DeliverOrder;
use crate::domain::dispatch_order::DispatchOrder;
use crate::domain::finish_message::Outcome;
use crate::domain::pack_order::PackOrder;
use crate::domain::send_out_order::SendOutOrder;
use crate::domain::understand::{VendorIntent, vendor as understand};
use crate::domain::{Order, Status, Vendor};
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Handles a message of a vendor.
pub async fn handle(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    let own_vendor = Some(vendor.vendor_id.clone());
    let expected_version = 0;
    match understand(talk.said()) {
        VendorIntent::Accept(number) => {
            let Some(order) = meant(talk, vendor, number, Status::SentToVendor).await? else {
                return which(talk).await;
            };
            if let Some(late) = too_late(&order, vendor) {
                return talk
                    .answer(Outcome::Refused("OFFER_GONE".to_owned()), State::Idle, vec![late])
                    .await;
            }
            let command = AcceptOrder {
                order: order.number,
                vendor_id: own_vendor,
            };
            talk.carry_out(command, Outcome::Ordered(order.order_id), State::Idle, vec![])
                .await
        }
        VendorIntent::Decline(number, reason) => {
            let Some(order) = meant(talk, vendor, number, Status::SentToVendor).await? else {
                return which(talk).await;
            };
            if let Some(late) = too_late(&order, vendor) {
                return talk
                    .answer(Outcome::Refused("OFFER_GONE".to_owned()), State::Idle, vec![late])
                    .await;
            }
            let command = DeclineOrder {
                order: order.number,
                vendor_id: own_vendor,
                reason,
            };
            talk.carry_out(command, Outcome::Ordered(order.order_id), State::Idle, vec![])
                .await
        }
        VendorIntent::Packing(number) => {
            let Some(order) = meant(talk, vendor, number, Status::Accepted).await? else {
                return which(talk).await;
            };
            let command = PackOrder {
                order: order.number.clone(),
                own_vendor,
                expected_version,
            };
            moved(talk, command, order, "is being packed").await
        }
        VendorIntent::Dispatched(number) => {
            let Some(order) = meant(talk, vendor, number, Status::Packing).await? else {
                return which(talk).await;
            };
            let command = DispatchOrder {
                order: order.number.clone(),
                own_vendor,
                expected_version,
            };
            moved(talk, command, order, "is dispatched").await
        }
        VendorIntent::Out(number) => {
            let Some(order) = meant(talk, vendor, number, Status::Dispatched).await? else {
                return which(talk).await;
            };
            let command = SendOutOrder {
                order: order.number.clone(),
                own_vendor,
                expected_version,
            };
            moved(talk, command, order, "is out for delivery").await
        }
        VendorIntent::Delivered(number) => {
            let wanted = Status::OutForDelivery;
            let Some(order) = meant(talk, vendor, number, wanted).await? else {
                return which(talk).await;
            };
            let command = DeliverOrder {
                order: order.number.clone(),
                own_vendor,
                expected_version,
            };
            moved(talk, command, order, "is delivered").await
        }
        VendorIntent::Orders => orders(talk, vendor).await,
        VendorIntent::BadNumber(number) => {
            let reply = ("not_found_order", json!({ "number": number }));
            talk.answer(
                Outcome::Refused("ORDER_UNKNOWN".to_owned()),
                State::Idle,
                vec![reply],
            )
            .await
        }
        VendorIntent::Help | VendorIntent::Unclear => {
            talk.answer(Outcome::Answered, State::Idle, vec![("vendor_help", json!({}))])
                .await
        }
    }
}

async fn moved<C: khaacho_durable::Transact>(
    talk: &Talk<'_>,
    command: C,
    order: Order,
    how: &str,
) -> Result<Finished, Fault> {
    let text = format!("Thank you. {} {how}.", order.number);
    let reply = ("plain_text", json!({ "text": text }));
    talk.carry_out(
        command,
        Outcome::Ordered(order.order_id),
        State::Idle,
        vec![reply],
    )
    .await
}

/// The order that is meant: the named one, or the only one that waits for this step.
async fn meant(
    talk: &Talk<'_>,
    vendor: &Vendor,
    number: Option<String>,
    waits: Status,
) -> Result<Option<Order>, Fault> {
    let pool = talk.service.door.db().pool();
    if let Some(number) = number {
        let order = get_order::find(pool, &number).await?;
        // Only orders that he was asked for exist for him.
        let Some(order) = order else { return Ok(None) };
        let asked = get_order::asked_vendors(pool, &order.order_id).await?;
        return Ok(Some(order).filter(|_| asked.contains(&vendor.vendor_id)));
    }
    let filter = Filter {
        vendor_id: Some(vendor.vendor_id.clone()),
        status: Some(waits),
        limit: 2,
        ..Filter::default()
    };
    let (waiting, _) = list(pool, &filter).await?;
    let mut waiting = waiting.into_iter();
    Ok(waiting.next().filter(|_| waiting.next().is_none()))
}

/// An offer that has gone to somebody else, or is over.
fn too_late(order: &Order, vendor: &Vendor) -> Option<Reply> {
    let holds = order
        .vendor
        .as_ref()
        .is_some_and(|v| v.vendor_id == vendor.vendor_id);
    let why = match order.status {
        Status::SentToVendor if holds => return None,
        Status::Cancelled => "the order was cancelled",
        // He may have declined it or let it expire.
        Status::Pending | Status::Routed => "it is not on offer any more",
        _ if holds => "you have answered it already",
        _ => "another wholesaler has it",
    };
    Some((
        "vendor_offer_lost",
        json!({ "order_number": order.number, "why": why }),
    ))
}

async fn which(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let text =
        "Which order? Write the word and the order number, for example: ACCEPT ORD… . ORDERS lists yours.";
    let outcome = Outcome::Refused("ORDER_UNKNOWN".to_owned());
    talk.answer(
        outcome,
        State::Idle,
        vec![("plain_text", json!({ "text": text }))],
    )
    .await
}

async fn orders(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    let filter = Filter {
        vendor_id: Some(vendor.vendor_id.clone()),
        open: true,
        limit: 5,
        ..Filter::default()
    };
    let (orders, _) = list(talk.service.door.db().pool(), &filter).await?;
    let rows: Vec<_> = orders
        .iter()
        .map(|o| {
            json!({
                "order_number": o.number, "status": o.status.name(), "shop": o.buyer.shop_name,
                "vendor_total_paisa": o.vendor_paisa,
            })
        })
        .collect();
    talk.answer(
        Outcome::Answered,
        State::Idle,
        vec![("vendor_orders", json!({ "orders": rows }))],
    )
    .await
}
