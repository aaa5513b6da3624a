//! Sentences of vendors. None of them moves an order: a sentence like "ok but tomorrow" is easily read as more than it
//! says, and an order that moves on a guess is somebody's loss. The answer names the word and the order that it would be.

use khaacho_durable::Finished;
use khaacho_fault::Fault;

use super::super::handle_message::Talk;
use super::help;
use crate::domain::basket::State;
use crate::domain::commands::VendorVerb;
use crate::domain::echo::echo;
use crate::domain::finish_message::Outcome;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Awaiting, Intent, Meaning, Message, Party, interpret};
use crate::domain::number::parse_order_number;
use crate::domain::{Order, Vendor};
use crate::store::list_orders::{Filter, list};

/// Reads a sentence and answers what is meant by it.
pub(super) async fn handle(talk: &Talk<'_>, vendor: &Vendor) -> Result<Finished, Fault> {
    let said = talk.said();
    let heard = talk.service.peers.hear(&talk.ctx(), said).await?;
    let meaning = interpret(&Message {
        text: said,
        party: Party::Vendor,
        awaiting: Awaiting::Unstated,
        mentions: &heard.mentions,
    });
    let (verb, word) = match meaning.intent {
        Intent::Accept => (VendorVerb::Accept, "ACCEPT"),
        Intent::Decline => (VendorVerb::Decline(String::new()), "DECLINE"),
        Intent::Dispatched => (VendorVerb::Dispatch, "DISPATCHED"),
        Intent::PartialAccept => return partly(talk, vendor, &meaning, &heard).await,
        Intent::StockUpdate => return update(talk, &meaning, &heard).await,
        _ => return help(talk).await,
    };
    let waiting = waiting(talk, vendor, &verb).await?;
    let named = meaning.order_ref.as_deref().and_then(parse_order_number);
    let text = match (named, waiting.as_slice()) {
        (Some(number), orders) if orders.iter().any(|o| o.number == number) => ask(word, &number),
        (_, []) => "No order of yours waits for that now. ORDERS lists yours.".to_owned(),
        (_, [only]) => ask(word, &only.number),
        (_, several) => {
            let each: Vec<String> = several.iter().map(|o| format!("{word} {}", o.number)).collect();
            format!("Which order? Nothing was done yet. Reply {}.", each.join(" or "))
        }
    };
    let outcome = Outcome::Refused("NOT_CERTAIN".to_owned());
    talk.answer(outcome, State::Idle, vec![talk.words(text)]).await
}

fn ask(word: &str, number: &str) -> String {
    let reason = if word == "DECLINE" { " and why" } else { "" };
    format!("To be sure, reply {word} {number}{reason}. Nothing was done yet.")
}

/// His orders that wait for the verb; the first few of many.
async fn waiting(talk: &Talk<'_>, vendor: &Vendor, verb: &VendorVerb) -> Result<Vec<Order>, Fault> {
    let filter = Filter {
        vendor_id: Some(vendor.vendor_id.clone()),
        status: Some(verb.waits()),
        limit: 3,
        ..Filter::default()
    };
    let (orders, _) = list(talk.service.door.db().pool(), &filter).await?;
    Ok(orders)
}

/// Part of an order cannot be taken yet: a person has to split it.
async fn partly(
    talk: &Talk<'_>,
    vendor: &Vendor,
    meaning: &Meaning,
    heard: &Heard,
) -> Result<Finished, Fault> {
    let offered = waiting(talk, vendor, &VendorVerb::Accept).await?;
    let (about, stands) = match offered.as_slice() {
        [only] => (
            only.order_id.as_str(),
            format!(
                " {number} still waits for your answer as a whole: ACCEPT {number} or DECLINE {number}.",
                number = only.number
            ),
        ),
        [] => ("", String::new()),
        _ => (
            "",
            " Your offers still wait for an answer as a whole: ORDERS lists them.".to_owned(),
        ),
    };
    let text = format!(
        "Part of an order cannot be taken by message yet. {}Your message is kept for a person of our team to \
         read; nothing was accepted or declined by it.{stands}",
        things(meaning, heard)
    );
    let outcome = Outcome::NeedsHuman("PARTIAL_ACCEPT".to_owned());
    talk.answer_about(about, outcome, State::Idle, vec![talk.words(text)])
        .await
}

/// Prices and stock are not changed by message yet.
async fn update(talk: &Talk<'_>, meaning: &Meaning, heard: &Heard) -> Result<Finished, Fault> {
    let text = format!(
        "Prices and stock cannot be changed by message yet. {}Your message is kept for a person of our team to read; \
         nothing was changed by it.",
        things(meaning, heard)
    );
    let outcome = Outcome::NeedsHuman("STOCK_UPDATE".to_owned());
    talk.answer(outcome, State::Idle, vec![talk.words(text)]).await
}

/// What of the message was read, as a sentence with a blank behind it; empty when nothing was.
fn things(meaning: &Meaning, heard: &Heard) -> String {
    let mut read: Vec<String> = Vec::new();
    for line in &meaning.lines {
        let name = heard.product(&line.sku).name;
        let unit = line.unit.as_str();
        let amount = line
            .milli
            .map(|milli| format!("{} {unit} ", khaacho_money::Quantity::from_milli(milli)))
            .unwrap_or_default();
        let price = line
            .price_paisa
            .map(|paisa| format!(" at {} a {unit}", khaacho_money::Paisa::new(paisa)))
            .unwrap_or_default();
        read.push(format!("{amount}{name}{price}"));
    }
    let unclear = meaning.asks.iter().map(|ask| &ask.phrase);
    read.extend(unclear.map(|phrase| format!("\"{}\" (not clear which)", echo(phrase))));
    let without = meaning.exclude.iter().map(|named| &named.phrase);
    read.extend(without.map(|phrase| format!("without \"{}\"", echo(phrase))));
    if read.is_empty() {
        return String::new();
    }
    format!("We read: {}. ", read.join("; "))
}
