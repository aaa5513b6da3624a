//! Registers a vendor.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::refusal::Refusal;
use super::vendor::{Particulars, Vendor};

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterVendor {
    /// Code; `None` to get the next number.
    pub code: Option<String>,
    /// The rest, without flaws.
    pub particulars: Particulars,
}

/// What was seen.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The wanted code, or the next free one.
    pub code: String,
    /// Whether the code is taken.
    pub code_taken: bool,
    /// Whether the phone is taken.
    pub phone_taken: bool,
}

impl Command for RegisterVendor {
    const NAME: &'static str = "RegisterVendor";
    type Snapshot = Snapshot;
    type Decision = Vendor;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<Vendor, Refusal> {
        if seen.code_taken {
            return Err(Refusal::VendorExists { field: "code" });
        }
        if seen.phone_taken {
            return Err(Refusal::VendorExists { field: "phone" });
        }
        Ok(self.particulars.clone().with_code(&seen.code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vendor::examples::particulars;

    #[test]
    fn code_and_phone_belong_to_one_vendor() {
        let command = RegisterVendor {
            code: None,
            particulars: particulars(),
        };
        let decide = |code_taken, phone_taken| {
            let seen = Snapshot {
                code: "V13".to_owned(),
                code_taken,
                phone_taken,
            };
            command
                .decide(seen, DateTime::UNIX_EPOCH)
                .map(|vendor| vendor.code)
        };
        assert_eq!(decide(false, false), Ok("V13".to_owned()));
        assert_eq!(decide(true, true), Err(Refusal::VendorExists { field: "code" }));
        assert_eq!(decide(false, true), Err(Refusal::VendorExists { field: "phone" }));
    }
}
