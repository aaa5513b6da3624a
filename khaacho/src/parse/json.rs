//! Messages and meanings as JSON lines.

use khaacho_order::domain::interpret::{Ask, Awaiting, Line, Meaning, Named, Party, Pay};
use serde::{Deserialize, Serialize};

use super::why::why;

/// A message: `{"id","party","text"}`.
#[derive(Debug, Deserialize)]
pub struct In {
    /// Any name.
    #[serde(default)]
    pub id: serde_json::Value,
    /// `retailer` (default) or `vendor`.
    #[serde(default)]
    pub party: String,
    /// What was written.
    pub text: String,
    /// `nothing`, `confirmation` or `answer`: what the conversation waits for.
    #[serde(default)]
    pub awaiting: String,
}

impl In {
    /// Who writes.
    pub fn party(&self) -> Party {
        if self.party == "vendor" {
            Party::Vendor
        } else {
            Party::Retailer
        }
    }

    /// What the conversation waits for.
    pub fn awaiting(&self) -> Awaiting {
        match self.awaiting.as_str() {
            "nothing" => Awaiting::Nothing,
            "confirmation" => Awaiting::Confirmation,
            "answer" => Awaiting::Answer,
            _ => Awaiting::Unstated,
        }
    }
}

/// A meaning: `{"id","intent","lines","ask","unknown"}` and, where they apply, the rest.
#[derive(Debug, Serialize)]
pub struct Out {
    /// As it came in.
    pub id: serde_json::Value,
    /// What must be done first.
    pub intent: &'static str,
    /// 0–1000.
    pub confidence: u16,
    /// Further intents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<&'static str>,
    /// Exact lines.
    pub lines: Vec<OutLine>,
    /// Questions.
    pub ask: Vec<OutAsk>,
    /// Products that are not wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<OutNamed>,
    /// Products that are asked or complained about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<OutNamed>,
    /// Words that were not understood.
    pub unknown: Vec<String>,
    /// Order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_ref: Option<String>,
    /// Amount of a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_paisa: Option<i64>,
    /// `made` or `promise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay: Option<&'static str>,
    /// With `--explain`: a sentence for each decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// One line.
#[derive(Debug, Serialize)]
pub struct OutLine {
    /// Product.
    pub sku: String,
    /// Decimal string, in `unit`; absent in a price update.
    pub qty: Option<String>,
    /// Order unit.
    pub unit: &'static str,
    /// In a change: `add`, `set` or `remove`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<&'static str>,
    /// In a vendor's update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_paisa: Option<i64>,
}

/// One question.
#[derive(Debug, Serialize)]
pub struct OutAsk {
    /// The words it is about.
    pub phrase: String,
    /// Products that fit.
    pub candidates: Vec<String>,
    /// As stated.
    pub qty: Option<String>,
    /// As stated.
    pub unit: Option<&'static str>,
    /// Why.
    pub reason: &'static str,
    /// Lowest and highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[String; 2]>,
}

/// A phrase and its products.
#[derive(Debug, Serialize)]
pub struct OutNamed {
    /// The words.
    pub phrase: String,
    /// Products.
    pub skus: Vec<String>,
}

/// Thousandths as a decimal.
pub fn decimal(milli: i64) -> String {
    let (whole, part) = (milli / 1000, milli % 1000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}").trim_end_matches('0').to_owned()
}

impl Out {
    /// The meaning of the message with that id, and with `explain` why it is that.
    pub fn of(id: serde_json::Value, meaning: Meaning, explain: bool) -> Self {
        let why = if explain { why(&meaning) } else { Vec::new() };
        let named = |n: Named| OutNamed {
            phrase: n.phrase,
            skus: n.skus,
        };
        let line = |l: Line| OutLine {
            sku: l.sku,
            qty: l.milli.map(decimal),
            unit: l.unit.as_str(),
            op: l.op.map(|op| op.as_str()),
            price_paisa: l.price_paisa,
        };
        let ask = |a: Ask| OutAsk {
            phrase: a.phrase,
            candidates: a.candidates,
            qty: a.milli.map(decimal),
            unit: a.unit.map(|u| u.as_str()),
            reason: a.reason.as_str(),
            range: a.range.map(|(low, high)| [decimal(low), decimal(high)]),
        };
        Self {
            id,
            intent: meaning.intent.as_str(),
            confidence: meaning.confidence,
            also: meaning.also.iter().map(|i| i.as_str()).collect(),
            lines: meaning.lines.into_iter().map(line).collect(),
            ask: meaning.asks.into_iter().map(ask).collect(),
            exclude: meaning.exclude.into_iter().map(named).collect(),
            about: meaning.about.into_iter().map(named).collect(),
            unknown: meaning.unknown,
            order_ref: meaning.order_ref,
            amount_paisa: meaning.amount_paisa,
            pay: meaning.pay.map(|p| match p {
                Pay::Made => "made",
                Pay::Promise => "promise",
            }),
            why,
        }
    }
}
