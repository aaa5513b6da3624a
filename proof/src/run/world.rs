//! Who trades what with whom: made through the API before anything breaks, under ids of our own.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::fakes::Provider;
use crate::harness::eventually;

use super::actor::{Actor, Request, nothing};

/// What a request may take while the world is made, in milliseconds.
const BUSY_MS: u64 = 20_000;

/// How often a greeting that was not taken is delivered again.
const GREETINGS: u32 = 20;

/// A phone and who it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Phone {
    /// E.164.
    pub(super) number: String,
    pub(super) provider: Provider,
    /// `acc_…` or `ven_…`.
    pub(super) party: String,
}

/// A shop with its account.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) phone: Phone,
    pub(super) account: String,
    /// API key confined to it.
    pub(super) key: String,
    pub(super) limit: i64,
    /// Group of products that it buys.
    pub(super) group: usize,
}

/// A vendor's store.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) phone: Phone,
    pub(super) vendor: String,
    pub(super) key: String,
    pub(super) group: usize,
}

/// A product.
#[derive(Debug, Clone)]
pub(super) struct Product {
    pub(super) sku: String,
    pub(super) group: usize,
    pub(super) price: i64,
}

/// Everybody and everything.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Shops of the retailers, one after the other.
    pub(super) shops: Vec<Shop>,
    /// Shops that anybody orders for.
    pub(super) shared: Vec<Shop>,
    pub(super) stores: Vec<Store>,
    pub(super) products: Vec<Product>,
    pub(super) owner: String,
}

impl World {
    pub(super) fn products_of(&self, group: usize) -> Vec<&Product> {
        self.products
            .iter()
            .filter(|product| product.group == group)
            .collect()
    }

    /// All phones, for the search in logs.
    pub(super) fn phones(&self) -> Vec<&str> {
        let shops = self.shops.iter().chain(&self.shared).map(|shop| &shop.phone);
        let phones = shops.chain(self.stores.iter().map(|store| &store.phone));
        phones.map(|phone| phone.number.as_str()).collect()
    }

    /// All keys, for the search in logs.
    pub(super) fn keys(&self) -> Vec<&str> {
        let shops = self.shops.iter().chain(&self.shared).map(|shop| &shop.key);
        let keys = shops.chain(self.stores.iter().map(|store| &store.key));
        keys.map(String::as_str).chain([self.owner.as_str()]).collect()
    }
}

/// Builds the world; every step is an operation of the history.
pub(super) struct Builder {
    actor: Actor,
    owner: String,
    phones: u64,
}

impl Builder {
    pub(super) fn new(actor: Actor) -> Self {
        Self {
            owner: actor.stage.mesh.owner_key().to_owned(),
            actor,
            phones: 0,
        }
    }

    /// Makes everything and shows it to the stage.
    pub(super) async fn build(mut self) -> anyhow::Result<()> {
        let scenario = self.actor.stage.scenario.clone();
        let mut world = World {
            owner: self.owner.clone(),
            products: self.products().await?,
            ..World::default()
        };
        for n in 0..scenario.actors.vendors * scenario.actors.stores_each {
            let store = self.store(n, &world.products).await?;
            world.stores.push(store);
        }
        let own = scenario.actors.retailers * scenario.actors.shops_each;
        for n in 0..own + scenario.actors.shared_shops {
            let shop = self.shop(n).await?;
            if n < own {
                world.shops.push(shop)
            } else {
                world.shared.push(shop)
            }
        }
        self.greet(&world).await?;
        let stage = &self.actor.stage;
        *stage.world.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(world);
        Ok(())
    }

    async fn make(&mut self, request: Request) -> anyhow::Result<Value> {
        let done = self.actor.ask(&unhurried(request)).await;
        anyhow::ensure!(
            done.ok(),
            "the world cannot be made: {} {}",
            done.reason,
            done.body
        );
        Ok(done.body)
    }

    /// A phone from a block of numbers that nobody else uses.
    fn phone(&mut self) -> (String, Provider) {
        self.phones += 1;
        let meta = self.actor.stage.scenario.actors.meta;
        let provider = if self.actor.chance(meta) {
            Provider::Meta
        } else {
            Provider::Twilio
        };
        (format!("+97798{:08}", 47_310_000 + self.phones), provider)
    }

    /// Stores and shops lie along a road, so that every store is the nearest one for some shops: WhatsApp lets nobody
    /// have more than one message in six seconds, and a store that got all orders would be told of them too late.
    fn longitude(&self, n: usize) -> anyhow::Result<f64> {
        let actors = &self.actor.stage.scenario.actors;
        let stores = actors.vendors * actors.stores_each;
        Ok(along(u32::try_from(n % stores)?, u32::try_from(stores)?))
    }

