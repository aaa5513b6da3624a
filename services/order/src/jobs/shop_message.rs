//! What a shop writes: taps and fixed words first, then answers to the open question, then everything that is read with
//! the catalogue.

mod answers;
mod asking;
mod changing;
mod hearing;
mod ordering;
mod orders;
mod people;
mod repeating;
mod taps;

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk};
use crate::domain::Buyer;
use crate::domain::basket::{self, State};
use crate::domain::commands::{self, Command};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::Intent;
use crate::peers::Blocked;
use hearing::Read;

/// Handles a message of a shop.
pub async fn handle(talk: &Talk<'_>, buyer: &Buyer, blocked: Blocked) -> Result<Finished, Fault> {
    let said = talk.said();
    if let Some(tap) = commands::tap(said) {
        return taps::tapped(talk, buyer, blocked, &tap).await;
    }
    if said.trim().is_empty() {
        return people::unreadable(talk).await;
    }
    let choosing = matches!(talk.waiting.state, State::Choosing { .. });
    if let Some(command) = commands::shop(said) {
        // An open question has nothing to confirm yet, and its basket must not get lost.
        if choosing && command == Command::Confirm {
            return ask_again(talk, Vec::new()).await;
        }
        return carry_out(talk, buyer, blocked, command).await;
    }
    if choosing && let Some(finished) = answers::take(talk, buyer).await? {
        return Ok(finished);
    }
    if !choosing && commands::option(said).is_some() {
        return people::unread(talk).await;
    }
    let read = hearing::read(talk, said).await?;
    meant(talk, buyer, blocked, &read).await
}

async fn carry_out(
    talk: &Talk<'_>,
    buyer: &Buyer,
    blocked: Blocked,
    command: Command,
) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    match command {
        Command::Confirm => match &blocked {
            Some(why) => barred(talk, why).await,
            None => ordering::confirm(talk, buyer).await,
        },
        Command::Cancel(None, _) => ordering::cancel_quote(talk).await,
        Command::Cancel(Some(number), reason) => orders::cancel(talk, buyer, number, reason).await,
        Command::Change => ordering::anew(talk).await,
        Command::Status(number) => orders::status(talk, buyer, number).await,
        Command::Complete(number) => orders::complete(talk, buyer, number).await,
        Command::BadNumber(text) => bad_number(talk, &text).await,
        Command::Balance => {
            let reply = orders::balance(talk, buyer).await?;
            talk.answer(Outcome::Answered, state, vec![reply]).await
        }
        Command::Help => {
            let help = (
                "help",
                json!({ "support_phone": talk.service.config.support_phone }),
            );
            talk.answer(Outcome::Answered, state, vec![help]).await
        }
        Command::Greeting => {
            let greeting = ("greeting", json!({ "shop": buyer.shop_name }));
            talk.answer(Outcome::Answered, state, vec![greeting]).await
        }
        Command::Thanks => {
            let thanks = [("thanks", json!({}))].into_iter();
            let replies = thanks.chain(still_waits(&state)).collect();
            talk.answer(Outcome::Answered, state, replies).await
        }
    }
}

