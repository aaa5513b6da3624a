//! Reserves all lines of an order at one vendor, or nothing.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::VendorId;
use khaacho_money::Quantity;
use khaacho_planted::{self as planted, Bug};
use serde::Serialize;

use super::refusal::{Refusal, Short};
use super::reservation::{Attempt, Line, Reservation, State};
use super::sku::Sku;
use super::stock::StockRow;

#[cfg(test)]
mod tests;

/// The command. Its reservation's id follows from the attempt, so that repeating it has one effect.
#[derive(Debug, Clone, Serialize)]
pub struct Reserve {
    /// Order and number of the attempt.
    pub attempt: Attempt,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Lines, every product once, sorted ([`super::reservation::summed`]).
    pub lines: Vec<Line>,
    /// Earlier attempt that is given back in the same transaction.
    pub replaces: Option<Attempt>,
}

/// What was seen, with everything locked that may change.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Whether the vendor exists.
    pub vendor_known: bool,
    /// This attempt's reservation, when there was one before.
    pub existing: Option<Reservation>,
    /// The replaced attempt's reservation; `None` when nothing is replaced or it never was made.
    pub replaced: Option<Reservation>,
    /// Stock of the lines and of the replaced lines. A product without a row has no stock.
    pub stock: Vec<StockRow>,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It was made before: nothing changes.
    Same(Reservation),
    /// It is made now.
    Reserve {
        /// Pending reservation that is given back first.
        released: Option<Reservation>,
        /// The new reservation.
        reservation: Reservation,
    },
}

impl Command for Reserve {
    const NAME: &'static str = "Reserve";
    type Snapshot = Snapshot;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        if let Some(existing) = seen.existing {
            return self.again(existing);
        }
        if !seen.vendor_known {
            return Err(Refusal::VendorUnknown);
        }
        let released = match seen.replaced {
            Some(replaced) if replaced.state == State::Consumed => return Err(Refusal::ReservationConsumed),
            replaced => replaced.filter(|r| r.state == State::Pending),
        };
        let short = self.short(&seen.stock, released.as_ref());
        if !short.is_empty() && !planted::on(Bug::StockWithoutCondition) {
            return Err(Refusal::StockShort(short));
        }
        let reservation = Reservation {
            reservation_id: self.attempt.reservation_id(),
            attempt: self.attempt,
            vendor_id: Some(self.vendor_id),
            state: State::Pending,
            lines: self.lines.clone(),
            created_at: now,
        };
        Ok(Decision::Reserve {
            released,
            reservation,
        })
    }
}

impl Reserve {
    /// Answers a repetition.
    fn again(&self, existing: Reservation) -> Result<Decision, Refusal> {
        if existing.state == State::Released {
            return Err(Refusal::ReservationReleased);
        }
        if existing.vendor_id != Some(self.vendor_id) || existing.lines != self.lines {
            return Err(Refusal::ReservationDiffers);
        }
        Ok(Decision::Same(existing))
    }

    /// The products of which too little is there, once `released` is given back.
    fn short(&self, stock: &[StockRow], released: Option<&Reservation>) -> Vec<Short> {
        let available = |sku: &Sku| {
            let row = stock
                .iter()
                .find(|row| row.vendor_id == self.vendor_id && row.sku == *sku)?;
            let back = released
                .filter(|r| r.vendor_id == Some(self.vendor_id))
                .and_then(|r| r.lines.iter().find(|line| line.sku == *sku))
                .map_or(Quantity::ZERO, |line| line.quantity);
            row.available().checked_add(back).ok()
        };
        self.lines
            .iter()
            .map(|line| (line, available(&line.sku).unwrap_or(Quantity::ZERO)))
            .filter(|(line, available)| line.quantity > *available)
            .map(|(line, available)| Short {
                sku: line.sku.clone(),
                asked: line.quantity,
                available,
            })
            .collect()
    }
}
