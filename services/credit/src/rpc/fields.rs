//! Checks of request fields: every mistake of a request is reported at once.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use khaacho_proto::common::v1 as common;

use crate::domain::Language;

/// First and last second that a date of a request may name: the years 2000 to 2199.
const SECONDS: RangeInclusive<i64> = 946_684_800..=7_258_118_399;
const CODE_CHARS_MAX: usize = 32;

/// Collects mistakes. Each check answers a value to go on with, which counts only when [`Fields::finish`] finds none.
#[derive(Default)]
pub(super) struct Fields {
    fault: Option<Fault>,
}

impl Fields {
    /// Notes a mistake.
    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        let message = message.into();
        self.fault = Some(match self.fault.take() {
            None => Fault::invalid(field, message),
            Some(fault) => fault.field(field, message),
        });
    }

    /// All mistakes as one fault, or nothing.
    pub(super) fn finish(self) -> Result<(), Fault> {
        self.fault.map_or(Ok(()), Err)
    }

    /// The fault of a request that has at least one mistake.
    pub(super) fn fault(self) -> Fault {
        self.fault
            .unwrap_or_else(|| Fault::bug("a request was refused although it had no mistake"))
    }

    /// An id with its prefix.
    pub(super) fn id<T: FromStr<Err = khaacho_ids::Error>>(&mut self, field: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(id) => Some(id),
            Err(error) => {
                self.wrong(field, error.to_string());
                None
            }
        }
    }

    /// A text of that many characters after trimming, without control characters.
    pub(super) fn text(&mut self, field: &str, text: &str, chars: RangeInclusive<usize>) -> String {
        let text = text.trim();
        let count = text.chars().count();
        if *chars.start() > 0 && count == 0 {
            self.wrong(field, "is mandatory");
        } else if !chars.contains(&count) {
            self.wrong(
                field,
                format!("must have {} to {} characters", chars.start(), chars.end()),
            );
        } else if text.chars().any(char::is_control) {
            self.wrong(field, "must not contain control characters");
        }
        text.to_owned()
    }

    /// An amount within a range.
    pub(super) fn paisa(&mut self, field: &str, paisa: i64, range: RangeInclusive<i64>) -> Paisa {
        self.number(field, paisa, range);
        Paisa::new(paisa)
    }

    /// A number within a range.
    pub(super) fn number<T: PartialOrd + std::fmt::Display>(
        &mut self,
        field: &str,
        value: T,
        range: RangeInclusive<T>,
    ) {
        if !range.contains(&value) {
            self.wrong(
                field,
                format!("must be from {} to {}", range.start(), range.end()),
            );
        }
    }

    /// A language by its number in the contracts; `None` for none.
    pub(super) fn language(&mut self, field: &str, value: i32) -> Option<Language> {
        match common::Language::try_from(value) {
            Ok(common::Language::Unspecified) => None,
            Ok(common::Language::En) => Some(Language::En),
            Ok(common::Language::Ne) => Some(Language::Ne),
            Ok(common::Language::NeLatn) => Some(Language::NeLatn),
            Ok(common::Language::Hi) => Some(Language::Hi),
            Err(_) => {
                self.wrong(field, "is not a language that we know");
                None
            }
        }
    }

    /// A time, cut to microseconds as the database keeps it.
    pub(super) fn time(&mut self, field: &str, time: prost_types::Timestamp) -> Option<DateTime<Utc>> {
        let nanos = u32::try_from(time.nanos)
            .ok()
            .filter(|nanos| *nanos < 1_000_000_000);
        let parsed = nanos
            .filter(|_| SECONDS.contains(&time.seconds))
            .and_then(|nanos| DateTime::from_timestamp(time.seconds, nanos / 1000 * 1000));
        if parsed.is_none() {
            self.wrong(field, "is not a time between the years 2000 and 2199");
        }
        parsed
    }
}

/// An account code in capitals, if the text can be one.
pub(super) fn code(text: &str) -> Option<String> {
    let code = text.to_ascii_uppercase();
    let fits = (1..=CODE_CHARS_MAX).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let mut fields = Fields::default();
        assert_eq!(fields.text("shop_name", " Khadka ", 1..=120), "Khadka");
        fields.text("reason", "  ", 1..=500);
        fields.text("owner_name", "a\u{7}", 0..=120);
        fields.paisa("amount_paisa", 0, 1..=10);
        assert_eq!(fields.id::<khaacho_ids::OrderId>("order_id", "acc_1"), None);
        let fault = fields.finish().expect_err("four mistakes");
        let names: Vec<_> = fault
            .violations()
            .iter()
            .map(|violation| violation.field.as_str())
            .collect();
        assert_eq!(names, ["reason", "owner_name", "amount_paisa", "order_id"]);
    }

    #[test]
    fn times_are_cut_to_microseconds() {
        let mut fields = Fields::default();
        let time = |seconds, nanos| prost_types::Timestamp { seconds, nanos };
        let read = fields
            .time("at", time(1_800_000_000, 123_456_789))
            .expect("a time");
        assert_eq!(read.timestamp_subsec_nanos(), 123_456_000);
        assert!(fields.time("at", time(0, 0)).is_none());
        assert!(fields.time("at", time(1_800_000_000, -1)).is_none());
    }

    #[test]
    fn codes_are_read_in_any_case() {
        assert_eq!(code("r001").as_deref(), Some("R001"));
        for bad in ["", "R 1", "क", "R_1"] {
            assert_eq!(code(bad), None, "{bad}");
        }
    }
}
