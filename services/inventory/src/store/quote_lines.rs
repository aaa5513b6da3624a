use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use khaacho_durable::Together;
use khaacho_fault::Fault;
use khaacho_money::{Paisa, Quantity};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::search_products;
use super::vendors::VendorRow;
use crate::domain::LINES_MAX;
use crate::domain::product::Product;
use crate::domain::quote_lines::Price;
use crate::domain::sku::Sku;
use crate::domain::vendor::Vendor;

/// Everything that anybody offers or has offered of the products. Withdrawn offers count for the version
/// only. At most a basket of a hundred products at a thousand vendors. Not ordered here: an order by the vendors' code lets a planner without statistics walk through all vendors.
pub(super) const OFFERS: &str = "\
select v.*, o.sku, o.price_paisa, o.lead_time_days, o.minimum_quantity, o.version as offer_version,
    o.active and v.active as offered, coalesce(s.on_hand_milli - s.reserved_milli, 0) as available_milli
from inventory.offer o
join inventory.vendor v on v.vendor_id = o.vendor_id
left join inventory.stock s on s.vendor_id = o.vendor_id and s.sku = o.sku
where o.sku = any($1)
limit 100000";
/// Offers that are read at most, as in [`OFFERS`].
const OFFERS_MAX: usize = 100_000;

#[derive(Debug, FromRow)]
struct Row {
    #[sqlx(flatten)]
    vendor: VendorRow,
    vendor_id: Uuid,
    sku: String,
    price_paisa: i64,
    lead_time_days: i32,
    minimum_quantity: i32,
    offer_version: i64,
    offered: bool,
    available_milli: i64,
}

/// What the vendors ask for some products.
#[derive(Debug, Default)]
pub(crate) struct Offered {
    /// Active vendors by code, each with at least one active offer.
    pub(crate) vendors: Vec<(Vendor, Vec<Price>)>,
    /// Sum of the versions of all offers of the products: every change of one makes it larger.
    pub(crate) version: i64,
}

/// What is known about the products of one basket.
#[derive(Debug)]
pub(crate) struct Basket {
    /// The active ones.
    pub(crate) products: HashMap<Sku, Product>,
    /// Who sells them.
    pub(crate) offered: Offered,
}

/// Baskets by their products, read for many callers at once.
pub(crate) type Baskets = Together<Vec<Sku>, Basket>;

/// Reads for [`Baskets`]; the products of each are in their order. Two queries for all of them, and two more whenever they
/// have more products than one may have.
pub(crate) fn baskets(pool: PgPool, asked: Vec<Vec<Sku>>) -> BoxFuture<'static, Result<Vec<Basket>, Fault>> {
    Box::pin(async move {
        let mut found = Vec::with_capacity(asked.len());
        let mut rest = asked.as_slice();
        while !rest.is_empty() {
            let mut lines = 0;
            let fits = |basket: &&Vec<Sku>| {
                let first = lines == 0;
                lines += basket.len();
                first || lines <= LINES_MAX
            };
            let count = rest.iter().take_while(fits).count();
            let (these, later) = rest.split_at(count);
            match read(&pool, these).await? {
                Some(baskets) => found.extend(baskets),
                None => {
                    for basket in these {
                        let one = read(&pool, std::slice::from_ref(basket)).await?;
                        found.extend(one.unwrap_or_default());
                    }
                }
            }
            rest = later;
        }
        Ok(found)
    })
}

/// `None` when several baskets have more offers than are read.
async fn read(pool: &PgPool, baskets: &[Vec<Sku>]) -> Result<Option<Vec<Basket>>, Fault> {
    let skus: BTreeSet<&Sku> = baskets.iter().flatten().collect();
    let names: Vec<&str> = skus.iter().map(|sku| sku.as_str()).collect();
    let products = search_products::active_products(pool, skus.iter().copied());
    let rows = async {
        Ok(sqlx::query_as::<_, Row>(OFFERS)
            .bind(names)
            .fetch_all(pool)
            .await?)
    };
    let (products, mut rows) = tokio::try_join!(products, rows)?;
    if baskets.len() > 1 && rows.len() >= OFFERS_MAX {
        return Ok(None);
    }
    rows.sort_by(|a, b| (&a.vendor.code, &a.sku).cmp(&(&b.vendor.code, &b.sku)));
    let one = |basket: &Vec<Sku>| {
        let known = |sku: &Sku| Some((sku.clone(), products.get(sku)?.clone()));
        Ok(Basket {
            products: basket.iter().filter_map(known).collect(),
            offered: offered(&rows, basket)?,
        })
    };
    baskets.iter().map(one).collect::<Result<_, Fault>>().map(Some)
}

/// Prices and stock of these products at all active vendors; the rows are in the order of vendors and products.
fn offered(rows: &[Row], skus: &[Sku]) -> Result<Offered, Fault> {
    let mut found = Offered::default();
    let mut last = None;
    let asked = |row: &&Row| skus.binary_search_by(|sku| sku.as_str().cmp(&row.sku)).is_ok();
    for row in rows.iter().filter(asked) {
        found.version = found.version.saturating_add(row.offer_version);
        if !row.offered {
            continue;
        }
        let price = Price {
            sku: Sku::stored(row.sku.clone()),
            price: Paisa::new(row.price_paisa),
            lead_time_days: row.lead_time_days.unsigned_abs(),
            minimum_quantity: row.minimum_quantity.unsigned_abs(),
            available: Quantity::from_milli(row.available_milli),
        };
        if last != Some(row.vendor_id) {
            found.vendors.push((row.vendor.clone().try_into()?, Vec::new()));
            last = Some(row.vendor_id);
        }
        if let Some((_, prices)) = found.vendors.last_mut() {
            prices.push(price);
        }
    }
    Ok(found)
}
