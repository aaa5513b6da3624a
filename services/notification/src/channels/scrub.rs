//! Providers quote back what we sent: a malformed token, a phone number. Neither may end up in a row or a log
//! line.

use khaacho_config::Secret;

/// Longest text of a provider that we keep, in characters.
const TEXT_MAX: usize = 500;
/// A run of this many digits is taken for a phone number.
const PHONE_DIGITS_MIN: usize = 9;
/// Shortest secret that is worth looking for: a shorter one would blank out ordinary words.
const SECRET_MIN: usize = 8;

/// A provider's text without our secret and with phone numbers masked (`+97798****567`), at most 500
/// characters.
pub(super) fn scrub(text: &str, secret: &Secret) -> String {
    let secret = secret.expose();
    let text = if secret.len() >= SECRET_MIN {
        text.replace(secret, "[REDACTED]")
    } else {
        text.to_owned()
    };
    without_phones(&text)
}

/// A provider's text with phone numbers masked and without control characters, at most 500 characters.
pub fn without_phones(text: &str) -> String {
    mask(text)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(TEXT_MAX)
        .collect()
}

/// Masks every long run of digits but its first five and last three.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.len() {
            0 => {}
            count if count < PHONE_DIGITS_MIN => masked.push_str(&digits),
            count => {
                masked.push_str(&digits[..5]);
                masked.push_str("****");
                masked.push_str(&digits[count - 3..]);
            }
        }
        digits.clear();
        masked.push(c);
    }
    masked.pop();
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_phones_do_not_survive() {
        let secret = Secret::new("EAAG-very-secret");
        let text = scrub(
            "Malformed access token EAAG-very-secret for +9779841234567\nsee 131047",
            &secret,
        );
        assert_eq!(
            text,
            "Malformed access token [REDACTED] for +97798****567 see 131047"
        );
        assert_eq!(scrub(&"x".repeat(900), &secret).len(), TEXT_MAX);
        assert_eq!(mask("9841234567"), "98412****567");
    }
}
