//! Chat replies.

use khaacho_money::Paisa;

use super::super::replies::{
    AccountBlocked, Choice, ChooseProduct, Help, NotFoundOrder, NotUnderstood, UnknownProduct,
    WelcomeUnregistered,
};
use super::chat::flaw;
use super::{Body, Text, Words, amount, clean};
use crate::domain::message::{ROW_DESCRIPTION_MAX, ROW_TITLE_MAX, ROWS_MAX, Row, shorten};

/// What is repeated of words that were typed to us, in characters.
const ECHO_MAX: usize = 40;

pub(super) fn welcome_unregistered(say: &Words, data: &WelcomeUnregistered) -> Body {
    Body::text(match &data.support_phone {
        Some(phone) => say.welcome_call(phone),
        None => say.welcome(),
    })
}

pub(super) fn account_blocked(say: &Words, data: &AccountBlocked) -> Body {
    let phone = data.support_phone.as_ref();
    Text::of(say.account_blocked(&say.sentence(&data.reason)))
        .lines(phone.map(|phone| say.account_blocked_call(phone)))
        .body()
}

pub(super) fn help(say: &Words, data: &Help) -> Body {
    let phone = data.support_phone.as_ref();
    Text::of(say.help())
        .lines(phone.map(|phone| say.help_call(phone)))
        .body()
}

pub(super) fn not_understood(say: &Words, data: &NotUnderstood) -> Body {
    let problems = data.problems.iter();
    let mut text = Text::of(say.not_understood())
        .lines(problems.map(|problem| format!("- {}", say.sentence(&flaw(say, problem)))));
    if !data.problems.is_empty() {
        text = text.gap();
    }
    text.line(say.not_understood_example()).body()
}

pub(super) fn unknown_product(say: &Words, data: &UnknownProduct) -> Body {
    let phrase = echo(&data.phrase);
    if data.suggestions.is_empty() {
        return Body::text(say.unknown_product(&phrase));
    }
    let suggestions = data.suggestions.iter().map(|product| {
        let price = lowest(say, product.price_paisa);
        format!("- {}", say.product(&product.name, &product.sku, &price))
    });
    Text::of(say.unknown_product_meant(&phrase))
        .lines(suggestions)
        .line(say.unknown_product_again())
        .body()
}

pub(super) fn choose_product(say: &Words, data: &ChooseProduct) -> Body {
    let options = data.options.iter().map(|choice| {
        let price = lowest(say, choice.price_paisa);
        format!(
            "{}. {}",
            choice.n,
            say.product(&named(say, choice), &choice.sku, &price)
        )
    });
    let question = if data.instead {
        say.choose_instead()
    } else {
        say.choose_product(&echo(&data.phrase))
    };
    let body = Text::of(question)
        .lines(options)
        .line(say.choose_product_reply())
        .lines((data.more > 0).then(|| say.choose_product_more(data.more)))
        .body();
    if data.options.is_empty() || data.options.len() > ROWS_MAX {
        return body;
    }
    // The full names are in the text; a row has room for their beginning.
    let rows = data.options.iter().map(|choice| Row {
        id: match &data.question {
            Some(question) => format!("OPTION {question} {}", choice.n),
            None => choice.n.to_string(),
        },
        title: shorten(&clean(&choice.name), ROW_TITLE_MAX),
        description: shorten(
            &format!(
                "{}, {}",
                lowest(say, choice.price_paisa),
                clean(&named(say, choice))
            ),
            ROW_DESCRIPTION_MAX,
        ),
        word: choice.n.to_string(),
    });
    body.list(say.choose_product_button(), rows.collect())
}

/// The product, and how much of it is chosen with it.
fn named(say: &Words, choice: &Choice) -> String {
    match choice.quantity {
        Some(quantity) => {
            let unit = choice.unit.as_deref().unwrap_or_default();
            format!("{} × {}", choice.name, amount(say, quantity, unit))
        }
        None => choice.name.clone(),
    }
}

pub(super) fn not_found_order(say: &Words, data: &NotFoundOrder) -> Body {
    Body::text(say.not_found_order(&echo(&data.number)))
}

/// Words that were typed to us, or their beginning when they are long.
pub(super) fn echo(words: &str) -> String {
    shorten(&clean(words), ECHO_MAX)
}

/// The lowest price of all vendors; which of them delivers, and so the price, is known with the quote.
fn lowest(say: &Words, price: Paisa) -> String {
    if price > Paisa::ZERO {
        say.price_from(price)
    } else {
        say.price_none()
    }
}
