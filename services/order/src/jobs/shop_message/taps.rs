//! Taps on buttons and rows of older messages: they change nothing, and say so.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::super::which_shop;
use super::{open_question, ordering, orders};
use crate::domain::basket::State;
use crate::domain::finish_message::Outcome;
use crate::domain::place_order::PlaceOrder;
use crate::domain::understand::{ShopIntent, Tap};
use crate::domain::{Buyer, Order};
use crate::store::quote_order;

/// Answers a tap that belongs to another basket or question than the one that waits: with the order that its basket
/// became, else with what waits now.
pub(super) async fn outdated(talk: &Talk<'_>, buyer: &Buyer, tap: &Tap) -> Result<Finished, Fault> {
    if let Some(order) = became(talk, buyer, tap).await? {
        return placed_already(talk, &order, &tap.intent, talk.waiting.state.clone()).await;
    }
    let reply = match which_shop::other_shop(talk, buyer, &tap.about).await? {
        Some(reply) => reply,
        None => replaced(&tap.intent, &talk.waiting.state),
    };
    show_again(talk, buyer, vec![reply]).await
}

/// Names the order that a basket has become, and changes nothing of it.
pub(super) async fn placed_already(
    talk: &Talk<'_>,
    order: &Order,
    meant: &ShopIntent,
    state: State,
) -> Result<Finished, Fault> {
    let reply = already(&order.number, meant);
    let outcome = Outcome::Refused("QUOTE_USED".to_owned());
    talk.answer_about(&order.order_id, outcome, state, vec![reply])
        .await
}

/// The order that the tapped quote has become. Its id comes from the quote's.
async fn became(talk: &Talk<'_>, buyer: &Buyer, tap: &Tap) -> Result<Option<Order>, Fault> {
    if matches!(tap.intent, ShopIntent::Option(_)) {
        return Ok(None);
    }
    let order_id = PlaceOrder::order_of(&tap.about).to_string();
    orders::own_order(talk, buyer, &order_id).await
}

/// What waits now, after what there is to say.
async fn show_again(talk: &Talk<'_>, buyer: &Buyer, mut replies: Vec<Reply>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    if let State::Confirming { quote_id } = &state
        && let Some(quote) = quote_order::find(talk.service.door.db().pool(), quote_id).await?
    {
        let left = quote.expires_at - talk.service.clock().now();
        if left <= chrono::Duration::zero() {
            let beside = ordering::Beside {
                replies,
                known: quote.lines,
                ..ordering::Beside::default()
            };
            return ordering::quote(talk, buyer, quote.asked, beside).await;
        }
        // A minute that has begun counts: the message itself is worth sending as long as that.
        let minutes = (left.num_seconds() + 59) / 60;
        replies.push(ordering::to_confirm(&quote, minutes));
    }
    replies.extend(open_question(&state));
    let outcome = Outcome::Refused("BUTTON_OUTDATED".to_owned());
    talk.answer(outcome, state, replies).await
}

/// What is told of a button of a basket that is an order by now.
fn already(number: &str, meant: &ShopIntent) -> Reply {
    let meant = match meant {
        ShopIntent::Confirm => "confirm",
        _ => "other",
    };
    ("basket_placed", json!({ "order_number": number, "meant": meant }))
}

/// What is told of a button of a basket or question that waits no more.
fn replaced(meant: &ShopIntent, state: &State) -> Reply {
    let (of, undone) = match meant {
        ShopIntent::Option(_) => ("question", "chosen"),
        ShopIntent::Confirm => ("basket", "ordered"),
        ShopIntent::Cancel(..) => ("basket", "dropped"),
        _ => ("basket", "changed"),
    };
    let now = match state {
        State::Idle | State::Updating { .. } => "nothing",
        State::Choosing { .. } | State::WhichShop(_) => "question",
        State::Confirming { .. } => "basket",
    };
    (
        "button_outdated",
        json!({ "of": of, "undone": undone, "now": now }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_did_not_happen() {
        let confirming = State::Confirming {
            quote_id: "quo_1".into(),
        };
        let (_, told) = replaced(&ShopIntent::Confirm, &confirming);
        assert_eq!(
            told,
            json!({ "of": "basket", "undone": "ordered", "now": "basket" })
        );
        let (_, told) = replaced(&ShopIntent::Option(2), &State::Idle);
        assert_eq!(
            told,
            json!({ "of": "question", "undone": "chosen", "now": "nothing" })
        );
        let dropped = ShopIntent::Cancel(None, String::new());
        assert_eq!(already("ORD1", &dropped).1["meant"], json!("other"));
        assert_eq!(already("ORD1", &ShopIntent::Confirm).1["meant"], json!("confirm"));
    }
}
