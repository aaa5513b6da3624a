//! The memory for bodies: how much of it who may fill.
//!
//! Whoever sends a body is not known before it is there. So the first bytes of bodies come out of one part of the memory
//! for webhooks and another for the rest, and what goes beyond them out of a third: senders of half long bodies keep each
//! other out, and nobody else.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::edge::JSON_BODY_MAX;
use super::room::Importance;

/// Memory is counted in blocks, so that every body has a price, however short.
const BLOCK: usize = 4 * 1024;
/// As long as a body of the API may be. Hardly a webhook is longer, though a batch may have megabytes.
const SHORT: usize = JSON_BODY_MAX;

/// The memory for bodies. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    webhooks: Arc<Semaphore>,
    others: Arc<Semaphore>,
    long: Arc<Semaphore>,
}

impl Memory {
    /// `bytes` in all: a quarter each for the first bytes of webhooks and of other requests, the rest for what long
    /// bodies have beyond them: eight of the largest deliveries of a provider.
    pub(super) fn new(bytes: usize) -> Self {
        let blocks = bytes / BLOCK;
        let part = blocks / 4;
        let of = |blocks| Arc::new(Semaphore::new(blocks));
        Self {
            webhooks: of(part),
            others: of(part),
            long: of(blocks - 2 * part),
        }
    }

    /// What one body holds of it; nothing so far.
    pub(super) fn portion(&self, importance: Importance) -> Portion {
        let first = match importance {
            Importance::Webhook => &self.webhooks,
            _ => &self.others,
        };
        Portion {
            first: Held::of(first),
            beyond: Held::of(&self.long),
        }
    }
}

/// Memory of one body, until this is dropped.
pub(super) struct Portion {
    first: Held,
    beyond: Held,
}

impl Portion {
    /// Takes what a body of `length` bytes needs; false when that is not there.
    pub(super) fn grow(&mut self, length: usize) -> bool {
        self.first.reach(length.min(SHORT)) && self.beyond.reach(length.saturating_sub(SHORT))
    }
}

struct Held {
    from: Arc<Semaphore>,
    blocks: Option<OwnedSemaphorePermit>,
}

impl Held {
    fn of(from: &Arc<Semaphore>) -> Self {
        Self {
            from: from.clone(),
            blocks: None,
        }
    }

    fn reach(&mut self, bytes: usize) -> bool {
        let held = self.blocks.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = bytes.div_ceil(BLOCK).saturating_sub(held);
        if missing == 0 {
            return true;
        }
        let Ok(missing) = u32::try_from(missing) else {
            return false;
        };
        let Ok(more) = self.from.clone().try_acquire_many_owned(missing) else {
            return false;
        };
        match &mut self.blocks {
            Some(blocks) => blocks.merge(more),
            None => self.blocks = Some(more),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    #[test]
    fn long_bodies_keep_out_long_bodies_only() {
        let memory = Memory::new(64 * MIB);
        let mut long = Vec::new();
        loop {
            let mut portion = memory.portion(Importance::Webhook);
            if !portion.grow(4 * MIB) {
                break;
            }
            long.push(portion);
        }
        assert_eq!(long.len(), 8);
        for importance in [Importance::Webhook, Importance::Command, Importance::Read] {
            assert!(memory.portion(importance).grow(SHORT), "{importance:?}");
        }
        assert!(!memory.portion(Importance::Command).grow(16 * SHORT));
        long.pop();
        assert!(memory.portion(Importance::Webhook).grow(4 * MIB));
    }

    #[test]
    fn requests_of_one_kind_leave_the_other_its_part() {
        let memory = Memory::new(8 * SHORT);
        let mut webhooks: Vec<_> = (0..2).map(|_| memory.portion(Importance::Webhook)).collect();
        assert!(webhooks.iter_mut().all(|portion| portion.grow(SHORT)));
        assert!(!memory.portion(Importance::Webhook).grow(1));
        assert!(memory.portion(Importance::Command).grow(SHORT));
        webhooks.clear();
        assert!(memory.portion(Importance::Webhook).grow(SHORT));
    }
}
