//! Set-based inserts of products, vendors, offers and opening stock; the single verbs use them too.

use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use uuid::Uuid;

use super::{Stamp, catalogue};
use crate::domain::load_demo::{LoadDemo, Loaded};
use crate::domain::product::Product;
use crate::domain::vendor::Vendor;

const PRODUCTS: &str = "\
with added as (
    insert into inventory.product (sku, name, name_ne, category, brand, base_unit, pack_label, pack_quantity,
        vat_class, mrp_paisa, typical_wholesale_paisa, created_at)
    select p.*, $12
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::integer[],
        $9::text[], $10::bigint[], $11::bigint[]) as p
    on conflict on constraint product_pkey do nothing
    returning sku
), units as (
    insert into inventory.product_unit (sku, position, unit, factor)
    select u.sku, u.position, u.unit, u.factor
    from unnest($13::text[], $14::smallint[], $15::text[], $16::integer[]) as u(sku, position, unit, factor)
    join added on added.sku = u.sku
), aliases as (
    insert into inventory.product_alias (sku, position, alias)
    select a.sku, a.position, a.alias
    from unnest($17::text[], $18::smallint[], $19::text[]) as a(sku, position, alias)
    join added on added.sku = a.sku
)
select count(*) from added";

const VENDORS: &str = "\
insert into inventory.vendor (vendor_id, code, name, phone, municipality, latitude, longitude, opens, closes,
    active, language, language_given, created_at)
select v.*, $13
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::double precision[],
    $7::double precision[], $8::text[], $9::text[], $10::boolean[], $11::text[],
    $12::boolean[]) as v
on conflict do nothing";

const OFFERS: &str = "\
insert into inventory.offer (vendor_id, sku, price_paisa, lead_time_days, minimum_quantity, active,
    updated_at, updated_by)
select v.vendor_id, o.sku, o.price, o.lead_time, o.minimum, true, $6, $7
from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[])
    as o(code, sku, price, lead_time, minimum)
join inventory.vendor v on v.code = o.code
on conflict on constraint offer_pkey do nothing";

const STOCK: &str = "\
with opened as (
    insert into inventory.stock (vendor_id, sku, on_hand_milli, seq)
    select v.vendor_id, o.sku, o.stock, 1
    from unnest($1::text[], $2::text[], $3::bigint[]) as o(code, sku, stock)
    join inventory.vendor v on v.code = o.code
    on conflict on constraint stock_pkey do nothing
    returning vendor_id, sku, on_hand_milli
), written as (
    insert into inventory.stock_move (vendor_id, sku, seq, kind, on_hand_delta_milli, reserved_delta_milli,
        reason,
        actor, cause, trace_id, at)
    select s.vendor_id, s.sku, 1, 'opening', s.on_hand_milli, 0, 'demo data', $4, $5, $6, $7 from opened s
)
select count(*) from opened";

impl Transact for LoadDemo {
    type Reply = Loaded;
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Loaded, Fault> {
        let products = insert_products(tx, &self.products).await?;
        if products > 0 {
            catalogue::changed(tx).await?;
        }
        let vendors = insert_vendors(tx, &self.vendors).await?;
        let offers = self.insert_offers(tx).await?;
        let stock = self.open_stock(tx).await?;
        Ok(Loaded {
            products,
            vendors,
            offers,
            stock,
        })
    }
}

