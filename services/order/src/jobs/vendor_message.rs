//! What a vendor writes.

mod ask_back;
mod partial;
mod sentences;
mod updates;

use khaacho_durable::{Finished, Transact};
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk};
use crate::domain::accept_order::AcceptOrder;
use crate::domain::decline_order::DeclineOrder;
use crate::domain::deliver_order::DeliverOrder;
use crate::domain::dispatch_order::DispatchOrder;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::pack_order::PackOrder;
use crate::domain::send_out_order::SendOutOrder;
use crate::domain::understand::{VendorIntent, VendorVerb, consent, tap, vendor as understand};
use crate::domain::{Order, Status, Vendor};
use crate::store::get_order;
use crate::store::list_orders::{Filter, list};

/// Handles a message of a vendor.
pub async fn handle(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    if let Some(tap) = tap(talk.said()) {
        return updates::tapped(talk, vendor, &tap).await;
    }
    if let Some(opted_out) = consent(talk.said()) {
        return talk.consent(opted_out, Outcome::Answered, Vec::new()).await;
    }
    match understand(talk.said()) {
        VendorIntent::Do(verb, number) => {
            let named = number.is_some();
            match meant(talk, vendor, number, verb.waits()).await? {
                Meant::Order(order) => carry_out(talk, vendor, verb, *order).await,
                // A yes that no order waits for is meant for the update that does.
                Meant::Nothing(_) if !named && verb == VendorVerb::Accept && updates::waits(talk) => {
                    updates::confirm(talk, vendor).await
                }
                Meant::Nothing(reply) | Meant::Several(reply) => {
                    refuse(talk, "", "ORDER_UNKNOWN", reply).await
                }
            }
        }
        VendorIntent::Confirm => updates::confirm(talk, vendor).await,
        VendorIntent::Drop => updates::drop(talk).await,
        VendorIntent::Orders => orders(talk, vendor).await,
        VendorIntent::BadNumber(number) => {
            let reply = ("not_found_order", json!({ "number": echo(&number) }));
            refuse(talk, "", "ORDER_UNKNOWN", reply).await
        }
        VendorIntent::Help => help(talk).await,
        VendorIntent::Unclear => sentences::handle(talk, vendor).await,
    }
}

async fn help(talk: &Talk<'_>) -> Result<Finished, Fault> {
    talk.answer(
        Outcome::Answered,
        talk.waiting.state.clone(),
        vec![("vendor_help", json!({}))],
    )
    .await
}

async fn carry_out(
    talk: &Talk<'_>,
    vendor: &Vendor,
    verb: VendorVerb,
    order: Order,
) -> Result<Finished, Fault> {
    if let Some(lost) = not_his(&order, vendor) {
        return refuse(talk, &order.order_id, "OFFER_GONE", lost).await;
    }
    let answers = matches!(verb, VendorVerb::Accept | VendorVerb::Decline(_));
    if answers && order.status != Status::SentToVendor {
        let declines = matches!(verb, VendorVerb::Decline(_));
        return answered_before(talk, declines, &order).await;
    }
    let own_vendor = Some(vendor.vendor_id.clone());
    let expected_version = 0;
    let Order { order_id, number, .. } = order;
    let thanks = |now: Status| {
        let data = json!({ "order_number": number, "status": now.name() });
        vec![("vendor_order_step", data)]
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
            end_with(talk, command, order_id, thanks(Status::Packing)).await
        }
        VendorVerb::Dispatch => {
            let command = DispatchOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks(Status::Dispatched)).await
        }
        VendorVerb::SendOut => {
            let command = SendOutOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks(Status::OutForDelivery)).await
        }
        VendorVerb::Deliver => {
            let command = DeliverOrder {
                order: named,
                own_vendor,
                expected_version,
            };
            end_with(talk, command, order_id, thanks(Status::Delivered)).await
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
    let about = order_id.clone();
    talk.carry_out(
        &about,
        command,
        Outcome::Ordered(order_id),
        talk.waiting.state.clone(),
        replies,
    )
    .await
}

