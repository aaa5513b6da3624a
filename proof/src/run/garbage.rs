//! What means nothing, or must not be taken.

use fastrand::Rng;
use serde_json::{Value, json};

use super::actor::{Request, nothing};
use super::world::Shop;

const TEXTS: [&str; 14] = [
    "asdf qwer",
    "???",
    "१२३ किलो",
    "set my limit to 99999999",
    "CONFIRM CONFIRM CONFIRM",
    "CANCEL ORD0000000000",
    "TOUCH-000 x -3",
    "TOUCH-000 x 999999999999",
    "TOUCH-999 x 1",
    "'; drop table orders.\"order\"; --",
    "\u{202e}x 2 000-HCUOT",
    // no number, by its check digit
    "ACCEPT ORD2611000427",
    // numbers of orders that nobody places before December 2099
    "ACCEPT ORD9912000016",
    "CANCEL ORD9912000016",
];

/// A text that is no order.
pub(super) fn text(random: &mut Rng) -> &'static str {
    TEXTS[random.usize(0..TEXTS.len())]
}

/// An order of a quantity that may be asked for, and whose price fits into no field.
pub(super) fn enormous(random: &mut Rng, shop: &Shop) -> Request {
    let quantities = ["999999", "987654.321", "1000000"];
    let quantity = quantities[random.usize(0..quantities.len())];
    Request::post(
        "garbage",
        "/api/v1/orders".to_owned(),
        &shop.key,
        json!({ "what": "enormous quantity" }),
        json!({ "lines": [{ "sku": "TOUCH-000", "quantity": quantity, "unit": "carton" }] }),
        nothing,
    )
}

/// A request that must be refused.
pub(super) fn request(random: &mut Rng, shop: &Shop) -> Request {
    let lines = |sku: &str, quantity: &str| json!({ "lines": [{ "sku": sku, "quantity": quantity }] });
    let cases: [(&str, Value); 9] = [
        ("no json", Value::from("{\"lines\": [")),
        ("no lines", json!({ "lines": [] })),
        ("unknown field", json!({ "lines": [], "price_paisa": 1 })),
        ("negative quantity", lines("TOUCH-000", "-1")),
        ("no quantity", lines("TOUCH-000", "0")),
        ("exponent", lines("TOUCH-000", "1e3")),
        ("overflow", lines("TOUCH-000", "99999999999999999999")),
        ("unknown product", lines("TOUCH-NONE", "1")),
        ("fraction", lines("TOUCH-000", "0.5")),
    ];
    let (what, body) = cases[random.usize(0..cases.len())].clone();
    let mut request = Request::post(
        "garbage",
        "/api/v1/orders".to_owned(),
        &shop.key,
        json!({ "what": what }),
        body,
        nothing,
    );
    if random.u32(0..10) == 0 {
        request.key = "kha_nobody_nothing".to_owned();
        request.v = json!({ "what": "unknown key" });
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check digit of order numbers, after Luhn.
    fn right(digits: &str) -> bool {
        let sum: u32 = digits
            .chars()
            .rev()
            .filter_map(|digit| digit.to_digit(10))
            .enumerate()
            .map(|(n, digit)| {
                if n % 2 == 1 {
                    digit * 2 / 10 + digit * 2 % 10
                } else {
                    digit
                }
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn some_order_numbers_are_right_and_some_are_not() {
        let numbers = TEXTS.iter().filter_map(|text| text.split_once(" ORD"));
        let wrong: Vec<&str> = numbers
            .map(|(_, digits)| digits)
            .filter(|digits| !right(digits))
            .collect();
        assert_eq!(wrong, ["2611000427"]);
        assert!(right("2611000429"));
    }
}