    async fn products(&mut self) -> anyhow::Result<Vec<Product>> {
        let catalog = self.actor.stage.scenario.catalog.clone();
        // A price times this many of a large pack fits into no field.
        let large = self.actor.stage.scenario.mix.enormous > 0;
        let mut units = vec![json!({ "unit": "packet", "factor": 1 })];
        units.extend(large.then(|| json!({ "unit": "carton", "factor": 1000 })));
        let mut products = Vec::new();
        for n in 0..catalog.groups * catalog.skus_per_group {
            let sku = format!("TOUCH-{n:03}");
            let price = self
                .actor
                .random
                .i64(catalog.price_paisa.0..=catalog.price_paisa.1);
            let name = format!("Touchstone goods number {n}");
            let product = json!({
                "sku": sku, "name": name, "name_ne": name, "category": "touchstone", "brand": "Touchstone",
                "base_unit": "packet", "pack_label": "1 packet", "pack_quantity": 1,
                "order_units": units,
                "vat_class": if n % 3 == 0 { "EXEMPT" } else { "STANDARD" },
                "mrp_paisa": price * 2, "typical_wholesale_paisa": price,
                "aliases": [format!("touchgoods {n}")],
            });
            let path = "/api/v1/products".to_owned();
            let asked = json!({ "sku": sku });
            let key = self.owner.clone();
            self.make(Request::post(
                "product",
                path,
                &key,
                asked,
                json!({ "product": product }),
                nothing,
            ))
            .await?;
            products.push(Product {
                sku,
                group: n % catalog.groups,
                price,
            });
        }
        Ok(products)
    }

    async fn store(&mut self, n: usize, products: &[Product]) -> anyhow::Result<Store> {
        let catalog = self.actor.stage.scenario.catalog.clone();
        let (number, provider) = self.phone();
        let code = format!("TV{n:02}");
        let body = json!({
            "code": code, "name": format!("Touchstone store {n}"), "phone": number,
            "municipality": "Birendranagar",
            "latitude": 28.60, "longitude": self.longitude(n)?,
        });
        let asked = json!({ "code": code, "phone": number });
        let keep = |body: &Value| json!({ "vendor": body["vendor"]["vendorId"] });
        let owner = self.owner.clone();
        let made = self
            .make(Request::post(
                "vendor",
                "/api/v1/vendors".to_owned(),
                &owner,
                asked,
                body,
                keep,
            ))
            .await?;
        let vendor = made["vendor"]["vendorId"]
            .as_str()
            .context("a vendor has an id")?
            .to_owned();
        let group = n % catalog.groups;
        for product in products.iter().filter(|product| product.group == group) {
            let price = product.price * self.actor.random.i64(970..=1030) / 1000;
            let mut body = json!({ "vendor_id": vendor, "sku": product.sku, "price_paisa": price });
            body["minimum_quantity"] = json!(1);
            let asked = json!({ "vendor": vendor, "sku": product.sku, "price_paisa": price });
            self.make(Request::post(
                "offer",
                "/api/v1/offers".to_owned(),
                &owner,
                asked,
                body,
                nothing,
            ))
            .await?;
            let milli = self.actor.random.i64(catalog.stock.0..=catalog.stock.1) * 1000;
            let counting = counted(&vendor, &product.sku, milli, &owner);
            let op = self.actor.op();
            let done = self
                .actor
                .ask_as(&unhurried(with_reason(counting, &op)), op)
                .await;
            anyhow::ensure!(done.ok(), "stock cannot be set: {}", done.body);
        }
        let key = self.key("vendor", &vendor).await?;
        let phone = Phone {
            number,
            provider,
            party: vendor.clone(),
        };
        Ok(Store {
            phone,
            vendor,
            key,
            group,
        })
    }

    async fn shop(&mut self, n: usize) -> anyhow::Result<Shop> {
        let scenario = self.actor.stage.scenario.clone();
        let (number, provider) = self.phone();
        let limit = self
            .actor
            .random
            .i64(scenario.credit.limit_paisa.0..=scenario.credit.limit_paisa.1);
        let code = format!("TS{n:03}");
        let body = json!({
            "code": code, "shop_name": format!("Touchstone shop {n}"), "owner_name": "Nobody",
            "phones": [number],
            "language": "EN", "municipality": "Birendranagar", "ward": 1,
            "latitude": 28.6, "longitude": self.longitude(n * 7)?,
            "limit_paisa": limit, "terms_days": 21,
        });
        let asked = json!({ "code": code, "phone": number, "limit_paisa": limit });
        let keep = |body: &Value| {
            let account = &body["account"];
            json!({ "retailer": account["accountId"], "version": account["version"] })
        };
        let owner = self.owner.clone();
        let path = "/api/v1/accounts".to_owned();
        let made = self
            .make(Request::post("account", path, &owner, asked, body, keep))
            .await?;
        let account = made["account"]["accountId"]
            .as_str()
            .context("an account has an id")?
            .to_owned();
        let key = self.key("retailer", &account).await?;
        let phone = Phone {
            number,
            provider,
            party: account.clone(),
        };
        Ok(Shop {
            phone,
            account,
            key,
            limit,
            group: n % scenario.catalog.groups,
        })
    }

