//! Somebody who acts for several shops: a message is for the one that was chosen last, or it waits until one is chosen.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use serde_json::json;

use super::handle_message::{Reply, Talk};
use super::shop_message;
use crate::domain::Buyer;
use crate::domain::basket::State;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::understand::{consent, tap};
use crate::domain::which_shop::{self, Choice, Heard, Question, Turn, place_of, turn};
use crate::peers::{Blocked, Party};
use crate::service::Service;
use crate::store::finish_message::Waiting;
use crate::store::quote_order;

/// Shops to choose from; none when there is nothing to choose.
pub fn choices(party: &Party) -> Vec<Choice> {
    let Party::Shops(several) = party else {
        return Vec::new();
    };
    let choice = |(buyer, _): &(Buyer, Blocked)| Choice {
        account_id: buyer.account_id.clone(),
        name: buyer.shop_name.clone(),
        place: buyer.municipality.clone(),
    };
    several.iter().map(choice).collect()
}

/// The shop whose turn it still is.
pub fn held(service: &Service, waiting: &Waiting, shops: &[Choice]) -> Option<usize> {
    let (now, minutes) = (service.clock().now(), service.config.shop_minutes);
    which_shop::held(shops, waiting.last.as_ref(), &waiting.state, now, minutes)
}

/// Handles a message of somebody who acts for these shops.
pub async fn handle(talk: &mut Talk<'_>, several: &[(Buyer, Blocked)]) -> Result<Finished, Fault> {
    if talk.acts_for().is_empty()
        && let Some(opted_out) = consent(talk.said())
    {
        // Whether somebody wants messages is no matter of one shop.
        let asked = match &talk.waiting.state {
            State::WhichShop(asked) => vec![question(asked)],
            _ => Vec::new(),
        };
        return talk.consent(opted_out, Outcome::Answered, asked).await;
    }
    let inbound = &talk.waiting.inbound;
    // A person looks at what came with the words, so that they may wait alone.
    let kept = !inbound.attached.is_empty();
    let heard = Heard {
        inbound_id: &talk.inbound_id,
        said: talk.said(),
        whole: kept || inbound.kind == "text" || !inbound.reply_id.is_empty(),
    };
    let resend = !heard.whole;
    let at = place_of(&talk.shops, talk.acts_for());
    match turn(&talk.shops, heard, &talk.waiting.state, at) {
        Turn::For(at) => match several.get(at) {
            Some((buyer, blocked)) => shop_message::handle(talk, buyer, blocked.clone()).await,
            None => Err(Fault::bug("a shop was chosen that is not in the list")),
        },
        Turn::Chosen(at) => match several.get(at) {
            Some((buyer, blocked)) => chosen(talk, buyer, blocked).await,
            None => Err(Fault::bug("a shop was chosen that is not in the list")),
        },
        Turn::Outdated => outdated(talk, several).await,
        Turn::Ask(question) => ask(talk, question, Beside::of(resend), 0).await,
        Turn::Again(failures) => ask(talk, asked(talk)?, Beside::of(resend), failures).await,
        Turn::Keep => {
            let (question, room) = asked(talk)?.keeping(&talk.inbound_id, talk.said());
            let beside = Beside {
                full: (!room).then(|| echo(talk.said())),
                ..Beside::default()
            };
            ask(talk, question, beside, 1).await
        }
        Turn::Dropped => dropped(talk, several).await,
    }
}

/// The question that waits.
fn asked(talk: &Talk<'_>) -> Result<Question, Fault> {
    match &talk.waiting.state {
        State::WhichShop(question) => Ok(question.clone()),
        _ => Err(Fault::bug("a question is repeated that was not asked")),
    }
}

/// What is said beside the question.
#[derive(Default)]
struct Beside {
    /// What came is no text and has to be sent again.
    resend: bool,
    /// Words that are not kept, because there is no more room.
    full: Option<String>,
}

impl Beside {
    fn of(resend: bool) -> Self {
        Self { resend, full: None }
    }
}

