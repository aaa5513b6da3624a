//! Money and quantities against plain arithmetic in 128 bits.

use crate::Inputs;
use crate::random::{digits, text, whole};
use khaacho_money::{Paisa, Quantity};

/// `value` when it fits.
fn fits(value: i128) -> Option<i64> {
    i64::try_from(value).ok()
}

/// Rounded half away from zero.
fn divided(product: i128, by: i128) -> i128 {
    let (quotient, rest) = (product / by, product % by);
    quotient + if 2 * rest.abs() >= by { product.signum() } else { 0 }
}

pub(crate) fn arithmetic_is_exact_or_refused(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let (a, b, bp, count) = (whole(&mut rng), whole(&mut rng), rng.u32(..), rng.u32(..));
        let (left, right) = (Paisa::new(a), Paisa::new(b));
        let paisa = |result: Result<Paisa, _>| result.ok().map(Paisa::paisa);
        let (a, b) = (i128::from(a), i128::from(b));
        assert_eq!(paisa(left.checked_add(right)), fits(a + b), "run {run}");
        assert_eq!(paisa(left.checked_sub(right)), fits(a - b), "run {run}");
        assert_eq!(paisa(left.checked_neg()), fits(-a), "run {run}");
        let quantity = Quantity::from_milli(right.paisa());
        assert_eq!(
            paisa(left.times(quantity)),
            fits(divided(a * b, 1000)),
            "run {run}: {a} × {b}"
        );
        let share = fits(divided(a * i128::from(bp), 10_000));
        assert_eq!(paisa(left.share_bp(bp)), share, "run {run}: {bp} of {a}");
        assert_eq!(
            quantity.times(count).ok().map(Quantity::milli),
            fits(b * i128::from(count)),
            "run {run}"
        );
        assert_eq!(
            Quantity::from_milli(left.paisa())
                .checked_add(quantity)
                .ok()
                .map(Quantity::milli),
            fits(a + b)
        );
        let parts: Vec<i64> = (0..rng.usize(..6)).map(|_| whole(&mut rng)).collect();
        let sum = parts.iter().map(|part| i128::from(*part)).sum::<i128>();
        assert_eq!(
            paisa(Paisa::sum(parts.into_iter().map(Paisa::new))),
            fits(sum),
            "run {run}"
        );
    }
}

pub(crate) fn an_amount_can_be_read_back_from_every_form(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let amount = Paisa::new(whole(&mut rng));
        for shown in [amount.to_string(), amount.latin(), amount.devanagari()] {
            assert_eq!(
                read_back(&shown),
                Some(i128::from(amount.paisa())),
                "run {run}: {shown}"
            );
        }
        let groups = amount.latin();
        let whole = groups
            .trim_start_matches('-')
            .trim_start_matches("Rs ")
            .split('.')
            .next()
            .unwrap_or_default();
        let mut parts = whole.split(',').rev();
        let last = parts.next().unwrap_or_default().len();
        assert!(
            last == 3 || !whole.contains(',') && (1..=3).contains(&last),
            "run {run}: {groups}"
        );
        let rest: Vec<usize> = parts.map(str::len).collect();
        let inner = rest.len().saturating_sub(1);
        assert!(
            rest[..inner].iter().all(|length| *length == 2),
            "run {run}: {groups}"
        );
    }
}

fn read_back(shown: &str) -> Option<i128> {
    let negative = shown.starts_with('-');
    let plain: String = shown
        .chars()
        .map(|letter| char::from_digit((letter as u32).wrapping_sub(0x966), 10).unwrap_or(letter))
        .filter(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect();
    let (rupees, paisa) = plain.split_once('.').unwrap_or((&plain, "00"));
    let value = rupees.parse::<i128>().ok()? * 100 + paisa.parse::<i128>().ok()?;
    Some(if negative { -value } else { value })
}

pub(crate) fn a_quantity_is_what_its_text_says_and_nothing_else_is_one(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let quantity = Quantity::from_milli(whole(&mut rng).max(i64::MIN + 1));
        assert_eq!(quantity.to_string().parse(), Ok(quantity), "run {run}");
        let written = match rng.u8(..4) {
            0 => text(&mut rng, 8),
            1 => format!("{}.{}", digits(&mut rng, 0, 18), digits(&mut rng, 0, 5)),
            2 => format!("-{}", digits(&mut rng, 0, 20)),
            _ => digits(&mut rng, 0, 20),
        };
        read_quantity(&written, run);
    }
}

/// A quantity of any letters.
pub(crate) fn raw(body: &[u8]) {
    read_quantity(&String::from_utf8_lossy(body), 0);
}

fn read_quantity(written: &str, run: u64) {
    assert_eq!(
        written.parse::<Quantity>().ok().map(Quantity::milli),
        expected(written),
        "run {run}: {written:?}"
    );
}

/// An optional minus, ASCII digits, and perhaps a point with one to three of them.
fn expected(written: &str) -> Option<i64> {
    let (sign, plain) = match written.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, written),
    };
    let (whole, decimals) = match plain.split_once('.') {
        Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
        Some(_) => return None,
        None => (plain, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let milli: i128 = format!("{decimals:0<3}").parse().ok()?;
    let value = whole.checked_mul(1000)?.checked_add(milli)?;
    // The smallest number of 64 bits has no counterpart above zero and is not read.
    i64::try_from(value).ok().map(|value| sign * value)
}
