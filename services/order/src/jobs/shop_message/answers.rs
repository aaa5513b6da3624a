//! Answers to the question that is open: a number, SKIP, a quantity, a name.

use khaacho_durable::Finished;
use khaacho_fault::Fault;

use super::super::handle_message::Talk;
use super::hearing::{self, Beside};
use super::{ask_again, missed, ordering};
use crate::domain::basket::{self, Answered, Open, State, Wants};
use crate::domain::{Asked, Buyer, commands};

/// Takes the message as an answer; `None` when it is none, so that it means something by itself.
pub(super) async fn take(talk: &Talk<'_>, buyer: &Buyer) -> Result<Option<Finished>, Fault> {
    let State::Choosing { lines, open, .. } = &talk.waiting.state else {
        return Ok(None);
    };
    let said = talk.said();
    if commands::skips(said) {
        let left = basket::leave_out(lines, open);
        return go_on(talk, buyer, left).await.map(Some);
    }
    let product = open.first().is_some_and(|o| o.wants != Wants::Quantity);
    if product && let Some(n) = commands::option(said) {
        return match basket::pick(lines, open, n) {
            Some(answered) => go_on(talk, buyer, answered).await.map(Some),
            None => missed(talk, Vec::new()).await.map(Some),
        };
    }
    match in_words(talk, lines, open).await? {
        Some(answered) => go_on(talk, buyer, answered).await.map(Some),
        None => Ok(None),
    }
}

/// Goes on with an option that was tapped.
pub(super) async fn tapped(talk: &Talk<'_>, buyer: &Buyer, n: usize) -> Result<Finished, Fault> {
    if let State::Choosing { lines, open, .. } = &talk.waiting.state
        && let Some(answered) = basket::pick(lines, open, n)
    {
        return go_on(talk, buyer, answered).await;
    }
    ask_again(talk, Vec::new()).await
}

async fn go_on(talk: &Talk<'_>, buyer: &Buyer, (lines, open): Answered) -> Result<Finished, Fault> {
    ordering::go_on(talk, buyer, lines, open, Beside::default()).await
}

/// Reads the message together with what is known of the thing: "2 carton" with its key, "deuti" with its quantity.
async fn in_words(talk: &Talk<'_>, lines: &[Asked], open: &[Open]) -> Result<Option<Answered>, Fault> {
    let Some(first) = open.first() else {
        return Ok(None);
    };
    let said = talk.said();
    let counted = commands::counts(said);
    let (text, completed) = match (first.wants, first.options.first()) {
        (Wants::Quantity, Some(only)) if counted => (format!("{} {said}", only.sku), true),
        (Wants::Quantity, _) => return Ok(None),
        _ if counted || first.quantity.is_empty() => (said.to_owned(), false),
        _ => (format!("{} {} {said}", first.quantity, first.unit), true),
    };
    let read = hearing::read(talk, &text).await?;
    Ok(basket::answer(lines, open, &read.meaning, &read.heard, completed))
}
