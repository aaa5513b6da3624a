//! What became of a medium of a message.

use chrono::{DateTime, TimeDelta, Utc};
use khaacho_durable::Command;
use serde::Serialize;

use super::Refusal;

/// For so long a provider that does not answer is asked for a medium.
const PATIENCE: TimeDelta = TimeDelta::hours(24);
/// Shortest and longest pause between tries.
const PAUSES: (TimeDelta, TimeDelta) = (TimeDelta::seconds(5), TimeDelta::minutes(15));

/// Writes it down. Who comes second changes nothing.
#[derive(Debug, Clone, Serialize)]
pub struct SettleMedia {
    /// The message, `inb_…`.
    pub inbound_id: String,
    /// Place of the medium in it, from 0.
    pub position: u8,
    /// The notification service's id of it, `med_…`; `None` where it was never asked for.
    pub media_id: Option<String>,
    /// Why it was refused; `None`: it is stored.
    pub reason: Option<String>,
}

impl Command for SettleMedia {
    const NAME: &'static str = "SettleMedia";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Refusal;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Whether this try is the last one for a message that came in then.
pub fn is_last_try(received_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - received_at >= PATIENCE
}

/// When to try again what could not be had now: the older the message, the later, and no earlier than the provider asks.
pub fn next_try(received_at: DateTime<Utc>, now: DateTime<Utc>, asked_seconds: u32) -> DateTime<Utc> {
    let (shortest, longest) = PAUSES;
    let pause = ((now - received_at) / 2).clamp(shortest, longest);
    now + pause.max(TimeDelta::seconds(i64::from(asked_seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_become_rarer_and_end_after_a_day() {
        let came = DateTime::UNIX_EPOCH;
        let mut now = came;
        let mut tries = 0;
        while !is_last_try(came, now) {
            let next = next_try(came, now, 0);
            assert!(
                (PAUSES.0..=PAUSES.1).contains(&(next - now)),
                "{next} after {now}"
            );
            now = next;
            tries += 1;
        }
        assert!((80..130).contains(&tries), "{tries}");
        assert_eq!(next_try(came, came, 90), came + TimeDelta::seconds(90));
        let future = came + TimeDelta::hours(1);
        assert_eq!(
            next_try(future, came, 0),
            came + PAUSES.0,
            "a clock that was corrected"
        );
    }
}
