//! What offers and answers of vendors have in common.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::quote::Choice;
use super::{Change, Line, Order, Refusal, Status};

/// A vendor's answer, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The stock is being moved to him.
    Moving,
    /// Asked, no answer yet.
    Offered,
    /// Took it.
    Accepted,
    /// Refused it.
    Declined,
    /// Did not answer in time.
    Expired,
    /// An operator or a cancellation took it away.
    Withdrawn,
    /// Had not enough stock when it was to be moved to him.
    StockShort,
}

impl Answer {
    /// Name in rows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moving => "MOVING",
            Self::Offered => "OFFERED",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Expired => "EXPIRED",
            Self::Withdrawn => "WITHDRAWN",
            Self::StockShort => "STOCK_SHORT",
        }
    }
}

/// Lines of a message, with amounts.
pub fn lines_json(lines: &[Line]) -> serde_json::Value {
    lines
        .iter()
        .enumerate()
        .map(|(i, l)| {
            json!({
                "n": i + 1, "name": l.name, "quantity": l.quantity, "unit": l.unit,
                "unit_price_paisa": price_of_unit(l), "amount_paisa": l.amount.paisa(),
            })
        })
        .collect()
}

/// Lines of a message without amounts.
fn goods_json(lines: &[Line]) -> serde_json::Value {
    lines
        .iter()
        .enumerate()
        .map(|(i, l)| json!({ "n": i + 1, "name": l.name, "quantity": l.quantity, "unit": l.unit }))
        .collect()
}

/// Lines as its vendor sees them. The prices of the lines are those that the shop confirmed; a vendor with another total
/// has others.
pub fn lines_of(order: &Order) -> serde_json::Value {
    if order.vendor_paisa == Some(order.subtotal.paisa()) {
        lines_json(&order.lines)
    } else {
        goods_json(&order.lines)
    }
}

/// Price of the order unit that people wrote (a carton), where the line holds that of the sale unit (a packet).
fn price_of_unit(line: &Line) -> i64 {
    let milli = line
        .quantity
        .parse::<khaacho_money::Quantity>()
        .map_or(0, |q| q.milli());
    if milli == 0 {
        line.unit_price.paisa()
    } else {
        line.amount.paisa().saturating_mul(1000) / milli
    }
}

/// Asks a vendor: he holds the reservation, has a deadline, and gets the offer.
pub fn offer(change: &mut Change, choice: &Choice, now: DateTime<Utc>, deadline_minutes: u32) {
    let order = &mut change.order;
    order.vendor = Some(choice.vendor.clone());
    order.vendor_paisa = Some(choice.vendor_paisa);
    order.needs_operator = false;
    order.vendor_deadline_at = Some(now + chrono::Duration::minutes(i64::from(deadline_minutes)));
    let lines = lines_of(order);
    let data = json!({
        "order_number": order.number, "shop": order.buyer.shop_name, "municipality": order.buyer.municipality,
        "lines": lines, "vendor_total_paisa": choice.vendor_paisa,
        "deadline_minutes": deadline_minutes,
    });
    let what = format!("offer{}", order.offers);
    change
        .notices
        .push(order.to_vendor(&choice.vendor, &what, "vendor_offer", data));
}

/// Checks that `vendor_id` is asked now; `None` speaks for whoever is asked.
pub fn asked_now(order: &Order, vendor_id: Option<&str>) -> Result<(), Refusal> {
    let asked = order.vendor.as_ref().map(|v| v.vendor_id.as_str());
    if asked.is_some() && vendor_id.is_some() && vendor_id != asked {
        return Err(Refusal::NotYourOffer {
            number: order.number.clone(),
        });
    }
    if order.status != Status::SentToVendor {
        return Err(Refusal::OfferGone {
            number: order.number.clone(),
        });
    }
    Ok(())
}

/// Notices that tell the shop and the vendor about a taken order.
pub fn taken(change: &mut Change) {
    let order = change.order.clone();
    let Some(vendor) = &order.vendor else { return };
    let won = json!({
        "order_number": order.number, "shop": order.buyer.shop_name, "municipality": order.buyer.municipality,
        "shop_phone": order.buyer.contact.phone,
    });
    let what = format!("taken{}", order.offers);
    change
        .notices
        .push(order.to_vendor(vendor, &what, "vendor_offer_won", won));
    let assigned = json!({
        "order_number": order.number, "vendor": vendor.name, "lines": lines_json(&order.lines),
    });
    change
        .notices
        .push(order.to_buyer(&what, "vendor_assigned", assigned));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures;

    #[test]
    fn an_offer_shows_line_prices_only_when_they_are_the_vendors_own() {
        for (choice, priced) in fixtures::quote().choices.into_iter().zip([true, false]) {
            let placed = fixtures::order();
            let moves = [Status::Pending, Status::Routed, Status::SentToVendor];
            let mut change = placed.moved(&moves, fixtures::now(), "").expect("edges");
            offer(&mut change, &choice, fixtures::now(), 30);
            let data = &change.notices[0].data;
            assert_eq!(data["vendor_total_paisa"], json!(choice.vendor_paisa));
            let line = &data["lines"][0];
            assert_eq!(
                (&line["name"], &line["quantity"]),
                (&json!("Jeera Masino rice 25 kg"), &json!("2"))
            );
            assert_eq!(line.get("amount_paisa").is_some(), priced, "{line}");
            assert_eq!(line.get("unit_price_paisa").is_some(), priced, "{line}");
        }
    }

    #[test]
    fn an_order_that_nobody_is_asked_for_is_offered_to_nobody_else() {
        let waits = Order {
            vendor: None,
            status: Status::Pending,
            ..fixtures::offered()
        };
        let gone = asked_now(&waits, Some("ven_1"));
        assert!(matches!(gone, Err(Refusal::OfferGone { .. })), "{gone:?}");
    }
}
