//! What a shop calls its products: recalled, learned with the order, forgotten on request.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::Reply;
use super::{Asker, still_waits};
use crate::domain::Asked;
use crate::domain::basket::{Goods, Open, Recalled, Shelf, recall, recallable};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;

/// Answers questions that the shop has answered before; says which.
pub(super) async fn recalled(
    asker: &Asker<'_>,
    lines: &mut Vec<Asked>,
    open: &mut Vec<Open>,
    shelf: &Shelf,
) -> Result<Option<Reply>, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let (peers, ctx) = (&talk.service.peers, talk.ctx());
    let asked = |open: &&Open| recallable(open);
    let phrases: Vec<&str> = open
        .iter()
        .filter(asked)
        .map(|open| open.phrase.as_str())
        .collect();
    if phrases.is_empty() {
        return Ok(None);
    }
    let mut skus = peers
        .aliases(&ctx, &buyer.account_id, &phrases)
        .await?
        .into_iter();
    let skus: Vec<Option<String>> = open
        .iter()
        .map(|open| {
            if recallable(open) {
                skus.next().flatten()
            } else {
                None
            }
        })
        .collect();
    let missing: Vec<&str> = skus.iter().flatten().map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    // An alias may mean what the words alone do not name.
    let missing: Vec<&str> = missing
        .into_iter()
        .filter(|sku| !shelf.contains_key(*sku))
        .collect();
    let more = if missing.is_empty() {
        Shelf::new()
    } else {
        peers.read(&ctx, &missing.join(" ")).await?.shelf
    };
    let goods = |sku: String| shelf.get(&sku).or_else(|| more.get(&sku)).cloned();
    let known: Vec<Option<Goods>> = skus.into_iter().map(|sku| sku.and_then(goods)).collect();
    let items = recall(lines, open, &known);
    let item = |r: &Recalled| json!({ "phrase": echo(&r.phrase), "name": r.name });
    let items: Vec<_> = items.iter().map(item).collect();
    Ok((!items.is_empty()).then(|| ("recalled", json!({ "items": items }))))
}

/// The next time it is asked again what these words mean.
pub(super) async fn forget(asker: &Asker<'_>, phrase: &str) -> Result<Finished, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let ctx = talk.ctx();
    let name = talk.service.peers.forget(&ctx, &buyer.account_id, phrase).await?;
    let state = talk.waiting.state.clone();
    let told = ("forgotten", json!({ "phrase": echo(phrase), "name": name }));
    let replies = [told].into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Answered, state, replies).await
}
