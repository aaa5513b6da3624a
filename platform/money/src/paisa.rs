use crate::{Overflow, Quantity, quantity, scale};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of Nepalese rupees in paisa (a hundredth of a rupee). May be negative. A plain integer in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Paisa(i64);

impl Paisa {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// That many paisa.
    pub const fn new(paisa: i64) -> Self {
        Self(paisa)
    }

    /// The amount in paisa.
    pub const fn paisa(self) -> i64 {
        self.0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// The difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// The same amount in the other direction.
    pub fn checked_neg(self) -> Result<Self, Overflow> {
        self.0.checked_neg().map(Self).ok_or(Overflow)
    }

    /// Price per sale unit × quantity, rounded half away from zero to the paisa.
    pub fn times(self, quantity: Quantity) -> Result<Self, Overflow> {
        scale(self.0, quantity.milli(), quantity::MILLI).map(Self)
    }

    /// A share in basis points (1300 = 13 %), rounded half away from zero to the paisa.
    pub fn share_bp(self, basis_points: u32) -> Result<Self, Overflow> {
        scale(self.0, i64::from(basis_points), 10_000).map(Self)
    }

    /// The sum of all, zero for none.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        // exact in 128 bits: a passing excursion beyond 64 bits is no overflow
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(total).map(Self).map_err(|_| Overflow)
    }

    /// `Rs 1,23,456.00`: always two decimals, for documents and columns.
    pub fn latin(self) -> String {
        self.text("Rs ", true)
    }

    /// `रु १,२३,४५६.७८`: always two decimals.
    pub fn devanagari(self) -> String {
        let latin = self.text("रु ", true);
        latin
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32('०' as u32 + (c as u32 - '0' as u32)).unwrap_or(c),
                other => other,
            })
            .collect()
    }

    fn text(self, unit: &str, always_decimals: bool) -> String {
        let absolute = self.0.unsigned_abs();
        let (rupees, paisa) = (absolute / 100, absolute % 100);
        let sign = if self.0 < 0 { "-" } else { "" };
        let rupees = grouped(rupees);
        if paisa == 0 && !always_decimals {
            format!("{sign}{unit}{rupees}")
        } else {
            format!("{sign}{unit}{rupees}.{paisa:02}")
        }
    }
}

/// Lakh grouping: the last three digits, then twos.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 2);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        // a comma before the last three digits and before every second digit to the left of them
        if index > 0 && left >= 3 && left % 2 == 1 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `Rs 1,23,456.78`, without decimals when whole: `Rs 525`.
impl fmt::Display for Paisa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text("Rs ", false))
    }
}
