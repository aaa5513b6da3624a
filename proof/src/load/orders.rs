//! W3: shops place orders by REST and wait for the outcome.

use std::fmt::Write as _;

use super::client::{Answer, Connection};
use super::data::{self, Line, Zipf};
use super::pace::Workload;
use super::tally::Outcome;

/// Which products are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mix {
    /// All vendors and products alike.
    Spread,
    /// Vendors by Zipf's law with exponent 1.1.
    Zipf,
    /// One product in every order, and two of many others of its vendor.
    Hot,
}

/// What an order is meant to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Placed,
    CreditShort,
    StockShort,
}

/// Placing orders.
#[derive(Debug)]
pub struct Orders {
    mix: Mix,
    refused_per_mille: u64,
    zipf: Zipf,
    seed: u64,
    tag: String,
    key: String,
}

impl Orders {
    /// `refused` of 100 are refused, half for credit and half for stock. `tag` makes idempotency keys this run's own.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0–1000"
    )]
    pub fn new(mix: Mix, refused: f64, seed: u64, tag: &str, key: &str) -> Self {
        Self {
            mix,
            refused_per_mille: (refused * 10.0).round().clamp(0.0, 1000.0) as u64,
            zipf: Zipf::new(data::VENDORS, 1.1),
            seed,
            tag: tag.to_owned(),
            key: format!("Bearer {key}"),
        }
    }

    fn order(&self, n: u64) -> (String, Vec<Line>, Meant) {
        let mut rng = data::stream(self.seed, n);
        let luck = rng.u64(0..1000);
        let meant = match luck {
            _ if luck * 2 < self.refused_per_mille => Meant::CreditShort,
            _ if luck < self.refused_per_mille => Meant::StockShort,
            _ => Meant::Placed,
        };
        let shop = match meant {
            Meant::CreditShort => data::poor_shop(rng.u64(0..data::POOR)),
            _ => data::shop(rng.u64(0..data::SHOPS)),
        };
        let mut skus = self.basket(&mut rng);
        if meant == Meant::StockShort {
            skus = vec![data::empty_sku(rng.u64(0..data::EMPTY))];
        }
        let quantity = rng.u64(1..=5);
        let lines = skus.into_iter().map(|sku| Line { sku, quantity }).collect();
        (shop, lines, meant)
    }

    fn basket(&self, rng: &mut fastrand::Rng) -> Vec<String> {
        let vendor = match self.mix {
            Mix::Hot => {
                let half = data::COMPANIONS / 2;
                let companions = [rng.u64(1..=half), rng.u64(half + 1..=2 * half)];
                return vec![
                    data::hot_sku(0),
                    data::hot_sku(companions[0]),
                    data::hot_sku(companions[1]),
                ];
            }
            Mix::Spread => rng.u64(0..data::VENDORS),
            Mix::Zipf => self.zipf.pick(rng),
        };
        [rng.u64(1..=6), rng.u64(7..=13), rng.u64(14..=20)]
            .into_iter()
            .map(|product| data::sku(vendor, product))
            .collect()
    }
}

