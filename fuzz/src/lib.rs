//! Generated input for everything that reads what others wrote.
//!
//! Each property runs over the same inputs every time, so a failure names a number and comes again. The default is
//! short enough for every test run; `KHAACHO_FUZZ_RUNS=2000000 cargo test -p khaacho-fuzz --release` looks longer,
//! and `KHAACHO_FUZZ_FROM=17 KHAACHO_FUZZ_RUNS=1` is one input.

pub mod mutate;
pub mod random;

use std::ops::Range;

/// Inputs of one property when nobody asks for more.
pub const RUNS: u64 = 20_000;

/// The numbers of the inputs to try; `weight` is how many usual ones an input of this property costs.
pub fn runs(weight: u64) -> Range<u64> {
    let from = number("KHAACHO_FUZZ_FROM").unwrap_or(0);
    let runs = number("KHAACHO_FUZZ_RUNS").unwrap_or(RUNS / weight.max(1));
    from..from.saturating_add(runs)
}

/// The random numbers of one input.
pub fn rng(run: u64) -> fastrand::Rng {
    // Neighbouring seeds of the generator are alike in their first values.
    fastrand::Rng::with_seed(run.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6b61_7361_7574_6921)
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_the_same_every_time_and_not_like_its_neighbour() {
        let first = |run| {
            let mut rng = rng(run);
            (rng.u64(..), rng.u64(..))
        };
        assert_eq!(first(7), first(7));
        assert_ne!(first(7).0 >> 32, first(8).0 >> 32);
        assert_eq!(runs(10).end - runs(10).start, RUNS / 10);
    }
}
