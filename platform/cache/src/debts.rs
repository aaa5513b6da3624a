use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Keys remembered a cache; beyond that the whole cache is owed, which is one entry.
const KEYS_MAX: usize = 10_000;

/// Invalidations that Redis has not confirmed yet. As long as one stands, this process does not read that
/// key from Redis (it would get the old value back), and the probe repeats it when Redis answers again.
#[derive(Default)]
pub(crate) struct Debts {
    next: AtomicU64,
    open: Mutex<HashMap<&'static str, Debt>>,
}

#[derive(Default)]
struct Debt {
    /// Ticket of an owed invalidation of everything.
    all: Option<u64>,
    /// Ticket per key. A later invalidation of the same key replaces the ticket, so the earlier one's
    /// answer does not clear it.
    keys: HashMap<String, u64>,
}

/// One invalidation that was promised: settle it with [`Debts::settle`] once Redis confirmed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) namespace: &'static str,
    /// `None` = every key of the cache.
    pub(crate) key: Option<String>,
    ticket: u64,
}

impl Debts {
    pub(crate) fn owe(&self, namespace: &'static str, key: Option<&str>) -> Owed {
        let ticket = self.next.fetch_add(1, SeqCst);
        let mut open = self.lock();
        let debt = open.entry(namespace).or_default();
        let key = key.filter(|key| debt.keys.len() < KEYS_MAX || debt.keys.contains_key(*key));
        match key {
            Some(key) => {
                debt.keys.insert(key.to_owned(), ticket);
            }
            None => {
                debt.keys.clear();
                debt.all = Some(ticket);
            }
        }
        Owed {
            namespace,
            key: key.map(str::to_owned),
            ticket,
        }
    }

    pub(crate) fn covers(&self, namespace: &str, key: &str) -> bool {
        self.lock()
            .get(namespace)
            .is_some_and(|debt| debt.all.is_some() || debt.keys.contains_key(key))
    }

    pub(crate) fn settle(&self, paid: &Owed) {
        let mut open = self.lock();
        let Some(debt) = open.get_mut(paid.namespace) else {
            return;
        };
        match &paid.key {
            Some(key) if debt.keys.get(key) == Some(&paid.ticket) => {
                debt.keys.remove(key);
            }
            None if debt.all == Some(paid.ticket) => debt.all = None,
            _ => {}
        }
        if debt.all.is_none() && debt.keys.is_empty() {
            open.remove(paid.namespace);
        }
    }

    /// Any one unsettled debt.
    pub(crate) fn some(&self) -> Option<Owed> {
        let open = self.lock();
        let (namespace, debt) = open.iter().next()?;
        match (debt.all, debt.keys.iter().next()) {
            (Some(ticket), _) => Some(Owed {
                namespace,
                key: None,
                ticket,
            }),
            (None, Some((key, ticket))) => Some(Owed {
                namespace,
                key: Some(key.clone()),
                ticket: *ticket,
            }),
            (None, None) => None,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<&'static str, Debt>> {
        self.open.lock().expect("no code panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_answer_does_not_settle_a_later_invalidation() {
        let debts = Debts::default();
        let first = debts.owe("product", Some("1"));
        let second = debts.owe("product", Some("1"));
        debts.settle(&first);
        assert!(debts.covers("product", "1"));
        debts.settle(&second);
        assert!(!debts.covers("product", "1"));
        assert_eq!(debts.some(), None);
    }

    #[test]
    fn too_many_keys_become_one_debt_for_everything() {
        let debts = Debts::default();
        for key in 0..KEYS_MAX {
            debts.owe("product", Some(&key.to_string()));
        }
        let all = debts.owe("product", Some("one more"));
        assert_eq!(all.key, None);
        assert_eq!(debts.some(), Some(all.clone()));
        assert!(debts.covers("product", "never mentioned"));
        assert!(!debts.covers("vendor", "1"));
        debts.settle(&all);
        assert_eq!(debts.some(), None);
    }
}
