//! Builds of the selftest: one bug is there, the one that the environment names.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Bug;

/// How long a stale answer is given.
const STALE_FOR: Duration = Duration::from_secs(3);

static CHOSEN: LazyLock<Option<Bug>> = LazyLock::new(|| {
    #[expect(
        clippy::disallowed_methods,
        reason = "no setting of the product: it exists in builds of the selftest only"
    )]
    let name = std::env::var("KHAACHO_PLANTED")
        .ok()
        .filter(|name| !name.is_empty())?;
    let bug = Bug::named(&name);
    assert!(bug.is_some(), "KHAACHO_PLANTED: there is no bug {name}");
    bug
});

/// Whether this bug is there: whether `KHAACHO_PLANTED` named it when the process began.
pub fn on(bug: Bug) -> bool {
    *CHOSEN == Some(bug)
}

/// The statement; with the bug, `instead` stands where `part` stood.
///
/// # Panics
/// When the statement has no such part: the bug would not be there.
pub fn sql(bug: Bug, statement: &'static str, part: &str, instead: &str) -> &'static str {
    static CHANGED: LazyLock<Mutex<HashMap<&'static str, &'static str>>> = LazyLock::new(Mutex::default);
    if !on(bug) {
        return statement;
    }
    let mut changed = CHANGED.lock().unwrap_or_else(PoisonError::into_inner);
    changed.entry(statement).or_insert_with(|| {
        assert!(statement.contains(part), "{bug:?}: the statement has no {part:?}");
        Box::leak(statement.replace(part, instead).into_boxed_str())
    })
}

/// What is true now; with the bug, what was true when the key was asked for first, for three seconds.
pub fn stale<T: Clone + Send + 'static>(bug: Bug, key: u128, now: T) -> T {
    type Seen = (Instant, Box<dyn Any + Send>);
    static SEEN: LazyLock<Mutex<HashMap<u128, Seen>>> = LazyLock::new(Mutex::default);
    if !on(bug) {
        return now;
    }
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, old)) = seen.get(&key)
        && at.elapsed() < STALE_FOR
        && let Some(old) = old.downcast_ref::<T>()
    {
        return old.clone();
    }
    seen.insert(key, (Instant::now(), Box::new(now.clone())));
    now
}

/// A text that is another one every four seconds: what a memory that was lost would give anew.
pub fn era() -> String {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    (BEGAN.elapsed().as_secs() / 4).to_string()
}

/// The highest number that was ever seen under a key, this one included: a cursor.
pub fn highest(key: u128, seen: i64) -> i64 {
    static HIGHEST: LazyLock<Mutex<HashMap<u128, i64>>> = LazyLock::new(Mutex::default);
    let mut all = HIGHEST.lock().unwrap_or_else(PoisonError::into_inner);
    let highest = all.entry(key).or_insert(0);
    *highest = seen.max(*highest);
    *highest
}
