//! The data set of all measurements: 1,500 shops with credit, 300 vendors with 20 products each, the same sizes as
//! the anchors have. Every product has one vendor, so an order's products are rows of one vendor, as in the
//! anchors. On top: a vendor with one hot product and many others, shops without credit, products without stock.

use serde_json::{Value, json};

/// Shops with credit.
pub const SHOPS: u64 = 1_500;
/// Vendors.
pub const VENDORS: u64 = 300;
/// Products of each vendor.
pub const PRODUCTS: u64 = 20;
/// Products of the hot vendor beside the hot one: so many that orders meet only at the hot one.
pub const COMPANIONS: u64 = 1_400;
/// Shops without credit.
pub const POOR: u64 = 50;
/// Products without stock.
pub const EMPTY: u64 = 20;

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Product.
    pub sku: String,
    /// Sale units.
    pub quantity: u64,
}

/// Key of a product, `vendor` from 0, `product` from 1.
#[must_use]
pub fn sku(vendor: u64, product: u64) -> String {
    format!("B-{vendor:03}-{product:02}")
}

/// Key of the hot product (0) or of one that only its vendor has.
#[must_use]
pub fn hot_sku(companion: u64) -> String {
    format!("BH-{companion:04}")
}

/// Key of a product without stock, from 0.
#[must_use]
pub fn empty_sku(number: u64) -> String {
    format!("BE-{number:02}")
}

/// Code of a vendor, from 0; the hot vendor is number 300.
#[must_use]
pub fn vendor(number: u64) -> String {
    format!("BV{number:03}")
}

/// Code of a shop with credit, from 0.
#[must_use]
pub fn shop(number: u64) -> String {
    format!("BR{number:04}")
}

/// Code of a shop without credit, from 0.
#[must_use]
pub fn poor_shop(number: u64) -> String {
    format!("BP{number:04}")
}

/// Phone of a shop with credit, as Meta writes it: digits only.
#[must_use]
pub fn shop_phone(number: u64) -> String {
    format!("977984{}", 1_000_000 + number)
}

/// Phone of nobody.
#[must_use]
pub fn stranger_phone(number: u64) -> String {
    format!("977986{}", 1_000_000 + number)
}

/// A product with its one offer and its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// Key.
    pub sku: String,
    /// Code of its vendor.
    pub vendor: String,
    /// Price of a sale unit without VAT, in paisa.
    pub price_paisa: i64,
    /// Stock, in sale units.
    pub units: i64,
}

/// All products.
#[must_use]
pub fn goods() -> Vec<Goods> {
    let one = |sku: String, vendor: String, product: u64, units: i64| Goods {
        sku,
        vendor,
        price_paisa: i64::try_from(1_000 + product * 37 % 900).unwrap_or(i64::MAX),
        units,
    };
    let plenty = 900_000_000;
    let spread = (0..VENDORS)
        .flat_map(|v| (1..=PRODUCTS).map(move |p| (v, p)))
        .map(|(v, p)| one(sku(v, p), vendor(v), p, plenty));
    let hot = (0..=COMPANIONS).map(|c| one(hot_sku(c), vendor(VENDORS), c, plenty));
    let empty = (0..EMPTY).map(|e| one(empty_sku(e), vendor(e), e, 0));
    spread.chain(hot).chain(empty).collect()
}

/// Requests that make vendors and shops: path and body.
#[must_use]
pub fn parties() -> Vec<(&'static str, Value)> {
    let vendors = (0..=VENDORS).map(|v| ("/api/v1/vendors", a_vendor(v)));
    let rich = (0..SHOPS).map(|n| account(&shop(n), &shop_phone(n), 1_000_000_000_000));
    let poor = (0..POOR).map(|n| account(&poor_shop(n), &format!("977982{}", 1_000_000 + n), 0));
    let shops = rich.chain(poor).map(|body| ("/api/v1/accounts", body));
    vendors.chain(shops).collect()
}

fn a_vendor(number: u64) -> Value {
    json!({"code": vendor(number), "name": format!("Measured vendor {number}"),
        "phone": format!("+977985{}", 1_000_000 + number), "municipality": "Birendranagar",
        "latitude": 28.6, "longitude": 81.6})
}

fn account(code: &str, phone: &str, limit: u64) -> Value {
    json!({"code": code, "shopName": format!("Measured shop {code}"), "ownerName": "Nobody",
        "phones": [format!("+{phone}")], "municipality": "Birendranagar", "ward": 6, "latitude": 28.6,
        "longitude": 81.6, "limitPaisa": limit, "termsDays": 30})
}

/// Numbers from 0 whose frequency falls with their rank to the power of `exponent`.
#[derive(Debug, Clone)]
pub struct Zipf {
    cumulated: Vec<f64>,
}

impl Zipf {
    /// Over `0..n`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a few hundred ranks")]
    pub fn new(n: u64, exponent: f64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=n).map(|rank| {
            sum += (rank as f64).powf(-exponent);
            sum
        });
        Self {
            cumulated: weights.collect(),
        }
    }

    /// One of them.
    pub fn pick(&self, rng: &mut fastrand::Rng) -> u64 {
        let total = self.cumulated.last().copied().unwrap_or(0.0);
        let at = rng.f64() * total;
        let found = self.cumulated.partition_point(|sum| *sum <= at);
        u64::try_from(found.min(self.cumulated.len().saturating_sub(1))).unwrap_or(0)
    }
}

/// The random stream of operation `n`: the same wherever and whenever it is sent.
#[must_use]
pub fn stream(seed: u64, n: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zipf_prefers_the_first_and_reaches_the_last() {
        let zipf = Zipf::new(300, 1.1);
        let mut rng = fastrand::Rng::with_seed(7);
        let mut seen = vec![0_u32; 300];
        for _ in 0..200_000 {
            seen[usize::try_from(zipf.pick(&mut rng)).expect("small")] += 1;
        }
        // rank 1 over rank 2 is 2^1.1 = 2.14
        let ratio = f64::from(seen[0]) / f64::from(seen[1]);
        assert!((1.95..2.35).contains(&ratio), "{ratio}");
        assert!(seen[299] > 0);
    }

    #[test]
    fn keys_and_phones_are_unique() {
        let all = parties();
        assert_eq!(all.len(), 301 + 1_550);
        let unique = |mut found: Vec<String>| {
            let before = found.len();
            found.sort();
            found.dedup();
            assert_eq!(found.len(), before);
        };
        for (path, pointer) in [
            ("/api/v1/accounts", "/phones/0"),
            ("/api/v1/accounts", "/code"),
            ("/api/v1/vendors", "/phone"),
            ("/api/v1/vendors", "/code"),
        ] {
            let of_path = all.iter().filter(|(p, _)| *p == path);
            unique(
                of_path
                    .map(|(_, body)| body.pointer(pointer).expect("it has one").to_string())
                    .collect(),
            );
        }
        let goods = goods();
        assert_eq!(goods.len(), 7_421);
        unique(goods.into_iter().map(|one| one.sku).collect());
    }
}
