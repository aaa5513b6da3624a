//! Who trades in a cell: shops, vendors and goods that no other cell touches, so that what became of them can be
//! counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::harness::{Client, eventually};

/// Of one cell.
#[derive(Debug, Clone)]
pub(super) struct Parties {
    /// Orders over REST.
    pub(super) buyer: Shop,
    /// Orders over REST and waits for the outcome.
    pub(super) waiter: Shop,
    /// Order by chat.
    pub(super) talkers: [Shop; 2],
    /// Pays.
    pub(super) payer: Shop,
    /// Has what buyer and talkers buy.
    pub(super) seller: Vendor,
    /// Has what the waiter buys.
    pub(super) other: Vendor,
    /// Has orders to accept, and counts stock.
    pub(super) vendor: Vendor,
    /// Phones of vendors who ask by chat.
    pub(super) askers: Vec<String>,
}

/// A shop with its account.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) account: String,
    pub(super) phones: Vec<String>,
    pub(super) key: String,
}

/// A vendor with one product.
#[derive(Debug, Clone)]
pub(super) struct Vendor {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) sku: String,
    /// Orders that wait for an answer when the cell begins.
    pub(super) offered: Vec<String>,
}

/// How often a mesh is asked for one thing while nothing is broken.
const TRIES: u32 = 6;
/// Orders that are there to be accepted.
const OFFERED: usize = 6;
/// Money and goods for as long as anybody wants.
const LIMIT_PAISA: i64 = 900_000_000_000;
/// Thousandths that a vendor has at first.
pub(super) const STOCK_MILLI: i64 = 900_000_000;
const PRICE_PAISA: i64 = 12_500;
/// Phones that talk. One whose message was cut off on its way is silent until its provider had time to report it;
/// the next talk is another phone's. A shop has at most five.
const PHONES: usize = 10;

struct Maker<'a> {
    owner: Client,
    /// Distinguishes the codes of this cell.
    tag: &'a str,
    phones: u32,
}

/// Makes the parties of all cells, by their tags, and waits until their goods can be ordered.
///
/// # Errors
/// When the mesh refuses anything of it: nothing is broken yet.
pub(super) async fn make(stage: &Stage, tags: &[String]) -> anyhow::Result<Vec<Parties>> {
    let mut all = Vec::new();
    for (n, tag) in tags.iter().enumerate() {
        let mut maker = Maker {
            owner: stage.mesh.owner().patient(Duration::from_secs(20)),
            tag,
            phones: u32::try_from(n)? * 100,
        };
        all.push(maker.parties().await?);
    }
    let last = &all.last().context("there are cells")?.vendor.sku;
    let owner = stage.mesh.owner();
    let asked = json!({ "phrases": [{ "phrase": last, "quantity": "1" }] });
    eventually(
        "the catalogue to know the last product",
        Duration::from_secs(30),
        || async {
            let answer = owner.post("/api/v1/products:match", &[], &asked).await;
            let answer = answer.map_err(|lost| lost.to_string())?;
            let found = answer.body["matches"][0]["candidates"][0]["sku"] == last.as_str();
            if found { Ok(()) } else { Err(answer.text()) }
        },
    )
    .await?;
    Ok(all)
}

/// Orders for the vendor to answer.
///
/// # Errors
/// When they are not offered to him: nothing is broken yet.
pub(super) async fn offer(stage: &Stage, parties: &Parties) -> anyhow::Result<Vec<String>> {
    let shop = stage.mesh.stranger().with_key(Some(&parties.payer.key));
    let body = json!({ "lines": [{ "sku": parties.vendor.sku, "quantity": "1" }] });
    let mut orders = Vec::new();
    for _ in 0..OFFERED {
        let placed = ask(&shop, "/api/v1/orders", &[("prefer", "wait=8")], &body).await?;
        let order = placed["order"]["orderId"]
            .as_str()
            .context("an order has an id")?
            .to_owned();
        let path = format!("/api/v1/orders/{order}");
        // On a machine that is busy it may take longer than anybody waits for an answer.
        eventually("an order that is offered", Duration::from_secs(40), || async {
            let answer = shop.get(&path).await.map_err(|lost| lost.to_string())?;
            let offered = answer.body["order"]["status"] == "ORDER_STATUS_SENT_TO_VENDOR";
            if offered { Ok(()) } else { Err(answer.text()) }
        })
        .await?;
        orders.push(order);
    }
    Ok(orders)
}

