//! Wholesalers.

use std::{fmt, str::FromStr};

use khaacho_ids::VendorId;
use khaacho_phone::Phone;
use serde::{Deserialize, Serialize, Serializer};

use super::flaw::Flaws;

/// Longest code in characters.
const CODE_LENGTH_MAX: usize = 20;

/// A time of day in Kathmandu, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 07:00, when shops open unless they say otherwise.
    pub const OPENS: Self = Self(7 * 60);
    /// 19:00, when shops close unless they say otherwise.
    pub const CLOSES: Self = Self(19 * 60);
}

/// The text is no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as 07:30")
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATime)?;
        let number = |part: &str, most: u16| {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u16>()
                .ok()
                .filter(|n| digits && *n <= most)
                .ok_or(NotATime)
        };
        Ok(Self(number(hours, 23)? * 60 + number(minutes, 59)?))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Language of messages to a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Nepali in Devanagari.
    Ne,
    /// Nepali in Latin letters.
    NeLatn,
    /// Hindi.
    Hi,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 4] = [Self::En, Self::Ne, Self::NeLatn, Self::Hi];

    /// The tag in tables and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ne => "ne",
            Self::NeLatn => "ne-Latn",
            Self::Hi => "hi",
        }
    }

    /// Reads the tag; `None` when it is another.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == tag)
    }
}

/// A wholesaler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vendor {
    /// Id; derived from the code.
    pub vendor_id: VendorId,
    /// Code for people, such as `V01`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Phone that offers go to.
    pub phone: Phone,
    /// Municipality; may be empty.
    pub municipality: String,
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Opening time in Kathmandu.
    pub opens: TimeOfDay,
    /// Closing time in Kathmandu.
    pub closes: TimeOfDay,
    /// Whether it gets orders.
    pub active: bool,
    /// Language of messages; `None` while nobody has set one.
    pub language: Option<Language>,
}

/// What somebody says about a vendor: everything but what the service itself gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Particulars {
    /// Name.
    pub name: String,
    /// Phone that offers go to.
    pub phone: Phone,
    /// Municipality; may be empty.
    pub municipality: String,
    /// Latitude in degrees.
    pub latitude: f64,
    /// Longitude in degrees.
    pub longitude: f64,
    /// Opening time in Kathmandu.
    pub opens: TimeOfDay,
    /// Closing time in Kathmandu.
    pub closes: TimeOfDay,
    /// Language of messages; `None` to set none.
    #[serde(serialize_with = "asked_for")]
    pub language: Option<Language>,
}

/// No language was asked for as English is, before there was a difference: a request of then may still be repeated.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn asked_for<S: Serializer>(language: &Option<Language>, to: S) -> Result<S::Ok, S::Error> {
    language.unwrap_or_default().serialize(to)
}

impl Particulars {
    /// The vendor with this code. The id is derived from it, so that files and processes agree about it.
    pub fn with_code(self, code: &str) -> Vendor {
        Vendor {
            vendor_id: id_of(code),
            code: code.to_owned(),
            name: self.name,
            phone: self.phone,
            municipality: self.municipality,
            latitude: self.latitude,
            longitude: self.longitude,
            opens: self.opens,
            closes: self.closes,
            active: true,
            language: self.language,
        }
    }

    /// Everything that is wrong with them.
    pub fn flaws(&self) -> Flaws {
        let mut flaws = Flaws::new();
        flaws.text("name", &self.name, 120);
        flaws.unless(
            self.municipality.chars().count() <= 80,
            "municipality",
            "at most 80 characters",
        );
        flaws.unless(
            (-90.0..=90.0).contains(&self.latitude),
            "latitude",
            "-90 to 90 degrees",
        );
        flaws.unless(
            (-180.0..=180.0).contains(&self.longitude),
            "longitude",
            "-180 to 180 degrees",
        );
        flaws.unless(self.opens < self.closes, "closes", "later than the opening time");
        flaws
    }
}

/// The id of the vendor with this code.
pub fn id_of(code: &str) -> VendorId {
    VendorId::derive(&["vendor", code])
}

/// A code in its one spelling (capitals), or `None` when it is not 1 to 20 letters, digits and hyphens.
pub fn code_of(text: &str) -> Option<String> {
    let text = text.trim();
    let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    ((1..=CODE_LENGTH_MAX).contains(&text.len()) && allowed).then(|| text.to_ascii_uppercase())
}

/// The code with this number: `V01` … `V99`, `V100` …
pub fn numbered_code(number: i64) -> String {
    format!("V{number:02}")
}

#[cfg(test)]
pub(crate) mod examples {
    use super::*;

    /// A vendor in Birendranagar with the given code.
    pub fn vendor(code: &str) -> Vendor {
        particulars().with_code(code)
    }

    /// Particulars without flaws.
    pub fn particulars() -> Particulars {
        Particulars {
            name: "Bulbule Traders".to_owned(),
            phone: Phone::parse("+9779759153969").expect("a phone"),
            municipality: "Birendranagar".to_owned(),
            latitude: 28.6012,
            longitude: 81.6178,
            opens: TimeOfDay::OPENS,
            closes: TimeOfDay::CLOSES,
            language: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_strict() {
        assert_eq!(
            "07:30".parse::<TimeOfDay>().map(|t| t.to_string()),
            Ok("07:30".to_owned())
        );
        for wrong in ["7:30", "24:00", "07:60", "0730", "", "+7:30", "07:3O"] {
            assert_eq!(wrong.parse::<TimeOfDay>(), Err(NotATime), "{wrong}");
        }
    }

    #[test]
    fn codes_have_one_spelling() {
        assert_eq!(code_of(" v01 ").as_deref(), Some("V01"));
        assert_eq!(
            [code_of(""), code_of("V 1"), code_of(&"V".repeat(21))],
            [None, None, None]
        );
        assert_eq!([numbered_code(7), numbered_code(123)], ["V07", "V123"]);
        assert_eq!(id_of("V01"), examples::vendor("V01").vendor_id);
    }

    #[test]
    fn a_request_without_a_language_is_the_one_that_it_was_when_that_meant_english() {
        let written = |language| {
            let particulars = Particulars {
                language,
                ..examples::particulars()
            };
            serde_json::to_value(particulars).expect("serialises")["language"].clone()
        };
        assert_eq!([None, Some(Language::En)].map(written), ["en", "en"]);
        assert_eq!(written(Some(Language::NeLatn)), "ne_latn");
    }

    #[test]
    fn every_flaw_is_told_at_once() {
        let mut bad = examples::particulars();
        bad.name = "\n".to_owned();
        bad.latitude = f64::NAN;
        bad.longitude = 181.0;
        bad.closes = bad.opens;
        let fields: Vec<String> = bad.flaws().into_vec().into_iter().map(|f| f.field).collect();
        assert_eq!(fields, ["name", "latitude", "longitude", "closes"]);
        assert!(examples::particulars().flaws().is_empty());
    }
}
