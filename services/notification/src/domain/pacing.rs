//! How fast we may send: a bucket per business number and one per pair of number and recipient. Time is an
//! argument.
//!
//! A bucket is one timestamp, the time at which it will be full again (the generic cell rate algorithm): a
//! burst borrows from the future and is paid back at the steady rate, exactly as WhatsApp counts.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// Rate of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Time that one message costs.
    pub every: TimeDelta,
    /// Messages that may go at once after a rest, at least 1.
    pub burst: i32,
}

/// WhatsApp's default for a business number: 80 messages a second.
pub const NUMBER: Rate = Rate {
    every: TimeDelta::microseconds(12_500),
    burst: 80,
};
/// WhatsApp's limit to one recipient: one message in 6 seconds, bursts of up to 45.
pub const PAIR: Rate = Rate {
    every: TimeDelta::seconds(6),
    burst: 45,
};
/// A line that did not come back for so long after its time has nothing to send any more.
const PROMISE_KEPT: TimeDelta = TimeDelta::minutes(10);
/// Buckets are looked through for full ones whenever this many were touched.
const SWEEP_EVERY: usize = 4_096;

impl Rate {
    /// When a message may go, given when the bucket is full again: `now` or later.
    fn opens(self, full_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        (full_at - self.every * (self.burst - 1)).max(now)
    }
}

/// The buckets of one process.
#[derive(Debug)]
pub struct Pacer {
    number: Rate,
    pair: Rate,
    numbers: HashMap<String, DateTime<Utc>>,
    pairs: HashMap<(String, String), DateTime<Utc>>,
    /// The times of lines that wait for their number; already taken out of its bucket.
    promised: HashMap<(String, String), DateTime<Utc>>,
    touched: usize,
}

impl Pacer {
    /// With these rates: [`NUMBER`] and [`PAIR`], unless the account has others.
    pub fn new(number: Rate, pair: Rate) -> Self {
        Self {
            number,
            pair,
            numbers: HashMap::new(),
            pairs: HashMap::new(),
            promised: HashMap::new(),
            touched: 0,
        }
    }

    /// Takes the right to send one message now, or says from when on to ask again.
    ///
    /// Who has to wait for its number gets a time of its own, so that a thousand lines that wait come back one after
    /// another and not all at once, to be refused again. Who has to wait for its own bucket costs the number nothing.
    pub fn admit(&mut self, number: &str, recipient: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.sweep(now);
        let pair = (number.to_owned(), recipient.to_owned());
        let promised = self.promised.get(&pair).copied();
        if let Some(at) = promised.filter(|at| *at > now) {
            return Err(at);
        }
        let pair_full = self.pairs.get(&pair).copied().unwrap_or(now);
        let pair_opens = self.pair.opens(pair_full, now);
        if pair_opens > now {
            return Err(pair_opens);
        }
        if promised.is_none() {
            let number_full = self.numbers.get(number).copied().unwrap_or(now);
            let number_opens = self.number.opens(number_full, now);
            self.numbers
                .insert(number.to_owned(), number_full.max(now) + self.number.every);
            if number_opens > now {
                self.promised.insert(pair, number_opens);
                return Err(number_opens);
            }
        }
        self.promised.remove(&pair);
        self.pairs.insert(pair, pair_full.max(now) + self.pair.every);
        Ok(())
    }

    /// From when on the next message of a line may go as far as its recipient is concerned, `now` or later; takes
    /// nothing.
    pub fn opens(&self, number: &str, recipient: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        let pair = (number.to_owned(), recipient.to_owned());
        let full_at = self.pairs.get(&pair).copied().unwrap_or(now);
        self.pair.opens(full_at, now)
    }

    /// The provider said that this number is too fast: nothing of it goes before `until`, then one after
    /// another.
    pub fn hold_number(&mut self, number: &str, until: DateTime<Utc>) {
        let full_at = until + self.number.every * (self.number.burst - 1);
        self.promised.retain(|(of, _), _| of != number);
        self.numbers
            .entry(number.to_owned())
            .and_modify(|at| *at = full_at.max(*at))
            .or_insert(full_at);
    }

    /// The provider said that this recipient gets too much: nothing to it goes before `until`, then one in 6
    /// seconds.
    pub fn hold_pair(&mut self, number: &str, recipient: &str, until: DateTime<Utc>) {
        let full_at = until + self.pair.every * (self.pair.burst - 1);
        let pair = (number.to_owned(), recipient.to_owned());
        self.pairs
            .entry(pair)
            .and_modify(|at| *at = full_at.max(*at))
            .or_insert(full_at);
    }

