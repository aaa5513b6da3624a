//! Phone numbers, and that logs do not tell them.

use crate::Inputs;
use crate::random::{digits, one, text};
use khaacho_phone::{Phone, mask};

pub(crate) fn whatever_is_written_is_a_number_or_none(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let written = match rng.u8(..5) {
            0 => text(&mut rng, 70),
            1 => format!(
                "{}{}",
                one(&mut rng, &["+977", "977", "00977", "0", "+91", "whatsapp:+977"]),
                digits(&mut rng, 1, 14)
            ),
            2 => digits(&mut rng, 1, 20),
            3 => format!("tel:{};ext={}", digits(&mut rng, 3, 12), digits(&mut rng, 1, 4)),
            _ => format!("+{}", digits(&mut rng, 1, 20)),
        };
        read(&written, run);
    }
}

/// A number of any letters.
pub(crate) fn raw(body: &[u8]) {
    let written = String::from_utf8_lossy(body);
    read(&written, 0);
    assert_masked(&written, &mask(&written), 0);
}

fn read(written: &str, run: u64) {
    let Ok(phone) = Phone::parse(written) else {
        return;
    };
    let plain = phone.as_str();
    let digits = plain.strip_prefix('+').unwrap_or_default();
    assert!(
        (4..=15).contains(&digits.len()),
        "run {run}: {plain:?} from {written:?}"
    );
    assert!(
        digits.bytes().all(|byte| byte.is_ascii_digit()),
        "run {run}: {plain:?} from {written:?}"
    );
    assert_eq!(
        Phone::parse(plain).as_ref(),
        Ok(&phone),
        "run {run}: {plain:?} from {written:?} is not itself"
    );
    assert_masked(plain, &phone.masked(), run);
    assert_masked(plain, &format!("{phone:?}"), run);
}

pub(crate) fn one_mobile_in_all_its_writings_is_one_number(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let local = format!(
            "98{}{:07}",
            one(&mut rng, &["4", "5", "6"]),
            rng.u32(..10_000_000)
        );
        let plain = format!("+977{local}");
        let Ok(phone) = Phone::parse(&plain) else { continue };
        let spaced = format!("{} {} {}", &local[..3], &local[3..6], &local[6..]);
        let devanagari: String = local
            .bytes()
            .filter_map(|b| char::from_u32(0x966 + u32::from(b - b'0')))
            .collect();
        for written in [
            local.clone(),
            spaced.clone(),
            format!("0{local}"),
            format!("977{local}"),
            format!("00977{local}"),
            format!("+977-{spaced}"),
            format!("(+977) {local}"),
            format!("whatsapp:{plain}"),
            format!("WhatsApp:{plain}"),
            format!("  {plain}\n"),
            devanagari.clone(),
            format!("+९७७{devanagari}"),
        ] {
            assert_eq!(
                Phone::parse(&written).as_ref(),
                Ok(&phone),
                "run {run}: {written:?}"
            );
        }
    }
}

/// No text of a log lets anybody call the number that was in it.
pub(crate) fn a_mask_hides_digits_whatever_it_masks(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let written = match rng.u8(..3) {
            0 => text(&mut rng, 40),
            1 => format!("whatsapp:+{}", digits(&mut rng, 1, 20)),
            _ => digits(&mut rng, 1, 40),
        };
        assert_masked(&written, &mask(&written), run);
    }
}

/// At most six digits in a row, and at least four characters are gone.
fn assert_masked(written: &str, masked: &str, run: u64) {
    let longest = masked
        .split(|letter: char| !letter.is_numeric())
        .map(|row| row.chars().count())
        .max()
        .unwrap_or(0);
    assert!(longest < 7, "run {run}: {masked:?} of {written:?}");
    // What is masked already stays as it is.
    assert!(
        masked.contains("****") && (masked != written || written.contains("****")),
        "run {run}: {masked:?} of {written:?}"
    );
}
