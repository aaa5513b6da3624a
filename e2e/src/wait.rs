//! Waiting for conditions instead of time.

use std::time::{Duration, Instant};

/// Pause between two looks: short at first, longer the longer it takes, so that waiting costs the machine little.
fn pause(waited: Duration) -> Duration {
    (waited / 8).clamp(Duration::from_millis(8), Duration::from_millis(100))
}

/// Looks until `look` gives an `Ok`, at most for `within`.
///
/// # Panics
/// When it is still an `Err` then; the text says what was waited for and what was seen last.
pub async fn eventually<T>(
    what: &str,
    within: Duration,
    mut look: impl AsyncFnMut() -> Result<T, String>,
) -> T {
    let began = Instant::now();
    loop {
        match look().await {
            Ok(value) => return value,
            Err(seen) if began.elapsed() >= within => panic!("waited {within:?} for {what}; at last: {seen}"),
            Err(_) => tokio::time::sleep(pause(began.elapsed())).await,
        }
    }
}