/// Does what a sentence means.
async fn meant(talk: &Talk<'_>, buyer: &Buyer, blocked: Blocked, read: &Read) -> Result<Finished, Fault> {
    let meaning = &read.meaning;
    let waits = talk.waiting.state != State::Idle;
    let orders = matches!(
        meaning.intent,
        Intent::Order | Intent::Change | Intent::Repeat | Intent::Confirm
    );
    if orders && let Some(why) = &blocked {
        return barred(talk, why).await;
    }
    let lists = matches!(meaning.intent, Intent::Order | Intent::Change);
    let kept = !lists && hearing::say_aside(talk, buyer, read).await?;
    // "please send by 5 pm" wants more than a yes, and so does what a person has to see
    let more = commands::counts(talk.said()) || kept;
    let clear = meaning.unknown.is_empty() && !(meaning.intent == Intent::Confirm && more);
    let command = |command| carry_out(talk, buyer, blocked.clone(), command);
    match meaning.intent {
        // whatever follows the word, it orders nothing
        Intent::Order if commands::begins_with_cancel(talk.said()) => people::unclear(talk, read).await,
        Intent::Order => ordering::order(talk, buyer, read).await,
        Intent::Change => changing::change(talk, buyer, read).await,
        Intent::Unknown | Intent::Confirm if waits && !meaning.exclude.is_empty() => {
            changing::change(talk, buyer, read).await
        }
        Intent::Confirm if clear && matches!(talk.waiting.state, State::Choosing { .. }) => {
            ask_again(talk, Vec::new()).await
        }
        Intent::Confirm if clear => command(Command::Confirm).await,
        Intent::Cancel => match orders::meant(talk, buyer, read).await? {
            orders::Meant::None => command(Command::Cancel(None, String::new())).await,
            orders::Meant::Number(number) => orders::cancel(talk, buyer, number, String::new()).await,
            orders::Meant::Wrong(text) => bad_number(talk, &text).await,
        },
        Intent::DeliveryOk if clear => match orders::meant(talk, buyer, read).await? {
            orders::Meant::None => command(Command::Complete(None)).await,
            orders::Meant::Number(number) => command(Command::Complete(Some(number))).await,
            orders::Meant::Wrong(text) => bad_number(talk, &text).await,
        },
        Intent::Status => match orders::meant(talk, buyer, read).await? {
            orders::Meant::None => command(Command::Status(None)).await,
            orders::Meant::Number(number) => command(Command::Status(Some(number))).await,
            orders::Meant::Wrong(text) => bad_number(talk, &text).await,
        },
        Intent::Balance => command(Command::Balance).await,
        Intent::Help => command(Command::Help).await,
        Intent::Greeting => command(Command::Greeting).await,
        Intent::Thanks => command(Command::Thanks).await,
        Intent::PriceQuery | Intent::StockQuery => asking::shelf(talk, read).await,
        Intent::Repeat => repeating::repeat(talk, buyer, read).await,
        Intent::Statement => orders::statement(talk, buyer).await,
        Intent::Payment
        | Intent::Complaint
        | Intent::DeliveryIssue
        | Intent::Human
        | Intent::Stop
        | Intent::Start => people::hand_over(talk, read).await,
        _ => people::unclear(talk, read).await,
    }
}

/// Tells a blocked shop why it may not order.
async fn barred(talk: &Talk<'_>, why: &str) -> Result<Finished, Fault> {
    let data = json!({ "reason": why, "support_phone": talk.service.config.support_phone });
    let outcome = Outcome::Refused("ACCOUNT_BLOCKED".to_owned());
    talk.answer(outcome, State::Idle, vec![("account_blocked", data)])
        .await
}

async fn bad_number(talk: &Talk<'_>, text: &str) -> Result<Finished, Fault> {
    let reply = ("not_found_order", json!({ "number": echo(text) }));
    let outcome = Outcome::Refused("ORDER_UNKNOWN".to_owned());
    talk.answer(outcome, talk.waiting.state.clone(), vec![reply])
        .await
}

/// The open question once more, after what there is to say.
async fn ask_again(talk: &Talk<'_>, mut replies: Vec<Reply>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let outcome = if replies.is_empty() {
        Outcome::Answered
    } else {
        Outcome::Refused("NOT_UNDERSTOOD".to_owned())
    };
    replies.extend(open_question(&state));
    talk.answer(outcome, state, replies).await
}

/// The open question after a message that was no answer to it. The second one brings a person.
async fn missed(talk: &Talk<'_>, mut replies: Vec<Reply>) -> Result<Finished, Fault> {
    let (state, count) = talk.waiting.state.missed_once_more();
    let mut outcome = Outcome::Answered;
    if count == basket::MISSED_MAX {
        let text = "This is kept for a person of our team to read. You can also write SKIP to go on without this thing, or \
                    CANCEL to drop the list.";
        replies.push(("plain_text", json!({ "text": text })));
        outcome = Outcome::NeedsHuman("QUESTION_FAILED".to_owned());
    }
    replies.extend(open_question(&state));
    talk.answer(outcome, state, replies).await
}

/// The question that is asked now.
fn open_question(state: &State) -> Option<Reply> {
    match state {
        State::Choosing { open, .. } => open.first().map(|first| basket::question(first, state.asked())),
        State::Idle | State::Confirming { .. } => None,
    }
}

/// What waits for an answer, once more: a message of which nothing was understood drops nothing.
fn still_waits(state: &State) -> Option<Reply> {
    match state {
        State::Confirming { .. } => {
            let text = "Your basket still waits: reply CONFIRM to place it, CHANGE to correct it or CANCEL to drop it.";
            Some(("plain_text", json!({ "text": text })))
        }
        State::Idle | State::Choosing { .. } => open_question(state),
    }
}
