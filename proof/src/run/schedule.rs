//! Which faults a run will have, and when: drawn from the seed, keyed to acknowledged operations.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::scenario::Scenario;

mod kind;

pub use kind::{Kind, Target, name_of};

use kind::WEIGHTS;

/// A fault that is going to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Number, from 1.
    pub id: u64,
    /// After so many acknowledged operations.
    pub after: u64,
    /// What.
    pub kind: Kind,
    /// Whom, for faults of a role: its place among the roles of the mesh.
    pub role: usize,
    /// How long it lasts, in milliseconds.
    pub hold_ms: u64,
    /// Whether a kill is repeated while the process recovers.
    pub again: bool,
    /// A number for what else is drawn.
    pub dice: u64,
}

/// Draws the faults of a run, in the order in which they begin, of the kinds that this machine can do.
pub fn draw(scenario: &Scenario, roles: usize, able: impl Fn(Kind) -> bool) -> Vec<Planned> {
    if let Some(faults) = &scenario.staging.faults {
        return faults.clone();
    }
    let kinds: Vec<(Kind, u32)> = WEIGHTS.into_iter().filter(|(kind, _)| able(*kind)).collect();
    let mut random = scenario.stream("nemesis");
    let periods = (scenario.ops / scenario.nemesis.period_ops).max(1);
    let loud: Vec<u64> = (0..periods)
        .filter(|_| random.u32(0..1000) >= scenario.nemesis.quiet)
        .collect();
    let loud = if loud.is_empty() { vec![0] } else { loud };
    let length = scenario.ops / periods;
    // One that finds nothing to break any more is none.
    let some_more = scenario.faults + scenario.faults / 15;
    let drawn = deal(&kinds, some_more, &mut random);
    let mut planned: Vec<Planned> = drawn
        .into_iter()
        .map(|kind| {
            let period = loud[random.usize(0..loud.len())];
            let after = period * length + random.u64(0..=length);
            one(scenario, &mut random, kind, after, roles)
        })
        .collect();
    planned.sort_by_key(|fault| fault.after);
    for (fault, id) in planned.iter_mut().zip(1..) {
        fault.id = id;
        // The last ones leave time to recover before the actors stop.
        fault.after = fault.after.clamp(scenario.ops / 50, scenario.ops * 97 / 100);
    }
    planned
}

/// So many kinds, each as often as its weight says, but for a fraction: a short run has its share of everything too.
fn deal(kinds: &[(Kind, u32)], faults: u64, random: &mut Rng) -> Vec<Kind> {
    let all: u32 = kinds.iter().map(|(_, weight)| weight).sum();
    if all == 0 {
        return Vec::new();
    }
    let (all, offset) = (u64::from(all), random.u64(0..u64::from(all)));
    let mut dealt: Vec<Kind> = (0..faults)
        .filter_map(|n| {
            let mut place = (offset + n * all / faults.max(1)) % all;
            let found = kinds.iter().find(|(_, weight)| {
                let mine = place < u64::from(*weight);
                place = place.saturating_sub(u64::from(*weight));
                mine
            });
            found.map(|(kind, _)| *kind)
        })
        .collect();
    random.shuffle(&mut dealt);
    dealt
}

fn one(scenario: &Scenario, random: &mut Rng, kind: Kind, after: u64, roles: usize) -> Planned {
    let (shortest, longest) = scenario.nemesis.hold_ms;
    // Now and then longer than a lease, so that somebody else has taken over.
    let hold_ms = if random.u32(0..8) == 0 {
        random.u64(6500..=9000)
    } else {
        random.u64(shortest..=longest)
    };
    Planned {
        id: 0,
        after,
        kind,
        role: random.usize(0..roles.max(1)),
        hold_ms,
        again: random.u32(0..1000) < scenario.nemesis.again,
        dice: random.u64(..),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_schedule() {
        let scenario = Scenario::draw(7, 6000, 120);
        let planned = draw(&scenario, 6, |_| true);
        assert_eq!(planned, draw(&scenario, 6, |_| true));
        assert_ne!(planned, draw(&Scenario::draw(8, 6000, 120), 6, |_| true));
        assert_eq!(planned.len(), 128);
        assert!(
            planned
                .windows(2)
                .all(|pair| pair[0].after <= pair[1].after && pair[0].id < pair[1].id)
        );
        assert!(planned.iter().all(|fault| fault.after < 6000 && fault.role < 6));
    }

    #[test]
    fn a_short_run_has_its_share_of_everything() {
        let planned = draw(&Scenario::draw(3, 400, 12), 6, |kind| kind != Kind::DiskFull);
        let count = |wanted: fn(&Planned) -> bool| planned.iter().filter(|fault| wanted(fault)).count();
        assert_eq!(planned.len(), 12);
        assert!((1..=2).contains(&count(|fault| fault.kind == Kind::Kill)));
        assert!((2..=5).contains(&count(|fault| fault.kind.name().starts_with("net_"))));
    }

    #[test]
    fn all_kinds_occur_and_some_periods_are_quiet() {
        let scenario = Scenario::draw(7, 60_000, 2_000);
        let planned = draw(&scenario, 6, |_| true);
        let kinds: std::collections::BTreeSet<Kind> = planned.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds.len(), WEIGHTS.len());
        let periods: std::collections::BTreeSet<u64> =
            planned.iter().map(|fault| fault.after / 400).collect();
        assert!((90..140).contains(&periods.len()), "{}", periods.len());
    }
}