/// Asks for which shop it is. After the second answer that nobody understands, a person has a look.
async fn ask(
    talk: &mut Talk<'_>,
    question: Question,
    beside: Beside,
    failures: u8,
) -> Result<Finished, Fault> {
    let (question, person) = question.again(failures);
    let mut replies: Vec<Reply> = Vec::new();
    let mut outcome = Outcome::Answered;
    if person {
        outcome = Outcome::NeedsHuman("NOT_UNDERSTOOD".to_owned());
        replies.push(("answer_unclear", json!({})));
    }
    replies.push(told(&question, &beside));
    talk.act_for_nobody();
    talk.answer(outcome, State::WhichShop(question), replies).await
}

/// Goes on with the shop that was chosen: with what waited for it as if that had just come.
async fn chosen(talk: &mut Talk<'_>, buyer: &Buyer, blocked: &Blocked) -> Result<Finished, Fault> {
    talk.act_for(buyer);
    let State::WhichShop(question) = std::mem::take(&mut talk.waiting.state) else {
        return Err(Fault::bug("a shop was chosen without a question"));
    };
    let waits = question.waits.clone();
    let kept = question.kept.iter().map(|kept| kept.inbound_id.clone());
    talk.then(kept.collect());
    let (state, dropped) = question.after(&buyer.account_id);
    talk.waiting.state = state.clone();
    if waits.trim().is_empty() {
        let told = (
            "shop_chosen",
            json!({ "shop": buyer.shop_name, "dropped": dropped }),
        );
        let waiting = shop_message::still_waits(&state);
        let replies = [told].into_iter().chain(waiting).collect();
        return talk.answer(Outcome::Answered, state, replies).await;
    }
    let inbound = &mut talk.waiting.inbound;
    inbound.kind = "text".to_owned();
    inbound.text = waits;
    inbound.reply_id.clear();
    shop_message::handle(talk, buyer, blocked.clone()).await
}

/// A button of something that waits no more, while no shop is chosen: it changes nothing, and chooses no shop.
async fn outdated(talk: &mut Talk<'_>, several: &[(Buyer, Blocked)]) -> Result<Finished, Fault> {
    if !matches!(talk.waiting.state, State::WhichShop(_)) {
        talk.waiting.state = State::Idle;
    }
    let owner = match tap(talk.said()) {
        Some(tap) => owner(talk, &tap.about).await?,
        None => None,
    };
    let at = owner.and_then(|account_id| place_of(&talk.shops, &account_id));
    match several.get(at.unwrap_or_default()) {
        Some((buyer, blocked)) => shop_message::handle(talk, buyer, blocked.clone()).await,
        None => Err(Fault::bug("several shops are none")),
    }
}

/// Back to what was before the question; what waits for the answer is dropped.
async fn dropped(talk: &mut Talk<'_>, several: &[(Buyer, Blocked)]) -> Result<Finished, Fault> {
    let State::WhichShop(question) = std::mem::take(&mut talk.waiting.state) else {
        return Err(Fault::bug("a question was dropped that was not asked"));
    };
    let back = question.before.as_ref().and_then(|before| {
        let at = place_of(&talk.shops, &before.account_id)?;
        several.get(at)
    });
    let state = match back {
        Some((buyer, _)) => {
            talk.act_for(buyer);
            question.after(&buyer.account_id).0
        }
        None => State::Idle,
    };
    let told = ("quote_cancelled", json!({}));
    let waiting = shop_message::still_waits(&state);
    let replies = [told].into_iter().chain(waiting).collect();
    talk.answer(Outcome::Answered, state, replies).await
}

/// What is told of a button that belongs to another of the sender's shops.
pub async fn other_shop(talk: &Talk<'_>, buyer: &Buyer, about: &str) -> Result<Option<Reply>, Fault> {
    if talk.shops.is_empty() {
        return Ok(None);
    }
    let owner = owner(talk, about).await?.unwrap_or_default();
    let mut others = talk
        .shops
        .iter()
        .filter(|shop| shop.account_id != buyer.account_id);
    let other = others.find(|shop| shop.account_id == owner);
    Ok(other.map(|shop| ("other_shop", json!({ "shop": shop.name }))))
}

