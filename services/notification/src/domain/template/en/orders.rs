//! Messages about orders and money, in English.

use khaacho_money::Paisa;

use super::super::orders::{
    Balance, OrderDelivered, OrderEnded, OrderEscalated, OrderOnly, OrderPlaced, OrderProgress, OrderRefused,
    OrderStatus, OrdersList, PaymentReceived, VendorAssigned,
};
use super::super::values::{clean, spoken};
use super::{Body, sentence, unpriced};

pub(super) fn order_placed(data: &OrderPlaced) -> Body {
    let OrderPlaced {
        order_number,
        total_paisa,
        credit_left_paisa,
        ..
    } = data;
    let vendor = match &data.vendor {
        Some(vendor) => format!("{} will deliver it.", clean(vendor)),
        None => "We are asking a wholesaler now and tell you who delivers it.".to_owned(),
    };
    Body::text(format!(
        "Order {order_number} is placed. Total: {total_paisa}\n{vendor}\nCredit left: {credit_left_paisa}\n\n\
         Reply STATUS {order_number} to see how far it is."
    ))
}

pub(super) fn order_refused(data: &OrderRefused) -> Body {
    let reason = sentence(&data.reason_sentence);
    let cure = data
        .cure_sentence
        .as_deref()
        .map(|cure| format!("\n{}", sentence(cure)))
        .unwrap_or_default();
    Body::text(format!(
        "Order {} could not be placed. {reason}{cure}",
        data.order_number
    ))
}

pub(super) fn order_status(data: &OrderStatus) -> Body {
    let OrderStatus {
        order_number,
        total_paisa,
        items,
        ..
    } = data;
    let items = if *items == 1 {
        "1 item".to_owned()
    } else {
        format!("{items} items")
    };
    let mut text = format!(
        "Order {order_number}: {}\n{items}, total {total_paisa}",
        status(&data.status)
    );
    if let Some(vendor) = &data.vendor {
        text.push_str(&format!("\nWholesaler: {}", clean(vendor)));
    }
    if let Some(due) = data.due {
        text.push_str(&format!("\nPayment due: {due}"));
    }
    Body::text(text)
}

pub(super) fn orders_list(data: &OrdersList) -> Body {
    let Some(latest) = data.orders.first() else {
        return Body::text(
            "You have no orders yet. Write one, for example: 2 bora jeera masino, 1 bora chini",
        );
    };
    let orders: String = data
        .orders
        .iter()
        .map(|order| {
            format!(
                "{}: {}, {}\n",
                order.order_number,
                status(&order.status),
                order.total_paisa
            )
        })
        .collect();
    Body::text(format!(
        "Your latest orders:\n{orders}Reply STATUS {} to see one of them.",
        latest.order_number
    ))
}

pub(super) fn balance(data: &Balance) -> Body {
    let Balance {
        owed_paisa,
        held_paisa,
        limit_paisa,
        available_paisa,
        ..
    } = data;
    let due = match (data.next_due_paisa, data.next_due_on) {
        (Some(amount), Some(day)) => format!("\nNext payment: {amount} by {day}"),
        (Some(amount), None) => format!("\nNext payment: {amount}"),
        (None, _) => String::new(),
    };
    // A payment in advance is not a negative debt to people.
    let owed = match owed_paisa.paisa() {
        advance if advance < 0 => format!("In your favour: {}", Paisa::new(-advance)),
        _ => format!("You owe: {owed_paisa}"),
    };
    Body::text(format!(
        "{owed}\nHeld for orders on the way: {held_paisa}\nCredit limit: {limit_paisa}\n\
         Credit left: {available_paisa}{due}"
    ))
}

pub(super) fn vendor_assigned(data: &VendorAssigned) -> Body {
    let lines = unpriced(&data.lines);
    let lines = if lines.is_empty() {
        lines
    } else {
        format!("\n{}", lines.trim_end())
    };
    Body::text(format!(
        "{} accepted your order {} and will deliver it.{lines}",
        clean(&data.vendor),
        data.order_number
    ))
}

pub(super) fn progress(data: &OrderProgress, what: &str) -> Body {
    let vendor = data
        .vendor
        .as_ref()
        .map(|vendor| format!(" by {}", clean(vendor)))
        .unwrap_or_default();
    Body::text(format!("Your order {} {what}{vendor}.", data.order_number))
}

pub(super) fn order_out_for_delivery(data: &OrderProgress) -> Body {
    let vendor = data
        .vendor
        .as_ref()
        .map(|vendor| format!(" from {}", clean(vendor)))
        .unwrap_or_default();
    Body::text(format!(
        "Your order {}{vendor} is out for delivery. Please have somebody at the shop to receive it.",
        data.order_number
    ))
}

pub(super) fn order_delayed(data: &OrderOnly) -> Body {
    Body::text(format!(
        "Your order {0} takes longer than usual: no wholesaler has taken it yet. \
         Our team is looking for one and tells you soon.\nReply CANCEL {0} if you do not want to wait.",
        data.order_number
    ))
}

pub(super) fn order_delivered(data: &OrderDelivered) -> Body {
    let OrderDelivered {
        order_number,
        total_paisa,
        ..
    } = data;
    let invoice = data
        .invoice_number
        .as_ref()
        .map(|number| format!("\nInvoice: {}", clean(number)))
        .unwrap_or_default();
    let due = data
        .due_on
        .map(|day| format!("\nPlease pay by: {day}"))
        .unwrap_or_default();
    Body::text(format!(
        "Your order {order_number} is delivered.\nTotal: {total_paisa}{invoice}{due}\n\n\
         Reply COMPLETE {order_number} when you have checked the goods."
    ))
    .button(format!("COMPLETE {order_number}"), "Received")
}

pub(super) fn order_completed(data: &OrderOnly) -> Body {
    Body::text(format!("Thank you! Order {} is completed.", data.order_number))
}

pub(super) fn order_cancelled(data: &OrderEnded) -> Body {
    let reason = data
        .reason
        .as_deref()
        .map(|reason| format!(" {}", sentence(reason)))
        .unwrap_or_default();
    Body::text(format!(
        "Your order {} is cancelled.{reason} You owe nothing for it and its credit is free again.",
        data.order_number
    ))
}

pub(super) fn order_escalated_operator(data: &OrderEscalated) -> Body {
    Body::text(format!(
        "Order {} needs you. {}",
        data.order_number,
        sentence(&data.why)
    ))
}

pub(super) fn payment_received(data: &PaymentReceived) -> Body {
    let PaymentReceived {
        amount_paisa,
        owed_paisa,
        ..
    } = data;
    let method = spoken(&data.method, "PAYMENT_METHOD_");
    let method = if method.is_empty() {
        method
    } else {
        format!(" ({method})")
    };
    let owed = if *owed_paisa > Paisa::ZERO {
        format!("You now owe {owed_paisa}.")
    } else {
        "You owe nothing now.".to_owned()
    };
    Body::text(format!(
        "We received your payment of {amount_paisa}{method}. Thank you!\n{owed}"
    ))
}

/// A status in words.
pub(super) fn status(name: &str) -> String {
    match spoken(name, "ORDER_STATUS_").as_str() {
        "placed" | "pending" | "routed" => "placed, we are finding a wholesaler".to_owned(),
        "sent to vendor" => "waiting for the wholesaler".to_owned(),
        "accepted" => "accepted by the wholesaler".to_owned(),
        "packing" => "being packed".to_owned(),
        other => other.to_owned(),
    }
}
