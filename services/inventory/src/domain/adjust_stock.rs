//! Changes the stock on hand, by a difference or to a counted quantity.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::VendorId;
use khaacho_money::Quantity;
use serde::Serialize;

use super::offer::Offer;
use super::refusal::Refusal;
use super::sku::Sku;
use super::stock::{MoveKind, STOCK_MAX};
use super::unit::Unit;

/// How the stock changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// By that much, up or down.
    By(Quantity),
    /// To what somebody counted.
    To(Quantity),
}

/// The command.
#[derive(Debug, Clone, Serialize)]
pub struct AdjustStock {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Product.
    pub sku: Sku,
    /// The change.
    pub change: Change,
    /// Why; must not be blank.
    pub reason: String,
}

/// What was seen, with the stock row locked.
#[derive(Debug, Clone)]
pub struct Row {
    /// The offer with its stock.
    pub offer: Offer,
    /// Number of the stock's last move; 0 when this will be its first.
    pub seq: i64,
    /// The product's sale unit.
    pub base_unit: Unit,
}

/// What was seen.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Whether the vendor exists.
    pub vendor_known: bool,
    /// The offer with its locked stock; `None` when the vendor does not offer the product.
    pub row: Option<Row>,
}

/// The move to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    /// Opening for the first move of a stock row.
    pub kind: MoveKind,
    /// Change of the stock on hand; zero when a count confirms it.
    pub delta: Quantity,
    /// The offer with the new stock.
    pub offer: Offer,
}

impl Command for AdjustStock {
    const NAME: &'static str = "AdjustStock";
    type Snapshot = Snapshot;
    type Decision = Adjusted;
    type Refusal = Refusal;

    fn decide(&self, seen: Snapshot, _now: DateTime<Utc>) -> Result<Adjusted, Refusal> {
        if self.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if !seen.vendor_known {
            return Err(Refusal::VendorUnknown);
        }
        let Some(Row {
            offer,
            seq,
            base_unit,
        }) = seen.row
        else {
            return Err(Refusal::OfferUnknown(self.sku.clone()));
        };
        let wanted = match self.change {
            Change::By(delta) => offer
                .on_hand
                .checked_add(delta)
                .map_err(|_| Refusal::StockTooLarge)?,
            Change::To(counted) => counted,
        };
        if base_unit != Unit::Kg && !wanted.is_whole() {
            return Err(Refusal::FractionNotSold(self.sku.clone()));
        }
        if wanted < offer.reserved {
            return Err(Refusal::StockBelowReserved {
                wanted,
                reserved: offer.reserved,
            });
        }
        if wanted > STOCK_MAX {
            return Err(Refusal::StockTooLarge);
        }
        let delta = wanted
            .checked_sub(offer.on_hand)
            .map_err(|_| Refusal::StockTooLarge)?;
        let kind = if seq == 0 {
            MoveKind::Opening
        } else {
            MoveKind::Adjust
        };
        Ok(Adjusted {
            kind,
            delta,
            offer: Offer {
                on_hand: wanted,
                ..offer
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offer::Terms;
    use crate::domain::vendor::id_of;
    use khaacho_money::Paisa;

    fn seen(on_hand: i64, reserved: i64, seq: i64, base_unit: Unit) -> Snapshot {
        let offer = Offer {
            vendor_id: id_of("V01"),
            sku: "A-1".parse().expect("a sku"),
            terms: Terms {
                price: Paisa::new(100),
                lead_time_days: 0,
                minimum_quantity: 1,
                active: true,
            },
            on_hand: Quantity::from_milli(on_hand),
            reserved: Quantity::from_milli(reserved),
            version: 1,
        };
        Snapshot {
            vendor_known: true,
            row: Some(Row {
                offer,
                seq,
                base_unit,
            }),
        }
    }

    fn decide(change: Change, seen: Snapshot) -> Result<(MoveKind, i64, i64), Refusal> {
        let sku = "A-1".parse().expect("a sku");
        let command = AdjustStock {
            vendor_id: id_of("V01"),
            sku,
            change,
            reason: "count".to_owned(),
        };
        command
            .decide(seen, DateTime::UNIX_EPOCH)
            .map(|a| (a.kind, a.delta.milli(), a.offer.on_hand.milli()))
    }

    fn milli(milli: i64) -> Quantity {
        Quantity::from_milli(milli)
    }

    #[test]
    fn stock_moves_by_a_difference_or_to_a_count() {
        let sack = |on_hand, reserved, seq| seen(on_hand, reserved, seq, Unit::Sack);
        assert_eq!(
            decide(Change::By(milli(5000)), sack(0, 0, 0)),
            Ok((MoveKind::Opening, 5000, 5000))
        );
        assert_eq!(
            decide(Change::By(milli(-2000)), sack(5000, 3000, 4)),
            Ok((MoveKind::Adjust, -2000, 3000))
        );
        assert_eq!(
            decide(Change::To(milli(9000)), sack(5000, 3000, 4)),
            Ok((MoveKind::Adjust, 4000, 9000))
        );
        assert_eq!(
            decide(Change::To(milli(5000)), sack(5000, 0, 4)),
            Ok((MoveKind::Adjust, 0, 5000))
        );
    }

    #[test]
    fn stock_stays_above_what_is_promised_and_within_its_limits() {
        let below = |wanted| {
            Err(Refusal::StockBelowReserved {
                wanted: milli(wanted),
                reserved: milli(3000),
            })
        };
        let sack = || seen(5000, 3000, 4, Unit::Sack);
        assert_eq!(decide(Change::By(milli(-3000)), sack()), below(2000));
        assert_eq!(decide(Change::To(milli(0)), sack()), below(0));
        assert_eq!(
            decide(Change::By(milli(i64::MAX)), sack()),
            Err(Refusal::StockTooLarge)
        );
        assert_eq!(
            decide(Change::To(milli(STOCK_MAX.milli() + 1000)), sack()),
            Err(Refusal::StockTooLarge)
        );
        let minus = decide(Change::By(milli(-6000)), seen(5000, 0, 4, Unit::Sack));
        assert_eq!(
            minus,
            Err(Refusal::StockBelowReserved {
                wanted: milli(-1000),
                reserved: milli(0)
            })
        );
    }

    #[test]
    fn only_loose_goods_have_fractions() {
        assert_eq!(
            decide(Change::By(milli(500)), seen(0, 0, 0, Unit::Kg)),
            Ok((MoveKind::Opening, 500, 500))
        );
        let sku = "A-1".parse().expect("a sku");
        assert_eq!(
            decide(Change::By(milli(500)), seen(0, 0, 0, Unit::Jar)),
            Err(Refusal::FractionNotSold(sku))
        );
    }

    #[test]
    fn a_reason_a_vendor_and_an_offer_are_needed() {
        let sku: Sku = "A-1".parse().expect("a sku");
        let command = |reason: &str| AdjustStock {
            vendor_id: id_of("V01"),
            sku: sku.clone(),
            change: Change::By(milli(1000)),
            reason: reason.to_owned(),
        };
        let decide = |reason, seen| command(reason).decide(seen, DateTime::UNIX_EPOCH).map(|_| ());
        assert_eq!(decide(" ", seen(0, 0, 0, Unit::Jar)), Err(Refusal::ReasonMissing));
        let nobody = Snapshot {
            vendor_known: false,
            row: None,
        };
        assert_eq!(decide("count", nobody), Err(Refusal::VendorUnknown));
        let nothing = Snapshot {
            vendor_known: true,
            row: None,
        };
        assert_eq!(decide("count", nothing), Err(Refusal::OfferUnknown(sku.clone())));
    }
}
