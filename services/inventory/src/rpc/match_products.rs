use std::collections::HashMap;

use khaacho_fault::Fault;
use khaacho_money::{Paisa, Quantity};
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use khaacho_text::{Measure, Size, TEXT_BYTES_MAX};
use tonic::{Request, Response};

use super::Rpc;
use crate::domain::matcher::{Candidate, Described, Fact, How, Match, Matcher, Mention, Phrase, StatedUnit};
use crate::domain::sku::Sku;
use crate::store;

/// Most phrases of a request.
const PHRASES_MAX: usize = 50;
/// Longest phrase in characters.
const PHRASE_LENGTH_MAX: usize = 200;
/// Most products of an answer to a text.
const PRODUCTS_MAX: usize = 2_000;

type Prices = HashMap<Sku, Paisa>;

pub(super) async fn match_products(
    rpc: &Rpc,
    request: Request<pb::MatchProductsRequest>,
) -> Answer<pb::MatchProductsResponse> {
    let (_, body) = open(request)?;
    let told = if body.text.is_empty() {
        phrases(rpc, body.phrases).await?
    } else if body.phrases.is_empty() {
        text(rpc, &body.text).await?
    } else {
        return Err(Fault::invalid("text", "either a text or phrases").into());
    };
    Ok(Response::new(told))
}

/// What each phrase means.
async fn phrases(rpc: &Rpc, given: Vec<pb::MatchPhrase>) -> Result<pb::MatchProductsResponse, Fault> {
    if !(1..=PHRASES_MAX).contains(&given.len()) {
        return Err(Fault::invalid("phrases", "must be 1 to 50"));
    }
    let phrases = (0..).zip(given).map(|(index, given)| read(index, given));
    let phrases = phrases.collect::<Result<Vec<Phrase>, Fault>>()?;
    let known = rpc.catalogue.known().await?;
    let matches: Vec<Match<'_>> = phrases
        .iter()
        .map(|phrase| known.matcher.matches(phrase))
        .collect();
    let all = matches
        .iter()
        .flat_map(|m| m.candidates.iter().chain(&m.suggestions));
    let skus = all.map(|candidate| key(&candidate.product.sku)).collect();
    let prices = prices(rpc, skus).await?;
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
    Ok(pb::MatchProductsResponse {
        matches: told.collect(),
        ..Default::default()
    })
}

/// Everything that a message mentions.
async fn text(rpc: &Rpc, text: &str) -> Result<pb::MatchProductsResponse, Fault> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Fault::invalid("text", "must have at most 16,384 bytes"));
    }
    let known = rpc.catalogue.known().await?;
    let found = known.matcher.find(text).bounded(PRODUCTS_MAX);
    let skus = found.products.iter().map(|fact| key(&fact.sku)).collect();
    let prices = prices(rpc, skus).await?;
    let products = found
        .products
        .into_iter()
        .map(|fact| mentioned(fact, &known.matcher, &prices))
        .collect();
    Ok(pb::MatchProductsResponse {
        matches: Vec::new(),
        products,
        mentions: found.mentions.into_iter().map(mention).collect(),
    })
}

async fn prices(rpc: &Rpc, mut skus: Vec<Sku>) -> Result<Prices, Fault> {
    skus.sort_unstable();
    skus.dedup();
    let skus: Vec<&Sku> = skus.iter().collect();
    store::match_products::lowest_prices(rpc.db(), &skus).await
}

/// The key of a product of the matcher, which has it from the database.
fn key(sku: &str) -> Sku {
    Sku::stored(sku.to_owned())
}

fn price(sku: &str, prices: &Prices) -> i64 {
    prices.get(&key(sku)).map_or(0, |price| price.paisa())
}

fn read(index: usize, given: pb::MatchPhrase) -> Result<Phrase, Fault> {
    let field = |name: &str| format!("phrases[{index}].{name}");
    if given.phrase.chars().count() > PHRASE_LENGTH_MAX {
        return Err(Fault::invalid(
            field("phrase"),
            "must have at most 200 characters",
        ));
    }
    let milli = match given.quantity.trim() {
        "" => None,
        text => {
            let quantity = text.parse::<Quantity>();
            let quantity = quantity.map_err(|error| Fault::invalid(field("quantity"), error.to_string()))?;
            Some(quantity.milli())
        }
    };
    Ok(Phrase {
        text: given.phrase,
        unit: StatedUnit::of_word(&given.unit),
        milli,
    })
}

fn candidate(candidate: &Candidate<'_>, prices: &Prices) -> pb::MatchCandidate {
    let product = candidate.product;
    pb::MatchCandidate {
        sku: product.sku.clone(),
        name: product.name.clone(),
        default_unit: product.default_unit.to_string(),
        units: product.order_units.iter().map(|(u, _)| u.to_string()).collect(),
        price_paisa: price(&product.sku, prices),
        score: u32::from(candidate.score),
    }
}

fn mention(found: Mention) -> pb::Mention {
    let kind = match found.how {
        How::Key => pb::MentionKind::Key,
        How::Alias => pb::MentionKind::Alias,
        How::Word => pb::MentionKind::Word,
    };
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    pb::Mention {
        start: place(found.start),
        end: place(found.end),
        kind: kind.into(),
        score: u32::from(found.score),
        products: found.products,
        cut: found.cut,
    }
}

fn mentioned(fact: Fact, matcher: &Matcher, prices: &Prices) -> pb::MentionedProduct {
    let name = matcher
        .product(&fact.sku)
        .map_or(String::new(), |p: &Described| p.name.clone());
    let unit = |(unit, factor): (khaacho_text::Unit, u32)| pb::OrderUnit {
        unit: unit.to_string(),
        factor,
    };
    pb::MentionedProduct {
        price_paisa: price(&fact.sku, prices),
        sku: fact.sku,
        name,
        base_unit: fact.base_unit.to_string(),
        default_unit: fact.default_unit.to_string(),
        pack_quantity: fact.pack_quantity,
        order_units: fact.order_units.into_iter().map(unit).collect(),
        size: fact.size.map(size),
        numbers: fact.numbers,
    }
}

fn size(size: Size) -> pb::PackSize {
    match size.measure {
        Measure::Weight => pb::PackSize {
            grams: size.amount,
            millilitres: 0,
        },
        Measure::Volume => pb::PackSize {
            grams: 0,
            millilitres: size.amount,
        },
    }
}
