//! Order numbers: `ORD`, year and month in Kathmandu, a sequence of at least five digits, a Luhn check digit.

use chrono::{DateTime, FixedOffset, Utc};

/// Kathmandu is 5 h 45 min ahead of UTC, all year.
const KATHMANDU_SECONDS: i32 = (5 * 60 + 45) * 60;

/// The time in Kathmandu.
pub fn kathmandu(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(KATHMANDU_SECONDS).expect("less than a day"))
}

/// Makes the number of the `sequence`-th order.
pub fn order_number(sequence: i64, placed_at: DateTime<Utc>) -> String {
    let digits = format!("{}{sequence:05}", kathmandu(placed_at).format("%y%m"));
    format!("ORD{digits}{}", luhn(&digits))
}

/// Finds an order number in typed text: any case, with or without blanks and `#`. A wrong check digit is no number.
pub fn parse_order_number(text: &str) -> Option<String> {
    let compact: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect::<String>()
        .to_ascii_uppercase();
    let digits = compact.strip_prefix("ORD").unwrap_or(&compact);
    if digits.len() < 10 || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (body, check) = digits.split_at(digits.len() - 1);
    (luhn(body).to_string() == check).then(|| format!("ORD{digits}"))
}

/// The Luhn check digit over decimal digits: finds every single wrong digit and most swapped neighbours.
fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_and_carry_the_month_of_kathmandu() {
        // 30 November 2026, 18:20 UTC is 1 December in Kathmandu.
        let at = DateTime::parse_from_rfc3339("2026-11-30T18:20:00Z")
            .expect("valid")
            .to_utc();
        let (first, second) = (order_number(42, at), order_number(43, at));
        assert!(first.starts_with("ORD261200042") && first.len() == 13 && first < second);
        assert!(order_number(123_456, at).starts_with("ORD2612123456"));
    }

    #[test]
    fn a_wrong_digit_is_noticed() {
        let at = DateTime::parse_from_rfc3339("2026-11-22T06:00:00Z")
            .expect("valid")
            .to_utc();
        let number = order_number(42, at);
        assert_eq!(
            parse_order_number(&format!(" ord {} ", &number[3..])),
            Some(number.clone())
        );
        for position in 3..number.len() {
            let mut wrong: Vec<u8> = number.clone().into_bytes();
            wrong[position] = b'0' + (wrong[position] - b'0' + 1) % 10;
            assert_eq!(
                parse_order_number(std::str::from_utf8(&wrong).expect("ascii")),
                None
            );
        }
        assert_eq!(parse_order_number("order now"), None);
    }
}
