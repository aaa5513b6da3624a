//! Messages to vendors, in English.

use super::super::orders::OrderOnly;
use super::super::values::{clean, spoken};
use super::super::vendors::{
    OfferLine, VendorOffer, VendorOfferLost, VendorOfferWon, VendorOrderCancelled, VendorOrderYours,
    VendorOrders,
};
use super::quotes::minutes;
use super::{Body, amount, sentence};

pub(super) fn vendor_offer(data: &VendorOffer) -> Body {
    let VendorOffer {
        order_number,
        vendor_total_paisa,
        ..
    } = data;
    Body::text(format!(
        "New order {order_number}\n{}\n{}\nTotal at your prices: {vendor_total_paisa}\n\n\
         Reply ACCEPT {order_number} within {}, or DECLINE {order_number} and the reason.",
        place(&data.shop, data.municipality.as_ref()),
        lines(&data.lines),
        minutes(data.deadline_minutes)
    ))
    .button(format!("ACCEPT {order_number}"), "Accept")
    .button(format!("DECLINE {order_number}"), "Decline")
}

/// Lines of an offer, one a row, each ended by a line break.
fn lines(lines: &[OfferLine]) -> String {
    let row = |line: &OfferLine| {
        let goods = format!(
            "{}. {}: {}",
            line.n,
            clean(&line.name),
            amount(line.quantity, &line.unit)
        );
        match (line.unit_price_paisa, line.amount_paisa) {
            (Some(price), Some(amount)) => format!("{goods} x {price} = {amount}\n"),
            _ => format!("{goods}\n"),
        }
    };
    lines.iter().map(row).collect()
}

pub(super) fn vendor_order_yours(data: &VendorOrderYours) -> Body {
    let status = match spoken(&data.status, "ORDER_STATUS_").as_str() {
        "packing" => "being packed".to_owned(),
        other => other.to_owned(),
    };
    let taken = data
        .call
        .as_ref()
        .map(|phone| {
            let phone = clean(phone);
            format!("\nYou took it, so it cannot be declined here. Call {phone} if you cannot deliver it.")
        })
        .unwrap_or_default();
    Body::text(format!(
        "Order {} is yours, it is {status}.{taken}",
        data.order_number
    ))
}

pub(super) fn vendor_offer_won(data: &VendorOfferWon) -> Body {
    let VendorOfferWon { order_number, .. } = data;
    let phone = data
        .shop_phone
        .as_ref()
        .map(|phone| format!("\nPhone: {}", clean(phone)))
        .unwrap_or_default();
    Body::text(format!(
        "Order {order_number} is yours, the shop has been told.\n{}{phone}\n\n\
         Please pack it. Reply PACKING {order_number} when you start \
         and DISPATCHED {order_number} when it leaves.",
        place(&data.shop, data.municipality.as_ref())
    ))
}

pub(super) fn vendor_offer_lost(data: &VendorOfferLost) -> Body {
    let why = sentence(&data.why);
    Body::text(format!(
        "Order {} is not yours. {why} Please do not pack it.",
        data.order_number
    ))
}

pub(super) fn vendor_offer_declined(data: &OrderOnly) -> Body {
    Body::text(format!(
        "Noted: you do not take order {}. Thank you for the quick answer.",
        data.order_number
    ))
}

pub(super) fn vendor_order_cancelled(data: &VendorOrderCancelled) -> Body {
    let reason = data
        .reason
        .as_deref()
        .map(|reason| format!(" {}", sentence(reason)))
        .unwrap_or_default();
    Body::text(format!(
        "Order {} is cancelled.{reason} Please stop packing it; your stock is free again.",
        data.order_number
    ))
}

pub(super) fn vendor_not_yours(data: &OrderOnly) -> Body {
    Body::text(format!(
        "Order {} is not waiting for your answer. Reply ORDERS to see the orders that are.",
        data.order_number
    ))
}

pub(super) fn vendor_help() -> Body {
    Body::text(
        "What you can write:\n\
         ORDERS - orders that wait for you or are with you\n\
         ACCEPT ORD2611000429 - take an order\n\
         DECLINE ORD2611000429 out of rice - refuse it, with the reason\n\
         PACKING ORD2611000429 - you started to pack it\n\
         DISPATCHED ORD2611000429 - it left your store\n\
         OUT ORD2611000429 - it is on its last leg\n\
         DELIVERED ORD2611000429 - the shop has it\n\
         HELP - this message",
    )
}

pub(super) fn vendor_orders(data: &VendorOrders) -> Body {
    if data.orders.is_empty() {
        return Body::text("No orders wait for you and none are with you.");
    }
    let orders: String = data
        .orders
        .iter()
        .map(|order| {
            let status = match spoken(&order.status, "ORDER_STATUS_").as_str() {
                "sent to vendor" => "waiting for your answer".to_owned(),
                other => other.to_owned(),
            };
            let total = order
                .vendor_total_paisa
                .map(|total| format!(", {total}"))
                .unwrap_or_default();
            format!(
                "\n{}: {status}, {}{total}",
                order.order_number,
                clean(&order.shop)
            )
        })
        .collect();
    Body::text(format!("Your orders:{orders}"))
}

/// `Khadka Pasal, Birendranagar`.
fn place(shop: &str, municipality: Option<&String>) -> String {
    let municipality = municipality
        .map(|name| format!(", {}", clean(name)))
        .unwrap_or_default();
    format!("Shop: {}{municipality}", clean(shop))
}