impl Workload for Orders {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        let (shop, lines, meant) = self.order(n);
        let once = format!("{}-{n}", self.tag);
        let headers = [
            ("authorization", self.key.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &once),
            ("prefer", "wait=8"),
        ];
        let body = body(&shop, &lines);
        match connection.post("/api/v1/orders", &headers, body.as_bytes()).await {
            Ok(answer) => judge(&answer, meant),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}

fn body(shop: &str, lines: &[Line]) -> String {
    let mut text = format!(r#"{{"accountId":"{shop}","lines":["#);
    for (n, line) in lines.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        // writing to a string cannot fail
        let _ = write!(
            text,
            r#"{comma}{{"sku":"{}","quantity":"{}"}}"#,
            line.sku, line.quantity
        );
    }
    text.push_str("]}");
    text
}

/// A refusal counts as right only where it was meant, and with the reason that was meant.
fn judge(answer: &Answer<'_>, meant: Meant) -> Outcome {
    let placed = answer.status == 200 && answer.says("ORDER_STATUS_SENT_TO_VENDOR");
    let refused = |reason: &str| {
        let ended = answer.status == 200 && answer.says("ORDER_STATUS_REFUSED");
        (ended || answer.status == 422) && answer.says(reason)
    };
    match meant {
        _ if shed(answer) => Outcome::Shed,
        Meant::Placed if placed => Outcome::Good("placed"),
        Meant::CreditShort if refused("CREDIT_SHORT") => Outcome::Refused("CREDIT_SHORT".to_owned()),
        Meant::StockShort if refused("STOCK_SHORT") => Outcome::Refused("STOCK_SHORT".to_owned()),
        _ if placed => Outcome::Bad("placed what should be refused".to_owned()),
        _ => Outcome::Bad(trouble(answer)),
    }
}

/// Whether the gateway said that it has too much to do, and that nothing was done.
fn shed(answer: &Answer<'_>) -> bool {
    matches!(answer.status, 429 | 503) && answer.says("\"OVERLOADED\"")
}

/// Names an answer that should not have come.
#[must_use]
pub fn trouble(answer: &Answer<'_>) -> String {
    let json = answer.json();
    let reason = ["/reason", "/order/reason", "/order/status"]
        .into_iter()
        .filter_map(|pointer| json.pointer(pointer)?.as_str())
        .find(|text| !text.is_empty());
    match reason {
        Some(reason) => format!("status {} {reason}", answer.status),
        None => format!("status {}", answer.status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer<'_> {
        Answer {
            status,
            head: b"",
            body: body.as_bytes(),
        }
    }

    #[test]
    fn only_the_outcome_that_was_meant_counts() {
        let sent = r#"{"order":{"status":"ORDER_STATUS_SENT_TO_VENDOR"},"settled":true}"#;
        let poor = r#"{"order":{"status":"ORDER_STATUS_REFUSED","reason":"CREDIT_SHORT"}}"#;
        let short = r#"{"reason":"STOCK_SHORT"}"#;
        assert_eq!(judge(&answer(200, sent), Meant::Placed), Outcome::Good("placed"));
        let refused = Outcome::Refused("CREDIT_SHORT".to_owned());
        assert_eq!(judge(&answer(200, poor), Meant::CreditShort), refused);
        let refused = Outcome::Refused("STOCK_SHORT".to_owned());
        assert_eq!(judge(&answer(422, short), Meant::StockShort), refused);
        let busy = r#"{"status":503,"reason":"OVERLOADED"}"#;
        assert_eq!(judge(&answer(503, busy), Meant::Placed), Outcome::Shed);
        for (status, body, meant) in [
            (200, busy, Meant::Placed),
            (200, sent, Meant::StockShort),
            (200, poor, Meant::Placed),
            (200, poor, Meant::StockShort),
            (
                202,
                r#"{"order":{"status":"ORDER_STATUS_PLACED"}}"#,
                Meant::Placed,
            ),
            (503, "", Meant::Placed),
        ] {
            let judged = judge(&answer(status, body), meant);
            assert!(matches!(judged, Outcome::Bad(_)), "{status} {body} {judged:?}");
        }
    }

    #[test]
    fn the_share_of_refusals_is_as_asked() {
        let orders = Orders::new(Mix::Spread, 5.0, 1, "t", "k");
        let meant: Vec<_> = (0..20_000).map(|n| orders.order(n).2).collect();
        for kind in [Meant::CreditShort, Meant::StockShort] {
            let share = meant.iter().filter(|m| **m == kind).count();
            assert!((400..600).contains(&share), "{kind:?} {share}");
        }
        let none = Orders::new(Mix::Hot, 0.0, 1, "t", "k");
        assert!((0..2_000).all(|n| none.order(n).2 == Meant::Placed));
    }

    #[test]
    fn a_hot_order_always_has_the_hot_product_first() {
        let orders = Orders::new(Mix::Hot, 0.0, 1, "t", "k");
        for n in 0..100 {
            let (_, lines, _) = orders.order(n);
            assert_eq!((lines.len(), lines[0].sku.as_str()), (3, "BH-0000"));
            assert!(lines[1].sku < lines[2].sku);
        }
    }
}