/// Asks until it is done: a machine that is busy may be too slow the first time.
async fn ask(client: &Client, path: &str, headers: &[(&str, &str)], body: &Value) -> anyhow::Result<Value> {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let key = format!("parties-{}", ASKED.fetch_add(1, Ordering::Relaxed));
    let mut all = vec![("idempotency-key", key.as_str())];
    all.extend_from_slice(headers);
    let mut told = String::new();
    for _ in 0..TRIES {
        match client.post(path, &all, body).await {
            Ok(answer) if answer.status < 300 => return Ok(answer.body),
            Ok(answer) if answer.status < 500 => anyhow::bail!("{path} gave {}", answer.text()),
            Ok(answer) => told = answer.text(),
            Err(lost) => told = lost.to_string(),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    anyhow::bail!("{path} gave {told}")
}

impl Maker<'_> {
    async fn parties(&mut self) -> anyhow::Result<Parties> {
        Ok(Parties {
            seller: self.vendor("S").await?,
            other: self.vendor("O").await?,
            vendor: self.vendor("V").await?,
            buyer: self.shop("B", 1).await?,
            waiter: self.shop("W", 1).await?,
            talkers: [
                self.shop("T", PHONES / 2).await?,
                self.shop("U", PHONES / 2).await?,
            ],
            payer: self.shop("P", 1).await?,
            askers: self.askers().await?,
        })
    }

    async fn ask(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        ask(&self.owner, path, &[], body).await
    }

    fn phone(&mut self) -> String {
        self.phones += 1;
        format!("+97798{:08}", 52_410_000 + self.phones)
    }

    async fn key(&self, role: &str, scope: &str) -> anyhow::Result<String> {
        let body = json!({ "name": "matrix", "role": role, "scope": scope });
        let made = self.ask("/api/v1/apikeys", &body).await?;
        let key = made["key"]
            .as_str()
            .with_context(|| format!("no key in {made}"))?;
        Ok(key.to_owned())
    }

    async fn vendor(&mut self, letter: &str) -> anyhow::Result<Vendor> {
        let tag = self.tag;
        let sku = format!("MTX-{tag}{letter}");
        let name = format!("Matrix goods {tag}{letter}");
        let product = json!({
            "sku": sku, "name": name, "name_ne": name, "category": "matrix", "brand": "Matrix",
            "base_unit": "packet", "pack_label": "1 packet", "pack_quantity": 1,
            "order_units": [{ "unit": "packet", "factor": 1 }], "vat_class": "STANDARD",
            "mrp_paisa": PRICE_PAISA * 2, "typical_wholesale_paisa": PRICE_PAISA,
            "aliases": [format!("mtxgoods {tag}{letter}")],
        });
        self.ask("/api/v1/products", &json!({ "product": product }))
            .await?;
        let (id, _) = self.store(letter).await?;
        let offer = json!({ "vendor_id": id, "sku": sku, "price_paisa": PRICE_PAISA, "minimum_quantity": 1 });
        self.ask("/api/v1/offers", &offer).await?;
        let counted = json!({
            "vendor_id": id, "sku": sku, "counted": true, "counted_milli": STOCK_MILLI, "reason": "opening",
        });
        self.ask("/api/v1/stock:adjust", &counted).await?;
        let key = self.key("vendor", &id).await?;
        Ok(Vendor {
            id,
            key,
            sku,
            offered: Vec::new(),
        })
    }

    /// Id and phone of a vendor without goods.
    async fn store(&mut self, letter: &str) -> anyhow::Result<(String, String)> {
        let (phone, tag) = (self.phone(), self.tag);
        let body = json!({
            "code": format!("M{tag}{letter}"), "name": format!("Matrix store {tag}{letter}"), "phone": phone,
            "municipality": "Birendranagar", "latitude": 28.60, "longitude": 81.60,
        });
        let made = self.ask("/api/v1/vendors", &body).await?;
        let id = made["vendor"]["vendorId"]
            .as_str()
            .context("a vendor has an id")?;
        Ok((id.to_owned(), phone))
    }

    async fn askers(&mut self) -> anyhow::Result<Vec<String>> {
        let mut phones = Vec::new();
        for n in 0..PHONES {
            let (_, phone) = self.store(&format!("A{n}")).await?;
            phones.push(phone);
        }
        Ok(phones)
    }

    async fn shop(&mut self, letter: &str, phones: usize) -> anyhow::Result<Shop> {
        let phones: Vec<String> = (0..phones).map(|_| self.phone()).collect();
        let tag = self.tag;
        let body = json!({
            "code": format!("MS{tag}{letter}"), "shop_name": format!("Matrix shop {tag}{letter}"),
            "owner_name": "Nobody", "phones": phones, "language": "EN", "municipality": "Birendranagar",
            "ward": 1, "latitude": 28.6, "longitude": 81.6, "limit_paisa": LIMIT_PAISA, "terms_days": 21,
        });
        let made = self.ask("/api/v1/accounts", &body).await?;
        let account = made["account"]["accountId"].as_str();
        let account = account.context("an account has an id")?.to_owned();
        let key = self.key("retailer", &account).await?;
        Ok(Shop { account, phones, key })
    }
}
