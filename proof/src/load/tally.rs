//! What a run of load came to: how many of what, and how long they took.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Longest latency that is told apart, in nanoseconds.
const LATENCY_MAX: u64 = 120_000_000_000;

/// How one operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Good(&'static str),
    /// As it should, and how long parts of it took.
    Steps(&'static str, Vec<(&'static str, Duration)>),
    /// Refused, as it should be.
    Refused(String),
    /// Turned away at once because there was too much to do.
    Shed,
    /// In any other way.
    Bad(String),
}

/// Counts and latencies of a run; those of several connections can be added up.
#[derive(Debug)]
pub struct Tally {
    good: Histogram<u64>,
    refused: Histogram<u64>,
    shed: Histogram<u64>,
    service: Histogram<u64>,
    steps: BTreeMap<&'static str, Histogram<u64>>,
    counts: BTreeMap<String, u64>,
    bad: BTreeMap<String, u64>,
}

fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1_000, LATENCY_MAX, 3).expect("constant bounds are valid")
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            good: histogram(),
            refused: histogram(),
            shed: histogram(),
            service: histogram(),
            steps: BTreeMap::new(),
            counts: BTreeMap::new(),
            bad: BTreeMap::new(),
        }
    }
}

impl Tally {
    /// Counts one operation. `latency` is from the moment it should have been sent, `service` from the moment it was.
    pub fn record(&mut self, outcome: Outcome, latency: Duration, service: Duration) {
        let ns = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let outcome = match outcome {
            Outcome::Steps(label, steps) => {
                for (step, took) in steps {
                    let histogram = self.steps.entry(step).or_insert_with(histogram);
                    histogram.saturating_record(ns(took));
                }
                Outcome::Good(label)
            }
            other => other,
        };
        match outcome {
            Outcome::Good(label) | Outcome::Steps(label, _) => {
                self.good.saturating_record(ns(latency));
                self.service.saturating_record(ns(service));
                *self.counts.entry(label.to_owned()).or_default() += 1;
            }
            Outcome::Refused(label) => {
                self.refused.saturating_record(ns(latency));
                *self.counts.entry(label).or_default() += 1;
            }
            // Its own time only: what a generator that is late itself adds is not the server's.
            Outcome::Shed => self.shed.saturating_record(ns(service)),
            Outcome::Bad(label) => *self.bad.entry(label).or_default() += 1,
        }
    }

    /// Adds those of another connection.
    pub fn add(&mut self, other: &Self) {
        for (own, more) in [
            (&mut self.good, &other.good),
            (&mut self.refused, &other.refused),
            (&mut self.shed, &other.shed),
            (&mut self.service, &other.service),
        ] {
            own.add(more).expect("all have the same bounds");
        }
        for (step, more) in &other.steps {
            let own = self.steps.entry(step).or_insert_with(histogram);
            own.add(more).expect("all have the same bounds");
        }
        for (own, more) in [(&mut self.counts, &other.counts), (&mut self.bad, &other.bad)] {
            for (label, count) in more {
                *own.entry(label.clone()).or_default() += count;
            }
        }
    }

