//! Prices are bound.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::quote::Quote;
use super::{Asked, Refusal};

/// Binds the prices of a basket. What peers said travels beside the request and is not part of its fingerprint.
#[derive(Debug, Clone, Serialize)]
pub struct QuoteOrder {
    /// Buying account.
    pub account_id: String,
    /// What was asked.
    pub asked: Vec<Asked>,
    /// The priced basket.
    #[serde(skip)]
    pub quote: Quote,
}

impl Command for QuoteOrder {
    const NAME: &'static str = "QuoteOrder";
    type Snapshot = ();
    type Decision = Quote;
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<Quote, Refusal> {
        Ok(self.quote.clone())
    }
}
