//! Counts in this process, in bounded memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::gcra::{self, Taken};
use super::{Key, Quota};

/// Enough that threads seldom meet, few enough that sweeping one shard is short.
const SHARDS: usize = 16;
/// Subjects per shard. 16 × 4,096 subjects take about 6 MB.
const SUBJECTS_PER_SHARD: usize = 4096;

/// Arrival times of subjects, by key.
pub(super) struct Local {
    shards: Vec<Mutex<HashMap<Key, Box<[i64]>>>>,
    subjects_per_shard: usize,
}

impl Default for Local {
    fn default() -> Self {
        Self::bounded(SHARDS, SUBJECTS_PER_SHARD)
    }
}

impl Local {
    /// A store of at most `shards` × `subjects_per_shard` subjects.
    pub(super) fn bounded(shards: usize, subjects_per_shard: usize) -> Self {
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            subjects_per_shard,
        }
    }

    /// Takes one unit of each quota for `key`, or of none, at `now` in microseconds.
    pub(super) fn take(&self, key: Key, quotas: &[Quota], now: i64) -> Taken {
        // The key is a digest, so any of its bytes spreads evenly.
        let shard = &self.shards[usize::from(key.0[0]) % self.shards.len()];
        // A panic while the map was held leaves at worst one unit uncounted.
        let mut subjects = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if subjects.len() >= self.subjects_per_shard && !subjects.contains_key(&key) {
            make_room(&mut subjects, self.subjects_per_shard, now);
        }
        let arrivals = subjects
            .entry(key)
            .or_insert_with(|| vec![0; quotas.len()].into_boxed_slice());
        if arrivals.len() != quotas.len() {
            *arrivals = vec![0; quotas.len()].into_boxed_slice();
        }
        gcra::take(arrivals, quotas, now)
    }

    /// Subjects that are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len())
            .sum()
    }
}

/// Forgets subjects with nothing outstanding, and if that is not enough the quarter with the least outstanding:
/// somebody who invents subjects pushes out other invented ones before anyone who is really at a limit.
fn make_room(subjects: &mut HashMap<Key, Box<[i64]>>, bound: usize, now: i64) {
    subjects.retain(|_, arrivals| latest(arrivals) > now);
    if subjects.len() < bound || subjects.is_empty() {
        return;
    }
    let mut order: Vec<(i64, [u8; 16])> = subjects
        .iter()
        .map(|(key, arrivals)| (latest(arrivals), key.0))
        .collect();
    let quarter = (order.len() / 4).min(order.len() - 1);
    order.select_nth_unstable(quarter);
    for (_, key) in &order[..=quarter] {
        subjects.remove(&Key(*key));
    }
    metrics::counter!("rate_limit_evicted_total").increment(quarter as u64 + 1);
}

fn latest(arrivals: &[i64]) -> i64 {
    arrivals.iter().copied().max().unwrap_or(0)
}
