//! When a message that did not go through is tried again. Chance is an argument: the caller draws the jitter.

use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_planted::{self as planted, Bug};
use serde::{Deserialize, Serialize};

/// What kind of "no" a provider gave; decides what happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// This message will never be taken: bad number, refused content.
    Permanent,
    /// Nothing was sent; the same request may work later.
    Retry,
    /// The business number or account sends too fast.
    RateLimited,
    /// Too many messages to this one recipient.
    PairLimited,
    /// Nothing goes out until somebody repairs the account, token or configuration: an alert.
    SenderStopped,
    /// The recipient did not write in the last 24 hours, so free text is not allowed.
    Window,
    /// The request was written and no usable answer came: it may or may not have been sent.
    Ambiguous,
}

impl Class {
    /// Name as stored and used in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Permanent => "permanent",
            Class::Retry => "retry",
            Class::RateLimited => "rate_limited",
            Class::PairLimited => "pair_limited",
            Class::SenderStopped => "sender_stopped",
            Class::Window => "window",
            Class::Ambiguous => "ambiguous",
        }
    }
}

/// A draw between 0 and 1, in thousandths, so that rules stay free of floats and of chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// From a number of thousandths; more than 1000 counts as 1000.
    pub fn thousandths(drawn: u32) -> Self {
        Self(drawn.min(1_000))
    }

    fn of(self, whole: Duration) -> Duration {
        whole * self.0 / 1_000
    }
}

/// What one failed try left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// Kind of failure.
    pub class: Class,
    /// Tries in a row that ended in this class, this one included; counts from 1.
    pub attempts: u32,
    /// Wait that the provider asked for.
    pub retry_after: Option<Duration>,
}

/// What to do with the message now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it again, not before this time.
    SendAt(DateTime<Utc>),
    /// Find out at this time whether it was sent (provider's list, status report), before any new try.
    ResolveAt(DateTime<Utc>),
    /// Never again.
    GiveUp(GiveUp),
}

/// Why a message is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// The provider will never take it.
    Permanent,
    /// The 24 hour window is closed and no approved template can carry it.
    WindowClosed,
    /// The next try would come after the message's deadline.
    DeadlinePassed,
}

/// How the waits of one class grow: `first * factor^(attempts - 1)`, at most `max`.
struct Curve {
    first: Duration,
    factor: u32,
    max: Duration,
    spread: Spread,
}

enum Spread {
    /// Anything from half the wait to the whole wait: many messages that failed together come back apart.
    Down,
    /// The whole wait and up to a quarter more: for waits that must not be undercut.
    Up,
}

/// Quick at first, because somebody waits for a reply; hourly in the end.
const RETRY: Curve = Curve {
    first: Duration::from_secs(2),
    factor: 2,
    max: Duration::from_secs(3_600),
    spread: Spread::Down,
};
/// Rate limits of providers count seconds.
const RATE: Curve = Curve {
    first: Duration::from_secs(1),
    factor: 2,
    max: Duration::from_secs(300),
    spread: Spread::Up,
};
/// Meta asks for 4^n seconds after error 131056; 4^6 is over an hour.
const PAIR: Curve = Curve {
    first: Duration::from_secs(1),
    factor: 4,
    max: Duration::from_secs(4_096),
    spread: Spread::Up,
};
/// People repair accounts in minutes or hours, but one wrong answer of a proxy on the way looks the same: the first
/// waits are short, so that it costs seconds, and one probe in ten minutes is no burden to anybody.
const STOPPED: Curve = Curve {
    first: Duration::from_secs(15),
    factor: 2,
    max: Duration::from_secs(600),
    spread: Spread::Up,
};
/// Time for the status report of a message that did get through.
const AMBIGUOUS: Curve = Curve {
    first: Duration::from_secs(15),
    factor: 2,
    max: Duration::from_secs(300),
    spread: Spread::Up,
};

/// What follows a failure at `now` for a message that must arrive by `deadline`. A wait that the provider
/// stated is never undercut.
pub fn next(failure: &Failure, now: DateTime<Utc>, deadline: DateTime<Utc>, jitter: Jitter) -> Next {
    let curve = match failure.class {
        Class::Permanent if planted::on(Bug::RetriedForEver) => RETRY,
        Class::Permanent => return Next::GiveUp(GiveUp::Permanent),
        Class::Window => return Next::GiveUp(GiveUp::WindowClosed),
        Class::Retry => RETRY,
        Class::RateLimited => RATE,
        Class::PairLimited => PAIR,
        Class::SenderStopped => STOPPED,
        Class::Ambiguous => AMBIGUOUS,
    };
    let wait = curve
        .wait(failure.attempts, jitter)
        .max(failure.retry_after.unwrap_or_default());
    let at = now + wait;
    match failure.class {
        _ if at > deadline => Next::GiveUp(GiveUp::DeadlinePassed),
        Class::Ambiguous => Next::ResolveAt(at),
        _ => Next::SendAt(at),
    }
}

