//! English. The match has no wildcard, so a message without English words does not compile.

mod orders;
mod quotes;
mod replies;
mod vendors;

use super::quotes::Line;
use super::values::clean;
use super::{Body, Template};

pub(super) fn body(template: &Template) -> Body {
    match template {
        Template::PlainText(data) => Body::text(data.text.trim()),
        Template::WelcomeUnregistered(data) => replies::welcome_unregistered(data),
        Template::AccountBlocked(data) => replies::account_blocked(data),
        Template::Help(data) => replies::help(data),
        Template::Greeting(data) => replies::greeting(data),
        Template::Thanks(_) => Body::text("You are welcome! Write your next order whenever you need something."),
        Template::NotUnderstood(data) => replies::not_understood(data),
        Template::UnknownProduct(data) => replies::unknown_product(data),
        Template::ChooseProduct(data) => replies::choose_product(data),
        Template::Quote(data) => quotes::quote(data),
        Template::QuoteCreditShort(data) => quotes::quote_credit_short(data),
        Template::QuoteStockShort(data) => quotes::quote_stock_short(data),
        Template::NoSingleVendor(data) => quotes::no_single_vendor(data),
        Template::QuoteExpired(_) => quotes::quote_expired(),
        Template::QuoteCancelled(_) => Body::text("Nothing was ordered. Write a new order whenever you like."),
        Template::OrderPlaced(data) => orders::order_placed(data),
        Template::OrderRefused(data) => orders::order_refused(data),
        Template::OrderStatus(data) => orders::order_status(data),
        Template::OrdersList(data) => orders::orders_list(data),
        Template::Balance(data) => orders::balance(data),
        Template::VendorOffer(data) => vendors::vendor_offer(data),
        Template::VendorOfferWon(data) => vendors::vendor_offer_won(data),
        Template::VendorOfferLost(data) => vendors::vendor_offer_lost(data),
        Template::VendorOfferDeclined(data) => vendors::vendor_offer_declined(data),
        Template::VendorOrderCancelled(data) => vendors::vendor_order_cancelled(data),
        Template::VendorAssigned(data) => orders::vendor_assigned(data),
        Template::OrderPacking(data) => orders::progress(data, "is being packed"),
        Template::OrderDispatched(data) => orders::progress(data, "has been dispatched"),
        Template::OrderOutForDelivery(data) => orders::progress(data, "is out for delivery"),
        Template::OrderDelayed(data) => orders::order_delayed(data),
        Template::OrderDelivered(data) => orders::order_delivered(data),
        Template::OrderCompleted(data) => orders::order_completed(data),
        Template::OrderCancelled(data) => orders::order_cancelled(data),
        Template::OrderEscalatedOperator(data) => orders::order_escalated_operator(data),
        Template::PaymentReceived(data) => orders::payment_received(data),
        Template::NothingToConfirm(_) => replies::nothing_to_confirm(),
        Template::NotFoundOrder(data) => replies::not_found_order(data),
        Template::VendorNotYours(data) => vendors::vendor_not_yours(data),
        Template::VendorHelp(_) => vendors::vendor_help(),
        Template::VendorOrders(data) => vendors::vendor_orders(data),
        Template::TryAgainLater(_) => replies::try_again_later(),
    }
}

/// Lines with prices, one a row, each ended by a line break.
fn priced(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| {
            let Line { n, quantity, unit_price_paisa, amount_paisa, .. } = line;
            let (name, unit) = (clean(&line.name), clean(&line.unit));
            format!("{n}. {name}: {quantity} {unit} x {unit_price_paisa} = {amount_paisa}\n")
        })
        .collect()
}

/// Lines without prices, one a row, each ended by a line break.
fn unpriced(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| format!("{}. {}: {} {}\n", line.n, clean(&line.name), line.quantity, clean(&line.unit)))
        .collect()
}

/// Somebody's words as one sentence: capital first, a mark at the end. Empty stays empty.
fn sentence(text: &str) -> String {
    let text = clean(text);
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return text };
    let end = if text.ends_with(['.', '!', '?', '।', ':']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// ` Call +977…` for the end of a text, or nothing.
fn call(support_phone: Option<&String>, why: &str) -> String {
    support_phone.map(|phone| format!("\nCall {} {why}.", clean(phone))).unwrap_or_default()
}
