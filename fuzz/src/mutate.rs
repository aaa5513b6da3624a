//! Damage to what was right.

use crate::Source;

use crate::random::one;

/// Bytes that mean something to a reader of forms, JSON or text.
const SIGNS: &[u8] = b"{}[]\",:\\u%&=+0-9eE.\0\xff\xc3\xe0\xed \n;";

/// The bytes with one to eight things done to them. Never empty.
pub fn bytes(rng: &mut Source, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..rng.usize(1..=8) {
        if bytes.is_empty() {
            break;
        }
        once(rng, &mut bytes);
    }
    if bytes.is_empty() {
        bytes.push(b'{');
    }
    bytes
}

fn once(rng: &mut Source, bytes: &mut Vec<u8>) {
    let at = rng.usize(..bytes.len());
    match rng.u8(..9) {
        0 => bytes[at] ^= 1 << rng.u8(..8),
        1 => bytes[at] = *one(rng, SIGNS),
        2 => bytes.insert(at, *one(rng, SIGNS)),
        3 => drop(bytes.remove(at)),
        4 => bytes.truncate(at),
        5 => {
            let end = (at + rng.usize(..40)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = rng.usize(..=bytes.len());
            bytes.splice(to..to, piece);
        }
        6 => {
            let end = (at + rng.usize(..40)).min(bytes.len());
            bytes.drain(at..end);
        }
        7 => {
            let other = rng.usize(..bytes.len());
            bytes.swap(at, other);
        }
        _ => {
            let sign = *one(rng, SIGNS);
            bytes.splice(at..at, std::iter::repeat_n(sign, rng.usize(1..200)));
        }
    }
}
