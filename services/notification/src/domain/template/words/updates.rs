//! What answers a vendor's stock and prices.

use super::super::updates::{NotUpdated, UpdatedItem, VendorUpdate, VendorUpdateDone};
use super::{Body, Text, Words, amount, clean};

pub(super) fn vendor_update(say: &Words, data: &VendorUpdate) -> Body {
    let beside = data
        .not_offered
        .iter()
        .map(|name| say.vendor_update_not_offered(name))
        .chain(data.unclear.iter().map(|words| say.vendor_update_unclear(words)));
    if data.items.is_empty() {
        return Text(beside.collect()).body();
    }
    let body = Text::of(say.vendor_update())
        .lines(data.items.iter().flat_map(|item| item_lines(say, item)))
        .lines(beside)
        .gap()
        .line(say.vendor_update_reply())
        .body();
    let question = &data.question;
    body.worded_button(
        format!("CONFIRM {question}"),
        "CONFIRM",
        say.vendor_update_confirm(),
    )
    .worded_button(format!("CANCEL {question}"), "CANCEL", say.vendor_update_cancel())
}

pub(super) fn vendor_update_done(say: &Words, data: &VendorUpdateDone) -> Body {
    let refused = data.refused.iter().map(|item| refused(say, item));
    let head = (!data.items.is_empty()).then(|| say.vendor_update_done());
    Text(head.into_iter().collect())
        .lines(data.items.iter().flat_map(|item| item_lines(say, item)))
        .lines(refused)
        .body()
}

/// Stock and price of a product, a line each, beside what was before where that is told.
fn item_lines(say: &Words, item: &UpdatedItem) -> Vec<String> {
    let counted = |count| amount(say, count, &item.unit);
    let name = clean(&item.name);
    let stock = item.stock.map(|now| match item.stock_before {
        Some(before) => say.vendor_update_stock(&name, &counted(now), &counted(before)),
        None => say.vendor_update_stock_now(&name, &counted(now)),
    });
    let price = item.price_paisa.map(|now| match item.price_before_paisa {
        Some(before) => say.vendor_update_price(&name, now, before),
        None => say.vendor_update_price_now(&name, now),
    });
    stock.into_iter().chain(price).collect()
}

fn refused(say: &Words, item: &NotUpdated) -> String {
    match item.reserved {
        Some(reserved) => say.vendor_update_reserved(&item.name, &amount(say, reserved, &item.unit)),
        None => say.vendor_update_refused(&item.name),
    }
}