impl Curve {
    fn wait(&self, attempts: u32, jitter: Jitter) -> Duration {
        let growth = self.factor.saturating_pow(attempts.saturating_sub(1));
        let wait = self.first.saturating_mul(growth).min(self.max);
        match self.spread {
            Spread::Down => wait / 2 + jitter.of(wait / 2),
            Spread::Up => wait + jitter.of(wait / 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).expect("a date in 2026")
    }

    fn after(class: Class, attempts: u32, thousandths: u32) -> Next {
        let failure = Failure {
            class,
            attempts,
            retry_after: None,
        };
        next(
            &failure,
            now(),
            now() + TimeDelta::hours(24),
            Jitter::thousandths(thousandths),
        )
    }

    fn seconds(next: Next) -> i64 {
        match next {
            Next::SendAt(at) | Next::ResolveAt(at) => (at - now()).num_seconds(),
            Next::GiveUp(why) => panic!("gave up: {why:?}"),
        }
    }

    #[test]
    fn a_permanent_no_and_a_closed_window_stop_at_once() {
        assert_eq!(after(Class::Permanent, 1, 0), Next::GiveUp(GiveUp::Permanent));
        assert_eq!(after(Class::Window, 1, 0), Next::GiveUp(GiveUp::WindowClosed));
    }

    #[test]
    fn the_pair_limit_waits_four_to_the_n_seconds() {
        let waits: Vec<i64> = (1..=8)
            .map(|attempts| seconds(after(Class::PairLimited, attempts, 0)))
            .collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 4_096, 4_096]);
    }

    #[test]
    fn ordinary_retries_grow_from_two_seconds_to_an_hour() {
        let waits: Vec<i64> = [1, 2, 5, 11, 12, 40]
            .map(|n| seconds(after(Class::Retry, n, 1_000)))
            .to_vec();
        assert_eq!(waits, [2, 4, 32, 2_048, 3_600, 3_600]);
    }

    #[test]
    fn a_stopped_sender_is_probed_soon_and_then_every_ten_minutes() {
        let waits = [1, 2, 3, 6, 7, 40].map(|n| seconds(after(Class::SenderStopped, n, 0)));
        assert_eq!(waits, [15, 30, 60, 480, 600, 600]);
    }

    #[test]
    fn an_ambiguous_send_is_looked_up_before_anything_else() {
        assert_eq!(
            after(Class::Ambiguous, 1, 0),
            Next::ResolveAt(now() + TimeDelta::seconds(15))
        );
    }

    #[test]
    fn a_stated_wait_is_never_undercut() {
        let failure = Failure {
            class: Class::RateLimited,
            attempts: 1,
            retry_after: Some(Duration::from_secs(77)),
        };
        let next = next(
            &failure,
            now(),
            now() + TimeDelta::hours(1),
            Jitter::thousandths(0),
        );
        assert_eq!(next, Next::SendAt(now() + TimeDelta::seconds(77)));
    }

    #[test]
    fn nothing_is_tried_after_the_deadline() {
        let failure = Failure {
            class: Class::SenderStopped,
            attempts: 6,
            retry_after: None,
        };
        let next = next(
            &failure,
            now(),
            now() + TimeDelta::minutes(4),
            Jitter::thousandths(0),
        );
        assert_eq!(next, Next::GiveUp(GiveUp::DeadlinePassed));
    }

    proptest! {
        #[test]
        fn jitter_stays_in_its_bounds(attempts in 1u32..200, drawn in 0u32..2_000) {
            for class in [Class::Retry, Class::RateLimited, Class::PairLimited, Class::SenderStopped] {
                let low = seconds(after(class, attempts, 0));
                let high = seconds(after(class, attempts, 1_000));
                let drawn = seconds(after(class, attempts, drawn));
                prop_assert!((low..=high).contains(&drawn) && low >= 1 && high <= 2 * low.max(1));
            }
        }
    }
}
