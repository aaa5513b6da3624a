//! Changes of the basket that waits.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Talk, capitalised};
use super::hearing::{Beside, Read, beside};
use super::{ask_again, ordering, people, still_waits};
use crate::domain::basket::{self, Changed, Open, State};
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::{Intent, Meaning, Op};
use crate::domain::{Asked, Buyer};
use crate::store::list_orders::{Filter, list};
use crate::store::quote_order;

/// Adds, sets and takes away in the basket that waits, and prices it anew.
pub(super) async fn change(talk: &Talk<'_>, buyer: &Buyer, read: &Read) -> Result<Finished, Fault> {
    match &talk.waiting.state {
        State::Confirming { quote_id } => {
            let found = quote_order::find(talk.service.door.db().pool(), quote_id).await?;
            let Some(quote) = found else {
                return without_basket(talk, buyer, read).await;
            };
            let lines: Vec<Asked> = quote
                .lines
                .iter()
                .map(|l| Asked {
                    sku: l.sku.clone(),
                    quantity: l.quantity.clone(),
                    unit: l.unit.clone(),
                })
                .collect();
            apply(talk, buyer, read, &lines, &[]).await
        }
        State::Choosing { lines, open, .. } => apply(talk, buyer, read, lines, open).await,
        State::Idle => without_basket(talk, buyer, read).await,
    }
}

async fn apply(
    talk: &Talk<'_>,
    buyer: &Buyer,
    read: &Read,
    lines: &[Asked],
    open: &[Open],
) -> Result<Finished, Fault> {
    let Changed {
        lines,
        unclear,
        mut problems,
        any,
    } = basket::change(lines, &read.meaning);
    let mut asked = open.to_vec();
    if !unclear.is_empty() {
        let only = Meaning {
            lines: Vec::new(),
            asks: unclear,
            ..read.meaning.clone()
        };
        let found = ordering::gathered(talk, &read.text, &only, &read.heard).await?;
        problems.extend(found.problems);
        asked.extend(found.open.into_iter().map(|o| Open { at: None, ..o }));
    }
    let told = capitalised(&problems.join("; "));
    if !any && asked.len() == open.len() {
        let text = if problems.is_empty() {
            "Nothing of that could be changed.".to_owned()
        } else {
            format!("Nothing was changed. {told}")
        };
        let replies = vec![("plain_text", json!({ "text": text }))];
        if matches!(talk.waiting.state, State::Choosing { .. }) {
            return ask_again(talk, replies).await;
        }
        let state = talk.waiting.state.clone();
        let replies = replies.into_iter().chain(still_waits(&state)).collect();
        let outcome = Outcome::Refused("NOT_UNDERSTOOD".to_owned());
        return talk.answer(outcome, state, replies).await;
    }
    let mut said = beside(talk, buyer, read).await?;
    if !problems.is_empty() {
        let text = format!("Not changed: {told}");
        said.replies.push(("plain_text", json!({ "text": text })));
    }
    ordering::go_on(talk, buyer, lines, asked, said).await
}

/// No basket waits: an order that is placed cannot be changed here, and without one there is only something to order.
async fn without_basket(talk: &Talk<'_>, buyer: &Buyer, read: &Read) -> Result<Finished, Fault> {
    let filter = Filter {
        account_id: Some(buyer.account_id.clone()),
        open: true,
        limit: 1,
        ..Filter::default()
    };
    let (placed, _) = list(talk.service.door.db().pool(), &filter).await?;
    if let Some(order) = placed.first() {
        let number = &order.number;
        let text = format!(
            "Order {number} is placed already and is not changed by this. Your message is kept for a person of our \
             team to read. To order more, send it as a list of its own; CANCEL {number} cancels that order."
        );
        return people::hand_over_saying(talk, &order.order_id, "CHANGE_ORDER", text).await;
    }
    let removes = |op: Option<Op>| op == Some(Op::Remove);
    let mut meaning = read.meaning.clone();
    meaning.intent = Intent::Order;
    meaning.lines.retain(|l| !removes(l.op));
    meaning.asks.retain(|a| !removes(a.op));
    if meaning.lines.is_empty() && meaning.asks.is_empty() {
        let said = Beside::saying("There is no basket to change. Send the list of what you need.".to_owned());
        let outcome = Outcome::Refused("NOTHING_TO_CHANGE".to_owned());
        return talk
            .answer(outcome, talk.waiting.state.clone(), said.replies)
            .await;
    }
    let read = Read {
        text: read.text.clone(),
        heard: read.heard.clone(),
        meaning,
    };
    ordering::order(talk, buyer, &read).await
}
