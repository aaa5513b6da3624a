//! Questions about prices and stock.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::{Reply, Talk};
use super::hearing::{Read, not_understood};
use super::still_waits;
use crate::domain::Asked;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::shelf;

/// Products of one answer.
const PRODUCTS_MAX: usize = 10;

/// Answers from offers and stock of this moment.
pub(super) async fn shelf(talk: &Talk<'_>, read: &Read) -> Result<Finished, Fault> {
    let meaning = &read.meaning;
    let mut skus: Vec<&String> = Vec::new();
    for sku in meaning.about.iter().flat_map(|named| &named.skus) {
        if !skus.contains(&sku) {
            skus.push(sku);
        }
    }
    let state = talk.waiting.state.clone();
    if skus.is_empty() {
        let text = match not_understood(&meaning.unknown) {
            Some(unknown) => {
                format!("{unknown} Write the name of the product another way, or its product code.")
            }
            None => {
                "Which product? Write its name with the question, for example: chini ko rate kati?".to_owned()
            }
        };
        let reply = ("plain_text", json!({ "text": text }));
        return talk.answer(Outcome::Answered, state, vec![reply]).await;
    }
    let asked: Vec<Asked> = skus
        .iter()
        .take(PRODUCTS_MAX)
        .map(|sku| Asked {
            sku: (*sku).clone(),
            quantity: "1".to_owned(),
            unit: String::new(),
        })
        .collect();
    let market = talk.service.peers.market(&talk.ctx(), &asked).await?;
    let mut text = shelf::sentences(&market).join("\n");
    if let Some(more) = skus.len().checked_sub(PRODUCTS_MAX).filter(|more| *more > 0) {
        let words = meaning.about.first().map_or("", |named| named.phrase.as_str());
        text.push_str(&format!(
            "\n{more} more fit \"{}\": write more of the name.",
            echo(words)
        ));
    }
    text.push_str("\nWhat you pay is in the answer to your list; nothing is ordered by asking.");
    let mut replies: Vec<Reply> = vec![("plain_text", json!({ "text": text }))];
    if let Some(text) = not_understood(&meaning.unknown) {
        replies.push(("plain_text", json!({ "text": text })));
    }
    replies.extend(still_waits(&state));
    talk.answer(Outcome::Answered, state, replies).await
}
