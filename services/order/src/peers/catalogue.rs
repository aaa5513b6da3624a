use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::catalog_service_client::CatalogServiceClient;
use khaacho_rpc::Ctx;
use khaacho_text::{Measure, Size, Unit};

use super::Peers;
use crate::domain::basket::{Goods, Shelf, SoldIn};
use crate::domain::interpret::{Fact, How, Mention, Mentions};

/// What the catalogue finds in a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What stands where.
    pub mentions: Mentions,
    /// The products with their names, prices and stock.
    pub shelf: Shelf,
}

impl Peers {
    /// What a message mentions.
    pub async fn read(&self, ctx: &Ctx, text: &str) -> Result<Reading, Fault> {
        let asked = inventory::MatchProductsRequest {
            text: text.to_owned(),
            ..Default::default()
        };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .match_products(ctx.outgoing(asked))
            .await?
            .into_inner();
        let count = found.products.len();
        let shelf = found.products.iter().map(|p| (p.sku.clone(), goods(p))).collect();
        let products = found
            .products
            .into_iter()
            .map(fact)
            .collect::<Result<_, Fault>>()?;
        let mentions = found.mentions.into_iter().map(|m| mention(m, text));
        let mentions: Vec<Mention> = mentions.collect::<Option<_>>().ok_or_else(misplaced)?;
        let inside = |m: &Mention| m.products.iter().all(|p| (*p as usize) < count);
        if !mentions.iter().all(inside) {
            return Err(misplaced());
        }
        Ok(Reading {
            mentions: Mentions { products, mentions },
            shelf,
        })
    }

    /// Products that are near each of the phrases, of which none is known.
    pub async fn near(&self, ctx: &Ctx, phrases: &[&str]) -> Result<Vec<Vec<Goods>>, Fault> {
        let phrase = |phrase: &&str| inventory::MatchPhrase {
            phrase: phrase.chars().take(200).collect(),
            ..Default::default()
        };
        let asked = inventory::MatchProductsRequest {
            phrases: phrases.iter().map(phrase).collect(),
            ..Default::default()
        };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .match_products(ctx.outgoing(asked))
            .await?
            .into_inner();
        if found.matches.len() != phrases.len() {
            return Err(Fault::bug("the catalogue answered another number of phrases"));
        }
        let near = |m: inventory::ProductMatch| -> Vec<String> {
            let all = m.candidates.into_iter().chain(m.suggestions);
            all.map(|candidate| candidate.sku).collect()
        };
        let near: Vec<Vec<String>> = found.matches.into_iter().map(near).collect();
        let keys = near.concat();
        if keys.is_empty() {
            return Ok(vec![Vec::new(); phrases.len()]);
        }
        // A suggestion does not say its units; a text of nothing but keys does.
        let shelf = self.read(ctx, &keys.join(" ")).await?.shelf;
        let goods = |keys: Vec<String>| keys.iter().filter_map(|key| shelf.get(key)).cloned().collect();
        Ok(near.into_iter().map(goods).collect())
    }
}

fn misplaced() -> Fault {
    Fault::bug("the catalogue mentions something outside of the text or of its products")
}

/// A product as a conversation keeps it.
pub(super) fn goods(product: &inventory::MentionedProduct) -> Goods {
    let sold = |u: &inventory::OrderUnit| SoldIn {
        unit: u.unit.clone(),
        factor: u.factor,
    };
    Goods {
        sku: product.sku.clone(),
        name: product.name.clone(),
        price_paisa: product.price_paisa,
        available_milli: product.available_milli,
        default_unit: product.default_unit.clone(),
        units: product.order_units.iter().map(sold).collect(),
    }
}

fn fact(product: inventory::MentionedProduct) -> Result<Fact, Fault> {
    let unit = |word: &str| {
        Unit::of_canonical(word).ok_or_else(|| Fault::bug(format!("the catalogue sells by {word:?}")))
    };
    let order_units = product.order_units.iter().map(|u| Ok((unit(&u.unit)?, u.factor)));
    let size = match (product.size_grams, product.size_millilitres) {
        (grams, _) if grams > 0 => Some((Measure::Weight, grams)),
        (_, millilitres) if millilitres > 0 => Some((Measure::Volume, millilitres)),
        _ => None,
    };
    Ok(Fact {
        base_unit: unit(&product.base_unit)?,
        default_unit: unit(&product.default_unit)?,
        pack_quantity: product.pack_quantity,
        order_units: order_units.collect::<Result<_, Fault>>()?,
        size: size.map(|(measure, amount)| Size { measure, amount }),
        numbers: product.numbers,
        sku: product.sku,
    })
}

/// `None` when it does not stand in the text.
fn mention(found: inventory::ProductMention, text: &str) -> Option<Mention> {
    let how = match found.kind() {
        inventory::MentionKind::Key => How::Key,
        inventory::MentionKind::Alias => How::Alias,
        inventory::MentionKind::Word | inventory::MentionKind::Unspecified => How::Word,
    };
    let (start, end) = (found.start as usize, found.end as usize);
    text.get(start..end)?;
    Some(Mention {
        start,
        end,
        how,
        score: u16::try_from(found.score).unwrap_or(0),
        products: found.products,
        cut: found.cut,
    })
}
