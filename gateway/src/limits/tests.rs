use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use chrono::DateTime;
use http::HeaderMap;
use khaacho_lifecycle::Hand;

use super::gcra::{remaining, take, wait};
use super::*;

mod shared;

const SECOND: i64 = 1_000_000;

fn clock() -> (Clock, Hand) {
    Clock::manual(DateTime::from_timestamp(1_762_934_400, 0).expect("a time"))
}

fn per_minute(units: u32) -> Policy {
    Policy::refusing("test", vec![Quota::per(units, 60)])
}

#[test]
fn a_burst_is_taken_at_once_and_comes_back_unit_by_unit() {
    let quotas = [Quota::per(60, 60)];
    let mut arrivals = [0];
    let now = 1_000 * SECOND;
    for left in (0..60).rev() {
        let taken = take(&mut arrivals, &quotas, now);
        assert!(taken.allowed);
        assert_eq!(remaining(&quotas[0], taken.ahead[0]), left);
    }
    let refused = take(&mut arrivals, &quotas, now);
    assert!(!refused.allowed);
    assert_eq!(
        (refused.ahead[0], wait(&quotas[0], refused.ahead[0])),
        (60 * SECOND, SECOND)
    );
    assert!(!take(&mut arrivals, &quotas, now + SECOND - 1).allowed);
    assert!(take(&mut arrivals, &quotas, now + SECOND).allowed);
    assert!(!take(&mut arrivals, &quotas, now + SECOND).allowed);
}

#[test]
fn a_refusal_takes_from_no_quota() {
    let quotas = [Quota::per(2, 1), Quota::per(3, 3600)];
    let mut arrivals = [0, 0];
    let now = 5 * SECOND;
    assert!(take(&mut arrivals, &quotas, now).allowed && take(&mut arrivals, &quotas, now).allowed);
    let before = arrivals;
    assert!(!take(&mut arrivals, &quotas, now).allowed);
    assert_eq!(arrivals, before);
    // The third unit of the hour is still there once the second has passed.
    assert!(take(&mut arrivals, &quotas, now + SECOND).allowed);
    assert!(!take(&mut arrivals, &quotas, now + 2 * SECOND).allowed);
}

#[test]
fn an_interval_that_is_no_whole_number_never_allows_more() {
    let quotas = [Quota::per(7, 1)];
    let mut arrivals = [0];
    let allowed = (0..10 * SECOND)
        .step_by(1000)
        .filter(|now| take(&mut arrivals, &quotas, *now).allowed)
        .count();
    // The burst at the start and seven a second afterwards.
    assert!((70..=76).contains(&allowed), "{allowed}");
}

#[test]
fn a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_period() {
    let quotas = [Quota::per(10, 10)];
    let mut arrivals = [1_000_000 * SECOND];
    let refused = take(&mut arrivals, &quotas, SECOND);
    assert!(!refused.allowed);
    assert_eq!(wait(&quotas[0], refused.ahead[0]), SECOND);
}

/// Whatever the arrivals: never more than a burst and what came back, and the stated wait is exact.
#[test]
fn no_pattern_of_arrivals_beats_the_limit() {
    for seed in 0..300 {
        let mut random = fastrand::Rng::with_seed(seed);
        let quotas = [Quota::per(random.u32(1..50), random.u64(1..100))];
        let mut arrivals = [0];
        let (start, mut now, mut allowed) = (SECOND, SECOND, 0i64);
        for _ in 0..400 {
            now += random.i64(0..3 * SECOND);
            let taken = take(&mut arrivals, &quotas, now);
            allowed += i64::from(taken.allowed);
            if !taken.allowed {
                let wait = wait(&quotas[0], taken.ahead[0]);
                let mut later = arrivals;
                assert!(
                    wait > 0 && !take(&mut later, &quotas, now + wait - 1).allowed,
                    "seed {seed}"
                );
                assert!(take(&mut later, &quotas, now + wait).allowed, "seed {seed}");
            }
        }
        let back = (now - start) / quotas[0].interval();
        assert!(allowed <= i64::from(quotas[0].units) + back, "seed {seed}");
    }
}

