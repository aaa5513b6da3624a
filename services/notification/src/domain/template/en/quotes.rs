//! Messages about a basket, in English.

use super::super::quotes::{Quote, QuoteCreditShort, QuoteStockShort};
use super::super::replies::NoSingleVendor;
use super::super::values::clean;
use super::{Body, amount, priced};

pub(super) fn quote(data: &Quote) -> Body {
    let Quote {
        subtotal_paisa,
        vat_paisa,
        total_paisa,
        credit_left_paisa,
        expires_in_minutes,
        ..
    } = data;
    let minutes = minutes(*expires_in_minutes);
    let body = Body::text(format!(
        "Your order:\n{}\nSubtotal: {subtotal_paisa}\nVAT: {vat_paisa}\nTotal: {total_paisa}\n\
         Credit left after it: {credit_left_paisa}\n\n\
         Reply CONFIRM to place it, CHANGE to correct it or CANCEL to drop it. \
         These prices hold for {minutes}.",
        priced(&data.lines)
    ));
    [("CONFIRM", "Confirm"), ("CHANGE", "Change"), ("CANCEL", "Cancel")]
        .into_iter()
        .fold(body, |body, (word, title)| match &data.quote_id {
            Some(quote_id) => body.worded_button(format!("{word} {quote_id}"), word, title),
            None => body.button(word, title),
        })
}

pub(super) fn quote_credit_short(data: &QuoteCreditShort) -> Body {
    let QuoteCreditShort {
        total_paisa,
        available_paisa,
        short_paisa,
        ..
    } = data;
    let lines = priced(&data.lines);
    let lines = if lines.is_empty() {
        lines
    } else {
        format!("Your order:\n{lines}\n")
    };
    Body::text(format!(
        "{lines}Total: {total_paisa}\nCredit left: {available_paisa}\n\n\
         This is {short_paisa} more than your credit allows, so it cannot be placed yet. \
         Pay at least {short_paisa} or write a smaller order."
    ))
}

pub(super) fn quote_stock_short(data: &QuoteStockShort) -> Body {
    let name = clean(&data.name);
    let unit = data.unit.as_deref().unwrap_or_default();
    let (asked, available) = (amount(data.asked, unit), amount(data.available, unit));
    if data.available.0.milli() <= 0 {
        return Body::text(format!(
            "{name} is out of stock; you asked for {asked}.\n\
             Please write your order again without it, or with another product."
        ));
    }
    Body::text(format!(
        "There is not enough of {name}. You asked for: {asked}. Available: {available}.\n\
         Please write your order again with {available} or less."
    ))
}

pub(super) fn no_single_vendor(data: &NoSingleVendor) -> Body {
    let names: String = data
        .names
        .iter()
        .map(|name| format!("- {}\n", clean(name)))
        .collect();
    Body::text(format!(
        "No wholesaler has all of this together:\n{names}\
         Please split it into two orders and send them one by one."
    ))
}

pub(super) fn quote_expired() -> Body {
    Body::text(
        "These prices have expired, so nothing was ordered. \
         Your basket follows at the prices of now.",
    )
}

pub(super) fn minutes(count: u32) -> String {
    if count == 1 {
        "1 minute".to_owned()
    } else {
        format!("{count} minutes")
    }
}
