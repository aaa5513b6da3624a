//! What answers a vendor's stock and prices.

use super::super::updates::{NotUpdated, Twice, UpdatedItem, VendorUpdate, VendorUpdateDone};
use super::{Body, Text, Words, amount, clean};

/// Figures that are repeated of what is said twice.
const FIGURES_MAX: usize = 4;

pub(super) fn vendor_update(say: &Words, data: &VendorUpdate) -> Body {
    let beside = data
        .not_offered
        .iter()
        .map(|name| say.vendor_update_not_offered(name))
        .chain(data.twice.iter().map(|twice| either(say, twice)))
        .chain(data.unclear.iter().map(|words| say.vendor_update_unclear(words)));
    if data.items.is_empty() {
        let again = !data.twice.is_empty() || !data.unclear.is_empty();
        return Text(beside.collect())
            .lines(again.then(|| say.vendor_update_example()))
            .body();
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

/// A product with all that is said of it, which cannot all be so.
fn either(say: &Words, twice: &Twice) -> String {
    let stock = twice.stock.iter().map(|count| amount(say, *count, &twice.unit));
    let prices = twice.price_paisa.iter().map(|price| say.vendor_update_at(*price));
    let figures: [Vec<String>; 2] = [stock.collect(), prices.collect()];
    let differ = figures.into_iter().filter(|figures| figures.len() > 1);
    let joined = differ.filter_map(|figures| {
        let figures = figures.into_iter().take(FIGURES_MAX);
        figures.reduce(|one, other| say.either(&one, &other))
    });
    say.vendor_update_twice(&twice.name, &joined.collect::<Vec<_>>().join(", "))
}

fn refused(say: &Words, item: &NotUpdated) -> String {
    match item.reserved {
        Some(reserved) => say.vendor_update_reserved(&item.name, &amount(say, reserved, &item.unit)),
        None => say.vendor_update_refused(&item.name),
    }
}
