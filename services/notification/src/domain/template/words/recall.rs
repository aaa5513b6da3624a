//! What reminds of before.

use super::super::recall::{Forgotten, PricesChanged, Recalled};
use super::replies::echo;
use super::{Body, Text, Words};

pub(super) fn recalled(say: &Words, data: &Recalled) -> Body {
    let of = |own: bool| {
        let items = data.items.iter().filter(move |item| item.own == own);
        let items = items.map(|item| say.recalled_item(&echo(&item.phrase), &item.name));
        let items: Vec<String> = items.collect();
        let head = if own {
            say.recalled()
        } else {
            say.recalled_others()
        };
        (!items.is_empty()).then_some(head).into_iter().chain(items)
    };
    Text(of(true).chain(of(false)).collect())
        .line(say.recalled_forget())
        .body()
}

pub(super) fn forgotten(say: &Words, data: &Forgotten) -> Body {
    let phrase = echo(&data.phrase);
    Body::text(match &data.name {
        Some(name) => say.forgotten(&phrase, name),
        None => say.forgotten_nothing(&phrase),
    })
}

pub(super) fn prices_changed(say: &Words, data: &PricesChanged) -> Body {
    let items = data.items.iter();
    Text::of(say.prices_changed())
        .lines(items.map(|item| say.prices_changed_item(&item.name, item.before_paisa, item.now_paisa)))
        .body()
}
