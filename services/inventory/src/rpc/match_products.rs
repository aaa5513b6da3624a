use std::collections::HashMap;

use khaacho_fault::Fault;
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::Rpc;
use crate::domain::catalogue_index::{Candidate, Match, Phrase, StatedUnit};
use crate::domain::sku::Sku;
use crate::store::match_products::{Terms, terms};

mod mentions;

pub(super) use mentions::mentioned;

/// Most phrases of a request.
const PHRASES_MAX: usize = 50;
/// Longest phrase in characters.
const PHRASE_LENGTH_MAX: usize = 200;
/// Longest text in bytes.
const TEXT_BYTES_MAX: usize = khaacho_text::TEXT_BYTES_MAX;

pub(super) async fn match_products(
    rpc: &Rpc,
    request: Request<pb::MatchProductsRequest>,
) -> Answer<pb::MatchProductsResponse> {
    let (ctx, body) = open(request)?;
    if !body.text.is_empty() {
        if !body.phrases.is_empty() {
            return Err(Fault::invalid("phrases", "must be empty when there is a text").into());
        }
        if body.text.len() > TEXT_BYTES_MAX {
            return Err(Fault::invalid("text", "must have at most 16384 bytes").into());
        }
        return mentions::of_text(rpc, &ctx, &body.text).await;
    }
    if !(1..=PHRASES_MAX).contains(&body.phrases.len()) {
        return Err(Fault::invalid("phrases", "must be 1 to 50").into());
    }
    let phrases = (0..).zip(body.phrases).map(|(index, given)| read(index, given));
    let phrases = phrases.collect::<Result<Vec<Phrase>, Fault>>()?;
    let index = rpc.catalogue.index().await?;
    let matches: Vec<Match> = phrases.iter().map(|phrase| index.matches(phrase)).collect();
    let all = matches
        .iter()
        .flat_map(|m| m.candidates.iter().chain(&m.suggestions));
    let mut skus: Vec<&str> = all.map(|candidate| candidate.product.sku.as_str()).collect();
    skus.sort_unstable();
    skus.dedup();
    let prices = terms(rpc.db(), &skus).await?;
    let told = phrases
        .iter()
        .zip(&matches)
        .map(|(phrase, found)| pb::ProductMatch {
            candidates: found.candidates.iter().map(|c| candidate(c, &prices)).collect(),
            unit: phrase
                .unit
                .map(|unit| unit.as_str().to_owned())
                .unwrap_or_default(),
            because: found.because.clone(),
            suggestions: found.suggestions.iter().map(|c| candidate(c, &prices)).collect(),
        });
    Ok(Response::new(pb::MatchProductsResponse {
        matches: told.collect(),
        catalogue_version: index.version(),
        ..Default::default()
    }))
}

fn read(index: usize, given: pb::MatchPhrase) -> Result<Phrase, Fault> {
    let field = |name: &str| format!("phrases[{index}].{name}");
    if given.phrase.chars().count() > PHRASE_LENGTH_MAX {
        return Err(Fault::invalid(
            field("phrase"),
            "must have at most 200 characters",
        ));
    }
    let quantity = match given.quantity.trim() {
        "" => None,
        text => {
            let quantity = text.parse::<Quantity>();
            Some(quantity.map_err(|error| Fault::invalid(field("quantity"), error.to_string()))?)
        }
    };
    Ok(Phrase {
        text: given.phrase,
        unit: StatedUnit::of_word(&given.unit),
        quantity,
    })
}

fn candidate(candidate: &Candidate, terms: &HashMap<Sku, Terms>) -> pb::MatchCandidate {
    let product = &candidate.product;
    pb::MatchCandidate {
        sku: product.sku.to_string(),
        name: product.name.clone(),
        default_unit: product.default_unit().to_string(),
        units: product.order_units.iter().map(|u| u.unit.to_string()).collect(),
        price_paisa: terms.get(&product.sku).map_or(0, |t| t.price.paisa()),
        score: u32::from(candidate.score),
    }
}
