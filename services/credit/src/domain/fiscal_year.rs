//! Nepal's fiscal year: from 1 Shrawan (mid-July) to the end of Ashadh.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

/// Nepal's time: UTC+05:45 all year.
const KATHMANDU_SECONDS: i32 = (5 * 60 + 45) * 60;
/// Bikram Sambat years run this far ahead from April to December, and the fiscal year is named after the BS year in
/// which it begins.
const BS_AHEAD: i32 = 57;
/// Days of July on which known fiscal years began, from the published calendar: (AD year, day).
const JULY_STARTS: [(i32, u32); 5] = [(2022, 17), (2023, 17), (2024, 16), (2025, 17), (2026, 17)];
/// The usual day, for years whose calendar is not published yet.
const JULY_START_USUAL: u32 = 17;

/// A fiscal year, named by the Bikram Sambat year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The fiscal year of a moment, by Nepal's calendar day.
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = nepal_day(at);
        let began = if day < start(day.year()) {
            day.year() - 1
        } else {
            day.year()
        };
        Self(began + BS_AHEAD)
    }

    /// What invoice numbers of this year begin with: `INV8384-`.
    pub fn invoice_prefix(self) -> String {
        format!(
            "INV{:02}{:02}-",
            self.0.rem_euclid(100),
            (self.0 + 1).rem_euclid(100)
        )
    }
}

/// `2083/84`.
impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

/// The calendar day in Nepal.
pub fn nepal_day(at: DateTime<Utc>) -> NaiveDate {
    let zone = FixedOffset::east_opt(KATHMANDU_SECONDS).expect("less than a day");
    at.with_timezone(&zone).date_naive()
}

/// First day of the fiscal year that begins in this AD year.
fn start(year: i32) -> NaiveDate {
    let known = JULY_STARTS.iter().find(|(known, _)| *known == year);
    let day = known.map_or(JULY_START_USUAL, |(_, day)| *day);
    NaiveDate::from_ymd_opt(year, 7, day).expect("16 and 17 July exist in every year")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(text: &str) -> String {
        FiscalYear::of(text.parse().expect("a time")).to_string()
    }

    #[test]
    fn a_fiscal_year_begins_at_midnight_in_nepal() {
        assert_eq!(year("2026-07-16T18:14:59Z"), "2082/83");
        assert_eq!(year("2026-07-16T18:15:00Z"), "2083/84");
        assert_eq!(year("2027-01-01T00:00:00Z"), "2083/84");
        assert_eq!(year("2027-07-16T18:15:00Z"), "2084/85");
    }

    #[test]
    fn published_starts_are_used() {
        assert_eq!(year("2022-07-16T18:15:00Z"), "2079/80");
        assert_eq!(year("2024-07-15T18:15:00Z"), "2081/82");
        assert_eq!(year("2024-07-15T18:14:00Z"), "2080/81");
        assert_eq!(year("2025-07-15T18:15:00Z"), "2081/82");
    }

    #[test]
    fn invoice_numbers_name_both_years() {
        assert_eq!(FiscalYear(2083).invoice_prefix(), "INV8384-");
        assert_eq!(FiscalYear(2099).invoice_prefix(), "INV9900-");
    }
}
