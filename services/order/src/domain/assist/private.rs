//! What of a message is nobody's business: phones, accounts, order numbers, addresses.

/// Digits that count no goods: phones, accounts, numbers of orders.
const DIGITS_MAX: usize = 5;
/// What stands between the digits of one number.
const BETWEEN: &[char] = &[' ', '-', '.', ',', '(', ')', '/', '+'];

/// The text with a `#` for every long number and every address.
pub fn masked(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let address = bare.contains('@') || bare.contains("://") || bare.to_lowercase().starts_with("www.");
        if address {
            format!("#{}", &word[bare.len()..])
        } else {
            word.to_owned()
        }
    });
    let letters: Vec<char> = words.collect::<String>().chars().collect();
    let mut out = String::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (digits, end) = number(&letters[at..]);
        if digits > DIGITS_MAX {
            out.push('#');
            at += end;
        } else {
            let plain = end.max(1);
            out.extend(&letters[at..at + plain]);
            at += plain;
        }
    }
    out
}

/// Digits of the number that begins here, and the letters that it takes.
fn number(letters: &[char]) -> (usize, usize) {
    let (mut digits, mut end) = (0, 0);
    for (at, letter) in letters.iter().enumerate() {
        if letter.is_numeric() {
            digits += 1;
            end = at + 1;
        } else if digits == 0 || !BETWEEN.contains(letter) {
            break;
        }
    }
    (digits, end)
}
