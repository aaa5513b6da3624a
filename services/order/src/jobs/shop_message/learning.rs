//! What a shop calls its products: recalled, learned with the order, forgotten on request.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::super::handle_message::Reply;
use super::{Asker, sentences, still_waits};
use crate::domain::Asked;
use crate::domain::basket::{Known, Open, Recalled, Shelf, State, recall, recallable};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::peers::Reading;

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
    let mut found = peers
        .aliases(&ctx, &buyer.account_id, &phrases)
        .await?
        .into_iter();
    let found: Vec<_> = open
        .iter()
        .map(|open| {
            if recallable(open) {
                found.next().flatten()
            } else {
                None
            }
        })
        .collect();
    if found.iter().flatten().next().is_none() {
        return Ok(None);
    }
    // An alias may mean what the words alone do not name.
    let missing = found.iter().flatten().map(|alias| alias.sku.as_str());
    let missing: Vec<&str> = missing.filter(|sku| !shelf.contains_key(*sku)).collect();
    let more = peers.shelf_of(&ctx, &missing).await?;
    let goods = |sku: &String| shelf.get(sku).or_else(|| more.get(sku)).cloned();
    let known = found.into_iter().map(|alias| {
        let alias = alias?;
        Some(Known {
            goods: goods(&alias.sku)?,
            own: alias.own,
        })
    });
    let known: Vec<Option<Known>> = known.collect();
    let items = recall(lines, open, &known);
    let item = |r: &Recalled| json!({ "phrase": echo(&r.phrase), "name": r.name, "own": r.own });
    let items: Vec<_> = items.iter().map(item).collect();
    Ok((!items.is_empty()).then(|| ("recalled", json!({ "items": items }))))
}

/// The next time it is asked again what these words mean. While a list waits, "forget the sugar" may be about that list:
/// words that the shop has not explained are a sentence then.
pub(super) async fn forget(
    asker: &Asker<'_>,
    phrase: &str,
    reading: Option<Reading>,
) -> Result<Finished, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let (ctx, id) = (talk.ctx(), &talk.inbound_id);
    let name = talk
        .service
        .peers
        .forget(&ctx, id, &buyer.account_id, phrase)
        .await?;
    let state = talk.waiting.state.clone();
    if name.is_none() && state != State::Idle {
        return sentences::handle(asker, reading).await;
    }
    let told = ("forgotten", json!({ "phrase": echo(phrase), "name": name }));
    let replies = [told].into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Answered, state, replies).await
}
