//! Messages about a basket.

use super::super::quotes::{Quote, QuoteCreditShort, QuoteStockShort};
use super::super::replies::NoSingleVendor;
use super::{Body, Text, Words, amount, clean, priced};

pub(super) fn quote(say: &Words, data: &Quote) -> Body {
    let sums = say.quote_sums(
        data.subtotal_paisa,
        data.vat_paisa,
        data.total_paisa,
        data.credit_left_paisa,
    );
    let body = Text::of(say.your_order())
        .lines(priced(say, &data.lines))
        .gap()
        .line(sums)
        .gap()
        .line(say.quote_reply(data.expires_in_minutes))
        .body();
    let buttons = [
        ("CONFIRM", say.quote_confirm()),
        ("CHANGE", say.quote_change()),
        ("CANCEL", say.quote_cancel()),
    ];
    buttons
        .into_iter()
        .fold(body, |body, (word, title)| match &data.quote_id {
            Some(quote_id) => body.worded_button(format!("{word} {quote_id}"), word, title),
            None => body.button(word, title),
        })
}

pub(super) fn quote_credit_short(say: &Words, data: &QuoteCreditShort) -> Body {
    let lines = priced(say, &data.lines);
    let basket = if lines.is_empty() {
        Text(lines)
    } else {
        Text::of(say.your_order()).lines(lines).gap()
    };
    basket
        .line(say.quote_credit_sums(data.total_paisa, data.available_paisa))
        .gap()
        .line(say.quote_credit_short(data.short_paisa))
        .body()
}

pub(super) fn quote_stock_short(say: &Words, data: &QuoteStockShort) -> Body {
    let amount = |count| amount(say, count, data.unit.as_deref().unwrap_or_default());
    let asked = amount(data.asked);
    Body::text(if data.available.0.milli() <= 0 {
        say.quote_stock_none(&data.name, &asked)
    } else {
        say.quote_stock_short(&data.name, &asked, &amount(data.available))
    })
}

pub(super) fn no_single_vendor(say: &Words, data: &NoSingleVendor) -> Body {
    let names = data.names.iter().map(|name| format!("- {}", clean(name)));
    Text::of(say.no_single_vendor())
        .lines(names)
        .line(say.no_single_vendor_split())
        .body()
}
