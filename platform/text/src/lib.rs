//! What people type, taken apart: tokens that know where they stood, one spelling for the many spellings of a word in
//! Nepali, Hindi and English, in Latin letters or Devanagari; numbers and units of sale. Pure, and linear in the text.

mod devanagari;
mod fold;
mod number;
mod token;
mod unit;

pub use devanagari::{is_devanagari, romanised};
pub use fold::{bones, fold, near_enough, other_keys, skeleton};
pub use number::{Number, Part, counts_pieces, number, number_word};
pub use token::{Kind, TEXT_BYTES_MAX, Token, tokens};
pub use unit::{Measure, Size, Unit};
