//! The key of a product.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest key in characters.
const LENGTH_MAX: usize = 40;

/// A product's key such as `RICE-JEERA-25KG`: capital letters and digits in groups that hyphens join.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sku(String);

/// The text is no product key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASku;

impl fmt::Display for NotASku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "letters and digits in groups joined by hyphens, at most {LENGTH_MAX} characters"
        )
    }
}

impl std::error::Error for NotASku {}

impl Sku {
    /// A key that the database holds, where a constraint has checked it.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a key in any case.
impl FromStr for Sku {
    type Err = NotASku;

    fn from_str(text: &str) -> Result<Self, NotASku> {
        let text = text.trim();
        let groups = |t: &str| {
            t.split('-')
                .all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_alphanumeric()))
        };
        if text.len() > LENGTH_MAX || !groups(text) {
            return Err(NotASku);
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_any_case_and_stored_in_capitals() {
        assert_eq!(
            "rice-Jeera-25kg".parse::<Sku>().map(|s| s.to_string()),
            Ok("RICE-JEERA-25KG".to_owned())
        );
        for wrong in [
            "",
            "-",
            "A--B",
            "A-",
            "RICE JEERA",
            "चामल",
            "A_B",
            &"A".repeat(41),
        ] {
            assert_eq!(wrong.parse::<Sku>(), Err(NotASku), "{wrong}");
        }
    }
}