    /// The figures of a run that took `wall`.
    #[must_use]
    pub fn summary(&self, wall: Duration) -> Summary {
        let seconds = wall.as_secs_f64().max(1e-9);
        let good = self.good.len();
        Summary {
            seconds,
            good,
            refused: self.refused.len(),
            shed: self.shed.len(),
            bad: self.bad.values().sum(),
            rate: per(good, seconds),
            latency: Latency::of(&self.good),
            service: Latency::of(&self.service),
            refusal: Latency::of(&self.refused),
            shedding: Latency::of(&self.shed),
            steps: self
                .steps
                .iter()
                .map(|(step, h)| ((*step).to_owned(), Latency::of(h)))
                .collect(),
            counts: self.counts.clone(),
            errors: self.bad.clone(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
fn per(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Median.
    pub p50: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
    /// 999 of 1,000 were faster.
    pub p999: f64,
    /// The slowest.
    pub max: f64,
}

impl Latency {
    #[expect(clippy::cast_precision_loss, reason = "at most two minutes in nanoseconds")]
    fn of(histogram: &Histogram<u64>) -> Self {
        let ms = |ns: u64| ns as f64 / 1e6;
        Self {
            p50: ms(histogram.value_at_quantile(0.5)),
            p99: ms(histogram.value_at_quantile(0.99)),
            p999: ms(histogram.value_at_quantile(0.999)),
            max: ms(histogram.max()),
        }
    }
}

/// The figures of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// From the first intended send to the last answer.
    pub seconds: f64,
    /// Operations that ended as they should.
    pub good: u64,
    /// Operations that were refused as they should be.
    pub refused: u64,
    /// Operations that were turned away at once because there was too much to do.
    #[serde(default)]
    pub shed: u64,
    /// All others.
    pub bad: u64,
    /// Good ones a second.
    pub rate: f64,
    /// Of good ones, from the intended send time.
    pub latency: Latency,
    /// Of good ones, from the actual send time.
    pub service: Latency,
    /// Of refused ones, from the intended send time.
    pub refusal: Latency,
    /// Of operations that were turned away, from the actual send time.
    #[serde(default)]
    pub shedding: Latency,
    /// Of parts of good ones.
    #[serde(default)]
    pub steps: BTreeMap<String, Latency>,
    /// Good and refused ones by kind.
    pub counts: BTreeMap<String, u64>,
    /// Others by kind.
    pub errors: BTreeMap<String, u64>,
}

impl Summary {
    /// Latency of good operations, or of a part of them; infinite when there was none: nothing must not look fast.
    #[must_use]
    pub fn latency_of(&self, step: Option<&str>, quantile: impl Fn(&Latency) -> f64) -> f64 {
        let found = match step {
            Some(step) => self.steps.get(step),
            None => Some(&self.latency).filter(|_| self.good > 0),
        };
        found.map_or(f64::INFINITY, quantile)
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let l = &self.latency;
        writeln!(
            f,
            "{:.0}/s good ({} in {:.1} s), {} refused, {} shed, {} bad",
            self.rate, self.good, self.seconds, self.refused, self.shed, self.bad
        )?;
        writeln!(
            f,
            "latency from the intended send: p50 {:.2} p99 {:.2} p99.9 {:.2} max {:.1} ms",
            l.p50, l.p99, l.p999, l.max
        )?;
        let s = &self.service;
        writeln!(
            f,
            "latency from the actual send: p50 {:.2} p99 {:.2} ms",
            s.p50, s.p99
        )?;
        if self.refused > 0 {
            let r = &self.refusal;
            writeln!(f, "refusals: p50 {:.2} p99 {:.2} ms", r.p50, r.p99)?;
        }
        if self.shed > 0 {
            let t = &self.shedding;
            writeln!(
                f,
                "turned away: p50 {:.2} p99 {:.2} max {:.1} ms",
                t.p50, t.p99, t.max
            )?;
        }
        for (step, l) in &self.steps {
            writeln!(f, "{step}: p50 {:.2} p99 {:.2} max {:.1} ms", l.p50, l.p99, l.max)?;
        }
        let list = |counts: &BTreeMap<String, u64>| {
            let parts: Vec<String> = counts.iter().map(|(label, n)| format!("{label} {n}")).collect();
            parts.join(", ")
        };
        write!(f, "kinds: {}", list(&self.counts))?;
        if !self.errors.is_empty() {
            write!(f, "\nerrors: {}", list(&self.errors))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_kept_apart_and_added_up() {
        let ms = Duration::from_millis;
        let mut one = Tally::default();
        one.record(Outcome::Good("placed"), ms(10), ms(4));
        one.record(Outcome::Refused("CREDIT_SHORT".to_owned()), ms(2), ms(2));
        let mut two = Tally::default();
        two.record(Outcome::Good("placed"), ms(30), ms(5));
        two.record(Outcome::Bad("status 500".to_owned()), ms(1), ms(1));
        two.record(Outcome::Shed, ms(9), ms(3));
        two.add(&one);
        let sum = two.summary(Duration::from_secs(2));
        assert_eq!((sum.good, sum.refused, sum.shed, sum.bad), (2, 1, 1, 1));
        assert!((sum.shedding.max - 3.0).abs() < 0.1, "{:?}", sum.shedding);
        assert!((sum.rate - 1.0).abs() < 1e-9, "{}", sum.rate);
        assert!((sum.latency.max - 30.0).abs() < 0.1, "{:?}", sum.latency);
        assert!((sum.service.max - 5.0).abs() < 0.1, "{:?}", sum.service);
        assert!((sum.latency_of(None, |l| l.max) - 30.0).abs() < 0.1);
        assert!(sum.latency_of(Some("unknown"), |l| l.max).is_infinite());
        assert!(Summary::default().latency_of(None, |l| l.p99).is_infinite());
        assert_eq!(sum.counts["placed"], 2);
        assert_eq!(sum.errors["status 500"], 1);
    }
}
