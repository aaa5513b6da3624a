//! Stock that is promised to an order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use khaacho_ids::{OrderId, ReservationId, VendorId};
use khaacho_money::{Overflow, Quantity};
use serde::{Deserialize, Serialize};

use super::sku::Sku;

/// One attempt of an order to get its stock. Its reservation's id follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Order.
    pub order_id: OrderId,
    /// Number, from 1.
    pub number: u32,
}

impl Attempt {
    /// Id of the attempt's reservation: the same in every process and after every restart.
    pub fn reservation_id(self) -> ReservationId {
        ReservationId::derive(&[
            "reservation",
            &self.order_id.to_string(),
            &self.number.to_string(),
        ])
    }
}

/// State of a reservation: pending, then consumed or released, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Promised to an order.
    Pending,
    /// Left the stock.
    Consumed,
    /// Given back.
    Released,
}

impl State {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Consumed, Self::Released];

    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Consumed => "CONSUMED",
            Self::Released => "RELEASED",
        }
    }

    /// Reads the word; `None` when it is another.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One product of a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Product.
    pub sku: Sku,
    /// How much of it.
    pub quantity: Quantity,
}

/// A reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Id.
    pub reservation_id: ReservationId,
    /// Order and number of the attempt.
    pub attempt: Attempt,
    /// Vendor; unknown for an attempt that was released before it was made.
    pub vendor_id: Option<VendorId>,
    /// State.
    pub state: State,
    /// Lines by product, every product once; empty for an attempt that was released before it was made.
    pub lines: Vec<Line>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What a command leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The reservation now.
    pub reservation: Reservation,
    /// Whether this very command moved stock, as opposed to an earlier one with the same attempt.
    pub fresh: bool,
}

/// Sums the lines per product, in the order of the products.
pub fn summed(lines: impl IntoIterator<Item = Line>) -> Result<Vec<Line>, Overflow> {
    let mut sums: BTreeMap<Sku, Quantity> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.sku).or_insert(Quantity::ZERO);
        *sum = sum.checked_add(line.quantity)?;
    }
    Ok(sums
        .into_iter()
        .map(|(sku, quantity)| Line { sku, quantity })
        .collect())
}

#[cfg(test)]
pub(crate) mod examples {
    use super::*;

    /// A line of whole sale units.
    pub fn line(sku: &str, units: i64) -> Line {
        Line {
            sku: sku.parse().expect("a sku"),
            quantity: Quantity::from_units(units),
        }
    }

    /// Attempt `number` of one and the same order.
    pub fn attempt(number: u32) -> Attempt {
        Attempt {
            order_id: OrderId::derive(&["test"]),
            number,
        }
    }

    /// A reservation of that attempt.
    pub fn reservation(number: u32, state: State, vendor: &str, lines: Vec<Line>) -> Reservation {
        Reservation {
            reservation_id: attempt(number).reservation_id(),
            attempt: attempt(number),
            vendor_id: Some(crate::domain::vendor::id_of(vendor)),
            state,
            lines,
            created_at: DateTime::UNIX_EPOCH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{attempt, line};
    use super::*;

    #[test]
    fn demand_is_summed_per_product_and_sorted() {
        let lines = summed([line("B", 1), line("A", 2), line("B", 3)]);
        assert_eq!(lines, Ok(vec![line("A", 2), line("B", 4)]));
        let huge = Line {
            sku: "A".parse().expect("a sku"),
            quantity: Quantity::from_milli(i64::MAX),
        };
        assert_eq!(summed([huge, line("A", 1)]), Err(Overflow));
    }

    #[test]
    fn the_id_follows_from_order_and_attempt() {
        assert_eq!(attempt(1).reservation_id(), attempt(1).reservation_id());
        assert_ne!(attempt(1).reservation_id(), attempt(2).reservation_id());
    }
}
