//! Who gets a message, and who carries it.

use std::fmt;

use khaacho_phone::Phone;
use serde::{Deserialize, Serialize};

use super::message::{self, Limits};

/// Who carries messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Twilio Programmable Messaging.
    Twilio,
    /// Meta WhatsApp Cloud API.
    Meta,
    /// The built-in simulator.
    Simulator,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 3] = [Self::Twilio, Self::Meta, Self::Simulator];

    /// Name as stored and used in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Meta => "meta",
            Self::Simulator => "simulator",
        }
    }

    /// The provider with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == name)
    }

    /// How much one message takes. The simulator has Meta's limits, so what fits there fits here.
    pub const fn limits(self) -> Limits {
        match self {
            Self::Twilio => message::TWILIO,
            Self::Meta | Self::Simulator => message::META,
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One end of a conversation. `Debug` masks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who carries the message.
    pub provider: Provider,
    /// Our own number or id there; empty when none is configured.
    pub account: String,
    /// The other party's address as the provider writes it; may be empty when the phone is known.
    pub address: String,
    /// Phone, when known.
    pub phone: Option<Phone>,
    /// Meta's business-scoped user id, when known.
    pub user_id: Option<String>,
}

impl Recipient {
    /// Who is meant, in the most stable form we know; `None` when nobody is.
    pub fn name(&self) -> Option<&str> {
        let phone = self.phone.as_ref().map(Phone::as_str);
        let user_id = self.user_id.as_deref().filter(|id| !id.is_empty());
        phone
            .or(user_id)
            .or(Some(self.address.as_str()).filter(|address| !address.is_empty()))
    }

    /// The line in which this recipient's messages wait for each other.
    pub fn line(&self) -> String {
        format!("to:{}:{}", self.provider, self.name().unwrap_or_default())
    }

    /// Whose wish for no messages counts: a phone's at every provider, anything else's at its own.
    pub fn who(&self) -> String {
        let phone = self.phone.as_ref().map(|phone| phone.as_str().to_owned());
        phone.unwrap_or_else(|| self.line())
    }

    /// For people who need not know the whole number.
    pub fn masked(&self) -> String {
        khaacho_phone::mask(self.name().unwrap_or_default())
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.masked(), self.provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_waits_in_one_line_whatever_else_we_know() {
        let phone = Phone::parse("+9779841234567").ok();
        let known = Recipient {
            provider: Provider::Meta,
            account: "1".into(),
            address: "9779841234567".into(),
            phone,
            user_id: None,
        };
        let told = Recipient {
            address: String::new(),
            ..known.clone()
        };
        assert_eq!(known.line(), "to:meta:+9779841234567");
        assert_eq!(told.line(), known.line());
        assert_eq!(format!("{known:?}"), "+97798****567 by meta");
        let nobody = Recipient { phone: None, ..told };
        assert_eq!(nobody.name(), None);
    }
}
