//! Messages about orders and money.

use khaacho_money::Paisa;

use super::super::orders::{
    Balance, OrderDelivered, OrderEnded, OrderEscalated, OrderPlaced, OrderProgress, OrderRefused,
    OrderStatus, OrdersList, PaymentReceived, VendorAssigned,
};
use super::{Body, Text, Words, choice, unpriced};

pub(super) fn order_placed(say: &Words, data: &OrderPlaced) -> Body {
    let order = data.order_number.as_str();
    let vendor = match &data.vendor {
        Some(vendor) => say.order_placed_vendor(vendor),
        None => say.order_placed_asking(),
    };
    Text::of(say.order_placed(order, data.total_paisa))
        .line(vendor)
        .line(say.order_placed_credit(data.credit_left_paisa))
        .gap()
        .line(say.order_placed_status(order))
        .body()
}

pub(super) fn order_refused(say: &Words, data: &OrderRefused) -> Body {
    let reason = say.sentence(&data.reason_sentence);
    Text::of(say.order_refused(data.order_number.as_str(), &reason))
        .lines(data.cure_sentence.as_deref().map(|cure| say.sentence(cure)))
        .body()
}

pub(super) fn order_status(say: &Words, data: &OrderStatus) -> Body {
    let vendor = data.vendor.as_ref();
    Text::of(say.order_status(data.order_number.as_str(), &status(say, &data.status)))
        .line(say.order_status_items(data.items, data.total_paisa))
        .lines(vendor.map(|vendor| say.order_status_vendor(vendor)))
        .lines(data.due.map(|day| say.order_status_due(day)))
        .body()
}

pub(super) fn orders_list(say: &Words, data: &OrdersList) -> Body {
    let Some(latest) = data.orders.first() else {
        return Body::text(say.orders_none());
    };
    let orders = data.orders.iter().map(|order| {
        let status = status(say, &order.status);
        say.orders_line(order.order_number.as_str(), &status, order.total_paisa)
    });
    Text::of(say.orders())
        .lines(orders)
        .line(say.orders_status(latest.order_number.as_str()))
        .body()
}

pub(super) fn balance(say: &Words, data: &Balance) -> Body {
    let next = data.next_due_paisa.map(|amount| match data.next_due_on {
        Some(day) => say.balance_next_by(amount, day),
        None => say.balance_next(amount),
    });
    // A payment in advance is not a negative debt to people.
    let owed = match data.owed_paisa.paisa() {
        advance if advance < 0 => say.balance_ahead(Paisa::new(-advance)),
        _ => say.balance_owed(data.owed_paisa),
    };
    Text::of(owed)
        .line(say.balance_credit(data.held_paisa, data.limit_paisa, data.available_paisa))
        .lines(next)
        .body()
}

pub(super) fn vendor_assigned(say: &Words, data: &VendorAssigned) -> Body {
    Text::of(say.vendor_assigned(&data.vendor, data.order_number.as_str()))
        .lines(unpriced(say, &data.lines))
        .body()
}

pub(super) fn order_packing(say: &Words, data: &OrderProgress) -> Body {
    let order = data.order_number.as_str();
    Body::text(match &data.vendor {
        Some(vendor) => say.order_packing_by(order, vendor),
        None => say.order_packing(order),
    })
}

pub(super) fn order_dispatched(say: &Words, data: &OrderProgress) -> Body {
    let order = data.order_number.as_str();
    Body::text(match &data.vendor {
        Some(vendor) => say.order_dispatched_by(order, vendor),
        None => say.order_dispatched(order),
    })
}

pub(super) fn order_out_for_delivery(say: &Words, data: &OrderProgress) -> Body {
    let order = data.order_number.as_str();
    Body::text(match &data.vendor {
        Some(vendor) => say.order_out_from(order, vendor),
        None => say.order_out(order),
    })
}

pub(super) fn order_delivered(say: &Words, data: &OrderDelivered) -> Body {
    let order = data.order_number.as_str();
    let invoice = data.invoice_number.as_ref();
    Text::of(say.order_delivered(order, data.total_paisa))
        .lines(invoice.map(|number| say.order_delivered_invoice(number)))
        .lines(data.due_on.map(|day| say.order_delivered_due(day)))
        .gap()
        .line(say.order_delivered_complete(order))
        .body()
        .button(format!("COMPLETE {order}"), say.order_delivered_button())
}

pub(super) fn order_cancelled(say: &Words, data: &OrderEnded) -> Body {
    let order = data.order_number.as_str();
    Body::text(match &data.reason {
        Some(reason) => say.order_cancelled_because(order, &say.sentence(reason)),
        None => say.order_cancelled(order),
    })
}

pub(super) fn order_escalated_operator(say: &Words, data: &OrderEscalated) -> Body {
    Body::text(say.order_escalated(data.order_number.as_str(), &say.sentence(&data.why)))
}

pub(super) fn payment_received(say: &Words, data: &PaymentReceived) -> Body {
    let (method, words) = choice(&data.method, "PAYMENT_METHOD_");
    let received = if method.is_empty() {
        say.payment_received(data.amount_paisa)
    } else {
        say.payment_received_by(data.amount_paisa, &say.payment_method(&method, &words))
    };
    let owed = if data.owed_paisa > Paisa::ZERO {
        say.payment_owed(data.owed_paisa)
    } else {
        say.payment_settled()
    };
    Text::of(received).line(owed).body()
}

/// A status in words.
fn status(say: &Words, name: &str) -> String {
    let (status, words) = choice(name, "ORDER_STATUS_");
    say.status(&status, &words)
}
