//! What the demonstration offers, asked for and not assumed.

use std::time::Duration;

use khaacho_ids::{AccountId, VendorId};
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use crate::{Rest, TestMesh, eventually};

/// A shop.
#[derive(Debug, Clone)]
pub struct Shop {
    /// `acc_…`.
    pub account_id: String,
    /// Code, `R004`.
    pub code: String,
    /// Name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// Credit limit, in paisa.
    pub limit_paisa: i64,
    /// Days from delivery to the due date.
    pub terms_days: i64,
}

/// A vendor.
#[derive(Debug, Clone)]
pub struct Vendor {
    /// `ven_…`.
    pub vendor_id: String,
    /// Name.
    pub name: String,
    /// E.164.
    pub phone: String,
}

/// A product that can be named without doubt.
#[derive(Debug, Clone)]
pub struct Product {
    /// Key.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Words that mean this product and no other.
    pub alias: String,
    /// VAT, in basis points.
    pub vat_bp: i64,
}

/// Products that one vendor has all.
#[derive(Debug, Clone)]
pub struct Basket {
    /// One that is free of VAT and one that is not.
    pub products: Vec<Product>,
}

impl Basket {
    /// An order of two of the first by its key, and three of the second by its name.
    pub fn text(&self) -> String {
        format!("{} x 2, 3 {}", self.products[0].sku, self.products[1].alias)
    }

    /// The same as lines of a request.
    pub fn lines(&self) -> Value {
        json!([
            { "sku": self.products[0].sku, "quantity": "2" },
            { "sku": self.products[1].sku, "quantity": "3" },
        ])
    }
}

/// Shops by credit limit, the largest first; `language` picks those that read it.
pub async fn shops(mesh: &TestMesh, language: &str) -> Vec<Shop> {
    let rows = sqlx::query(
        "select a.id, a.code, a.shop_name, p.phone, a.limit_paisa, a.terms_days
         from credit.account a join credit.account_phone p on p.account_id = a.id and p.position = 1
         where a.language = $1 order by a.limit_paisa desc, a.code",
    )
    .bind(language)
    .fetch_all(&mesh.database)
    .await
    .expect("the database answers");
    let read = |row: &sqlx::postgres::PgRow| Shop {
        account_id: AccountId::from(row.get::<Uuid, _>("id")).to_string(),
        code: row.get("code"),
        name: row.get("shop_name"),
        phone: row.get("phone"),
        limit_paisa: row.get("limit_paisa"),
        terms_days: i64::from(row.get::<i32, _>("terms_days")),
    };
    rows.iter().map(read).collect()
}

/// The shop with the most credit that reads English.
pub async fn rich_shop(mesh: &TestMesh) -> Shop {
    shops(mesh, "en")
        .await
        .into_iter()
        .next()
        .expect("a shop that reads English")
}

/// From now on these shops read English, whatever they read before: for a test that looks at what they are told.
pub async fn let_read_english(mesh: &TestMesh, shops: &[Shop]) {
    let codes: Vec<&str> = shops.iter().map(|shop| shop.code.as_str()).collect();
    let done =
        sqlx::query("update credit.account set language = 'en', language_given = true where code = any($1)")
            .bind(codes)
            .execute(&mesh.database)
            .await
            .expect("the database answers");
    assert_eq!(done.rows_affected(), shops.len() as u64);
}

/// A shop by its code.
pub async fn shop(mesh: &TestMesh, code: &str) -> Shop {
    for language in ["ne", "en", "hi", "ne-Latn"] {
        if let Some(found) = shops(mesh, language)
            .await
            .into_iter()
            .find(|shop| shop.code == code)
        {
            return found;
        }
    }
    panic!("no shop {code}")
}

/// All vendors by code.
pub async fn vendors(mesh: &TestMesh) -> Vec<Vendor> {
    let rows = sqlx::query("select vendor_id, name, phone from inventory.vendor where active order by code")
        .fetch_all(&mesh.database)
        .await
        .expect("the database answers");
    let read = |row: &sqlx::postgres::PgRow| Vendor {
        vendor_id: VendorId::from(row.get::<Uuid, _>("vendor_id")).to_string(),
        name: row.get("name"),
        phone: row.get("phone"),
    };
    rows.iter().map(read).collect()
}

/// A vendor by id.
pub async fn vendor(mesh: &TestMesh, vendor_id: &str) -> Vendor {
    let found = vendors(mesh)
        .await
        .into_iter()
        .find(|vendor| vendor.vendor_id == vendor_id);
    found.unwrap_or_else(|| panic!("no vendor {vendor_id:?}"))
}