impl LoadDemo {
    async fn insert_offers(&self, tx: &mut Tx) -> Result<u64, Fault> {
        let stamp = Stamp::of(tx);
        let added = sqlx::query(OFFERS)
            .bind(
                self.offers
                    .iter()
                    .map(|o| o.vendor_code.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(self.offers.iter().map(|o| o.sku.as_str()).collect::<Vec<_>>())
            .bind(
                self.offers
                    .iter()
                    .map(|o| o.terms.price.paisa())
                    .collect::<Vec<_>>(),
            )
            .bind(
                self.offers
                    .iter()
                    .map(|o| integer(o.terms.lead_time_days))
                    .collect::<Vec<_>>(),
            )
            .bind(
                self.offers
                    .iter()
                    .map(|o| integer(o.terms.minimum_quantity))
                    .collect::<Vec<_>>(),
            )
            .bind(stamp.at)
            .bind(stamp.actor)
            .execute(tx.conn())
            .await?;
        Ok(added.rows_affected())
    }

    async fn open_stock(&self, tx: &mut Tx) -> Result<u64, Fault> {
        let stamp = Stamp::of(tx);
        let opened: i64 = sqlx::query_scalar(STOCK)
            .bind(
                self.offers
                    .iter()
                    .map(|o| o.vendor_code.as_str())
                    .collect::<Vec<_>>(),
            )
            .bind(self.offers.iter().map(|o| o.sku.as_str()).collect::<Vec<_>>())
            .bind(self.offers.iter().map(|o| o.stock.milli()).collect::<Vec<_>>())
            .bind(stamp.actor)
            .bind(stamp.cause)
            .bind(stamp.trace_id)
            .bind(stamp.at)
            .fetch_one(tx.conn())
            .await?;
        Ok(opened.unsigned_abs())
    }
}

/// Inserts those of the products whose keys are free, with units and aliases. Returns how many.
pub(super) async fn insert_products(tx: &mut Tx, products: &[Product]) -> Result<u64, Fault> {
    let at = tx.now();
    let text = |of: fn(&Product) -> &str| products.iter().map(of).collect::<Vec<&str>>();
    let units: Vec<_> = numbered(products, |p| &p.order_units);
    let aliases: Vec<_> = numbered(products, |p| &p.aliases);
    let added: i64 = sqlx::query_scalar(PRODUCTS)
        .bind(text(|p| p.sku.as_str()))
        .bind(text(|p| &p.name))
        .bind(text(|p| &p.name_ne))
        .bind(text(|p| &p.category))
        .bind(text(|p| &p.brand))
        .bind(text(|p| p.base_unit.as_str()))
        .bind(text(|p| &p.pack_label))
        .bind(
            products
                .iter()
                .map(|p| integer(p.pack_quantity))
                .collect::<Vec<_>>(),
        )
        .bind(text(|p| p.vat_class.as_str()))
        .bind(products.iter().map(|p| p.mrp.paisa()).collect::<Vec<_>>())
        .bind(
            products
                .iter()
                .map(|p| p.typical_wholesale.paisa())
                .collect::<Vec<_>>(),
        )
        .bind(at)
        .bind(units.iter().map(|(sku, _, _)| *sku).collect::<Vec<_>>())
        .bind(units.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
        .bind(
            units
                .iter()
                .map(|(_, _, unit)| unit.unit.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(
            units
                .iter()
                .map(|(_, _, unit)| integer(unit.factor))
                .collect::<Vec<_>>(),
        )
        .bind(aliases.iter().map(|(sku, _, _)| *sku).collect::<Vec<_>>())
        .bind(
            aliases
                .iter()
                .map(|(_, position, _)| *position)
                .collect::<Vec<_>>(),
        )
        .bind(
            aliases
                .iter()
                .map(|(_, _, alias)| alias.as_str())
                .collect::<Vec<_>>(),
        )
        .fetch_one(tx.conn())
        .await?;
    Ok(added.unsigned_abs())
}

/// Inserts those of the vendors whose codes and phones are free. Returns how many.
pub(super) async fn insert_vendors(tx: &mut Tx, vendors: &[Vendor]) -> Result<u64, Fault> {
    let at = tx.now();
    let text = |of: fn(&Vendor) -> &str| vendors.iter().map(of).collect::<Vec<&str>>();
    let added = sqlx::query(VENDORS)
        .bind(vendors.iter().map(|v| v.vendor_id.uuid()).collect::<Vec<Uuid>>())
        .bind(text(|v| &v.code))
        .bind(text(|v| &v.name))
        .bind(text(|v| v.phone.as_str()))
        .bind(text(|v| &v.municipality))
        .bind(vendors.iter().map(|v| v.latitude).collect::<Vec<_>>())
        .bind(vendors.iter().map(|v| v.longitude).collect::<Vec<_>>())
        .bind(vendors.iter().map(|v| v.opens.to_string()).collect::<Vec<_>>())
        .bind(vendors.iter().map(|v| v.closes.to_string()).collect::<Vec<_>>())
        .bind(vendors.iter().map(|v| v.active).collect::<Vec<_>>())
        .bind(text(|v| v.language.unwrap_or_default().as_str()))
        .bind(vendors.iter().map(|v| v.language.is_some()).collect::<Vec<_>>())
        .bind(at)
        .execute(tx.conn())
        .await?;
    Ok(added.rows_affected())
}

/// The parts of all products with their product and place in it.
fn numbered<T>(products: &[Product], parts: fn(&Product) -> &Vec<T>) -> Vec<(&str, i16, &T)> {
    let mut all = Vec::new();
    for product in products {
        all.extend(
            (0..)
                .zip(parts(product))
                .map(|(at, part)| (product.sku.as_str(), at, part)),
        );
    }
    all
}

/// Numbers of the domain have limits far below this one; a larger one meets a constraint.
fn integer(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
