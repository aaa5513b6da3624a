//! Messages to vendors.

use super::super::vendors::{
    OfferLine, VendorOffer, VendorOfferLost, VendorOfferWon, VendorOrder, VendorOrderCancelled,
    VendorOrderStep, VendorOrderYours, VendorOrders, VendorPackList,
};
use super::{Body, Text, Words, amount, choice, clean};

pub(super) fn vendor_offer(say: &Words, data: &VendorOffer) -> Body {
    let order = data.order_number.as_str();
    Text::of(say.vendor_offer(order))
        .line(place(say, &data.shop, data.municipality.as_ref()))
        .lines(data.lines.iter().map(|line| offered(say, line)))
        .gap()
        .line(say.vendor_offer_total(data.vendor_total_paisa))
        .gap()
        .line(say.vendor_offer_reply(order, data.deadline_minutes))
        .body()
        .button(format!("ACCEPT {order}"), say.vendor_offer_accept())
        .button(format!("DECLINE {order}"), say.vendor_offer_decline())
}

/// One line of an offer.
pub(super) fn offered(say: &Words, line: &OfferLine) -> String {
    let amount = amount(say, line.quantity, &line.unit);
    match (line.unit_price_paisa, line.amount_paisa) {
        (Some(price), Some(total)) => say.line_priced(line.n, &line.name, &amount, price, total),
        _ => say.line(line.n, &line.name, &amount),
    }
}

pub(super) fn vendor_order_yours(say: &Words, data: &VendorOrderYours) -> Body {
    let (status, words) = choice(&data.status, "ORDER_STATUS_");
    let status = say.vendor_status_taken(&status, &words);
    let call = data.call.as_ref();
    Text::of(say.vendor_order_yours(data.order_number.as_str(), &status))
        .lines(call.map(|phone| say.vendor_order_yours_call(phone)))
        .body()
}

pub(super) fn vendor_offer_won(say: &Words, data: &VendorOfferWon) -> Body {
    let order = data.order_number.as_str();
    let phone = data.shop_phone.as_ref();
    Text::of(say.vendor_offer_won(order))
        .line(place(say, &data.shop, data.municipality.as_ref()))
        .lines(phone.map(|phone| say.vendor_offer_won_phone(phone)))
        .gap()
        .line(say.vendor_offer_won_pack(order))
        .body()
}

pub(super) fn vendor_offer_lost(say: &Words, data: &VendorOfferLost) -> Body {
    let (why, _) = choice(&data.why, "");
    let why = say.vendor_offer_lost_why(&why, &say.sentence(&data.why));
    Body::text(say.vendor_offer_lost(data.order_number.as_str(), &why))
}

pub(super) fn vendor_order_cancelled(say: &Words, data: &VendorOrderCancelled) -> Body {
    let order = data.order_number.as_str();
    Body::text(match &data.reason {
        Some(reason) => say.vendor_order_cancelled_because(order, &say.sentence(reason)),
        None => say.vendor_order_cancelled(order),
    })
}

pub(super) fn vendor_orders(say: &Words, data: &VendorOrders) -> Body {
    if data.orders.is_empty() {
        return Body::text(say.vendor_orders_none());
    }
    let orders = data.orders.iter().map(|order| listed(say, order));
    Text::of(say.vendor_orders()).lines(orders).body()
}

/// One order of a vendor's list.
fn listed(say: &Words, order: &VendorOrder) -> String {
    let (status, words) = choice(&order.status, "ORDER_STATUS_");
    let status = say.vendor_status(&status, &words);
    let number = order.order_number.as_str();
    match order.vendor_total_paisa {
        Some(total) => say.vendor_orders_line_priced(number, &status, &order.shop, total),
        None => say.vendor_orders_line(number, &status, &order.shop),
    }
}

/// `Shop: Khadka Pasal, Birendranagar`.
pub(super) fn place(say: &Words, shop: &str, municipality: Option<&String>) -> String {
    match municipality {
        Some(municipality) => say.shop_place_in(shop, municipality),
        None => say.shop_place(shop),
    }
}

pub(super) fn vendor_order_step(say: &Words, data: &VendorOrderStep) -> Body {
    let (status, words) = choice(&data.status, "ORDER_STATUS_");
    Body::text(say.vendor_order_step(data.order_number.as_str(), &status, &words))
}

pub(super) fn vendor_pack_list(say: &Words, data: &VendorPackList) -> Body {
    let lines = data.lines.iter().map(|line| {
        let amount = amount(say, line.quantity, &line.unit);
        format!("- {}: {amount}", clean(&line.name))
    });
    Text::of(say.vendor_pack_list(data.order_number.as_str(), &data.shop))
        .lines(lines)
        .body()
}
