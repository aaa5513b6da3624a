//! What is said to somebody who acts for several shops.

use super::super::shops::{ForShop, ShopChosen, WhichShop};
use super::replies::echo;
use super::{Body, Text, Words, clean};
use crate::domain::message::{ROW_DESCRIPTION_MAX, ROW_TITLE_MAX, ROWS_MAX, Row, shorten};

pub(super) fn which_shop(say: &Words, data: &WhichShop) -> Body {
    let shops = data.shops.iter().map(|shop| {
        let (name, place) = (clean(&shop.name), clean(&shop.place));
        match place.as_str() {
            "" => format!("{}. {name}", shop.n),
            place => format!("{}. {name}, {place}", shop.n),
        }
    });
    let body = Text::of(say.which_shop())
        .lines(shops)
        .line(say.which_shop_reply())
        .lines(
            data.waits
                .iter()
                .chain(&data.also)
                .map(|words| say.which_shop_waits(&echo(words))),
        )
        .lines(data.full.as_ref().map(|words| say.which_shop_full(&echo(words))))
        .lines(data.resend.then(|| say.which_shop_resend()))
        .body();
    if data.shops.is_empty() || data.shops.len() > ROWS_MAX {
        return body;
    }
    // The full names are in the text; a row has room for their beginning.
    let rows = data.shops.iter().map(|shop| Row {
        id: format!("OPTION {} {}", data.question, shop.n),
        title: shorten(&clean(&shop.name), ROW_TITLE_MAX),
        description: shorten(&clean(&shop.place), ROW_DESCRIPTION_MAX),
        word: shop.n.to_string(),
    });
    body.list(say.which_shop_button(), rows.collect())
}

pub(super) fn shop_chosen(say: &Words, data: &ShopChosen) -> Body {
    Text::of(say.shop_chosen(&data.shop))
        .lines(data.dropped.then(|| say.shop_chosen_dropped()))
        .body()
}

pub(super) fn for_shop(say: &Words, data: &ForShop) -> Body {
    let mut body = super::body(say, &data.message);
    body.text = format!("{}\n{}", say.for_shop(&echo(&data.shop)), body.text);
    body
}
