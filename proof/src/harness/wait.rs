//! Waiting for conditions instead of time.

use std::time::{Duration, Instant};

/// Looks until `look` gives an `Ok`, at most for `within`.
///
/// # Errors
/// When it is still an `Err` then: what was waited for and what was seen last.
pub async fn eventually<T, F>(what: &str, within: Duration, mut look: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = Result<T, String>>,
{
    let began = Instant::now();
    loop {
        match look().await {
            Ok(value) => return Ok(value),
            Err(seen) if began.elapsed() >= within => {
                anyhow::bail!("waited {within:?} for {what}; at last: {seen}")
            }
            Err(_) => {
                let pause = began.elapsed() / 8;
                let pause = pause.clamp(Duration::from_millis(4), Duration::from_millis(100));
                tokio::time::sleep(pause).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_and_gives_up() {
        let mut looks = 0;
        let found = eventually("three", Duration::from_secs(5), || {
            looks += 1;
            std::future::ready(if looks == 3 {
                Ok(looks)
            } else {
                Err(looks.to_string())
            })
        });
        assert_eq!(found.await.expect("in time"), 3);
        let never = eventually("nothing", Duration::from_millis(10), || async {
            Err::<(), _>("no".to_owned())
        });
        let told = never.await.expect_err("never").to_string();
        assert!(told.contains("nothing") && told.ends_with("no"), "{told}");
    }
}
