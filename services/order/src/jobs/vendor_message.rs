//! What a vendor writes.

use khaacho_durable::{Finished, Transact};
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
use crate::domain::understand::{VendorIntent, VendorVerb, vendor as understand};
use crate::domain::{Order, Status, Vendor};
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Handles a message of a vendor.
pub async fn handle(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    match understand(talk.said()) {
        VendorIntent::Do(verb, number) => match meant(talk, vendor, number, verb.waits()).await? {
            Some(order) => carry_out(talk, vendor, verb, order).await,
            None => which(talk).await,
        },
        VendorIntent::Orders => orders(talk, vendor).await,
        VendorIntent::BadNumber(number) => {
            let reply = ("not_found_order", json!({ "number": number }));
            refuse(talk, "ORDER_UNKNOWN", reply).await
        }
        VendorIntent::Help | VendorIntent::Unclear => {
            talk.answer(Outcome::Answered, State::Idle, vec![("vendor_help", json!({}))])
                .await
        }
    }
}

async fn carry_out(
    talk: &Talk<'_>,
    vendor: &Vendor,
    verb: VendorVerb,
    order: Order,
) -> Result<Finished, Fault> {
    let answers = matches!(verb, VendorVerb::Accept | VendorVerb::Decline(_));
    if answers && let Some(late) = too_late(&order, vendor) {
        return refuse(talk, "OFFER_GONE", late).await;
    }
    let own_vendor = Some(vendor.vendor_id.clone());
    let expected_version = 0;
    let Order { order_id, number, .. } = order;
    let thanks = |how: &str| {
        let text = format!("Thank you. {number} {how}.");
        vec![("plain_text", json!({ "text": text }))]
    };
    let named = number.clone();
    match verb {
        VendorVerb::Accept => {
            let command = AcceptOrder {
                order: named,
                vendor_id: own_vendor,
            };
            end_with(talk, command, order_id, vec![]).await
        }
        VendorVerb::Decline(reason) => {
            let command = DeclineOrder {
                order: named,
                vendor_id: own_vendor,
                reason,
            };
            end_with(talk, command, order_id, vec![]).await
        }
        VendorVerb::Pack => {
            let command = PackOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks("is being packed")).await
        }
        VendorVerb::Dispatch => {
            let command = DispatchOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks("is dispatched")).await
        }
        VendorVerb::SendOut => {
            let command = SendOutOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks("is out for delivery")).await
        }
        VendorVerb::Deliver => {
            let command = DeliverOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks("is delivered")).await
        }
    }
}

/// Carries out the verb of an order and ends the message with it.
async fn end_with<C: Transact>(
    talk: &Talk<'_>,
    command: C,
    order_id: String,
    replies: Vec<Reply>,
) -> Result<Finished, Fault> {
    talk.carry_out(command, Outcome::Ordered(order_id), State::Idle, replies)
        .await
}

async fn refuse(talk: &Talk<'_>, reason: &str, reply: Reply) -> Result<Finished, Fault> {
    talk.answer(Outcome::Refused(reason.to_owned()), State::Idle, vec![reply])
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
    refuse(talk, "ORDER_UNKNOWN", ("plain_text", json!({ "text": text }))).await
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
