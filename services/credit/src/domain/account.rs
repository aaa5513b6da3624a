//! A shop's account: who it is, what it may, what it owes.

use chrono::{DateTime, Utc};
use khaacho_ids::AccountId;
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};

/// Language of replies to a shop. Text form as stored: `en`, `ne`, `ne-Latn`, `hi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Nepali in Devanagari.
    #[serde(rename = "ne")]
    Ne,
    /// Nepali in Latin letters.
    #[serde(rename = "ne-Latn")]
    NeLatn,
    /// Hindi.
    #[serde(rename = "hi")]
    Hi,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 4] = [Self::En, Self::Ne, Self::NeLatn, Self::Hi];

    /// Text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ne => "ne",
            Self::NeLatn => "ne-Latn",
            Self::Hi => "hi",
        }
    }

    /// The language with this text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == text)
    }
}

/// Whether an account may order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Within its limit.
    Active,
    /// Not at all, for this reason. It may still pay, receive and read.
    Blocked {
        /// Never empty; shown to the shop.
        reason: String,
    },
}

impl State {
    /// Text form: `ACTIVE` or `BLOCKED`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Blocked { .. } => "BLOCKED",
        }
    }

    /// Why it is blocked; empty when it is not.
    pub fn block_reason(&self) -> &str {
        match self {
            Self::Active => "",
            Self::Blocked { reason } => reason,
        }
    }

    /// The state with this text form.
    pub fn parse(text: &str, block_reason: String) -> Option<Self> {
        match text {
            "ACTIVE" => Some(Self::Active),
            "BLOCKED" => Some(Self::Blocked { reason: block_reason }),
            _ => None,
        }
    }
}

/// The invoice that has to be paid next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What is still open of it.
    pub open: Paisa,
    /// When it is due.
    pub at: DateTime<Utc>,
}

/// Limit, debt and holds at one moment. The database keeps each within ±10¹⁵ paisa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Credit limit.
    pub limit: Paisa,
    /// Posted debt; negative when the shop paid in advance.
    pub owed: Paisa,
    /// Sum of the pending holds.
    pub held: Paisa,
    /// What is due next, if anything is.
    pub next_due: Option<Due>,
}

impl Balance {
    /// What a new order may cost: `limit − owed − held`. Negative when the limit was lowered below the exposure.
    pub fn available(&self) -> Paisa {
        Paisa::new(self.limit.paisa() - self.owed.paisa() - self.held.paisa())
    }
}

/// What decides about new holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Limit, debt, holds.
    pub balance: Balance,
    /// Whether it may order at all.
    pub state: State,
}

/// Everything about an account that changes seldom: what look-ups are cached as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Id.
    pub account_id: AccountId,
    /// Code for people.
    pub code: String,
    /// Shop's name.
    pub shop_name: String,
    /// Owner's name; may be empty.
    pub owner_name: String,
    /// E.164 phones; the first one is written to.
    pub phones: Vec<String>,
    /// Business-scoped ids that act for it.
    pub user_ids: Vec<String>,
    /// Language of replies; `None` while nobody has set one.
    pub language: Option<Language>,
    /// Municipality; may be empty.
    pub municipality: String,
    /// Ward; 0 when unknown.
    pub ward: u32,
    /// Latitude in degrees; 0 with longitude 0 when unknown.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Days from delivery to the due date.
    pub terms_days: u32,
    /// Whether it may order.
    pub state: State,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
}

/// An account as the contract shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Who it is.
    pub profile: Profile,
    /// What it owes.
    pub balance: Balance,
    /// Number of changes of limit, debt, holds and state so far.
    pub version: i64,
}
