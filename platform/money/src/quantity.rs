use crate::Overflow;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Thousandths in one sale unit.
pub(crate) const MILLI: i64 = 1000;

/// How much of something, in thousandths of its sale unit (one sack = 1000). A plain integer in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

/// The text is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quantity: a number with at most three decimals")]
pub struct NotAQuantity;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// That many thousandths of the sale unit.
    pub const fn from_milli(milli: i64) -> Self {
        Self(milli)
    }

    /// That many whole sale units. Beyond the range of the type it stays at the end of the range, where every
    /// further calculation answers [`Overflow`].
    pub const fn from_units(units: i64) -> Self {
        Self(units.saturating_mul(MILLI))
    }

    /// Thousandths of the sale unit.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Whether it is a whole number of sale units.
    pub const fn is_whole(self) -> bool {
        self.0 % MILLI == 0
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// The difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// That many times as much (3 cartons of 12).
    pub fn times(self, count: u32) -> Result<Self, Overflow> {
        self.0.checked_mul(i64::from(count)).map(Self).ok_or(Overflow)
    }
}

/// `2`, `0.5`, `-1.25`: no more decimals than needed.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let (units, milli) = (absolute / MILLI.unsigned_abs(), absolute % MILLI.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        if milli == 0 {
            f.pad(&format!("{sign}{units}"))
        } else {
            let decimals = format!("{milli:03}");
            f.pad(&format!("{sign}{units}.{}", decimals.trim_end_matches('0')))
        }
    }
}

/// Reads what `Display` writes: an optional `-`, digits, and up to three decimals after a point.
impl FromStr for Quantity {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (units, decimals) = match digits.split_once('.') {
            Some((units, decimals)) if (1..=3).contains(&decimals.len()) => (units, decimals),
            Some(_) => return Err(NotAQuantity),
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if units.is_empty() || !all_digits(units) || !all_digits(decimals) {
            return Err(NotAQuantity);
        }
        let milli: i64 = format!("{units}{decimals:0<3}")
            .parse()
            .map_err(|_| NotAQuantity)?;
        Ok(Self(sign * milli))
    }
}
