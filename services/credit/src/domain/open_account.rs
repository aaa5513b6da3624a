//! Opening an account for a shop.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::AccountId;
use khaacho_money::Paisa;
use khaacho_phone::Phone;
use serde::{Serialize, Serializer};

use super::{Account, Balance, Language, Profile, Refusal, State};

/// Prefix of codes that the service gives.
const CODE_PREFIX: &str = "R";
/// Digits of codes that the service gives; more when the numbers outgrow them.
const CODE_DIGITS: usize = 5;
/// Accounts that one phone may act for: as many as a list in chat has rows. The table keeps it, too.
pub const PHONE_ACCOUNTS_MAX: usize = 10;

/// Opens an account.
#[derive(Debug, Clone, Serialize)]
pub struct OpenAccount {
    /// New id; not part of what was asked for.
    #[serde(skip)]
    pub account_id: AccountId,
    /// Code, when the caller gives one.
    pub code: Option<String>,
    /// Shop's name.
    pub shop_name: String,
    /// Owner's name.
    pub owner_name: String,
    /// At least one, all different; the first one is written to.
    pub phones: Vec<Phone>,
    /// Language of replies; `None` to set none.
    #[serde(serialize_with = "asked_for")]
    pub language: Option<Language>,
    /// Municipality.
    pub municipality: String,
    /// Ward; 0 when unknown.
    pub ward: u32,
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Credit limit.
    pub limit: Paisa,
    /// Days from delivery to the due date.
    pub terms_days: u32,
    /// A phone may act for other accounts, too. What was asked for before there was this says nothing of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shared_phone: bool,
}

/// No language was asked for as English is, before there was a difference: a request of then may still be repeated.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn asked_for<S: Serializer>(language: &Option<Language>, to: S) -> Result<S::Ok, S::Error> {
    language.unwrap_or_default().serialize(to)
}

/// What opening needs to know.
#[derive(Debug)]
pub struct Seen {
    /// Next number of the code sequence, drawn when no code was given.
    pub number: Option<i64>,
}

impl Command for OpenAccount {
    const NAME: &'static str = "OpenAccount";
    type Snapshot = Seen;
    type Decision = Account;
    type Refusal = Refusal;

    fn decide(&self, seen: Seen, now: DateTime<Utc>) -> Result<Account, Refusal> {
        let code = match (&self.code, seen.number) {
            (Some(code), _) => code.clone(),
            (None, Some(number)) => code_of(number),
            (None, None) => panic!("a number is drawn whenever no code was given"),
        };
        let profile = Profile {
            account_id: self.account_id,
            code,
            shop_name: self.shop_name.clone(),
            owner_name: self.owner_name.clone(),
            phones: self
                .phones
                .iter()
                .map(|phone| phone.as_str().to_owned())
                .collect(),
            user_ids: Vec::new(),
            language: self.language,
            municipality: self.municipality.clone(),
            ward: self.ward,
            latitude: self.latitude,
            longitude: self.longitude,
            terms_days: self.terms_days,
            state: State::Active,
            opened_at: now,
        };
        let balance = Balance {
            limit: self.limit,
            owed: Paisa::ZERO,
            held: Paisa::ZERO,
            next_due: None,
        };
        Ok(Account {
            profile,
            balance,
            version: 1,
        })
    }
}

/// The code with this number: `R00042`.
pub fn code_of(number: i64) -> String {
    format!("{CODE_PREFIX}{number:0CODE_DIGITS$}")
}

/// The number of a code that looks like one of ours (`R1`, `R001`, `R00001`), so that given codes and our own do not
/// meet. Longer numbers are nobody's sequence.
pub fn number_of(code: &str) -> Option<i64> {
    let digits = code.strip_prefix(CODE_PREFIX)?;
    let plain = (1..=CODE_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(code: Option<&str>) -> OpenAccount {
        OpenAccount {
            account_id: AccountId::derive(&["a"]),
            code: code.map(str::to_owned),
            shop_name: "Khadka Kirana Pasal".to_owned(),
            owner_name: String::new(),
            phones: vec![Phone::parse("9841234567").expect("valid")],
            language: Some(Language::Ne),
            municipality: "Birendranagar".to_owned(),
            ward: 6,
            latitude: 28.6,
            longitude: 81.6,
            limit: Paisa::new(50_000_00),
            terms_days: 21,
            shared_phone: false,
        }
    }

    #[test]
    fn codes_are_given_from_the_sequence_when_the_caller_has_none() {
        let opened = command(None)
            .decide(Seen { number: Some(42) }, DateTime::UNIX_EPOCH)
            .expect("opened");
        assert_eq!(opened.profile.code, "R00042");
        let opened = command(Some("SHOP-1"))
            .decide(Seen { number: None }, DateTime::UNIX_EPOCH)
            .expect("opened");
        assert_eq!((opened.profile.code.as_str(), opened.version), ("SHOP-1", 1));
        assert_eq!(opened.profile.phones, ["+9779841234567"]);
        assert_eq!(opened.balance.available(), Paisa::new(50_000_00));
    }

    #[test]
    fn codes_outgrow_their_digits() {
        assert_eq!(code_of(1_234_567), "R1234567");
    }

    #[test]
    fn codes_like_ours_are_recognised() {
        assert_eq!(number_of("R001"), Some(1));
        assert_eq!(number_of("R99999"), Some(99_999));
        for other in ["R", "R100000", "R-1", "RX1", "001", "R1A"] {
            assert_eq!(number_of(other), None, "{other}");
        }
    }

    #[test]
    fn the_new_id_is_not_part_of_what_was_asked_for() {
        let text = serde_json::to_string(&command(None)).expect("serialises");
        assert!(!text.contains("acc_"), "{text}");
        assert!(!text.contains("shared_phone"), "as before it was there: {text}");
        let silent = OpenAccount {
            language: None,
            ..command(None)
        };
        let text = serde_json::to_string(&silent).expect("serialises");
        assert!(
            text.contains("\"language\":\"en\""),
            "as before it could be none: {text}"
        );
    }
}
