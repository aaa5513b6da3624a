//! The generic cell rate algorithm over whole microseconds.
//!
//! A quota's state is one number, the theoretical arrival time: the moment at which everything taken so far will
//! have come back. Taking a unit moves it one interval ahead; it may not be further ahead than the burst.

use super::Quota;

/// What one request did to its quotas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    /// Whether the unit was taken, from every quota.
    pub(super) allowed: bool,
    /// Per quota: how far its arrival time is ahead of now, in microseconds, after the decision.
    pub(super) ahead: Vec<i64>,
}

/// Takes one unit of every quota, or of none. `arrivals` holds one arrival time per quota in microseconds and is
/// changed when the unit is taken; an arrival in the past, such as 0, is an untouched quota.
pub(super) fn take(arrivals: &mut [i64], quotas: &[Quota], now: i64) -> Taken {
    // A clock that was set back would otherwise lock everybody out until it has caught up.
    let ahead = |arrival: i64, quota: &Quota| arrival.saturating_sub(now).clamp(0, quota.burst());
    let before: Vec<i64> = arrivals
        .iter()
        .zip(quotas)
        .map(|(arrival, quota)| ahead(*arrival, quota))
        .collect();
    let after = |(ahead, quota): (&i64, &Quota)| ahead + quota.interval();
    let allowed = before
        .iter()
        .zip(quotas)
        .all(|pair| after(pair) <= pair.1.burst());
    if !allowed {
        return Taken {
            allowed,
            ahead: before,
        };
    }
    let after: Vec<i64> = before.iter().zip(quotas).map(after).collect();
    for (arrival, ahead) in arrivals.iter_mut().zip(&after) {
        *arrival = now.saturating_add(*ahead);
    }
    Taken {
        allowed,
        ahead: after,
    }
}

/// Units left in a quota whose arrival time is `ahead` microseconds ahead.
pub(super) fn remaining(quota: &Quota, ahead: i64) -> u32 {
    let units = (quota.burst() - ahead).max(0) / quota.interval();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Microseconds until a quota has a unit again.
pub(super) fn wait(quota: &Quota, ahead: i64) -> i64 {
    (ahead + quota.interval() - quota.burst()).max(0)
}
