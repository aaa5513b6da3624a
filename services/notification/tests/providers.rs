//! Failures by class, and the order of one recipient's messages.

use std::time::Duration;

use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;
use serde_json::json;

use crate::support::fake::{Fake, Reply, twilio_error};
use crate::support::{World, eventually, text, update};

fn results(notification: &pb::Notification) -> Vec<&str> {
    notification
        .attempts
        .iter()
        .map(|attempt| attempt.result.as_str())
        .collect()
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_and_nothing_overtakes_it() {
    let twilio = Fake::start([twilio_error(503, "", 0), twilio_error(503, "", 0)]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let ids = world
        .enqueue(vec![text("a", "first"), text("b", "second"), text("c", "third")])
        .await;
    world.until_quiet().await;
    assert_eq!(twilio.sends(), ["first"], "the others wait behind it");
    world.hand.advance(Duration::from_secs(2));
    assert!(eventually(async || twilio.sends().len() == 2).await);
    let late = world.enqueue(vec![text("d", "fourth")]).await;
    world.until_quiet().await;
    world.hand.advance(Duration::from_secs(4));
    world.until(&late[0], State::Sent).await;
    assert_eq!(
        twilio.sends(),
        ["first", "first", "first", "second", "third", "fourth"]
    );
    let first = world.get(&ids[0]).await;
    assert_eq!(results(&first), ["retry", "retry", "accepted"]);
    assert_eq!(
        (first.provider_message_id.as_str(), first.error_text.as_str()),
        ("M1", "")
    );
    running.stop().await;
}

#[tokio::test]
async fn a_permanent_no_is_final_and_lets_the_next_one_go() {
    let twilio = Fake::start([twilio_error(400, "", 21_211)]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let ids = world.enqueue(vec![text("a", "first"), text("b", "second")]).await;
    world.until(&ids[1], State::Sent).await;
    let failed = world.get(&ids[0]).await;
    assert_eq!(
        (failed.state(), results(&failed)),
        (State::Failed, vec!["permanent"])
    );
    assert_eq!(failed.error_code, "21211");
    running.stop().await;
}

#[tokio::test]
async fn a_stated_wait_holds_the_whole_number() {
    let twilio = Fake::start([twilio_error(429, "Retry-After: 77\r\n", 20_429)]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let id = &world.enqueue(vec![text("a", "first")]).await[0];
    world.until_quiet().await;
    assert_eq!(results(&world.get(id).await), ["rate_limited"]);
    let mut to_sita = text("b", "second");
    to_sita.recipient.as_mut().expect("there").phone = "+9779851234567".to_owned();
    let other = &world.enqueue(vec![to_sita]).await[0];
    world.hand.advance(Duration::from_secs(70));
    world.until_quiet().await;
    assert_eq!(twilio.sends().len(), 1, "not even to somebody else");
    world.hand.advance(Duration::from_secs(30));
    world.until(id, State::Sent).await;
    world.until(other, State::Sent).await;
    running.stop().await;
}

#[tokio::test]
async fn a_recipient_gets_45_at_once_and_the_rest_when_the_pair_limit_allows() {
    let twilio = Fake::start([]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let notices: Vec<pb::Notice> = (0..48).map(|n| text(&format!("k{n}"), &n.to_string())).collect();
    let ids = world.enqueue(notices).await;
    world.until(&ids[44], State::Sent).await;
    world.until_quiet().await;
    assert_eq!(twilio.sends().len(), 45);
    world.hand.advance(Duration::from_secs(60));
    world.until(&ids[47], State::Sent).await;
    let in_order: Vec<String> = (0..48).map(|n| n.to_string()).collect();
    assert_eq!(twilio.sends(), in_order);
    running.stop().await;
}

#[tokio::test]
async fn a_closed_window_is_followed_by_the_approved_template_once() {
    let closed = Reply::Answer(
        400,
        "",
        json!({ "error": { "code": 131_047, "message": "Re-engagement message" } }),
    );
    let meta = Fake::start([closed.clone()]).await;
    let world = World::meta(&meta.url).await;
    let running = world.work();
    let at_once = &world.enqueue(vec![text("a", "at once")]).await[0];
    let failed = world.until(at_once, State::Failed).await;
    assert_eq!(failed.error_code, "131047");
    assert!(eventually(async || meta.sends().len() == 2).await);

    let later = &world.enqueue(vec![text("b", "later")]).await[0];
    let sent = world.until(later, State::Sent).await;
    let mut reported = update(
        khaacho_proto::common::v1::Provider::Meta,
        &sent.provider_message_id,
        "failed",
    );
    reported.error_code = "131047".to_owned();
    world.report(vec![reported]).await;
    world.until(later, State::Failed).await;
    assert!(eventually(async || meta.sends().len() == 4).await);
    assert_eq!(
        meta.sends(),
        ["at once", "template: at once", "later", "template: later"]
    );
    running.stop().await;
}
