use khaacho_durable as durable;
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::inventory::v1 as pb;
use khaacho_rpc::{Answer, open};
use tonic::{Request, Response};

use super::{Rpc, parse, render};
use crate::domain::create_product::CreateProduct;
use crate::domain::flaw::Flaws;
use crate::domain::product::{OrderUnit, Product, VatClass};
use crate::domain::unit::Unit;

pub(super) async fn create_product(
    rpc: &Rpc,
    request: Request<pb::CreateProductRequest>,
) -> Answer<pb::CreateProductResponse> {
    let (ctx, body) = open(request)?;
    let ctx = ctx.requested(&body.request_id)?;
    let product = read(
        body.product
            .ok_or_else(|| Fault::invalid("product", "is mandatory"))?,
    )?;
    let done = durable::run(&rpc.door, &ctx, CreateProduct { product }).await?;
    rpc.products.invalidate(done.reply.sku.as_str()).await;
    if let Err(fault) = rpc.catalogue.refresh().await {
        // the product is stored; the index finds it with its next look
        tracing::warn!(error = ?fault, "the catalogue in memory is old for a moment");
    }
    Ok(Response::new(pb::CreateProductResponse {
        product: Some(render::product(done.reply)),
    }))
}

/// The product of the request, or everything that is wrong with it.
fn read(given: pb::Product) -> Result<Product, Fault> {
    let mut flaws = Flaws::new();
    let vat_class = given.vat_class();
    let sku = flaws.keep("product.sku", given.sku.parse());
    let base_unit = unit(&mut flaws, "product.base_unit", &given.base_unit);
    let mut order_units = Vec::with_capacity(given.order_units.len());
    for (index, wanted) in given.order_units.iter().enumerate() {
        let found = unit(
            &mut flaws,
            &format!("product.order_units[{index}].unit"),
            &wanted.unit,
        );
        order_units.extend(found.map(|unit| OrderUnit {
            unit,
            factor: wanted.factor,
        }));
    }
    let vat_class = match vat_class {
        pb::VatClass::Standard => Some(VatClass::Standard),
        pb::VatClass::Exempt => Some(VatClass::Exempt),
        pb::VatClass::Unspecified => None,
    };
    flaws.unless(vat_class.is_some(), "product.vat_class", "standard or exempt");
    let (Some(sku), Some(base_unit), Some(vat_class), true) = (sku, base_unit, vat_class, flaws.is_empty())
    else {
        parse::flawless(flaws)?;
        return Err(Fault::bug("a product without flaws could not be read"));
    };
    let product = Product {
        sku,
        name: given.name.trim().to_owned(),
        name_ne: given.name_ne.trim().to_owned(),
        category: given.category.trim().to_owned(),
        brand: given.brand.trim().to_owned(),
        base_unit,
        pack_label: given.pack_label.trim().to_owned(),
        pack_quantity: given.pack_quantity,
        order_units,
        vat_class,
        mrp: Paisa::new(given.mrp_paisa),
        typical_wholesale: Paisa::new(given.typical_wholesale_paisa),
        aliases: given
            .aliases
            .into_iter()
            .map(|alias| alias.trim().to_owned())
            .collect(),
        active: true,
        version: 1,
    };
    parse::flawless(product.flaws())?;
    Ok(product)
}

fn unit(flaws: &mut Flaws, field: &str, word: &str) -> Option<Unit> {
    let unit = Unit::of_word(word);
    flaws.unless(unit.is_some(), field, "a unit such as packet, carton, kg or sack");
    unit
}
