//! Every refusal as a fault: the error contract on one page. Reasons are the values of `InventoryReason`.

use khaacho_fault::{Fault, reason};
use khaacho_money::Quantity;
use khaacho_proto::inventory::v1::InventoryReason;

use crate::domain::refusal::{Refusal, Short};

/// The reason as callers see it: the value's name without the name of the enum.
pub(crate) fn text(reason: InventoryReason) -> &'static str {
    reason.as_str_name().trim_start_matches("INVENTORY_REASON_")
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        use InventoryReason as R;
        match refusal {
            Refusal::ProductUnknown(sku) => Fault::not_found(text(R::ProductUnknown))
                .say(format!("there is no product {sku}"))
                .fact("sku", sku),
            Refusal::ProductExists(sku) => Fault::refused(text(R::ProductExists))
                .say(format!("there is a product {sku} already"))
                .fact("sku", sku),
            Refusal::VendorUnknown => Fault::not_found(text(R::VendorUnknown)).say("there is no such vendor"),
            Refusal::VendorExists { field } => Fault::refused(text(R::VendorExists))
                .say(format!("the {field} belongs to another vendor"))
                .fact("field", field),
            Refusal::OfferUnknown(sku) => Fault::not_found(text(R::OfferUnknown))
                .say(format!("the vendor does not offer {sku}"))
                .fact("sku", sku),
            Refusal::FractionNotSold(sku) => Fault::refused(text(R::FractionNotSold))
                .say(format!("{sku} comes in whole sale units only"))
                .fact("sku", sku),
            Refusal::StockShort(short) => stock_short(&short),
            Refusal::ReservationUnknown => {
                Fault::not_found(text(R::ReservationUnknown)).say("there is no such reservation")
            }
            Refusal::ReservationReleased => {
                Fault::refused(text(R::ReservationReleased)).say("the reservation was released before")
            }
            Refusal::ReservationConsumed => {
                Fault::refused(text(R::ReservationConsumed)).say("the goods have left the stock already")
            }
            Refusal::ReservationDiffers => Fault::refused(reason::REQUEST_ID_REUSED)
                .say("this attempt of the order was reserved before with other lines or at another vendor"),
            Refusal::StockBelowReserved { wanted, reserved } => below_reserved(wanted, reserved),
            Refusal::StockTooLarge => Fault::invalid("delta_milli", "the stock would become too large"),
            Refusal::ReasonMissing => {
                Fault::invalid("reason", "say why, it is mandatory").because(text(R::ReasonMissing))
            }
            Refusal::AliasUnknown => Fault::not_found(text(R::AliasUnknown)).say("there is no such alias"),
        }
    }
}

/// Facts: `short_skus` (keys joined by commas), and for each `asked_milli.<sku>` and `available_milli.<sku>`.
fn stock_short(short: &[Short]) -> Fault {
    let each = |s: &Short| format!("{} of {} (asked for {})", s.available, s.sku, s.asked);
    let sentence = format!(
        "only {} can be had",
        short.iter().map(each).collect::<Vec<_>>().join(", ")
    );
    let keys = short.iter().map(|s| s.sku.as_str()).collect::<Vec<_>>().join(",");
    let fault = Fault::refused(text(InventoryReason::StockShort))
        .say(sentence)
        .fact("short_skus", keys);
    short.iter().fold(fault, |fault, s| {
        fault
            .fact(format!("asked_milli.{}", s.sku), s.asked.milli())
            .fact(format!("available_milli.{}", s.sku), s.available.milli())
    })
}

fn below_reserved(wanted: Quantity, reserved: Quantity) -> Fault {
    Fault::refused(text(InventoryReason::StockBelowReserved))
        .say(format!(
            "{reserved} are promised to orders, so the stock cannot become {wanted}"
        ))
        .fact("wanted_milli", wanted.milli())
        .fact("reserved_milli", reserved.milli())
}

#[cfg(test)]
mod tests {
    use super::*;
    use khaacho_fault::Kind;

    fn sku(text: &str) -> crate::domain::sku::Sku {
        text.parse().expect("a sku")
    }

    #[test]
    fn a_shortage_tells_what_is_short_in_words_and_in_facts() {
        let short = |name, asked, available| Short {
            sku: sku(name),
            asked: Quantity::from_units(asked),
            available: Quantity::from_units(available),
        };
        let fault = Fault::from(Refusal::StockShort(vec![short("A-1", 4, 3), short("B", 1, 0)]));
        assert_eq!((fault.kind(), fault.reason()), (Kind::Refused, "STOCK_SHORT"));
        assert_eq!(
            fault.sentence(),
            "only 3 of A-1 (asked for 4), 0 of B (asked for 1) can be had"
        );
        let facts: Vec<(&str, &str)> = fault
            .facts()
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let expected = [
            ("asked_milli.A-1", "4000"),
            ("asked_milli.B", "1000"),
            ("available_milli.A-1", "3000"),
            ("available_milli.B", "0"),
            ("short_skus", "A-1,B"),
        ];
        assert_eq!(facts, expected);
    }

    #[test]
    fn reasons_are_those_of_the_contract() {
        assert_eq!(text(InventoryReason::ReservationUnknown), "RESERVATION_UNKNOWN");
        let missing = Fault::from(Refusal::ReasonMissing);
        assert_eq!(
            (missing.kind(), missing.reason()),
            (Kind::Invalid, "REASON_MISSING")
        );
        assert_eq!(missing.violations()[0].field, "reason");
        assert_eq!(Fault::from(Refusal::VendorUnknown).kind(), Kind::NotFound);
        assert_eq!(
            Fault::from(Refusal::ReservationDiffers).reason(),
            reason::REQUEST_ID_REUSED
        );
    }
}