    async fn key(&mut self, role: &str, scope: &str) -> anyhow::Result<String> {
        let body = json!({ "name": "touchstone", "role": role, "scope": scope });
        let owner = self.owner.clone();
        let asked = json!({ "role": role, "scope": scope });
        let made = self
            .make(Request::post(
                "apikey",
                "/api/v1/apikeys".to_owned(),
                &owner,
                asked,
                body,
                nothing,
            ))
            .await?;
        let texts = made
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, value)| value.as_str());
        let key = texts.into_iter().find(|text| text.starts_with("kha_"));
        Ok(key.with_context(|| format!("no key in {made}"))?.to_owned())
    }

    /// Everybody writes once, so that providers let us answer and the mesh knows who uses which.
    async fn greet(&mut self, world: &World) -> anyhow::Result<()> {
        let last = &world.products.last().context("there are products")?.sku;
        let client = self.actor.stage.mesh.owner();
        let asked = json!({ "phrases": [{ "phrase": last, "quantity": "1" }] });
        eventually(
            "the catalogue to know the last product",
            Duration::from_secs(30),
            || async {
                let answer = client
                    .post("/api/v1/products:match", &[], &asked)
                    .await
                    .map_err(|lost| lost.to_string())?;
                let found = answer.body["matches"][0]["candidates"][0]["sku"] == last.as_str();
                if found { Ok(()) } else { Err(answer.text()) }
            },
        )
        .await?;
        let shops = world
            .shops
            .iter()
            .chain(&world.shared)
            .map(|shop| (&shop.phone, "BALANCE", "balance"));
        let all = shops.chain(
            world
                .stores
                .iter()
                .map(|store| (&store.phone, "ORDERS", "status")),
        );
        for (phone, text, intent) in all {
            let said = self.actor.say(phone, text, "", json!({ "intent": intent })).await;
            let mut taken = said.acked;
            for _ in 0..GREETINGS {
                if taken {
                    break;
                }
                // A machine that is busy may be slower than this phone's provider waits.
                tokio::time::sleep(Duration::from_millis(500)).await;
                taken = self.actor.deliver_again(&said).await;
            }
            anyhow::ensure!(taken, "a greeting was not taken");
        }
        Ok(())
    }
}

/// Nothing is broken while the world is made; a machine that is busy takes its time.
fn unhurried(request: Request) -> Request {
    Request {
        deadline_ms: Some(BUSY_MS),
        ..request.uncounted()
    }
}

/// The place with this number on a road of 90 km.
fn along(place: u32, of: u32) -> f64 {
    81.2 + 0.9 * f64::from(place) / f64::from(of.max(1))
}

/// A count of what a store has.
pub(super) fn counted(vendor: &str, sku: &str, milli: i64, key: &str) -> Request {
    let body = json!({ "vendor_id": vendor, "sku": sku, "counted": true, "counted_milli": milli });
    let asked = json!({ "vendor": vendor, "sku": sku, "counted_milli": milli });
    Request::post(
        "stock",
        "/api/v1/stock:adjust".to_owned(),
        key,
        asked,
        body,
        stock_kept,
    )
}

/// A change of what a store has.
pub(super) fn moved(vendor: &str, sku: &str, milli: i64, key: &str) -> Request {
    let body = json!({ "vendor_id": vendor, "sku": sku, "delta_milli": milli });
    let asked = json!({ "vendor": vendor, "sku": sku, "delta_milli": milli });
    Request::post(
        "stock",
        "/api/v1/stock:adjust".to_owned(),
        key,
        asked,
        body,
        stock_kept,
    )
}

/// Gives a request its id as reason, by which its effect is found in the tables.
pub(super) fn with_reason(mut request: Request, op: &str) -> Request {
    request.body["reason"] = json!(op);
    request
}

fn stock_kept(body: &Value) -> Value {
    let offer = &body["offer"];
    json!({ "on_hand_milli": offer["onHandMilli"], "reserved_milli": offer["reservedMilli"] })
}