#[tokio::test]
async fn each_subject_and_each_policy_counts_alone() {
    let (clock, hand) = clock();
    let limiter = Limiter::new(clock, None);
    let (one, other) = (per_minute(1), Policy::refusing("other", vec![Quota::per(1, 60)]));
    assert_eq!(limiter.check(&one, "a").await.outcome, Outcome::Allowed);
    assert_eq!(limiter.check(&one, "a").await.outcome, Outcome::Refused);
    assert_eq!(limiter.check(&one, "b").await.outcome, Outcome::Allowed);
    assert_eq!(limiter.check(&other, "a").await.outcome, Outcome::Allowed);
    hand.advance(Duration::from_secs(60));
    assert_eq!(limiter.check(&one, "a").await.outcome, Outcome::Allowed);
}

#[tokio::test]
async fn headers_tell_the_client_what_is_left_and_when_to_come_back() {
    let (clock, hand) = clock();
    let limiter = Limiter::new(clock, None);
    let admin = Policies::default().admin;
    let shown = |decision: &Decision| {
        let mut headers = HeaderMap::new();
        decision.write(&mut headers);
        let get = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let names = [
            "ratelimit-limit",
            "ratelimit-remaining",
            "ratelimit-reset",
            "ratelimit-policy",
            "retry-after",
        ];
        names.map(get).map(|value| value.unwrap_or_default()).join(" ")
    };
    assert_eq!(shown(&limiter.check(&admin, "p").await), "60 59 1 60;w=60 ");
    for _ in 0..59 {
        limiter.check(&admin, "p").await;
    }
    hand.advance(Duration::from_millis(1));
    let refused = limiter.check(&admin, "p").await;
    assert_eq!(refused.outcome, Outcome::Refused);
    assert_eq!(shown(&refused), "60 0 60 60;w=60 1");
    hand.advance(refused.retry_after);
    assert_eq!(limiter.check(&admin, "p").await.outcome, Outcome::Allowed);
}

#[tokio::test]
async fn the_hour_limits_what_the_minute_allows() {
    let (clock, hand) = clock();
    let limiter = Limiter::new(clock, None);
    let admin = Policies::default().admin;
    let mut allowed = 0;
    for _ in 0..3600 {
        allowed += u32::from(limiter.check(&admin, "p").await.outcome == Outcome::Allowed);
        hand.advance(Duration::from_secs(1));
    }
    // A whole burst and what comes back in an hour.
    assert!((1990..=2000).contains(&allowed), "{allowed}");
    let last = limiter.check(&admin, "p").await;
    assert_eq!((last.limit, last.period), (1000, Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_sender_above_the_limit_is_delayed_and_never_refused() {
    let limiter = Limiter::new(clock().0, None);
    let sender = Policies::default().webhook_sender;
    let mut outcomes = Vec::new();
    for _ in 0..31 {
        outcomes.push(limiter.check(&sender, "+9779841234567").await);
    }
    assert_eq!(outcomes[29].outcome, Outcome::Allowed);
    assert_eq!(outcomes[30].outcome, Outcome::Delayed);
    assert_eq!(outcomes[30].retry_after, Duration::from_secs(2));
}

#[test]
fn memory_is_bounded_and_those_at_their_limit_are_kept() {
    let local = Local::bounded(4, 64);
    let policy = per_minute(10);
    let busy = Key::of(&policy, "busy");
    for _ in 0..10 {
        local.take(busy, &policy.quotas, SECOND);
    }
    for stranger in 0..10_000 {
        local.take(Key::of(&policy, &stranger.to_string()), &policy.quotas, SECOND);
    }
    assert!(local.len() <= 4 * 64, "{}", local.len());
    assert!(!local.take(busy, &policy.quotas, SECOND).allowed);
}
