use khaacho_fault::{Fault, Kind};
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::inventory::v1::catalog_service_client::CatalogServiceClient;
use khaacho_rpc::Ctx;
use khaacho_text::{Measure, Size, Unit};

use super::Peers;
use crate::domain::basket::{Goods, OPTIONS_MAX, Shelf, SoldIn};
use crate::domain::interpret::{Fact, How, Mention, Mentions};

/// Keys that are read as one text; a text has at most 16 KiB.
const KEYS_AT_ONCE: usize = 100;
/// Longest key of a product.
const KEY_BYTES_MAX: usize = 40;

/// What the catalogue finds in a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What stands where.
    pub mentions: Mentions,
    /// The products with their names, prices and stock.
    pub shelf: Shelf,
    /// Version of the catalogue that was asked.
    pub catalogue: i64,
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
            catalogue: found.catalogue_version,
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
            all.map(|candidate| candidate.sku).take(OPTIONS_MAX).collect()
        };
        let near: Vec<Vec<String>> = found.matches.into_iter().map(near).collect();
        // A suggestion does not say its units.
        let keys: Vec<&str> = near.iter().flatten().map(String::as_str).collect();
        let shelf = self.shelf_of(ctx, &keys).await?;
        let goods = |keys: Vec<String>| keys.iter().filter_map(|key| shelf.get(key)).cloned().collect();
        Ok(near.into_iter().map(goods).collect())
    }

    /// The products with these keys; keys of none are left out.
    pub async fn shelf_of(&self, ctx: &Ctx, keys: &[&str]) -> Result<Shelf, Fault> {
        let mut wanted: Vec<&str> = keys.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|key| !key.is_empty() && key.len() <= KEY_BYTES_MAX);
        let mut shelf = Shelf::new();
        for keys in wanted.chunks(KEYS_AT_ONCE) {
            // A text of nothing but keys tells their products.
            let read = self.read(ctx, &keys.join(" ")).await?;
            shelf.extend(
                read.shelf
                    .into_iter()
                    .filter(|(sku, _)| keys.contains(&sku.as_str())),
            );
        }
        for key in wanted {
            // A key without a hyphen is not known for one in a text.
            if !shelf.contains_key(key)
                && let Some(goods) = self.product(ctx, key).await?
            {
                shelf.insert(key.to_owned(), goods);
            }
        }
        Ok(shelf)
    }

    /// The active product with this key, without its price.
    async fn product(&self, ctx: &Ctx, sku: &str) -> Result<Option<Goods>, Fault> {
        let asked = inventory::GetProductRequest { sku: sku.to_owned() };
        let found = CatalogServiceClient::new(self.inventory.clone())
            .get_product(ctx.outgoing(asked))
            .await;
        let found = match found.map_err(Fault::from) {
            Ok(found) => found.into_inner().product,
            Err(fault) if matches!(fault.kind(), Kind::NotFound | Kind::Invalid) => None,
            Err(fault) => return Err(fault),
        };
        let active = found.filter(|product| product.active);
        Ok(active.map(|product| Goods {
            sku: product.sku,
            name: product.name,
            default_unit: product.base_unit,
            units: product.order_units.iter().map(sold).collect(),
            ..Goods::default()
        }))
    }
}

fn misplaced() -> Fault {
    Fault::bug("the catalogue mentions something outside of the text or of its products")
}

/// A product as a conversation keeps it.
pub(super) fn goods(product: &inventory::MentionedProduct) -> Goods {
    Goods {
        sku: product.sku.clone(),
        name: product.name.clone(),
        price_paisa: product.price_paisa,
        available_milli: product.available_milli,
        default_unit: product.default_unit.clone(),
        units: product.order_units.iter().map(sold).collect(),
    }
}

fn sold(unit: &inventory::OrderUnit) -> SoldIn {
    SoldIn {
        unit: unit.unit.clone(),
        factor: unit.factor,
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
