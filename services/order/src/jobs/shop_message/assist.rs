//! Words that nobody could read, shown to a language model where there is one. What comes of it are questions.

use khaacho_fault::Fault;

use super::Asker;
use crate::domain::assist::{Proposal, Unread, names, offers, read_again, sold, unpriced, unread};
use crate::domain::basket::{Shelf, State};
use crate::domain::interpret::{Meaning, Message};
use crate::domain::number::kathmandu;
use crate::peers::Reading;

/// The message with what may be meant by its unread words as questions, and the products that those are about; `None`
/// when there is no assist, or it does not help.
pub(super) async fn helped(
    asker: &Asker<'_>,
    message: &Message<'_>,
    meaning: &Meaning,
    reading: &Reading,
) -> Option<(Meaning, Shelf)> {
    let Asker { talk, buyer, blocked } = asker;
    let assist = talk.service.assist.as_ref()?;
    let waits = talk.waiting.state != State::Idle;
    let mut unread = unread(message.text, meaning, message.mentions, waits)?;
    if blocked.is_some() {
        return None;
    }
    let (peers, ctx) = (&talk.service.peers, talk.ctx());
    let mut all = explained(asker, &mut unread).await.ok()?;
    let mut answered = false;
    if !unread.phrases.is_empty() {
        let pool = talk.service.door.db().pool();
        let day = kathmandu(talk.service.clock().now()).date_naive();
        let said = assist.ask(pool, &buyer.account_id, day, reading.catalogue, &unread);
        let said = said.await;
        answered = !said.is_empty();
        all.extend(said.iter().cloned());
    }
    if all.is_empty() {
        return None;
    }
    // Names are looked up anew each time: prices, and what is sold at all, are those of now.
    let found = peers.read(&ctx, &names(&all)).await.ok()?;
    let offers = offers(&all, &found.mentions);
    let mut shelf = found.shelf;
    // What only words describe comes without its price.
    let more = peers.shelf_of(&ctx, &unpriced(&offers, &shelf)).await.ok()?;
    shelf.extend(more);
    let offers = sold(offers, &shelf);
    let helped = read_again(message, &unread, meaning, &offers);
    if answered {
        let result = if helped.is_some() { "asked" } else { "dropped" };
        metrics::counter!("assist_answers_total", "result" => result).increment(1);
    }
    helped.map(|helped| (helped, shelf))
}

/// Takes out the phrases that the shop, or enough others, have explained before: what they said needs no guess, and
/// answers the question that the reader makes of it.
async fn explained(asker: &Asker<'_>, unread: &mut Unread) -> Result<Vec<Proposal>, Fault> {
    let Asker { talk, buyer, .. } = asker;
    let (peers, ctx) = (&talk.service.peers, talk.ctx());
    let phrases: Vec<&str> = unread.phrases.iter().map(String::as_str).collect();
    let known = peers.aliases(&ctx, &buyer.account_id, &phrases).await?;
    let skus: Vec<&str> = known.iter().flatten().map(|alias| alias.sku.as_str()).collect();
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let shelf = peers.shelf_of(&ctx, &skus).await?;
    let mut known = known.into_iter();
    let mut out = Vec::new();
    unread.phrases.retain(|phrase| {
        let Some(alias) = known.next().flatten() else {
            return true;
        };
        let name = shelf.get(&alias.sku).map(|goods| goods.name.clone());
        out.push(Proposal {
            phrase: phrase.clone(),
            products: [alias.sku].into_iter().chain(name).collect(),
        });
        false
    });
    Ok(out)
}
