//! Answers to lists, questions and sentences.

use khaacho_money::Paisa;

use super::super::chat::{
    AskName, AskQuantity, BasketPlaced, ButtonOutdated, Flaw, ForPerson, MediaUnread, NotChanged, Priced,
    Prices, Problem, SoldIn, Statement, StatementEntry, WordThatDoes, WordsUnknown,
};
use super::super::values::Count;
use super::replies::echo;
use super::{Body, Text, Words, amount, choice, clean};

/// A problem as a sentence without capital and full stop.
pub(super) fn flaw(say: &Words, problem: &Problem) -> String {
    match problem {
        Problem::Sentence(sentence) => clean(sentence),
        Problem::Flaw(flaw) => worded(say, flaw),
    }
}

fn worded(say: &Words, flaw: &Flaw) -> String {
    let (phrase, name, unit) = (echo(&flaw.phrase), clean(&flaw.name), clean(&flaw.unit));
    match flaw.kind.as_str() {
        "too_many" => say.problem_too_many(flaw.limit),
        "list_too_long" => say.problem_list_too_long(flaw.limit),
        "unknown" if flaw.near.is_empty() => say.problem_unknown(&phrase),
        "unknown" => {
            let near: Vec<_> = flaw.near.iter().map(|name| clean(name)).collect();
            say.problem_unknown_near(&phrase, &near.join(", "))
        }
        "not_possible" => say.problem_not_possible(&echo(&flaw.quantity), &phrase),
        "not_in_basket" => say.problem_not_in_basket(&phrase),
        "unclear_removal" => say.problem_unclear_removal(&phrase),
        "no_product" => say.problem_no_product(&name),
        "unit_not_sold" if unit.is_empty() => say.problem_that_unit(&name),
        "unit_not_sold" => say.problem_unit(&name, &say.unit_alone(&unit)),
        "whole_only" => say.problem_whole_only(&name, &measured(say, &flaw.quantity, &unit)),
        "below_minimum" => say.problem_below_minimum(&name, flaw.limit),
        _ => say.problem_impossible(),
    }
}

/// A quantity that somebody wrote, with its unit.
fn measured(say: &Words, quantity: &str, unit: &str) -> String {
    match quantity.parse() {
        Ok(count) => amount(say, Count(count), unit),
        Err(_) => clean(&format!("{} {}", echo(quantity), unit)),
    }
}

pub(super) fn not_changed(say: &Words, data: &NotChanged) -> Body {
    let problems: Vec<_> = data.problems.iter().map(|problem| flaw(say, problem)).collect();
    Body::text(say.not_changed(&problems.join("; ")))
}

pub(super) fn words_unknown(say: &Words, data: &WordsUnknown) -> Body {
    let words: Vec<_> = data.words.iter().map(|w| format!("\"{}\"", echo(w))).collect();
    Body::text(say.words_unknown(&words.join(", ")))
}

pub(super) fn word_that_does(say: &Words, data: &WordThatDoes) -> Body {
    Body::text(match data.does.as_str() {
        "place_basket" => say.word_places_basket(),
        "drop_list" => say.word_drops_list(),
        "cancel_order" => say.word_cancels_order(),
        "confirm_receipt" => say.word_confirms_receipt(),
        "repeat_order" => say.word_repeats_order(),
        _ => say.word_of_help(),
    })
}

pub(super) fn ask_name(say: &Words, data: &AskName) -> Body {
    Body::text(say.ask_name(&echo(&data.phrase)))
}

pub(super) fn ask_quantity(say: &Words, data: &AskQuantity) -> Body {
    let why = match data.why.as_str() {
        "unit" => Some(say.ask_not_sold_so(&data.name)),
        "fraction" => Some(say.ask_whole_only(&data.name)),
        _ => None,
    };
    let near = data.amounts.iter().map(Count::to_string);
    let near = near.reduce(|one, other| say.either(&one, &other));
    let units: Vec<_> = data.sold_in.iter().map(|sold| sold_by(say, sold)).collect();
    let parts = why
        .into_iter()
        .chain([say.ask_quantity(&data.name)])
        .chain(near.map(|near| format!("{near}?")))
        .chain((!units.is_empty()).then(|| say.ask_sold_by(&units.join(", "))))
        .chain(
            data.unit
                .as_ref()
                .map(|unit| say.ask_number_means(&say.unit_alone(&clean(unit)))),
        )
        .chain([say.ask_or_skip()]);
    Body::text(parts.collect::<Vec<_>>().join(" "))
}

