//! Chat replies in English.

use khaacho_money::Paisa;

use super::super::replies::{
    AccountBlocked, ChooseProduct, Greeting, Help, NotFoundOrder, NotUnderstood, UnknownProduct,
    WelcomeUnregistered,
};
use super::super::values::clean;
use super::{Body, call, sentence};
use crate::domain::message::{ROW_DESCRIPTION_MAX, ROW_TITLE_MAX, ROWS_MAX, Row, shorten};

/// How an order is written; the same example everywhere, so it is remembered.
const EXAMPLE: &str = "2 bora jeera masino, 1 bora chini";
/// What is repeated of words that were typed to us, in characters.
const ECHO_MAX: usize = 40;

pub(super) fn welcome_unregistered(data: &WelcomeUnregistered) -> Body {
    let how = match &data.support_phone {
        Some(phone) => format!("Call {} to register your shop.", clean(phone)),
        None => "Ask our team to register your shop.".to_owned(),
    };
    Body::text(format!(
        "Welcome to Khaacho. This number is not registered yet, so we cannot take orders from it.\n\
         {how} After that you order right here, on credit."
    ))
}

pub(super) fn account_blocked(data: &AccountBlocked) -> Body {
    let reason = sentence(&data.reason);
    let call = call(data.support_phone.as_ref(), "to settle it");
    Body::text(format!("Your account cannot order now. {reason}{call}"))
}

pub(super) fn help(data: &Help) -> Body {
    let call = call(data.support_phone.as_ref(), "for anything else");
    Body::text(format!(
        "How to order: write how much of what, for example\n{EXAMPLE}\n\
         or by product code: RICE-JEERA-25KG x 2\n\
         We answer with prices and your credit, and you reply CONFIRM, CHANGE or CANCEL.\n\n\
         Other words:\n\
         STATUS - your latest orders; STATUS ORD2611000429 - one order\n\
         CANCEL ORD2611000429 - cancel an order before delivery\n\
         BALANCE - what you owe and the credit you have left\n\
         HELP - this message{call}"
    ))
}

pub(super) fn greeting(data: &Greeting) -> Body {
    let shop = clean(&data.shop);
    Body::text(format!(
        "Namaste, {shop}! Write your order, for example: {EXAMPLE}\nReply HELP to see what else you can ask."
    ))
}

pub(super) fn not_understood(data: &NotUnderstood) -> Body {
    let problems: String = data
        .problems
        .iter()
        .map(|problem| format!("- {}\n", sentence(problem)))
        .collect();
    let problems = if problems.is_empty() {
        problems
    } else {
        format!("{problems}\n")
    };
    Body::text(format!(
        "Sorry, I could not read that.\n{problems}Write how much of what, for example: {EXAMPLE}\n\
         Reply HELP to see what else you can ask."
    ))
}

pub(super) fn unknown_product(data: &UnknownProduct) -> Body {
    let phrase = shorten(&clean(&data.phrase), ECHO_MAX);
    if data.suggestions.is_empty() {
        return Body::text(format!(
            "I do not know the product \"{phrase}\". Please write its name another way, or its product code."
        ));
    }
    let suggestions: String = data
        .suggestions
        .iter()
        .map(|product| {
            format!(
                "- {} ({}), {}\n",
                clean(&product.name),
                clean(&product.sku),
                lowest(product.price_paisa)
            )
        })
        .collect();
    Body::text(format!(
        "I do not know the product \"{phrase}\". Did you mean one of these?\n{suggestions}\
         Please write your order again with the name or the code."
    ))
}

pub(super) fn choose_product(data: &ChooseProduct) -> Body {
    let phrase = shorten(&clean(&data.phrase), ECHO_MAX);
    let options: String = data
        .options
        .iter()
        .map(|choice| {
            format!(
                "{}. {} ({}), {}\n",
                choice.n,
                clean(&choice.name),
                clean(&choice.sku),
                lowest(choice.price_paisa)
            )
        })
        .collect();
    let body = Body::text(format!(
        "Which \"{phrase}\" do you mean?\n{options}Reply with the number.{}",
        more(data.more)
    ));
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
            &format!("{}, {}", lowest(choice.price_paisa), clean(&choice.name)),
            ROW_DESCRIPTION_MAX,
        ),
        word: choice.n.to_string(),
    });
    body.list("Choose", rows.collect())
}

/// That not all products are listed, and how to find the others.
fn more(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "\nOne more fits: if you mean that, send your list again with more of its name.".to_owned(),
        n => format!("\n{n} more fit: if you mean one of those, send your list again with more of its name."),
    }
}

/// The lowest price of all vendors; which of them delivers, and so the price, is known with the quote.
fn lowest(price: Paisa) -> String {
    if price > Paisa::ZERO {
        format!("from {price}")
    } else {
        "nobody offers it now".to_owned()
    }
}

pub(super) fn nothing_to_confirm() -> Body {
    Body::text(format!(
        "There is nothing to confirm. Write your order, for example: {EXAMPLE}\n\
         Reply STATUS to see your orders."
    ))
}

pub(super) fn not_found_order(data: &NotFoundOrder) -> Body {
    let number = shorten(&clean(&data.number), ECHO_MAX);
    Body::text(format!(
        "I find no order {number} of yours. An order number looks like ORD2611000429.\n\
         Reply STATUS to see your latest orders."
    ))
}

pub(super) fn try_again_later() -> Body {
    Body::text(
        "Sorry, something on our side does not work right now. Please write to us again in a few minutes.",
    )
}
