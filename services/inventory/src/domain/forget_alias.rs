//! A shop takes back what it has said that it means by a phrase.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::Serialize;

use super::refusal::Refusal;
use super::sku::Sku;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct ForgetAlias {
    /// The shop.
    pub account_id: AccountId,
    /// What phrases are compared by.
    pub key: String,
}

/// What the phrase means for the shop, with the product's name.
pub type Meant = Option<(Sku, String)>;

impl Command for ForgetAlias {
    const NAME: &'static str = "ForgetAlias";
    type Snapshot = Meant;
    type Decision = Meant;
    type Refusal = Refusal;

    /// What is not there is forgotten already.
    fn decide(&self, meant: Meant, _now: DateTime<Utc>) -> Result<Meant, Refusal> {
        Ok(meant)
    }
}
