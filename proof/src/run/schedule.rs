//! Which faults a run will have, and when: drawn from the seed, keyed to acknowledged operations.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::harness::Role;

use super::scenario::Scenario;

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

/// Kinds of faults, by the names of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// F1: SIGKILL of a role.
    Kill,
    /// F3: SIGSTOP of a role, SIGCONT later.
    Stop,
    /// F4: SIGTERM of a role, as in a deploy.
    Term,
    /// F5: PostgreSQL stops as in a power cut.
    PgKill,
    /// F6: sessions are ended by the server.
    PgTerminate,
    /// F7: somebody holds a lock.
    PgLock,
    /// F9: SIGKILL of Redis.
    RedisKill,
    /// F9: Redis forgets everything.
    RedisFlush,
    /// F9: SIGSTOP of Redis.
    RedisStop,
    /// F12: the providers are away.
    ProviderDown,
    /// F12: the providers answer 500.
    ProviderBroken,
    /// F12: the providers answer 429.
    ProviderBusy,
    /// F12: the providers take messages and do not say so.
    ProviderStall,
    /// F12: answers of the providers get lost.
    ProviderLost,
    /// F12: giant answers, and recipients that do not exist.
    ProviderOdd,
}

/// Weights: about what happens in a thousand acknowledged operations.
const WEIGHTS: [(Kind, u32); 15] = [
    (Kind::Kill, 40),
    (Kind::Stop, 20),
    (Kind::Term, 6),
    (Kind::PgKill, 12),
    (Kind::PgTerminate, 24),
    (Kind::PgLock, 14),
    (Kind::RedisKill, 4),
    (Kind::RedisFlush, 4),
    (Kind::RedisStop, 4),
    (Kind::ProviderDown, 4),
    (Kind::ProviderBroken, 4),
    (Kind::ProviderBusy, 4),
    (Kind::ProviderStall, 3),
    (Kind::ProviderLost, 3),
    (Kind::ProviderOdd, 2),
];

impl Kind {
    /// As in the history.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::Term => "term",
            Self::PgKill => "pg_kill",
            Self::PgTerminate => "pg_terminate",
            Self::PgLock => "pg_lock",
            Self::RedisKill => "redis_kill",
            Self::RedisFlush => "redis_flush",
            Self::RedisStop => "redis_stop",
            Self::ProviderDown => "provider_down",
            Self::ProviderBroken => "provider_broken",
            Self::ProviderBusy => "provider_busy",
            Self::ProviderStall => "provider_stall",
            Self::ProviderLost => "provider_lost",
            Self::ProviderOdd => "provider_odd",
        }
    }

    /// Faults of the same thing happen one after the other.
    pub(super) fn target(self, role: Role) -> &'static str {
        match self {
            Self::Kill | Self::Stop | Self::Term => role.name(),
            Self::PgKill => "postgres",
            Self::PgTerminate => "sessions",
            Self::PgLock => "locks",
            Self::RedisKill | Self::RedisFlush | Self::RedisStop => "redis",
            _ => "provider",
        }
    }
}

/// Draws the faults of a run, in the order in which they begin.
pub fn draw(scenario: &Scenario, roles: usize) -> Vec<Planned> {
    let mut random = scenario.stream("nemesis");
    let periods = (scenario.ops / scenario.nemesis.period_ops).max(1);
    let loud: Vec<u64> = (0..periods)
        .filter(|_| random.u32(0..1000) >= scenario.nemesis.quiet)
        .collect();
    let loud = if loud.is_empty() { vec![0] } else { loud };
    let length = scenario.ops / periods;
    let mut planned: Vec<Planned> = (0..scenario.faults)
        .map(|_| {
            let period = loud[random.usize(0..loud.len())];
            let after = period * length + random.u64(0..=length);
            one(scenario, &mut random, after, roles)
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

fn one(scenario: &Scenario, random: &mut Rng, after: u64, roles: usize) -> Planned {
    let all: u32 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
    let mut drawn = random.u32(0..all);
    let kind = WEIGHTS.iter().find_map(|(kind, weight)| {
        let mine = drawn < *weight;
        drawn = drawn.saturating_sub(*weight);
        mine.then_some(*kind)
    });
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
        kind: kind.unwrap_or(Kind::Kill),
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
        let planned = draw(&scenario, 6);
        assert_eq!(planned, draw(&scenario, 6));
        assert_ne!(planned, draw(&Scenario::draw(8, 6000, 120), 6));
        assert_eq!(planned.len(), 120);
        assert!(
            planned
                .windows(2)
                .all(|pair| pair[0].after <= pair[1].after && pair[0].id < pair[1].id)
        );
        assert!(planned.iter().all(|fault| fault.after < 6000 && fault.role < 6));
    }

    #[test]
    fn all_kinds_occur_and_some_periods_are_quiet() {
        let scenario = Scenario::draw(7, 60_000, 2_000);
        let planned = draw(&scenario, 6);
        let kinds: std::collections::BTreeSet<Kind> = planned.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds.len(), WEIGHTS.len());
        let periods: std::collections::BTreeSet<u64> =
            planned.iter().map(|fault| fault.after / 400).collect();
        assert!((90..140).contains(&periods.len()), "{}", periods.len());
    }
}
