use std::time::{Duration, Instant};

use http::HeaderMap;

/// The moment after which nobody waits for an answer any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline this far from now.
    pub fn after(budget: Duration) -> Self {
        Self(Instant::now() + budget)
    }

    /// What is left; zero when it has passed.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// The instant itself.
    pub fn instant(self) -> Instant {
        self.0
    }

    /// What a caller asked for in `grpc-timeout`, if it is well formed.
    pub(crate) fn asked(headers: &HeaderMap) -> Option<Duration> {
        let text = headers.get("grpc-timeout")?.to_str().ok()?;
        let (number, unit) = text.split_at(text.len().checked_sub(1)?);
        if number.is_empty() || number.len() > 8 {
            return None;
        }
        let number: u64 = number.parse().ok()?;
        Some(match unit {
            "H" => Duration::from_secs(number * 3600),
            "M" => Duration::from_secs(number * 60),
            "S" => Duration::from_secs(number),
            "m" => Duration::from_millis(number),
            "u" => Duration::from_micros(number),
            "n" => Duration::from_nanos(number),
            _ => return None,
        })
    }

    /// The header text for a budget.
    pub(crate) fn header(budget: Duration) -> http::HeaderValue {
        let micros = budget.as_micros();
        let text = if micros < 100_000_000 {
            format!("{micros}u")
        } else {
            format!("{}m", budget.as_millis().min(99_999_999))
        };
        http::HeaderValue::from_str(&text).expect("digits and a letter are a header value")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_timeouts_survive_a_round_trip() {
        for budget in [
            Duration::from_micros(1),
            Duration::from_millis(250),
            Duration::from_secs(3600),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", Deadline::header(budget));
            assert_eq!(Deadline::asked(&headers), Some(budget));
        }
        let mut bad = HeaderMap::new();
        for text in ["", "u", "123456789u", "5x", "-1S"] {
            bad.insert("grpc-timeout", text.parse().expect("header"));
            assert_eq!(Deadline::asked(&bad), None, "{text}");
        }
    }
}
