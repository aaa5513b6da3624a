//! Properties of everything that reads what others wrote: of both webhook parsers, order text, money, phones, and the
//! fingerprints of idempotency.
//!
//! `cargo test` tries each with the same short row of inputs every time, so a failure names a number and comes again:
//! `KHAACHO_FUZZ_FROM=17 KHAACHO_FUZZ_RUNS=1` is one input, `KHAACHO_FUZZ_RUNS=2000000` looks longer.
//!
//! `make fuzz` (or `cargo fuzz run --fuzz-dir fuzz/targets -s none meta`) gives the choices to libFuzzer, which looks
//! for inputs that reach code no input reached before. Each target is a [`Subject`] of this crate.

pub mod mutate;
mod properties;
pub mod random;
mod source;

use std::iter;
use std::ops::Range;

pub use source::Source;

use properties::{fingerprint, meta, money, orders, phones, twilio};

/// Inputs of one property when nobody asks for more.
pub const RUNS: u64 = 20_000;

/// Inputs of a property: the number of each, and the choices it is made of.
pub type Inputs = Box<dyn Iterator<Item = (u64, Source)>>;

/// Something that holds for every input.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// What holds.
    pub name: &'static str,
    /// How many usual inputs one of its inputs costs.
    weight: u64,
    holds: fn(Inputs),
}

/// A reader of what others wrote, and all that holds for it.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The name of its fuzz target.
    pub name: &'static str,
    /// All of it.
    pub properties: &'static [Property],
    /// What holds for bytes as they are.
    raw: Option<fn(&[u8])>,
}

macro_rules! subject {
    ($name:literal, $from:ident, $raw:expr, [$($weight:literal $property:ident)*]) => {
        Subject {
            name: $name,
            properties: &[$(Property {
                name: stringify!($property),
                weight: $weight,
                holds: $from::$property,
            }),*],
            raw: $raw,
        }
    };
}

/// All subjects.
pub const SUBJECTS: [Subject; 6] = [
    subject!("meta", meta, Some(meta::raw), [
        1 damaged_deliveries_lose_nothing_and_break_nothing
        1 deliveries_of_any_shape_are_read_element_by_element
        4 only_the_signed_bytes_are_proven
    ]),
    subject!("twilio", twilio, Some(twilio::raw), [
        1 damaged_forms_are_one_event
        1 forms_of_any_fields_are_one_event
        4 a_signature_holds_in_every_order_and_for_nothing_else
    ]),
    subject!("order_text", orders, Some(orders::raw), [
        1 whatever_is_written_is_read
        1 capitals_and_scripts_of_digits_do_not_matter
        4 a_plain_list_is_read_as_it_is_written
        1 a_vendor_moves_nothing_by_chance
        1 no_proposal_makes_a_line
        1 an_answer_of_a_model_is_read_or_not
    ]),
    subject!("money", money, Some(money::raw), [
        1 arithmetic_is_exact_or_refused
        1 an_amount_can_be_read_back_from_every_form
        1 a_quantity_is_what_its_text_says_and_nothing_else_is_one
    ]),
    subject!("phone", phones, Some(phones::raw), [
        4 whatever_is_written_is_a_number_or_none
        8 one_mobile_in_all_its_writings_is_one_number
        1 a_mask_hides_digits_whatever_it_masks
    ]),
    subject!("fingerprint", fingerprint, None, [
        1 payments_are_the_same_exactly_when_all_they_say_is
        1 orders_are_the_same_exactly_when_all_their_lines_are
        1 offers_are_the_same_exactly_when_their_terms_are
    ]),
];

impl Property {
    /// Tries it with the same row of inputs every time.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn short(&self) {
        let from = number("KHAACHO_FUZZ_FROM").unwrap_or(0);
        let runs = number("KHAACHO_FUZZ_RUNS").unwrap_or(RUNS / self.weight);
        let numbers = from..from.saturating_add(runs);
        (self.holds)(Box::new(Row { numbers, tried: None }));
    }
}

/// The inputs of a short row. Says which one it was when something else than the property panics.
#[derive(Debug)]
struct Row {
    numbers: Range<u64>,
    tried: Option<u64>,
}

impl Iterator for Row {
    type Item = (u64, Source);

    fn next(&mut self) -> Option<Self::Item> {
        self.tried = self.numbers.next();
        self.tried.map(|run| (run, Source::numbered(run)))
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        if let Some(run) = self.tried.filter(|_| std::thread::panicking()) {
            eprintln!("it was run {run}");
        }
    }
}

impl Subject {
    /// The subject of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SUBJECTS.iter().find(|subject| subject.name == name)
    }

    /// Tries the bytes of a fuzzer: the first one says with what property, or as they are.
    ///
    /// # Panics
    /// When something does not hold.
    pub fn fuzz(&self, data: &[u8]) {
        let Some((first, rest)) = data.split_first() else {
            return;
        };
        let choices = self.properties.len() + usize::from(self.raw.is_some());
        match (self.properties.get(usize::from(*first) % choices), self.raw) {
            (Some(property), _) => (property.holds)(Box::new(iter::once((0, Source::bytes(rest))))),
            (None, Some(raw)) => raw(rest),
            (None, None) => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
