//! A vendor's stock and prices: shown beside what is there now, applied when he confirms it.

use chrono::Duration;
use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::{Value, json};

use super::super::handle_message::{Talk, is_no};
use super::sentences::{for_a_person, person};
use crate::domain::Vendor;
use crate::domain::basket::{Shelf, State};
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::interpret::Meaning;
use crate::domain::understand::{ShopIntent, Tap};
use crate::domain::vendor_update::{Shown, Twice, Wish, quantity, update};

/// What was shown longer ago is shown again before it is applied.
const SHOWN_MINUTES: i64 = 60;
/// Why the stock is changed, in its history.
const REASON: &str = "told in chat";

/// Whether an update waits.
pub(super) fn waits(talk: &Talk<'_>) -> bool {
    matches!(talk.waiting.state, State::Updating { .. })
}

/// Shows what an update would change.
pub(super) async fn show(
    talk: &Talk<'_>,
    vendor: &Vendor,
    meaning: &Meaning,
    shelf: &Shelf,
) -> Result<Finished, Fault> {
    let read = update(meaning, shelf);
    let unclear: Vec<String> = read.unclear.iter().map(|words| echo(words)).collect();
    if read.wishes.is_empty() && read.twice.is_empty() {
        return nothing_clear(talk, &unclear).await;
    }
    let beside = Beside {
        twice: read.twice,
        unclear,
    };
    propose(talk, vendor, read.wishes, &beside).await
}

/// What is told beside what would change.
#[derive(Default)]
struct Beside {
    twice: Vec<Twice>,
    unclear: Vec<String>,
}

/// Names what is not understood; a person will see to it.
async fn nothing_clear(talk: &Talk<'_>, unclear: &[String]) -> Result<Finished, Fault> {
    if unclear.is_empty() {
        return for_a_person(talk, "STOCK_UPDATE").await;
    }
    let named = json!({ "question": talk.inbound_id, "items": [], "unclear": unclear });
    let replies = vec![("vendor_update", named), person(talk, "STOCK_UPDATE")];
    let outcome = Outcome::NeedsHuman("STOCK_UPDATE".to_owned());
    talk.answer(outcome, talk.waiting.state.clone(), replies).await
}

/// Shows the update that waits once more.
pub(super) async fn again(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    match talk.waiting.state.clone() {
        State::Updating { wishes, .. } => propose(talk, vendor, wishes, &Beside::default()).await,
        _ => nothing(talk).await,
    }
}

/// Asks for the confirmation of what he offers; the rest is for a person.
async fn propose(
    talk: &Talk<'_>,
    vendor: &Vendor,
    wishes: Vec<Wish>,
    beside: &Beside,
) -> Result<Finished, Fault> {
    let (mut kept, mut items, mut not_offered) = (Vec::new(), Vec::new(), Vec::new());
    for wish in wishes {
        match offered(talk, vendor, &wish).await? {
            Some(offer) => {
                items.push(item(&wish, Some(&offer)));
                kept.push(Wish {
                    shown: Some(offer),
                    ..wish
                });
            }
            None => not_offered.push(wish.name),
        }
    }
    let data = json!({
        "question": talk.inbound_id, "items": items, "not_offered": not_offered,
        "twice": beside.twice, "unclear": beside.unclear,
    });
    let outcome = if not_offered.is_empty() {
        Outcome::Answered
    } else {
        Outcome::NeedsHuman("STOCK_UPDATE".to_owned())
    };
    let state = if kept.is_empty() {
        // An update that waits goes on waiting.
        talk.waiting.state.clone()
    } else {
        State::Updating {
            wishes: kept,
            question: talk.inbound_id.clone(),
            shown_at: talk.service.clock().now(),
        }
    };
    talk.answer(outcome, state, vec![("vendor_update", data)]).await
}

/// His active offer of the product.
async fn offered(talk: &Talk<'_>, vendor: &Vendor, wish: &Wish) -> Result<Option<Shown>, Fault> {
    let ctx = talk.ctx().on_behalf_of(talk.sender());
    let offer = talk
        .service
        .peers
        .offer(&ctx, &vendor.vendor_id, &wish.sku)
        .await?;
    Ok(offer.filter(|offer| offer.active).map(|offer| offer.shown))
}

/// A product with what shall be, and what is.
fn item(wish: &Wish, before: Option<&Shown>) -> Value {
    json!({
        "name": wish.name, "unit": wish.unit,
        "stock": wish.stock_milli.map(quantity),
        "stock_before": before.map(|offer| quantity(offer.on_hand_milli)),
        "price_paisa": wish.price_paisa,
        "price_before_paisa": before.map(|offer| offer.price_paisa),
    })
}