/// Cheap products that a vendor has plenty of, one free of VAT and one not, each with words that mean only it. The
/// matcher of the mesh confirms the words.
pub async fn basket(mesh: &TestMesh) -> Basket {
    let rows = sqlx::query(
        "with clear as (
             select alias, min(sku) as sku from inventory.product_alias
             where alias ~ '^[a-z]{4,12} [a-z]{4,12}$'
               and alias !~ '(^| )(bora|carton|packet|packets|bottle|crate|pack|poka|petti|dozen|kilo|order|want|need)( |$)'
             group by alias having count(distinct sku) = 1)
         select o.vendor_id, p.sku, p.name, p.vat_class, min(c.alias) as alias
         from clear c
         join inventory.product p on p.sku = c.sku and p.active
         join inventory.offer o on o.sku = c.sku and o.active and o.minimum_quantity = 1
         join inventory.stock s on s.vendor_id = o.vendor_id and s.sku = o.sku
         join inventory.product_unit u on u.sku = c.sku and u.position = (
             select min(position) from inventory.product_unit where sku = c.sku)
         where (s.on_hand_milli - s.reserved_milli) / 1000 >= 20 * u.factor and o.price_paisa * u.factor < 200000
         group by o.vendor_id, p.sku order by o.vendor_id, p.sku",
    )
    .fetch_all(&mesh.database)
    .await
    .expect("the database answers");
    let product = |row: &sqlx::postgres::PgRow| Product {
        sku: row.get("sku"),
        name: row.get("name"),
        alias: row.get("alias"),
        vat_bp: if row.get::<String, _>("vat_class") == "standard" {
            1300
        } else {
            0
        },
    };
    let rest = mesh.rest();
    for vendor in vendors(mesh).await {
        let own = |row: &&sqlx::postgres::PgRow| {
            VendorId::from(row.get::<Uuid, _>("vendor_id")).to_string() == vendor.vendor_id
        };
        let products: Vec<Product> = rows.iter().filter(own).map(product).collect();
        let mut chosen = Vec::new();
        for vat_bp in [0, 1300] {
            for product in products.iter().filter(|product| product.vat_bp == vat_bp) {
                if means_only(&rest, product).await {
                    chosen.push(product.clone());
                    break;
                }
            }
        }
        if chosen.len() == 2 {
            return Basket { products: chosen };
        }
    }
    panic!("no vendor of the demonstration has two such products")
}

async fn means_only(rest: &Rest, product: &Product) -> bool {
    let asked = json!({ "phrases": [{ "phrase": product.alias, "quantity": "3" }] });
    let found = rest.post("/api/v1/products:match", asked).await.ok();
    let candidates = found["matches"][0]["candidates"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    candidates.len() == 1 && candidates[0]["sku"] == product.sku.as_str()
}

/// Makes vendors offer a product at one price, with this stock in sale units, through the API.
pub async fn offer(mesh: &TestMesh, vendors: &[Vendor], sku: &str, price_paisa: i64, units: i64) {
    let rest = mesh.rest();
    for vendor in vendors {
        let offer = json!({
            "vendor_id": vendor.vendor_id, "sku": sku, "price_paisa": price_paisa,
            "lead_time_days": 0, "minimum_quantity": 1,
        });
        rest.post("/api/v1/offers", offer).await.ok();
        let counted = json!({
            "vendor_id": vendor.vendor_id, "sku": sku, "counted": true, "counted_milli": units * 1000,
            "reason": "counted for a test",
        });
        rest.post("/api/v1/stock:adjust", counted).await.ok();
    }
}

/// Makes a product that only the named vendors offer.
pub async fn product(mesh: &TestMesh, sku: &str, name: &str, price_paisa: i64) -> Product {
    let asked = json!({ "product": {
        "sku": sku, "name": name, "name_ne": name, "category": "test", "brand": "Test", "base_unit": "packet",
        "pack_label": "1 packet", "pack_quantity": 1, "order_units": [{ "unit": "packet", "factor": 1 }],
        "vat_class": "STANDARD", "mrp_paisa": price_paisa * 2, "typical_wholesale_paisa": price_paisa,
        "aliases": [name.to_lowercase()],
    }});
    mesh.rest().post("/api/v1/products", asked).await.ok();
    Product {
        sku: sku.to_owned(),
        name: name.to_owned(),
        alias: name.to_lowercase(),
        vat_bp: 1300,
    }
}

/// Reads an order until it has this status.
pub async fn order_is(mesh: &TestMesh, order: &str, status: &str, within: Duration) -> Value {
    let rest = mesh.rest();
    let wanted = format!("ORDER_STATUS_{status}");
    eventually(&format!("{order} to be {status}"), within, async || {
        let seen = rest.get(&format!("/api/v1/orders/{order}")).await.ok()["order"].clone();
        if seen["status"] == wanted.as_str() {
            Ok(seen)
        } else {
            Err(seen.to_string())
        }
    })
    .await
}

/// What an account owes, holds and has left, in paisa.
pub async fn balance(mesh: &TestMesh, account: &str) -> Value {
    mesh.rest()
        .get(&format!("/api/v1/accounts/{account}/balance"))
        .await
        .ok()["balance"]
        .clone()
}
