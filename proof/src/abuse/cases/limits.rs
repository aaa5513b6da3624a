//! The same mesh with the product's own limits on: guessing, flooding and pretending do not pay.

use std::time::Duration;

use serde_json::json;

use super::{CHAT, World, meta};
use crate::abuse::case::{Case, Class, Expect, Maker, Request, Script, Send, Step, Want};

/// Cases that need the limits. They are counted under the class that each belongs to; the order matters, because
/// each uses some of what is allowed.
pub fn with_limits(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut b1 = Maker::new(Class::B1);
    connections(&mut b1);
    cases.extend(renamed(b1.done()));
    let mut b5 = Maker::new(Class::B5);
    webhooks(&mut b5);
    cases.extend(renamed(b5.done()));
    let mut b13 = Maker::new(Class::B13);
    simulator(&mut b13);
    cases.extend(renamed(b13.done()));
    let mut b6 = Maker::new(Class::B6);
    keys(&mut b6, world);
    cases.extend(renamed(b6.done()));
    cases
}

/// `B6-L01`: other ids than those without limits.
fn renamed(cases: Vec<Case>) -> Vec<Case> {
    let rename = |(n, mut case): (usize, Case)| {
        case.id = format!("{}-L{:02}", case.class.name(), n + 1);
        case.name = format!("limits on: {}", case.name);
        case
    };
    cases.into_iter().enumerate().map(rename).collect()
}

/// 64 connections of an address, as it is without a setting.
fn connections(make: &mut Maker) {
    let idle = Script::of(vec![Step::Wait(Duration::from_secs(2))]);
    make.add(
        "100 idle connections",
        Send::Crowd(idle, 100),
        Expect::of(Want::ClosedAtLeast(30)).within(12),
    );
    let half = Script::of(vec![
        Step::Bytes(b"POST /webhooks/meta HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n".to_vec()),
        Step::Wait(Duration::from_secs(2)),
    ]);
    make.add(
        "100 half heads",
        Send::Crowd(half, 100),
        Expect::of(Want::ClosedAtLeast(30)).within(12),
    );
}

/// A provider delivers from few addresses: it is never told to go away.
fn webhooks(make: &mut Maker) {
    let body = meta::text("wamid.limits-1", "9779841000071", "help").to_string();
    make.add(
        "200 deliveries of a provider",
        Send::Storm(meta::proven(body), 60),
        Expect::status(&[200]).may(CHAT).within(15),
    );
    let forged = meta::post("{}", "sha256=00");
    make.add(
        "200 forged deliveries",
        Send::Steps(vec![forged; 200]),
        Expect::of(Want::Each(vec![vec![403]; 200])).within(20),
    );
    for n in 0..5 {
        let body = meta::text(&format!("wamid.limits-{}", n + 10), "9779841000071", "help").to_string();
        let one = [("orders.inbound_message", 1)];
        make.add(
            format!("delivery {n} of a sender who writes a lot"),
            Send::Http(meta::proven(body)),
            Expect::status(&[200]).may(CHAT).exactly(&one),
        );
    }
}

fn simulator(make: &mut Maker) {
    let request = Request::new("GET", "/api/v1/simulator/messages?phone=9841000072");
    let many: Vec<Request> = vec![request; 45];
    let sets = (0..45)
        .map(|n| {
            if n < 25 {
                vec![200]
            } else if n < 40 {
                vec![200, 429]
            } else {
                vec![429]
            }
        })
        .collect();
    make.add(
        "45 looks at the simulator in a minute",
        Send::Steps(many),
        Expect::of(Want::Each(sets)).within(10),
    );
}

/// Guessing keys ends after a hundred guesses, whatever the guesser says about its address.
fn keys(make: &mut Maker, world: &World) {
    let read = world.get("/api/v1/accounts");
    let sets = (0..90)
        .map(|n| {
            if n < 50 {
                vec![200]
            } else if n < 75 {
                vec![200, 429]
            } else {
                vec![429]
            }
        })
        .collect();
    make.add(
        "90 reads with one key in a minute",
        Send::Steps(vec![read; 90]),
        Expect::of(Want::Each(sets)).within(15),
    );
    let other =
        Request::new("GET", "/api/v1/accounts").with("Authorization", &format!("Bearer {}", world.support));
    make.add(
        "another key is not touched",
        Send::Http(other),
        Expect::status(&[200]),
    );
    let guess = |n: usize| {
        let key = format!("kha_{n:012x}_{}", "A".repeat(43));
        Request::new("GET", "/api/v1/accounts")
            .with("Authorization", &format!("Bearer {key}"))
            .with("X-Forwarded-For", &format!("10.0.{}.{}", n / 250, n % 250))
            .with("Forwarded", &format!("for=10.0.0.{}", n % 250))
            .with("X-Real-IP", &format!("10.1.0.{}", n % 250))
            .with("CF-Connecting-IP", &format!("10.2.0.{}", n % 250))
    };
    let guesses: Vec<Request> = (0..150).map(guess).collect();
    let sets = (0..150)
        .map(|n| {
            if n < 60 {
                vec![401]
            } else if n < 110 {
                vec![401, 429]
            } else {
                vec![429]
            }
        })
        .collect();
    make.add(
        "150 guessed keys under 150 addresses",
        Send::Steps(guesses),
        Expect::of(Want::Each(sets)).within(15),
    );
    let nobody = Request::new("GET", "/api/v1/orders");
    make.add(
        "no key after the guesses",
        Send::Http(nobody),
        Expect::status(&[429]),
    );
    let simulated = Request::new("POST", "/api/v1/simulator/messages")
        .with("Content-Type", "application/json")
        .with("X-Forwarded-For", "127.0.0.1")
        .body(json!({"from": world.phone, "text": "x"}).to_string());
    make.add(
        "the simulator after the guesses",
        Send::Http(simulated),
        Expect::status(&[401, 429]),
    );
    make.add(
        "a probe after the guesses",
        Send::Http(Request::new("GET", "/live")),
        Expect::status(&[200]),
    );
}
