use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::catalog_service_client::CatalogServiceClient;
use khaacho_rpc::Ctx;
use khaacho_text::{Measure, Size, Unit};

use super::Peers;
use crate::domain::basket::Product;
use crate::domain::heard::Heard;
use crate::domain::interpret::{Fact, How, Mention, Mentions};

/// Characters of a phrase that are looked up.
const PHRASE_LENGTH_MAX: usize = 200;
/// Phrases that are looked up at once.
const PHRASES_MAX: usize = 50;

impl Peers {
    /// Looks up everything that a text mentions; of a longer one than the catalogue reads, its beginning.
    pub async fn hear(&self, ctx: &Ctx, text: &str) -> Result<Heard, Fault> {
        let text = &text[..text.floor_char_boundary(khaacho_text::TEXT_BYTES_MAX)];
        if text.trim().is_empty() {
            return Ok(Heard::default());
        }
        let asked = inventory::MatchProductsRequest {
            phrases: Vec::new(),
            text: text.to_owned(),
        };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .match_products(ctx.outgoing(asked))
            .await?
            .into_inner();
        let products = found
            .products
            .iter()
            .map(|p| (p.sku.clone(), product(p)))
            .collect();
        let mentions = found.mentions.into_iter().map(mention).collect::<Vec<_>>();
        let facts = found
            .products
            .into_iter()
            .map(fact)
            .collect::<Result<Vec<_>, Fault>>()?;
        let fits = |m: &Mention| {
            text.get(m.start..m.end).is_some_and(|words| !words.is_empty())
                && m.products.iter().all(|p| (*p as usize) < facts.len())
        };
        if !mentions.iter().all(fits) {
            return Err(Fault::bug("the catalogue found something outside of the text"));
        }
        Ok(Heard {
            mentions: Mentions {
                products: facts,
                mentions,
            },
            products,
        })
    }

    /// Products that may be meant by phrases that name none, in the order of the phrases.
    pub async fn near(&self, ctx: &Ctx, phrases: &[String]) -> Result<Vec<Vec<Product>>, Fault> {
        let wanted = phrases.iter().take(PHRASES_MAX);
        let phrase = |text: &String| inventory::MatchPhrase {
            phrase: text.chars().take(PHRASE_LENGTH_MAX).collect(),
            unit: String::new(),
            quantity: String::new(),
        };
        let asked = inventory::MatchProductsRequest {
            phrases: wanted.map(phrase).collect(),
            text: String::new(),
        };
        if asked.phrases.is_empty() {
            return Ok(Vec::new());
        }
        let found = CatalogServiceClient::new(self.inventory.clone())
            .match_products(ctx.outgoing(asked))
            .await?
            .into_inner();
        let near = |m: inventory::ProductMatch| {
            let all = m.candidates.into_iter().chain(m.suggestions).take(5);
            all.map(candidate).collect()
        };
        Ok(found.matches.into_iter().map(near).collect())
    }
}

fn candidate(found: inventory::MatchCandidate) -> Product {
    Product {
        sku: found.sku,
        name: found.name,
        price_paisa: found.price_paisa,
        units: found.units,
    }
}

fn product(found: &inventory::MentionedProduct) -> Product {
    Product {
        sku: found.sku.clone(),
        name: found.name.clone(),
        price_paisa: found.price_paisa,
        units: found.order_units.iter().map(|u| u.unit.clone()).collect(),
    }
}

fn fact(found: inventory::MentionedProduct) -> Result<Fact, Fault> {
    let unit = |word: &str| {
        Unit::of_canonical(word)
            .ok_or_else(|| Fault::bug(format!("{word} is no unit that this service knows")))
    };
    let order_units = found
        .order_units
        .iter()
        .map(|u| Ok((unit(&u.unit)?, u.factor)))
        .collect::<Result<_, Fault>>()?;
    Ok(Fact {
        base_unit: unit(&found.base_unit)?,
        default_unit: unit(&found.default_unit)?,
        sku: found.sku,
        pack_quantity: found.pack_quantity,
        order_units,
        size: found.size.and_then(|s| size(&s)),
        numbers: found.numbers,
    })
}

fn size(size: &inventory::PackSize) -> Option<Size> {
    let (measure, amount) = match (size.grams, size.millilitres) {
        (grams @ 1.., _) => (Measure::Weight, grams),
        (_, millilitres @ 1..) => (Measure::Volume, millilitres),
        _ => return None,
    };
    Some(Size { measure, amount })
}

fn mention(found: inventory::Mention) -> Mention {
    let how = match found.kind() {
        inventory::MentionKind::Key => How::Key,
        inventory::MentionKind::Alias => How::Alias,
        // what is not known to this version can only narrow
        inventory::MentionKind::Word | inventory::MentionKind::Unspecified => How::Word,
    };
    Mention {
        start: found.start as usize,
        end: found.end as usize,
        how,
        score: u16::try_from(found.score).unwrap_or(0),
        products: found.products,
        cut: found.cut,
    }
}
