//! What a whole message mentions.

use std::collections::{BTreeSet, HashMap};

use khaacho_fault::Fault;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, Ctx, Role};
use khaacho_text::{Measure, Unit};
use tonic::Response;

use crate::domain::catalogue_index::CatalogueIndex;
use crate::domain::matcher::{Fact, Found, How, Mention};
use crate::domain::sku::Sku;
use crate::rpc::Rpc;
use crate::store::match_products::{Terms, terms};

/// Products and places; prices and stock of those that can stand alone.
pub(super) async fn of_text(rpc: &Rpc, ctx: &Ctx, text: &str) -> Answer<pb::MatchProductsResponse> {
    let index = rpc.catalogue.index().await?;
    let found = index.find(text);
    let mut terms = terms(rpc.db(), &standing_alone(&found)).await?;
    // How much there is is no business of shops and of other wholesalers.
    if matches!(ctx.principal().role, Role::Retailer | Role::Vendor) {
        terms.values_mut().for_each(|t| t.available_milli = 0);
    }
    let products = found.products.iter().map(|fact| mentioned(fact, &index, &terms));
    let products = products.collect::<Result<_, Fault>>()?;
    Ok(Response::new(pb::MatchProductsResponse {
        products,
        mentions: found.mentions.iter().map(mention).collect(),
        catalogue_version: index.version(),
        ..Default::default()
    }))
}

/// Products of keys and aliases. A word that only narrows may describe half the catalogue.
fn standing_alone(found: &Found) -> Vec<&str> {
    let alone = found.mentions.iter().filter(|m| m.how != How::Word);
    let products: BTreeSet<u32> = alone.flat_map(|m| m.products.iter().copied()).collect();
    let sku = |at: u32| Some(found.products.get(at as usize)?.sku.as_str());
    products.into_iter().filter_map(sku).collect()
}

/// A product with its price and stock.
pub(in crate::rpc) fn mentioned(
    fact: &Fact,
    index: &CatalogueIndex,
    terms: &HashMap<Sku, Terms>,
) -> Result<pb::MentionedProduct, Fault> {
    let product = index
        .product(&fact.sku)
        .ok_or_else(|| Fault::bug("the matcher knows a product that the index lacks"))?;
    let size = |measure| fact.size.filter(|s| s.measure == measure).map_or(0, |s| s.amount);
    let terms = terms.get(&product.sku);
    let unit = |(unit, factor): &(Unit, u32)| pb::OrderUnit {
        unit: unit.to_string(),
        factor: *factor,
    };
    Ok(pb::MentionedProduct {
        sku: fact.sku.clone(),
        name: product.name.clone(),
        base_unit: fact.base_unit.to_string(),
        default_unit: fact.default_unit.to_string(),
        pack_quantity: fact.pack_quantity,
        order_units: fact.order_units.iter().map(unit).collect(),
        size_grams: size(Measure::Weight),
        size_millilitres: size(Measure::Volume),
        numbers: fact.numbers.clone(),
        price_paisa: terms.map_or(0, |t| t.price.paisa()),
        available_milli: terms.map_or(0, |t| t.available_milli),
    })
}

fn mention(found: &Mention) -> pb::ProductMention {
    let kind = match found.how {
        How::Key => pb::MentionKind::Key,
        How::Alias => pb::MentionKind::Alias,
        How::Word => pb::MentionKind::Word,
    };
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    pb::ProductMention {
        start: place(found.start),
        end: place(found.end),
        kind: kind.into(),
        score: found.score.into(),
        products: found.products.clone(),
        cut: found.cut,
    }
}
