//! English. The match has no wildcard, so a message without English words does not compile.

mod orders;
mod quotes;
mod replies;
mod vendors;

use super::quotes::Line;
use super::values::{Count, clean};
use super::{Body, Template};

pub(super) fn body(template: &Template) -> Body {
    match template {
        Template::PlainText(data) => Body::text(data.text.trim()),
        Template::WelcomeUnregistered(data) => replies::welcome_unregistered(data),
        Template::AccountBlocked(data) => replies::account_blocked(data),
        Template::Help(data) => replies::help(data),
        Template::Greeting(data) => replies::greeting(data),
        Template::Thanks(_) => {
            Body::text("You are welcome! Write your next order whenever you need something.")
        }
        Template::NotUnderstood(data) => replies::not_understood(data),
        Template::UnknownProduct(data) => replies::unknown_product(data),
        Template::ChooseProduct(data) => replies::choose_product(data),
        Template::Quote(data) => quotes::quote(data),
        Template::QuoteCreditShort(data) => quotes::quote_credit_short(data),
        Template::QuoteStockShort(data) => quotes::quote_stock_short(data),
        Template::NoSingleVendor(data) => quotes::no_single_vendor(data),
        Template::QuoteExpired(_) => quotes::quote_expired(),
        Template::QuoteCancelled(_) => {
            Body::text("Nothing was ordered. Write a new order whenever you like.")
        }
        Template::OrderPlaced(data) => orders::order_placed(data),
        Template::OrderRefused(data) => orders::order_refused(data),
        Template::OrderStatus(data) => orders::order_status(data),
        Template::OrdersList(data) => orders::orders_list(data),
        Template::Balance(data) => orders::balance(data),
        Template::VendorOffer(data) => vendors::vendor_offer(data),
        Template::VendorOfferWon(data) => vendors::vendor_offer_won(data),
        Template::VendorOfferLost(data) => vendors::vendor_offer_lost(data),
        Template::VendorOrderYours(data) => vendors::vendor_order_yours(data),
        Template::VendorOfferDeclined(data) => vendors::vendor_offer_declined(data),
        Template::VendorOrderCancelled(data) => vendors::vendor_order_cancelled(data),
        Template::VendorAssigned(data) => orders::vendor_assigned(data),
        Template::OrderPacking(data) => orders::progress(data, "is being packed"),
        Template::OrderDispatched(data) => orders::progress(data, "has been dispatched"),
        Template::OrderOutForDelivery(data) => orders::order_out_for_delivery(data),
        Template::OrderDelayed(data) => orders::order_delayed(data),
        Template::OrderDelivered(data) => orders::order_delivered(data),
        Template::OrderCompleted(data) => orders::order_completed(data),
        Template::OrderCancelled(data) => orders::order_cancelled(data),
        Template::OrderEscalatedOperator(data) => orders::order_escalated_operator(data),
        Template::PaymentReceived(data) => orders::payment_received(data),
        Template::NothingToConfirm(_) => replies::nothing_to_confirm(),
        Template::NotFoundOrder(data) => replies::not_found_order(data),
        Template::VendorNotYours(data) => vendors::vendor_not_yours(data),
        Template::VendorNote(data) => Body::text(data.text.trim()),
        Template::VendorHelp(_) => vendors::vendor_help(),
        Template::VendorOrders(data) => vendors::vendor_orders(data),
        Template::TryAgainLater(_) => replies::try_again_later(),
    }
}

/// Lines with prices, one a row, each ended by a line break.
fn priced(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| {
            let Line {
                n,
                unit_price_paisa,
                amount_paisa,
                ..
            } = line;
            let (name, quantity) = (clean(&line.name), amount(line.quantity, &line.unit));
            format!("{n}. {name}: {quantity} x {unit_price_paisa} = {amount_paisa}\n")
        })
        .collect()
}

/// Lines without prices, one a row, each ended by a line break.
fn unpriced(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| {
            let quantity = amount(line.quantity, &line.unit);
            format!("{}. {}: {quantity}\n", line.n, clean(&line.name))
        })
        .collect()
}

/// `2 sacks`, `1 sack`, `0.5 kg`, `2` without a unit.
fn amount(count: Count, unit: &str) -> String {
    let unit = clean(unit);
    // Measures and counting words stay as they are, and so does what is no English word.
    let fixed = matches!(
        unit.as_str(),
        "kg" | "g" | "gram" | "l" | "ml" | "quintal" | "dozen" | "pcs"
    );
    let english = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let plural = match unit.as_str() {
        one if count.0.milli() == 1_000 || fixed || !english(one) => one.to_owned(),
        "" => return count.to_string(),
        "box" => "boxes".to_owned(),
        unit if unit.ends_with('s') => unit.to_owned(),
        unit => format!("{unit}s"),
    };
    format!("{count} {plural}").trim_end().to_owned()
}

/// Somebody's words as one sentence: capital first, a mark at the end. Empty stays empty.
fn sentence(text: &str) -> String {
    let text = clean(text);
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return text };
    let end = if text.ends_with(['.', '!', '?', '।', ':']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// ` Call +977…` for the end of a text, or nothing.
fn call(support_phone: Option<&String>, why: &str) -> String {
    support_phone
        .map(|phone| format!("\nCall {} {why}.", clean(phone)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_a_plural() {
        let said = |text: &str, unit| amount(Count(text.parse().expect("a quantity")), unit);
        assert_eq!(said("2", "sack"), "2 sacks");
        assert_eq!(said("1", "sack"), "1 sack");
        assert_eq!(said("12", "box"), "12 boxes");
        assert_eq!(said("0.5", "kg"), "0.5 kg");
        assert_eq!(said("3", "बोरा"), "3 बोरा");
        assert_eq!((said("3", ""), said("1", "")), ("3".to_owned(), "1".to_owned()));
    }

    #[test]
    fn words_of_others_become_sentences() {
        assert_eq!(sentence(" an invoice\nis overdue "), "An invoice is overdue.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(""), "");
    }
}
