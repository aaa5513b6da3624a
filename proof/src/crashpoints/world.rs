//! Fresh people and goods for one play: two plays share nothing but the processes.

use std::time::Duration;

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};

use crate::fakes::Provider;
use crate::harness::{Client, eventually};

use super::client::{Ask, ask};

/// Everything that a play needs.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// Part of every name: `w0007`.
    pub(super) tag: String,
    pub(super) account: String,
    pub(super) account_key: String,
    pub(super) phone: String,
    pub(super) provider: Provider,
    pub(super) stores: [Store; 2],
    /// Two products that both stores have.
    pub(super) skus: [String; 2],
}

/// A vendor's store.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) vendor: String,
    pub(super) key: String,
    pub(super) phone: String,
}

/// What a world is made for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Credit limit of the shop.
    pub(super) limit_paisa: i64,
    /// Who carries the shop's messages.
    pub(super) provider: Provider,
    /// Whether people have keys of their own; otherwise the owner acts for them.
    pub(super) keys: bool,
}

struct Builder<'a> {
    owner: &'a Client,
    key: &'a str,
    tag: String,
    number: u32,
    made: u32,
}

/// Makes a world. Its products are in the catalogue's memory only after [`known`].
pub(super) async fn make(owner: &Client, key: &str, number: u32, wanted: Wanted) -> anyhow::Result<World> {
    let mut builder = Builder {
        owner,
        key,
        tag: format!("w{number:05}"),
        number,
        made: 0,
    };
    let mut skus = [String::new(), String::new()];
    for (sku, letter) in skus.iter_mut().zip(["A", "B"]) {
        *sku = builder.product(letter).await?;
    }
    let first = builder.store(0, &skus, wanted.keys).await?;
    let second = builder.store(1, &skus, wanted.keys).await?;
    let phone = builder.phone(2);
    let body = json!({
        "code": format!("{}S", builder.tag.to_uppercase()), "shop_name": format!("Shop {}", builder.tag),
        "owner_name": "Nobody", "phones": [phone], "language": "EN", "municipality": "Birendranagar", "ward": 1,
        "latitude": 28.6, "longitude": 81.6, "limit_paisa": wanted.limit_paisa, "terms_days": 21,
    });
    let made = builder.post("/api/v1/accounts", body).await?;
    let account = text(&made["account"]["accountId"])?;
    let account_key = builder.own_key("retailer", &account, wanted.keys).await?;
    Ok(World {
        tag: builder.tag,
        account,
        account_key,
        phone,
        provider: wanted.provider,
        stores: [first, second],
        skus,
    })
}

/// Waits until the catalogue knows a world's products by their words.
pub(super) async fn known(owner: &Client, world: &World) -> anyhow::Result<()> {
    let sku = &world.skus[1];
    let asked = json!({ "phrases": [{ "phrase": sku, "quantity": "1" }] });
    eventually(
        "the catalogue to know the last product",
        Duration::from_secs(30),
        || async {
            let answer = owner.post("/api/v1/products:match", &[], &asked).await;
            let answer = answer.map_err(|lost| lost.to_string())?;
            let found = answer.body["matches"][0]["candidates"][0]["sku"] == sku.as_str();
            if found { Ok(()) } else { Err(answer.text()) }
        },
    )
    .await
}

impl Builder<'_> {
    fn phone(&self, place: u32) -> String {
        format!("+97798{:08}", 51_000_000 + self.number * 3 + place)
    }

    async fn post(&mut self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.made += 1;
        let id = format!("{}-make-{}", self.tag, self.made);
        let told = ask(
            self.owner,
            &Ask {
                id: &id,
                method: Method::POST,
                path,
                body: &body,
            },
        )
        .await?;
        anyhow::ensure!(
            told.status < 300,
            "{path} was refused: {} {}",
            told.status,
            told.body
        );
        Ok(told.body)
    }

    async fn product(&mut self, letter: &str) -> anyhow::Result<String> {
        let sku = format!("{}{letter}", self.tag.to_uppercase());
        let product = json!({
            "sku": sku, "name": format!("Goods {sku}"), "name_ne": format!("Goods {sku}"), "category": "touchstone",
            "brand": "Touchstone", "base_unit": "packet", "pack_label": "1 packet", "pack_quantity": 1,
            "order_units": [{ "unit": "packet", "factor": 1 }],
            "vat_class": if letter == "A" { "STANDARD" } else { "EXEMPT" },
            "mrp_paisa": 40_000, "typical_wholesale_paisa": 20_000, "aliases": [],
        });
        self.post("/api/v1/products", json!({ "product": product }))
            .await?;
        Ok(sku)
    }

    async fn store(&mut self, place: u32, skus: &[String], keys: bool) -> anyhow::Result<Store> {
        let phone = self.phone(place);
        let body = json!({
            "code": format!("{}V{place}", self.tag.to_uppercase()), "name": format!("Store {} {place}", self.tag),
            "phone": phone, "municipality": "Birendranagar",
            // the second one is farther away and dearer, so that the first one is asked first
            "latitude": 28.60, "longitude": 81.60 + 0.1 * f64::from(place),
        });
        let made = self.post("/api/v1/vendors", body).await?;
        let vendor = text(&made["vendor"]["vendorId"])?;
        for (sku, price) in skus.iter().zip([20_000, 15_000]) {
            let price = price + i64::from(place) * price / 20;
            let offer =
                json!({ "vendor_id": vendor, "sku": sku, "price_paisa": price, "minimum_quantity": 1 });
            self.post("/api/v1/offers", offer).await?;
            let count = json!({
                "vendor_id": vendor, "sku": sku, "counted": true, "counted_milli": 50_000,
                "reason": format!("{}-opening", self.tag),
            });
            self.post("/api/v1/stock:adjust", count).await?;
        }
        let key = self.own_key("vendor", &vendor, keys).await?;
        Ok(Store { vendor, key, phone })
    }

    async fn own_key(&mut self, role: &str, scope: &str, keys: bool) -> anyhow::Result<String> {
        if !keys {
            return Ok(self.key.to_owned());
        }
        let body = json!({ "name": "touchstone", "role": role, "scope": scope });
        let made = self.post("/api/v1/apikeys", body).await?;
        let texts = made
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, value)| value.as_str());
        let key = texts.into_iter().find(|text| text.starts_with("kha_"));
        Ok(key.with_context(|| format!("no key in {made}"))?.to_owned())
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("an answer has an id")?.to_owned())
}
