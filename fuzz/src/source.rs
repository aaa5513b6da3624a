//! Where properties take their choices from: pseudo random numbers, or the bytes of a fuzzer.

use std::collections::VecDeque;
use std::ops::{Bound, RangeBounds};

use fastrand::Rng;

/// A stream of choices.
///
/// A numbered one is the same every time. One of bytes reads them as few at a time as the choice needs, so that a
/// fuzzer that changes one byte changes one choice; when they are at an end, every further choice is the lowest, which
/// keeps inputs as small as the bytes are.
#[derive(Debug, Clone)]
pub struct Source(Of);

#[derive(Debug, Clone)]
enum Of {
    Numbers(Rng),
    Bytes(VecDeque<u8>),
}

macro_rules! whole_numbers {
    ($($name:ident)*) => {$(
        /// A number of the range.
        ///
        /// # Panics
        /// When the range is empty.
        pub fn $name(&mut self, range: impl RangeBounds<$name>) -> $name {
            let bytes = match &mut self.0 {
                Of::Numbers(rng) => return rng.$name(range),
                Of::Bytes(bytes) => bytes,
            };
            let (least, most) = (i128::from($name::MIN), i128::from($name::MAX));
            let (from, to) = ends(&range, least, most);
            let number = within(bytes, from, to);
            $name::try_from(number).unwrap_or_default()
        }
    )*};
}

impl Source {
    /// The choices of a number.
    pub fn numbered(run: u64) -> Self {
        // Neighbouring seeds of the generator are alike in their first values.
        let seed = run.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6b61_7361_7574_6921;
        Self(Of::Numbers(Rng::with_seed(seed)))
    }

    /// The choices that bytes stand for.
    pub fn bytes(data: &[u8]) -> Self {
        Self(Of::Bytes(data.iter().copied().collect()))
    }

    whole_numbers! { u8 u32 u64 i64 }

    /// A number of the range.
    ///
    /// # Panics
    /// When the range is empty.
    pub fn usize(&mut self, range: impl RangeBounds<usize>) -> usize {
        let bytes = match &mut self.0 {
            Of::Numbers(rng) => return rng.usize(range),
            Of::Bytes(bytes) => bytes,
        };
        let wide = |n: &usize| i128::try_from(*n).unwrap_or(i128::MAX);
        let range = (range.start_bound().map(wide), range.end_bound().map(wide));
        let (from, to) = ends(&range, 0, i128::from(u32::MAX));
        usize::try_from(within(bytes, from, to)).unwrap_or_default()
    }

    /// One of two.
    pub fn bool(&mut self) -> bool {
        match &mut self.0 {
            Of::Numbers(rng) => rng.bool(),
            Of::Bytes(_) => self.u8(..2) == 1,
        }
    }

    /// Between zero and one.
    pub fn f64(&mut self) -> f64 {
        match &mut self.0 {
            Of::Numbers(rng) => rng.f64(),
            Of::Bytes(_) => f64::from(self.u32(..)) / f64::from(u32::MAX),
        }
    }

    /// Any character at all.
    pub fn any_char(&mut self) -> char {
        match &mut self.0 {
            Of::Numbers(rng) => rng.char(..),
            Of::Bytes(_) => char::from_u32(self.u32(..=u32::from(char::MAX))).unwrap_or('\u{fffd}'),
        }
    }

    /// A Latin letter or digit.
    pub fn alphanumeric(&mut self) -> char {
        const ALL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        match &mut self.0 {
            Of::Numbers(rng) => rng.alphanumeric(),
            Of::Bytes(_) => char::from(ALL[self.usize(..ALL.len())]),
        }
    }

    /// Any order of the same things.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        if let Of::Numbers(rng) = &mut self.0 {
            return rng.shuffle(all);
        }
        for place in 1..all.len() {
            let other = self.usize(..=place);
            all.swap(place, other);
        }
    }
}

/// First and last of a range.
fn ends<T: Copy + Into<i128>>(range: &impl RangeBounds<T>, least: i128, most: i128) -> (i128, i128) {
    let from = match range.start_bound() {
        Bound::Included(from) => (*from).into(),
        Bound::Excluded(from) => (*from).into() + 1,
        Bound::Unbounded => least,
    };
    let to = match range.end_bound() {
        Bound::Included(to) => (*to).into(),
        Bound::Excluded(to) => (*to).into() - 1,
        Bound::Unbounded => most,
    };
    assert!(from <= to, "the range is empty");
    (from, to)
}

/// As many bytes as numbers of the range need; the lowest when there are no more.
fn within(bytes: &mut VecDeque<u8>, from: i128, to: i128) -> i128 {
    let span = (to - from).unsigned_abs() + 1;
    let mut number: u128 = 0;
    let mut reach: u128 = 1;
    while reach < span
        && let Some(byte) = bytes.pop_front()
    {
        number = number << 8 | u128::from(byte);
        reach <<= 8;
    }
    from + i128::try_from(number % span).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_every_time_and_not_like_their_neighbours() {
        let first = |run| {
            let mut source = Source::numbered(run);
            (source.u64(..), source.u64(..))
        };
        assert_eq!(first(7), first(7));
        assert_ne!(first(7).0 >> 32, first(8).0 >> 32);
    }

    #[test]
    fn a_byte_is_a_choice_and_no_byte_is_the_lowest() {
        let mut source = Source::bytes(&[3, 1, 2, 0xff]);
        assert_eq!(source.u8(..10), 3);
        assert_eq!(source.u32(5..=400), 5 + 258);
        assert_eq!(source.usize(1..4), 1);
        assert_eq!((source.u8(..), source.i64(-3..9), source.usize(2..)), (0, -3, 2));
        assert!(!source.bool());
        assert_eq!((source.alphanumeric(), source.any_char()), ('a', '\0'));
        assert_eq!(Source::bytes(&[0xff; 8]).i64(..), i64::MAX);
        assert_eq!(Source::bytes(&[0xff; 8]).u64(..), u64::MAX);
    }

    #[test]
    fn shuffled_things_are_the_same_things() {
        let mut all = [1, 2, 3, 4, 5];
        Source::numbered(1).shuffle(&mut all);
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3, 4, 5]);
    }
}
