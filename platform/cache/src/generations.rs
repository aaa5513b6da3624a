use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Counters per cache: enough that neighbours of an invalidated key rarely suffer (they only reload), and
/// 32 KiB.
const STRIPES: u64 = 4096;

/// The guard against stale values in memory. Each key has a generation (a counter shared by the keys of a
/// stripe, plus one for the whole cache); invalidating raises it. The generation read *before* a look-up is
/// part of the memory key, so a value whose load began before an invalidation sits under a key nobody asks
/// for any more: it cannot be put back, and a reader who comes after the invalidation cannot join the old
/// load either.
pub(crate) struct Generations {
    namespace: &'static str,
    hasher: RandomState,
    whole: AtomicU64,
    stripes: Box<[AtomicU64]>,
}

impl Generations {
    pub(crate) fn new(namespace: &'static str) -> Self {
        let stripes = (0..STRIPES).map(|_| AtomicU64::new(0)).collect();
        Self {
            namespace,
            hasher: RandomState::new(),
            whole: AtomicU64::new(0),
            stripes,
        }
    }

    pub(crate) fn namespace(&self) -> &'static str {
        self.namespace
    }

    /// Both counters only grow, so a sum that was read before either grew never comes back.
    pub(crate) fn of(&self, key: &str) -> u64 {
        self.whole.load(SeqCst) + self.stripe(key).load(SeqCst)
    }

    pub(crate) fn forget(&self, key: &str) {
        self.stripe(key).fetch_add(1, SeqCst);
    }

    pub(crate) fn forget_all(&self) {
        self.whole.fetch_add(1, SeqCst);
    }

    fn stripe(&self, key: &str) -> &AtomicU64 {
        let index = self.hasher.hash_one(key) % STRIPES;
        &self.stripes[usize::try_from(index).expect("an index below 4096 fits")]
    }
}
