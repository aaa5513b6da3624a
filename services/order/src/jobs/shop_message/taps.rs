//! Taps on buttons and rows. Those of older messages change nothing, and say so.

use khaacho_durable::Finished;
use khaacho_fault::Fault;

use super::super::handle_message::{Reply, Talk};
use super::hearing::Beside;
use super::{answers, barred, open_question, ordering, orders};
use crate::domain::basket::State;
use crate::domain::commands::{Button, Tap};
use crate::domain::finish_message::Outcome;
use crate::domain::place_order::PlaceOrder;
use crate::domain::{Buyer, Order};
use crate::peers::Blocked;
use crate::store::quote_order;

/// Does what a button says when it belongs to what waits.
pub(super) async fn tapped(
    talk: &Talk<'_>,
    buyer: &Buyer,
    blocked: Blocked,
    tap: &Tap,
) -> Result<Finished, Fault> {
    if talk.waiting.state.asked() != Some(&tap.about) {
        return outdated(talk, buyer, tap).await;
    }
    match (tap.button, blocked) {
        (Button::Confirm, Some(why)) => barred(talk, &why).await,
        (Button::Confirm, None) => ordering::confirm(talk, buyer).await,
        (Button::Change, _) => ordering::anew(talk).await,
        (Button::Cancel, _) => ordering::cancel_quote(talk).await,
        (Button::Option(n), _) => answers::tapped(talk, buyer, n).await,
    }
}

/// Answers a tap that belongs to another basket or question than the one that waits: with the order that its basket
/// became, else with what waits now.
async fn outdated(talk: &Talk<'_>, buyer: &Buyer, tap: &Tap) -> Result<Finished, Fault> {
    if let Some(order) = became(talk, buyer, tap).await? {
        return placed_already(talk, &order, tap.button, talk.waiting.state.clone()).await;
    }
    let text = replaced(tap.button, &talk.waiting.state);
    show_again(talk, buyer, text).await
}

/// Names the order that a basket has become, and changes nothing of it.
pub(super) async fn placed_already(
    talk: &Talk<'_>,
    order: &Order,
    meant: Button,
    state: State,
) -> Result<Finished, Fault> {
    let reply = talk.words(already(&order.number, meant));
    let outcome = Outcome::Refused("QUOTE_USED".to_owned());
    talk.answer_about(&order.order_id, outcome, state, vec![reply])
        .await
}

/// The order that the tapped quote has become. Its id comes from the quote's.
async fn became(talk: &Talk<'_>, buyer: &Buyer, tap: &Tap) -> Result<Option<Order>, Fault> {
    if matches!(tap.button, Button::Option(_)) {
        return Ok(None);
    }
    let order_id = PlaceOrder::order_of(&tap.about).to_string();
    orders::own_order(talk, buyer, &order_id).await
}

/// What waits now, after what there is to say.
async fn show_again(talk: &Talk<'_>, buyer: &Buyer, text: String) -> Result<Finished, Fault> {
    let said = Beside::saying(text);
    let mut shown = None;
    let state = talk.waiting.state.clone();
    if let State::Confirming { quote_id } = &state
        && let Some(quote) = quote_order::find(talk.service.door.db().pool(), quote_id).await?
    {
        let left = quote.expires_at - talk.service.clock().now();
        if left <= chrono::Duration::zero() {
            return ordering::quote(talk, buyer, quote.asked, said).await;
        }
        // A minute that has begun counts: the message itself is worth sending as long as that.
        let minutes = (left.num_seconds() + 59) / 60;
        shown = Some(ordering::to_confirm(&quote, minutes));
    }
    let mut replies: Vec<Reply> = said.replies.into_iter().chain(shown).collect();
    replies.extend(open_question(&state));
    let outcome = Outcome::Refused("BUTTON_OUTDATED".to_owned());
    talk.answer(outcome, state, replies).await
}

/// Words for a button of a basket that is an order by now.
fn already(number: &str, meant: Button) -> String {
    match meant {
        Button::Confirm => format!(
            "This basket was already placed as {number}, and nothing was ordered again. \
             Write STATUS {number} to see how it stands."
        ),
        _ => format!(
            "This basket was already placed as {number}. Write CANCEL {number} to cancel that order, or send \
             another list."
        ),
    }
}

/// Words for a button of a basket or question that waits no more.
fn replaced(meant: Button, state: &State) -> String {
    let (what, so) = match meant {
        Button::Option(_) => ("question", "nothing was chosen"),
        Button::Confirm => ("basket", "nothing was ordered"),
        Button::Cancel => ("basket", "nothing was dropped"),
        Button::Change => ("basket", "nothing was changed"),
    };
    let instead = match state {
        State::Idle => "Send the list of what you need.",
        State::Choosing { .. } => "This question is open now:",
        State::Confirming { .. } => "This basket waits now:",
    };
    match state {
        State::Idle => format!("That {what} does not wait any more, so {so}. {instead}"),
        _ => format!("That {what} was replaced, so {so}. {instead}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_did_not_happen() {
        let confirming = State::Confirming {
            quote_id: "quo_1".into(),
        };
        assert_eq!(
            replaced(Button::Confirm, &confirming),
            "That basket was replaced, so nothing was ordered. This basket waits now:"
        );
        assert_eq!(
            replaced(Button::Option(2), &State::Idle),
            "That question does not wait any more, so nothing was chosen. Send the list of what you need."
        );
        assert!(already("ORD1", Button::Cancel).contains("CANCEL ORD1"));
        assert!(already("ORD1", Button::Confirm).contains("already placed as ORD1"));
    }
}
