//! Variables of answers that say no.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Variables of `refused` and `vendor_refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Reason code.
    pub reason: String,
    /// The same as an English sentence, for a reason that has no words here.
    pub sentence: String,
    /// Facts of the refusal by name.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}
