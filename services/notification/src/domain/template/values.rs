//! Values of template variables: how they are read from JSON and how they are written for people.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use khaacho_money::Quantity;
use serde::{Deserialize, Deserializer, Serialize};

/// Asia/Kathmandu: 5 h 45 min east, without summer time.
const KATHMANDU_SECONDS_EAST: i32 = 5 * 3_600 + 45 * 60;
/// Longest order number; today's have 13 characters.
pub const ORDER_NUMBER_MAX: usize = 32;
/// Longest reference of a button; ids have 36 characters.
const REFERENCE_MAX: usize = 64;

/// A day in Nepal. JSON: `"2026-11-22"`, or a time in RFC 3339 whose day in Nepal is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Day(NaiveDate);

impl Day {
    /// The day in Nepal at this time.
    pub fn at(time: DateTime<Utc>) -> Self {
        let kathmandu = FixedOffset::east_opt(KATHMANDU_SECONDS_EAST).expect("less than a day");
        Self(time.with_timezone(&kathmandu).date_naive())
    }

    /// The day of the calendar.
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(Day(day));
        }
        DateTime::parse_from_rfc3339(&text)
            .map(|time| Day::at(time.to_utc()))
            .map_err(|_| serde::de::Error::custom("expected a date like 2026-11-22 or an RFC 3339 time"))
    }
}

/// How much of a product. JSON: text in units (`"2"`, `"0.5"`) or an integer in thousandths of a unit
/// (`2000`), as contracts carry both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub Quantity);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Count {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "expected a quantity: text in units or an integer in thousandths"
        )]
        enum Either {
            Milli(i64),
            Units(String),
        }
        match Either::deserialize(from)? {
            Either::Milli(milli) => Ok(Count(Quantity::from_milli(milli))),
            Either::Units(text) => text
                .parse()
                .map(Count)
                .map_err(|_| serde::de::Error::custom("expected a quantity like 2 or 0.5")),
        }
    }
}

/// An order number as people write it, `ORD2611000429`: 1 to 32 letters, digits or hyphens. It becomes part
/// of button ids, so it is checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct OrderNumber(String);

impl OrderNumber {
    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for OrderNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if text.is_empty() || text.len() > ORDER_NUMBER_MAX || !plain {
            return Err(serde::de::Error::custom(
                "expected an order number like ORD2611000429",
            ));
        }
        Ok(OrderNumber(text))
    }
}

/// What a button belongs to, so that a tap on an old one is told from a tap on the present one: an id of the
/// service that asks, 1 to 64 letters, digits, hyphens or underscores. It becomes part of button ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Reference(String);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.is_empty() || text.len() > REFERENCE_MAX || !text.bytes().all(plain) {
            return Err(serde::de::Error::custom(
                "expected an id like quo_0123456789abcdef",
            ));
        }
        Ok(Reference(text))
    }
}

/// Reads an optional text; contracts write "none" as an empty one.
pub(super) fn some_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// Other people's words on one line of ours: control characters and runs of white space become one space, so
/// a name cannot fake lines of a message.
pub(super) fn clean(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name of an enum for people: `ORDER_STATUS_OUT_FOR_DELIVERY` → `out for delivery`.
pub(super) fn spoken(name: &str, prefix: &str) -> String {
    clean(name.strip_prefix(prefix).unwrap_or(name))
        .replace('_', " ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_day_is_the_day_in_nepal() {
        let read = |text: &str| {
            serde_json::from_value::<Day>(json!(text))
                .map(|day| day.date().to_string())
                .ok()
        };
        assert_eq!(read("2026-11-22").as_deref(), Some("2026-11-22"));
        assert_eq!(read("2026-11-22T18:14:59Z").as_deref(), Some("2026-11-22"));
        assert_eq!(read("2026-11-22T18:15:00Z").as_deref(), Some("2026-11-23"));
        assert_eq!(read("2027-01-05").as_deref(), Some("2027-01-05"));
        assert_eq!(read("tomorrow"), None);
    }

    #[test]
    fn a_count_is_text_in_units_or_an_integer_in_thousandths() {
        let read = |value| {
            serde_json::from_value::<Count>(value)
                .map(|count| count.to_string())
                .ok()
        };
        assert_eq!(read(json!("0.5")).as_deref(), Some("0.5"));
        assert_eq!(read(json!(2_000)).as_deref(), Some("2"));
        assert_eq!(read(json!("many")), None);
        assert_eq!(read(json!(true)), None);
    }

    #[test]
    fn an_order_number_cannot_carry_other_words() {
        let read = |text: String| serde_json::from_value::<OrderNumber>(json!(text)).is_ok();
        assert!(read("ORD2611000429".into()));
        for bad in ["", "ORD 1", "ORD1\nTotal Rs 0", &"9".repeat(33)] {
            assert!(!read(bad.to_owned()), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_of_a_button_is_one_plain_word() {
        let read = |text: &str| serde_json::from_value::<Reference>(json!(text)).is_ok();
        assert!(read("quo_0190f7a2c1d47cc3a0f1e2d3c4b5a697"));
        for bad in ["", "quo 1", "quo_1\nx", "चामल", &"9".repeat(65)] {
            assert!(!read(bad), "{bad:?}");
        }
    }

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(clean("  Khadka\n\tPasal \u{7}x"), "Khadka Pasal x");
        assert_eq!(
            spoken("ORDER_STATUS_OUT_FOR_DELIVERY", "ORDER_STATUS_"),
            "out for delivery"
        );
        assert_eq!(spoken("PLACED", "ORDER_STATUS_"), "placed");
    }
}
