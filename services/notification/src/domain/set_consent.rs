//! Somebody wants no more messages from us, or wants them again.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use serde::{Deserialize, Serialize};

use super::Refusal;

/// Notes what somebody said.
#[derive(Debug, Clone, Serialize)]
pub struct SetConsent {
    /// Phone, or the line of a recipient without one.
    pub who: String,
    /// Whether messages end.
    pub opted_out: bool,
    /// When the person said so; `None` for now.
    pub said_at: Option<DateTime<Utc>>,
}

/// What somebody said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Phone, or the line of a recipient without one.
    pub who: String,
    /// Whether messages end.
    pub opted_out: bool,
    /// When the person said so.
    pub said_at: DateTime<Utc>,
    /// Who noted it.
    pub noted_by: String,
    /// What caused it.
    pub cause: String,
}

impl Command for SetConsent {
    const NAME: &'static str = "SetConsent";
    type Snapshot = ();
    /// When it was said: never later than now.
    type Decision = DateTime<Utc>;
    type Refusal = Refusal;

    fn decide(&self, (): (), now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        Ok(self.said_at.map_or(now, |said| said.min(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_speaks_in_the_future() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1);
        let said = |said_at| {
            let command = SetConsent {
                who: "+9779841234567".to_owned(),
                opted_out: true,
                said_at,
            };
            command.decide((), now).expect("never refused")
        };
        assert_eq!(said(None), now);
        assert_eq!(said(Some(now + chrono::TimeDelta::days(9))), now);
        assert_eq!(said(Some(DateTime::UNIX_EPOCH)), DateTime::UNIX_EPOCH);
    }
}