async fn refuse(talk: &Talk<'_>, about: &str, reason: &str, reply: Reply) -> Result<Finished, Fault> {
    let outcome = Outcome::Refused(reason.to_owned());
    talk.answer_about(about, outcome, talk.waiting.state.clone(), vec![reply])
        .await
}

/// What a message is about.
enum Meant {
    /// This order, which he was asked for once.
    Order(Box<Order>),
    /// None; says so.
    Nothing(Reply),
    /// Nobody knows which; asks.
    Several(Reply),
}

/// The order that is meant: the named one, or the only one that waits for this step.
async fn meant(
    talk: &Talk<'_>,
    vendor: &Vendor,
    number: Option<String>,
    waits: Status,
) -> Result<Meant, Fault> {
    if let Some(number) = number {
        return Ok(match his(talk, vendor, &number).await? {
            Some(order) => Meant::Order(Box::new(order)),
            None => Meant::Nothing(("not_found_order", json!({ "number": number }))),
        });
    }
    let pool = talk.service.door.db().pool();
    let filter = Filter {
        vendor_id: Some(vendor.vendor_id.clone()),
        status: Some(waits),
        limit: 2,
        ..Filter::default()
    };
    let (mut waiting, _) = list(pool, &filter).await?;
    let only = waiting.pop();
    Ok(match only {
        None => Meant::Nothing(("vendor_no_order", json!({}))),
        Some(order) if waiting.is_empty() => Meant::Order(Box::new(order)),
        Some(_) => Meant::Several(("vendor_which_order", json!({}))),
    })
}

/// The order with this number, when he was asked for it once: other orders do not exist for him.
async fn his(talk: &Talk<'_>, vendor: &Vendor, number: &str) -> Result<Option<Order>, Fault> {
    let pool = talk.service.door.db().pool();
    let Some(order) = get_order::find(pool, number).await? else {
        return Ok(None);
    };
    let asked = get_order::asked_vendors(pool, &order.order_id).await?;
    Ok(asked.contains(&vendor.vendor_id).then_some(order))
}

/// Why an order that he was asked for once is not with him now; `None` when it is.
fn not_his(order: &Order, vendor: &Vendor) -> Option<Reply> {
    let why = match order.status {
        // He may have declined it or let it expire.
        Status::Placed | Status::Pending | Status::Routed => "not_on_offer",
        _ if order.is_with(&vendor.vendor_id) => return None,
        Status::Cancelled | Status::Refused => "cancelled",
        Status::SentToVendor => "asked_another",
        _ => "taken",
    };
    let data = json!({ "order_number": order.number, "why": why });
    Some(("vendor_offer_lost", data))
}

/// Answers his ACCEPT or DECLINE of an order that he has taken before, or that was cancelled under his hands.
async fn answered_before(talk: &Talk<'_>, declines: bool, order: &Order) -> Result<Finished, Fault> {
    let number = &order.number;
    if order.status == Status::Cancelled {
        let data = json!({ "order_number": number, "reason": order.reason_text });
        return refuse(
            talk,
            &order.order_id,
            "OFFER_GONE",
            ("vendor_order_cancelled", data),
        )
        .await;
    }
    let call = declines.then_some(&talk.service.config.support_phone);
    let data = json!({ "order_number": number, "status": order.status.name(), "call": call });
    let outcome = if declines {
        Outcome::Refused("OFFER_GONE".to_owned())
    } else {
        Outcome::Answered
    };
    let reply = vec![("vendor_order_yours", data)];
    talk.answer_about(&order.order_id, outcome, talk.waiting.state.clone(), reply)
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
        talk.waiting.state.clone(),
        vec![("vendor_orders", json!({ "orders": rows }))],
    )
    .await
}
