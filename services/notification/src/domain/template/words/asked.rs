//! What is asked back when a wholesaler writes a sentence about an order. It says that nothing is done yet, and which words
//! do it.

use super::super::asked::{
    Can, Meant, OrderWord, PartialLine, Place, VendorAskBack, VendorAskWhich, VendorPartial,
    VendorPartialWhich, WhichOrder,
};
use super::replies::echo;
use super::vendors::{offered, place};
use super::{Body, Text, Words, amount, clean};
use crate::domain::message::{ROW_DESCRIPTION_MAX, ROW_TITLE_MAX, ROWS_MAX, Row, shorten};

pub(super) fn vendor_ask_back(say: &Words, data: &VendorAskBack) -> Body {
    let order = data.order_number.as_str();
    let text = Text::of(question(say, data))
        .line(place(say, &data.shop, data.municipality.as_ref()))
        .lines(data.lines.iter().map(|line| offered(say, line)))
        .lines(data.vendor_total_paisa.map(|total| say.vendor_offer_total(total)))
        .gap();
    match data.stands {
        Place::SentToVendor => {
            let reply = match data.minutes_left {
                Some(minutes) => say.vendor_ask_answer_within(order, minutes),
                None => say.vendor_ask_answer(order),
            };
            let [first, second] = match data.says {
                Meant::Decline => [OrderWord::Decline, OrderWord::Accept],
                Meant::Accept | Meant::Dispatched => [OrderWord::Accept, OrderWord::Decline],
            };
            buttons(say, text.line(reply).body(), order, &[first, second])
        }
        Place::Accepted => {
            let body = text.line(say.vendor_ask_packing(order)).body();
            buttons(say, body, order, &[OrderWord::Packing, OrderWord::Dispatched])
        }
        Place::Packing => {
            let body = text.line(say.vendor_ask_dispatched(order)).body();
            buttons(say, body, order, &[OrderWord::Dispatched])
        }
        Place::Dispatched => {
            let body = text.line(say.vendor_ask_out(order)).body();
            buttons(say, body, order, &[OrderWord::Out])
        }
    }
}

/// The first line.
fn question(say: &Words, data: &VendorAskBack) -> String {
    let order = data.order_number.as_str();
    match (data.says, data.stands) {
        (Meant::Accept, _) => say.vendor_ask_takes(order),
        (Meant::Decline, _) => say.vendor_ask_refuses(order),
        (Meant::Dispatched, Place::SentToVendor) => say.vendor_ask_left_untaken(order),
        (Meant::Dispatched, Place::Accepted) => say.vendor_ask_left_unpacked(order),
        (Meant::Dispatched, Place::Packing) => say.vendor_ask_left(order),
        (Meant::Dispatched, Place::Dispatched) => say.vendor_ask_left_before(order),
    }
}

/// A button for each word, which is the word itself with the number.
fn buttons(say: &Words, body: Body, order: &str, words: &[OrderWord]) -> Body {
    words.iter().fold(body, |body, word| {
        body.button(format!("{} {order}", word.typed()), title(say, *word))
    })
}

fn title(say: &Words, word: OrderWord) -> String {
    match word {
        OrderWord::Accept => say.vendor_offer_accept(),
        OrderWord::Decline => say.vendor_offer_decline(),
        OrderWord::Packing => say.vendor_button_packing(),
        OrderWord::Dispatched => say.vendor_button_dispatched(),
        OrderWord::Out => say.vendor_button_out(),
    }
}

pub(super) fn vendor_ask_which(say: &Words, data: &VendorAskWhich) -> Body {
    let head = match data.says {
        Meant::Accept => say.vendor_which_takes(),
        Meant::Decline => say.vendor_which_refuses(),
        Meant::Dispatched => say.vendor_which_left(),
    };
    let body = Text::of(head)
        .lines(data.orders.iter().map(|order| listed(say, order)))
        .line(say.vendor_which_reply())
        .lines(data.more.then(|| say.vendor_which_more()))
        .body();
    if data.orders.is_empty() || data.orders.len() > ROWS_MAX {
        return body;
    }
    let mut rows: Vec<Row> = Vec::with_capacity(data.orders.len());
    for order in &data.orders {
        let id = typed(order);
        // An order that is named twice is one row: a provider refuses two with the same id.
        if rows.iter().all(|row| row.id != id) {
            rows.push(Row {
                title: shorten(&id, ROW_TITLE_MAX),
                description: shorten(&described(say, order), ROW_DESCRIPTION_MAX),
                id,
                word: String::new(),
            });
        }
    }
    body.list(say.vendor_which_button(), rows)
}

/// `ACCEPT ORD2611000429`.
fn typed(order: &WhichOrder) -> String {
    format!("{} {}", order.word.typed(), order.order_number.as_str())
}

fn listed(say: &Words, order: &WhichOrder) -> String {
    format!("{}: {}", typed(order), described(say, order))
}

/// The shop, and what the wholesaler gets.
fn described(say: &Words, order: &WhichOrder) -> String {
    match order.vendor_total_paisa {
        Some(total) => say.vendor_which_line(&order.shop, total),
        None => clean(&order.shop),
    }
}

pub(super) fn vendor_partial(say: &Words, data: &VendorPartial) -> Body {
    let order = data.order_number.as_str();
    let head = if data.understood {
        say.vendor_partial(order)
    } else {
        say.vendor_partial_unread(order)
    };
    let lines = data.lines.iter().map(|line| supplied(say, line));
    let foreign = data
        .foreign
        .iter()
        .map(|words| say.vendor_partial_foreign(&echo(words)));
    let unclear = data
        .unclear
        .iter()
        .map(|words| say.vendor_partial_unclear(&echo(words)));
    let text = Text::of(head)
        .line(place(say, &data.shop, data.municipality.as_ref()))
        .lines(lines)
        .lines(foreign)
        .lines(unclear)
        .gap();
    let call = data.support_phone.as_ref().map(|phone| say.matter_call(phone));
    if !data.offered {
        return text.line(say.vendor_partial_taken()).lines(call).body();
    }
    let body = text
        .line(say.vendor_partial_offered(order))
        .lines(
            data.minutes_left
                .map(|minutes| say.vendor_partial_within(minutes)),
        )
        .lines(call)
        .body();
    buttons(say, body, order, &[OrderWord::Accept, OrderWord::Decline])
}

/// One line, and how much of it he can supply.
fn supplied(say: &Words, line: &PartialLine) -> String {
    let ordered = amount(say, line.quantity, &line.unit);
    let count = line.count.map(|count| amount(say, count, &line.count_unit));
    match (line.can, count) {
        (Can::All, _) => say.vendor_partial_all(&line.name, &ordered),
        (Can::Some, Some(count)) => say.vendor_partial_some(&line.name, &count, &ordered),
        (Can::None, _) => say.vendor_partial_none(&line.name, &ordered),
        (Can::Some | Can::Unsaid, _) => say.vendor_partial_unsaid(&line.name, &ordered),
    }
}

pub(super) fn vendor_partial_which(say: &Words, data: &VendorPartialWhich) -> Body {
    let orders = data
        .orders
        .iter()
        .map(|order| format!("- {}: {}", order.order_number.as_str(), clean(&order.shop)));
    Text::of(say.vendor_partial_which())
        .lines(orders)
        .lines(data.more.then(|| say.vendor_partial_more()))
        .line(say.matter_partial_accept())
        .body()
}