/// `packet`, or `carton of 30`.
fn sold_by(say: &Words, sold: &SoldIn) -> String {
    let unit = say.unit_alone(&clean(&sold.unit));
    match sold.factor {
        0 | 1 => unit,
        factor => say.pack_of(&unit, factor),
    }
}

pub(super) fn prices(say: &Words, data: &Prices) -> Body {
    let products = data.products.iter().map(|product| priced(say, product));
    let unknown = data
        .unknown
        .iter()
        .map(|phrase| say.prices_unknown(&echo(phrase)));
    let more = (data.more > 0).then(|| say.prices_more(data.more));
    let lines: Vec<String> = products.chain(more).chain(unknown).collect();
    if lines.is_empty() {
        return Body::text(say.prices_of_what());
    }
    Text(lines).body()
}

fn priced(say: &Words, product: &Priced) -> String {
    if product.price_paisa <= Paisa::ZERO {
        return say.price_line_none(&product.name);
    }
    let unit = say.unit_alone(&clean(&product.unit));
    let there = if product.in_stock {
        say.there_in_stock()
    } else {
        say.there_out_of_stock()
    };
    match (&product.pack, product.pack_paisa) {
        (Some(pack), Some(total)) => {
            let pack = sold_by(say, pack);
            say.price_line_pack(&product.name, product.price_paisa, &unit, total, &pack, &there)
        }
        _ => say.price_line(&product.name, product.price_paisa, &unit, &there),
    }
}

pub(super) fn statement(say: &Words, data: &Statement) -> Body {
    if data.entries.is_empty() {
        return Body::text(say.statement_none());
    }
    let entries = data.entries.iter().map(|entry| booked(say, entry));
    Text::of(say.statement()).lines(entries).body()
}

fn booked(say: &Words, entry: &StatementEntry) -> String {
    let (kind, words) = choice(&entry.kind, "");
    let kind = say.entry_kind(&kind, &words);
    let told = match entry.owed_paisa.paisa() {
        less if less < 0 => say.entry_less(&kind, Paisa::new(less.saturating_neg())),
        _ => say.entry_more(&kind, entry.owed_paisa),
    };
    match entry.day {
        Some(day) => say.entry_of_day(day, &told),
        None => told,
    }
}

/// What nobody but a person can read.
pub(super) fn media_unread(say: &Words, data: &MediaUnread) -> Body {
    Body::text(match data.kind.as_str() {
        "location" => say.location_noted(),
        "contacts" => say.contacts_noted(),
        kind => say.media_unread(&clean(kind)),
    })
}

pub(super) fn for_person(say: &Words, data: &ForPerson) -> Body {
    let told = match (data.matter.as_str(), data.amount_paisa, &data.order) {
        ("ASKED", _, _) => say.matter_asked(),
        ("PAYMENT_CLAIM", Some(amount), _) => say.matter_claim_of(amount),
        ("PAYMENT_CLAIM", None, _) => say.matter_claim(),
        ("PAYMENT_PROMISE", Some(amount), _) => say.matter_promise_of(amount),
        ("PAYMENT_PROMISE", None, _) => say.matter_promise(),
        ("DELIVERY_ISSUE" | "COMPLAINT", _, Some(order)) => say.matter_sorry_for(&echo(order)),
        ("DELIVERY_ISSUE" | "COMPLAINT", _, None) => say.matter_sorry(),
        ("STOP", _, _) => say.matter_stop(),
        ("START", _, _) => say.matter_start(),
        ("CHANGE", _, _) => say.matter_change(),
        ("PARTIAL_ACCEPT", _, _) => say.matter_partial_accept(),
        ("STOCK_UPDATE", _, _) => say.matter_stock_update(),
        _ => say.matter_sent(),
    };
    let call = data.support_phone.as_ref().map(|phone| say.matter_call(phone));
    Body::text(
        [Some(told), call]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    )
}

pub(super) fn basket_placed(say: &Words, data: &BasketPlaced) -> Body {
    let order = data.order_number.as_str();
    Body::text(match data.meant.as_str() {
        "confirm" => say.basket_placed(order),
        _ => say.basket_placed_cancel(order),
    })
}

pub(super) fn button_outdated(say: &Words, data: &ButtonOutdated) -> Body {
    let (of, undone) = (clean(&data.of), clean(&data.undone));
    let undone = say.nothing_done(&undone);
    let (told, now) = match data.now.as_str() {
        "question" => (say.outdated_replaced(&of, &undone), say.outdated_question()),
        "basket" => (say.outdated_replaced(&of, &undone), say.outdated_basket()),
        _ => (say.outdated_gone(&of, &undone), say.outdated_nothing()),
    };
    Body::text(format!("{told} {now}"))
}