    /// Forgets full buckets now and then, so memory follows the traffic and not the number of recipients.
    fn sweep(&mut self, now: DateTime<Utc>) {
        self.touched += 1;
        if self.touched >= SWEEP_EVERY {
            self.touched = 0;
            self.numbers.retain(|_, full_at| *full_at > now);
            self.pairs.retain(|_, full_at| *full_at > now);
            self.promised.retain(|_, at| *at + PROMISE_KEPT > now);
        }
    }
}

impl Default for Pacer {
    fn default() -> Self {
        Self::new(NUMBER, PAIR)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).expect("a date in 2026")
    }

    #[test]
    fn one_recipient_gets_a_burst_of_45_and_then_one_in_6_seconds() {
        let mut pacer = Pacer::default();
        for _ in 0..45 {
            assert_eq!(pacer.admit("b", "ram", start()), Ok(()));
        }
        assert_eq!(
            pacer.admit("b", "ram", start()),
            Err(start() + TimeDelta::seconds(6))
        );
        let later = start() + TimeDelta::seconds(6);
        assert_eq!(pacer.admit("b", "ram", later), Ok(()));
        assert_eq!(
            pacer.admit("b", "ram", later),
            Err(start() + TimeDelta::seconds(12))
        );
        assert_eq!(pacer.admit("b", "sita", later), Ok(()));
    }

    #[test]
    fn one_number_sends_80_a_second() {
        let mut pacer = Pacer::default();
        let sent = (0..100)
            .filter(|to| pacer.admit("b", &to.to_string(), start()).is_ok())
            .count();
        assert_eq!(sent, 80);
        // twenty wait before it
        let next = start() + TimeDelta::microseconds(12_500) * 21;
        assert_eq!(pacer.admit("b", "late", start()), Err(next));
        assert_eq!(pacer.admit("b", "late", next), Ok(()));
        assert_eq!(pacer.admit("other number", "late", start()), Ok(()));
    }

    #[test]
    fn lines_that_wait_for_their_number_get_times_of_their_own_and_keep_them() {
        let mut pacer = Pacer::default();
        for to in 0..80 {
            assert_eq!(pacer.admit("b", &to.to_string(), start()), Ok(()));
        }
        let slot = |n: i32| start() + NUMBER.every * n;
        for to in 1..=50 {
            let name = format!("late {to}");
            assert_eq!(pacer.admit("b", &name, start()), Err(slot(to)));
            assert_eq!(
                pacer.admit("b", &name, start()),
                Err(slot(to)),
                "asking again is free"
            );
        }
        for to in 1..=50 {
            assert_eq!(pacer.admit("b", &format!("late {to}"), slot(to)), Ok(()));
        }
        assert_eq!(pacer.admit("b", "later", slot(50)), Err(slot(51)));
    }

    #[test]
    fn a_refusal_for_one_recipient_costs_the_number_nothing() {
        let mut pacer = Pacer::new(
            Rate {
                every: TimeDelta::seconds(1),
                burst: 2,
            },
            Rate { burst: 1, ..PAIR },
        );
        assert_eq!(pacer.admit("b", "ram", start()), Ok(()));
        for _ in 0..50 {
            assert!(pacer.admit("b", "ram", start()).is_err());
        }
        assert_eq!(pacer.admit("b", "sita", start()), Ok(()));
    }

    #[test]
    fn a_hold_lasts_until_its_time() {
        let mut pacer = Pacer::default();
        let until = start() + TimeDelta::seconds(64);
        pacer.hold_pair("b", "ram", until);
        assert_eq!(pacer.admit("b", "ram", start()), Err(until));
        assert_eq!(pacer.admit("b", "ram", until), Ok(()));
        pacer.hold_number("b", until);
        assert_eq!(pacer.admit("b", "sita", start()), Err(until));
        assert_eq!(pacer.admit("b", "sita", until), Ok(()));
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_its_share(gaps_ms in prop::collection::vec(0i64..9_000, 1..300)) {
            let mut pacer = Pacer::default();
            let mut now = start();
            let mut sent = Vec::new();
            for gap in gaps_ms {
                now += TimeDelta::milliseconds(gap);
                if pacer.admit("b", "ram", now).is_ok() {
                    sent.push(now);
                }
            }
            for (first, &from) in sent.iter().enumerate() {
                for (last, &to) in sent.iter().enumerate().skip(first) {
                    let allowed = 45 + (to - from).num_milliseconds() / 6_000;
                    prop_assert!(i64::try_from(last - first).unwrap_or(i64::MAX) < allowed);
                }
            }
        }
    }
}
