//! Who finds room when there is little of it.

use std::time::Duration;

use khaacho_proto::Role;
use serde_json::json;

use crate::support::{World, and, plain};

const ORDERS: &str = "/api/v1/orders";

/// Until the peer has seen so many calls.
async fn calls(world: &World, count: usize) {
    let seen = async {
        while world.peer.seen().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), seen)
        .await
        .expect("the calls arrive");
}

#[tokio::test]
async fn a_command_too_many_is_refused_and_leaves_no_trace_and_others_go_on() {
    let world = World::with(&[("KHAACHO_GATEWAY_COMMANDS_MAX", "1")]).await;
    let gate = world.peer.stalls("PlaceOrder");
    let first = world.post(Role::Retailer, ORDERS, json!({}));
    let others = async {
        calls(&world, 1).await;
        let refused = world.post(Role::Owner, ORDERS, json!({})).await;
        refused.refused(503, "OVERLOADED");
        assert_eq!(refused.header("retry-after"), "1");
        assert_eq!(refused.header("x-outcome"), "not-executed");
        // Looking at things, finding products in a text, and being well have places of their own.
        assert_eq!(world.get(Role::Owner, ORDERS).await.status, 200);
        let found = world.post(Role::Owner, "/api/v1/products:match", json!({})).await;
        assert_eq!(found.status, 200);
        assert_eq!(world.send(plain("GET", "/live")).await.status, 200);
        // Strangers are told so, and not that it is full: they take no place.
        let stranger = world.send(plain("POST", ORDERS)).await;
        stranger.refused(401, "UNAUTHENTICATED");
        gate.add_permits(1);
    };
    let (first, ()) = tokio::join!(first, others);
    assert!(first.status.is_success(), "{}", first.text);
    let again = world.post(Role::Owner, ORDERS, json!({})).await;
    assert!(again.status.is_success(), "{}", again.text);
    let placed = world.peer.seen();
    let placed = placed.iter().filter(|call| call.path.ends_with("/PlaceOrder"));
    assert_eq!(placed.count(), 2, "the refused one never left the gateway");
}

#[tokio::test]
async fn those_who_wait_leave_room_for_those_who_only_hand_something_in() {
    let world = World::with(&[("KHAACHO_GATEWAY_COMMANDS_MAX", "2")]).await;
    let gate = world.peer.stalls("PlaceOrder");
    let wanting = |role| {
        let request = world.request(role, "POST", ORDERS, Some(json!({})));
        world.send(and(request, "prefer", "wait=5"))
    };
    let others = async {
        calls(&world, 1).await;
        let second = wanting(Role::Owner).await;
        second.refused(503, "OVERLOADED");
        assert_eq!(second.header("x-outcome"), "not-executed");
        let accepted = world
            .post(Role::Vendor, "/api/v1/orders/o:accept", json!({}))
            .await;
        assert!(accepted.status.is_success(), "{}", accepted.text);
        gate.add_permits(1);
    };
    let (first, ()) = tokio::join!(wanting(Role::Retailer), others);
    assert_eq!(first.header("preference-applied"), "wait=5");
    assert_eq!(world.peer.seen().len(), 2);
}

#[tokio::test]
async fn guesses_at_keys_use_up_their_address_and_not_the_good_keys_behind_it() {
    let world = World::with(&[("RATE_LIMIT_MAX_REQUESTS", "2")]).await;
    let guess = |n: u32| {
        let key = format!("kha_{n:012x}_{}", "a".repeat(43));
        world.send(and(plain("GET", ORDERS), "x-api-key", &key))
    };
    for n in 0..2 {
        guess(n).await.refused(401, "UNAUTHENTICATED");
    }
    let third = guess(2).await;
    third.refused(429, "RATE_LIMITED");
    assert_eq!(third.header("ratelimit-limit"), "2");
    // None of them was seen before: the first look-up is as good as any.
    for role in [Role::Owner, Role::Support, Role::Auditor] {
        assert_eq!(world.get(role, ORDERS).await.status, 200);
    }
}
