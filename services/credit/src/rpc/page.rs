//! Pages of lists: how many rows, and after which one. Tokens are opaque to callers and checked when they come back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use uuid::Uuid;

use super::fields::{self, Fields};
use crate::store::Place;

const SIZE_DEFAULT: u32 = 20;
const SIZE_MAX: u32 = 100;

/// Rows of a page: 1 to 100, 20 when nobody says.
pub(super) fn size(page_size: u32) -> Result<usize, Fault> {
    let mut fields = Fields::default();
    fields.number("page_size", page_size, 0..=SIZE_MAX);
    fields.finish()?;
    let size = if page_size == 0 { SIZE_DEFAULT } else { page_size };
    Ok(usize::try_from(size).expect("at most a hundred"))
}

/// What a store is asked for: one row more than is shown tells whether another page follows.
pub(super) fn limit(size: usize) -> i64 {
    i64::try_from(size).expect("at most a hundred") + 1
}

/// Cuts the extra row off. Answers the token of the next page, empty on the last.
pub(super) fn cut<T>(rows: &mut Vec<T>, size: usize, token: impl Fn(&T) -> String) -> String {
    if rows.len() <= size {
        return String::new();
    }
    rows.truncate(size);
    rows.last().map(token).unwrap_or_default()
}

/// Token of a place in a list by time.
pub(super) fn place_token(place: Place) -> String {
    encode(&format!("{}:{}", place.at.timestamp_micros(), place.id.simple()))
}

/// The place that a token names; an empty one is the top.
pub(super) fn place(token: &str) -> Result<Place, Fault> {
    if token.is_empty() {
        return Ok(Place::top());
    }
    let text = decode(token)?;
    let parse = || -> Option<Place> {
        let (micros, id) = text.split_once(':')?;
        let at: DateTime<Utc> = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        let known = (0..=Place::top().at.timestamp_micros()).contains(&at.timestamp_micros());
        known.then_some(Place {
            at,
            id: Uuid::try_parse(id).ok()?,
        })
    };
    parse().ok_or_else(bad_token)
}

/// Token of a place in a list by code.
pub(super) fn code_token(code: &str) -> String {
    encode(code)
}

/// The code that a token names; an empty one comes before all codes.
pub(super) fn code(token: &str) -> Result<String, Fault> {
    if token.is_empty() {
        return Ok(String::new());
    }
    let text = decode(token)?;
    fields::code(&text)
        .filter(|code| *code == text)
        .ok_or_else(bad_token)
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn decode(token: &str) -> Result<String, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| bad_token())?;
    String::from_utf8(bytes).map_err(|_| bad_token())
}

fn bad_token() -> Fault {
    Fault::invalid("page_token", "is not a token that this list gave")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_as_they_went() {
        let place_out = Place {
            at: DateTime::from_timestamp_micros(1_800_000_000_123_456).expect("a time"),
            id: Uuid::max(),
        };
        assert_eq!(place(&place_token(place_out)).expect("ours"), place_out);
        assert_eq!(code(&code_token("R001")).expect("ours"), "R001");
        assert_eq!(place("").expect("the top"), Place::top());
    }

    #[test]
    fn foreign_tokens_are_refused() {
        for token in [
            "x",
            "%%%",
            &encode("1"),
            &encode("-5:0"),
            &encode("9223372036854775807:0"),
            &encode("r 1"),
        ] {
            assert!(place(token).is_err(), "{token}");
            assert!(code(token).is_err() || token == encode("1"), "{token}");
        }
    }

    #[test]
    fn pages_have_one_to_a_hundred_rows() {
        assert_eq!(size(0).expect("default"), 20);
        assert_eq!(size(100).expect("most"), 100);
        assert!(size(101).is_err());
    }

    #[test]
    fn the_extra_row_becomes_the_token() {
        let mut rows = vec![1, 2, 3];
        assert_eq!(cut(&mut rows, 2, i32::to_string), "2");
        assert_eq!(rows, [1, 2]);
        assert_eq!(cut(&mut rows, 2, i32::to_string), "");
    }
}