/// The account that a quote was made for.
async fn owner(talk: &Talk<'_>, quote_id: &str) -> Result<Option<String>, Fault> {
    let quote = quote_order::find(talk.service.door.db().pool(), quote_id).await?;
    Ok(quote.map(|quote| quote.buyer.account_id))
}

/// The question that waits.
pub fn question(question: &Question) -> Reply {
    told(question, &Beside::default())
}

fn told(question: &Question, beside: &Beside) -> Reply {
    let shop = |(n, shop): (usize, &Choice)| json!({ "n": n, "name": shop.name, "place": shop.place });
    let shops: Vec<_> = (1..).zip(&question.shops).map(shop).collect();
    let waits = Some(question.waits.trim()).filter(|waits| !waits.is_empty());
    let also: Vec<&str> = question.kept.iter().map(|kept| kept.words.as_str()).collect();
    let data = json!({
        "question": question.question, "shops": shops, "waits": waits.map(echo), "also": also,
        "resend": beside.resend, "full": beside.full,
    });
    ("which_shop", data)
}

/// Names the shop above the first reply and above what is to be confirmed.
pub fn named(shop: &Choice, replies: Vec<Reply>) -> Vec<Reply> {
    let name = |(n, (template, data)): (usize, Reply)| match template {
        // They name the shop themselves, or are about all of them.
        "shop_chosen" | "consent_noted" | "language_set" | "which_language" => (template, data),
        "quote" => for_shop(shop, template, &data),
        _ if n == 0 => for_shop(shop, template, &data),
        _ => (template, data),
    };
    replies.into_iter().enumerate().map(name).collect()
}

fn for_shop(shop: &Choice, template: &str, data: &serde_json::Value) -> Reply {
    let named = json!({ "shop": shop.name, "template": template, "data": data });
    ("for_shop", named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::which_shop::Kept;

    fn shop(name: &str) -> Choice {
        Choice {
            account_id: name.to_owned(),
            name: name.to_owned(),
            place: "Birendranagar".to_owned(),
        }
    }

    #[test]
    fn the_first_reply_and_the_quote_name_the_shop() {
        let replies = ["thanks", "prices_changed", "quote"].map(|template| (template, json!({})));
        let named: Vec<_> = named(&shop("Khadka"), replies.into());
        let templates: Vec<_> = named.iter().map(|(template, _)| *template).collect();
        assert_eq!(templates, ["for_shop", "prices_changed", "for_shop"]);
        assert_eq!(
            named[2].1,
            json!({ "shop": "Khadka", "template": "quote", "data": {} })
        );
        let chosen = super::named(&shop("Khadka"), vec![("shop_chosen", json!({}))]);
        assert_eq!(chosen[0].0, "shop_chosen");
    }

    #[test]
    fn the_question_shows_what_waits_and_no_account() {
        let asked = Question {
            shops: vec![shop("Khadka"), shop("Ganesh")],
            question: "inb_1".to_owned(),
            waits: "2 bora chini".to_owned(),
            kept: vec![Kept {
                inbound_id: "inb_2".to_owned(),
                words: "1 bora nun".to_owned(),
            }],
            failed: 0,
            before: None,
        };
        let (template, data) = question(&asked);
        assert_eq!(template, "which_shop");
        let shops = json!([
            { "n": 1, "name": "Khadka", "place": "Birendranagar" },
            { "n": 2, "name": "Ganesh", "place": "Birendranagar" },
        ]);
        assert_eq!(
            data,
            json!({
                "question": "inb_1", "shops": shops, "waits": "2 bora chini", "also": ["1 bora nun"],
                "resend": false, "full": null,
            })
        );
    }
}
