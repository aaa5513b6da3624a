//! An operator says what a phrase means, for one shop or for all.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AliasId;
use serde::Serialize;

use super::alias::id_of;
use super::refusal::Refusal;
use super::sku::Sku;

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct SetAlias {
    /// The shop; empty for all.
    pub account_id: String,
    /// As typed.
    pub phrase: String,
    /// What phrases are compared by; not empty.
    pub key: String,
    /// Product.
    pub sku: Sku,
}

/// What was seen.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Whether the product exists and is active.
    pub product_known: bool,
    /// Product that the phrase means now.
    pub meant: Option<Sku>,
}

/// The alias, and the one that it takes the place of.
pub type Decision = (AliasId, Option<AliasId>);

impl Command for SetAlias {
    const NAME: &'static str = "SetAlias";
    type Snapshot = Snapshot;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<Decision, Refusal> {
        if !seen.product_known {
            return Err(Refusal::ProductUnknown(self.sku.clone()));
        }
        let id = |sku: &Sku| id_of(&self.account_id, &self.key, sku);
        let before = seen.meant.filter(|sku| *sku != self.sku);
        Ok((id(&self.sku), before.map(|sku| id(&sku))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_means_one_product() {
        let command = SetAlias {
            account_id: String::new(),
            phrase: "lal tel".to_owned(),
            key: "lal tel".to_owned(),
            sku: "OIL-1L".parse().expect("a sku"),
        };
        let decide = |product_known, meant: Option<&str>| {
            let meant = meant.map(|sku| sku.parse().expect("a sku"));
            command.decide(Snapshot { product_known, meant }, DateTime::UNIX_EPOCH)
        };
        let (id, replaces) = decide(true, Some("OIL-5L")).expect("an alias");
        assert_eq!(
            replaces,
            Some(id_of("", "lal tel", &"OIL-5L".parse().expect("a sku")))
        );
        assert_eq!(decide(true, Some("OIL-1L")), Ok((id, None)));
        assert_eq!(
            decide(false, None),
            Err(Refusal::ProductUnknown(command.sku.clone()))
        );
    }
}
