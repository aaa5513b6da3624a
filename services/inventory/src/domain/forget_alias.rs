//! A shop wants to be asked again what it means by a phrase.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use serde::{Deserialize, Serialize};

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

/// What a phrase means for the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meaning {
    /// Product.
    pub sku: Sku,
    /// Its name.
    pub name: String,
    /// The shop has said so itself; else enough others have.
    pub own: bool,
}

impl Command for ForgetAlias {
    const NAME: &'static str = "ForgetAlias";
    type Snapshot = Option<Meaning>;
    type Decision = Option<Meaning>;
    type Refusal = Refusal;

    /// What is not there is forgotten already.
    fn decide(&self, meant: Option<Meaning>, _now: DateTime<Utc>) -> Result<Option<Meaning>, Refusal> {
        Ok(meant)
    }
}
