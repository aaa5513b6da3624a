//! Waiting for conditions instead of time.

use std::time::{Duration, Instant};

/// Pause between two looks.
const EVERY: Duration = Duration::from_millis(15);

/// Looks until `look` gives an `Ok`, at most for `within`.
///
/// # Panics
/// When it is still an `Err` then; the text says what was waited for and what was seen last.
pub async fn eventually<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let until = Instant::now() + within;
    loop {
        match look().await {
            Ok(value) => return value,
            Err(seen) if Instant::now() >= until => panic!("waited {within:?} for {what}; at last: {seen}"),
            Err(_) => tokio::time::sleep(EVERY).await,
        }
    }
}
