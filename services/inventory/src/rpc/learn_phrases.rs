use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_ids::AccountId;
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse};
use crate::domain::alias::{PHRASE_LENGTH_MAX, key_of};
use crate::domain::catalogue_index::{CatalogueIndex, Phrase, StatedUnit};
use crate::domain::learn_phrases::{LearnPhrases, Learned, Unmatched};
use crate::domain::unit::Unit;

/// Most phrases of each kind.
const PHRASES_MAX: usize = 50;
/// No phrase may have cost more than this: an estimate shall not drown the rest.
const LOST_PAISA_MAX: i128 = 100_000_000_000;

pub(super) async fn learn_phrases(
    rpc: &Rpc,
    request: Request<pb::LearnPhrasesRequest>,
) -> Answer<pb::LearnPhrasesResponse> {
    let (ctx, body) = open(request)?;
    let account_id: AccountId = parse::field("account_id", &body.account_id)?;
    if body.learned.len() > PHRASES_MAX || body.unmatched.len() > PHRASES_MAX {
        return Err(Fault::invalid("learned", "and unmatched must be at most 50 each").into());
    }
    if body.cause_id.is_empty() || body.cause_id.len() > PHRASE_LENGTH_MAX {
        return Err(Fault::invalid("cause_id", "is mandatory").into());
    }
    let learned = (0..)
        .zip(&body.learned)
        .filter_map(|(n, given)| learned(n, given));
    let mut learned = learned.collect::<Result<Vec<_>, Fault>>()?;
    learned.sort_by(|a, b| (&a.key, &a.sku).cmp(&(&b.key, &b.sku)));
    learned.dedup_by(|a, b| (&a.key, &a.sku) == (&b.key, &b.sku));
    // A basket with two meanings of one phrase teaches neither.
    let keys: Vec<String> = learned.iter().map(|l| l.key.clone()).collect();
    learned.retain(|l| keys.iter().filter(|key| **key == l.key).count() == 1);
    let index = rpc.catalogue.index().await?;
    let unmatched = body.unmatched.iter().filter_map(|given| unmatched(&index, given));
    let command = LearnPhrases {
        account_id,
        learned,
        unmatched: unmatched.collect(),
        cause: body.cause_id,
        promote_after: rpc.promote_after,
    };
    let missed = command.unmatched.len();
    let done = durable::run(&rpc.door, &ctx, command).await?;
    metrics::counter!("phrases_learned_total", "result" => "own").increment(done.reply.learned.into());
    metrics::counter!("phrases_learned_total", "result" => "promoted").increment(done.reply.promoted.into());
    metrics::counter!("phrases_learned_total", "result" => "unmatched")
        .increment(u64::try_from(missed).unwrap_or_default());
    Ok(Response::new(pb::LearnPhrasesResponse {
        promoted: done.reply.promoted,
    }))
}

/// `None` for a phrase without words.
fn learned(n: usize, given: &pb::LearnedPhrase) -> Option<Result<Learned, Fault>> {
    let key = key_of(&given.phrase);
    if key.is_empty() {
        return None;
    }
    if given.phrase.chars().count() > PHRASE_LENGTH_MAX {
        let field = format!("learned[{n}].phrase");
        return Some(Err(Fault::invalid(field, "must have at most 200 characters")));
    }
    let sku = parse::sku(&format!("learned[{n}].sku"), &given.sku);
    Some(sku.map(|sku| Learned {
        phrase: given.phrase.trim().to_owned(),
        key,
        sku,
    }))
}

fn unmatched(index: &CatalogueIndex, given: &pb::UnmatchedPhrase) -> Option<Unmatched> {
    let phrase: String = given.phrase.trim().chars().take(PHRASE_LENGTH_MAX).collect();
    let key = key_of(&phrase);
    (!key.is_empty()).then(|| Unmatched {
        lost_paisa: lost(index, &phrase, given),
        phrase,
        key,
    })
}

/// Quantity times the price of the nearest product, or of the catalogue's median; nothing when no quantity was stated.
fn lost(index: &CatalogueIndex, phrase: &str, given: &pb::UnmatchedPhrase) -> i64 {
    let asked = Phrase {
        text: phrase.to_owned(),
        unit: StatedUnit::of_word(&given.unit),
        quantity: (given.quantity_milli > 0).then(|| Quantity::from_milli(given.quantity_milli)),
    };
    let found = index.matches(&asked);
    let near = found.candidates.first().or(found.suggestions.first());
    let (price, factor) = match near {
        Some(near) => {
            let unit = Unit::of_word(&given.unit).unwrap_or_else(|| near.product.default_unit());
            let factor = near.product.factor(unit).unwrap_or(1);
            (near.product.typical_wholesale.paisa(), factor)
        }
        None => (index.median_price(), 1),
    };
    let paisa = i128::from(given.quantity_milli.max(0)) * i128::from(price) * i128::from(factor) / 1000;
    i64::try_from(paisa.clamp(0, LOST_PAISA_MAX)).unwrap_or_default()
}