/// A tap on one of the buttons under an update.
pub(super) async fn tapped(talk: &Talk<'_>, vendor: &Vendor, tap: &Tap) -> Result<Finished, Fault> {
    let asked = talk.waiting.state.asked() == Some(&tap.about);
    match tap.intent {
        ShopIntent::Confirm if asked => confirm(talk, vendor).await,
        ShopIntent::Cancel(..) if asked => drop(talk).await,
        _ => nothing(talk).await,
    }
}

/// Applies the update that waits.
pub(super) async fn confirm(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    let State::Updating { wishes, shown_at, .. } = talk.waiting.state.clone() else {
        return nothing(talk).await;
    };
    let old = talk.service.clock().now() - shown_at > Duration::minutes(SHOWN_MINUTES);
    if old || moved(talk, vendor, &wishes).await? {
        return propose(talk, vendor, wishes, &Beside::default()).await;
    }
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for (n, wish) in wishes.iter().enumerate() {
        let applied = apply(talk, vendor, n, wish).await?;
        done.extend(applied.item(wish));
        refused.extend(applied.refused.map(|fault| no(wish, &fault)));
    }
    let data = json!({ "items": done, "refused": refused });
    talk.answer(Outcome::Answered, State::Idle, vec![("vendor_update_done", data)])
        .await
}

/// Whether one of the offers is another one than was shown.
async fn moved(talk: &Talk<'_>, vendor: &Vendor, wishes: &[Wish]) -> Result<bool, Fault> {
    for wish in wishes {
        let now = offered(talk, vendor, wish).await?;
        if now.is_none_or(|now| wish.is_outdated(&now)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What became of a wish.
#[derive(Default)]
struct Applied {
    /// Stock on hand now, thousandths of the sale unit.
    stock_milli: Option<i64>,
    /// Price now, in paisa.
    price_paisa: Option<i64>,
    /// Why not all of it is in force.
    refused: Option<Fault>,
}

impl Applied {
    /// What is in force, if anything.
    fn item(&self, wish: &Wish) -> Option<Value> {
        let some = self.stock_milli.is_some() || self.price_paisa.is_some();
        some.then(|| {
            json!({
                "name": wish.name, "unit": wish.unit,
                "stock": self.stock_milli.map(quantity), "price_paisa": self.price_paisa,
            })
        })
    }
}

/// Sets stock and price. Both are idempotent by the message that confirms them, so that a second try changes nothing. The
/// stock comes first, since it may be refused: then the price stays, too.
async fn apply(talk: &Talk<'_>, vendor: &Vendor, n: usize, wish: &Wish) -> Result<Applied, Fault> {
    let ctx = talk.ctx().on_behalf_of(talk.sender());
    let peers = &talk.service.peers;
    let mut applied = Applied::default();
    let request = |what: &str| format!("{}:{n}:{what}", talk.inbound_id);
    if let Some(difference) = wish.difference_milli() {
        let (id, vendor_id) = (request("stock"), &vendor.vendor_id);
        let moved = peers.move_stock(&ctx, id, vendor_id, &wish.sku, difference, REASON);
        match moved.await {
            Ok(on_hand) => applied.stock_milli = Some(on_hand),
            Err(fault) if is_no(&fault) => {
                applied.refused = Some(fault);
                return Ok(applied);
            }
            Err(fault) => return Err(fault),
        }
    } else {
        // He has as much as he was shown.
        applied.stock_milli = wish.stock_milli;
    }
    if let (Some(price), Some(shown)) = (wish.price_paisa, &wish.shown) {
        let (id, vendor_id) = (request("price"), &vendor.vendor_id);
        match peers
            .set_price(&ctx, id, vendor_id, &wish.sku, price, shown)
            .await
        {
            Ok(()) => applied.price_paisa = Some(price),
            Err(fault) if is_no(&fault) => applied.refused = Some(fault),
            Err(fault) => return Err(fault),
        }
    }
    Ok(applied)
}

fn no(wish: &Wish, fault: &Fault) -> Value {
    let reserved = fault.facts().get("reserved_milli");
    let reserved = reserved.and_then(|milli| milli.parse::<i64>().ok());
    json!({ "name": wish.name, "unit": wish.unit, "reserved": reserved.map(quantity) })
}

/// Drops the update that waits.
pub(super) async fn drop(talk: &Talk<'_>) -> Result<Finished, Fault> {
    if !waits(talk) {
        return nothing(talk).await;
    }
    talk.answer(
        Outcome::Answered,
        State::Idle,
        vec![("vendor_update_dropped", json!({}))],
    )
    .await
}

async fn nothing(talk: &Talk<'_>) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    talk.answer(Outcome::Answered, state, vec![("vendor_update_none", json!({}))])
        .await
}
