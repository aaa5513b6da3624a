//! Sends whose answer was lost: looked for before anything is sent again.

use std::time::Duration;

use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;
use serde_json::{Value, json};

use crate::support::fake::{Fake, Reply};
use crate::support::{World, eventually, text, update};

/// What Twilio's list says about a message that it took.
fn listed(world: &World, sid: &str, body: &str) -> Value {
    json!({
        "sid": sid, "body": body, "direction": "outbound-api", "status": "queued",
        "date_created": world.door.clock().now().to_rfc2822(),
    })
}

/// A message whose sender was killed while Twilio had the request.
async fn killed(twilio: &Fake, world: &World) -> String {
    let running = world.work();
    let id = world.enqueue(vec![text("a", "once only")]).await.remove(0);
    assert!(eventually(async || twilio.sends().len() == 1).await);
    running.kill(world).await;
    let left = world.get(&id).await;
    assert_eq!((left.state(), left.attempts.len()), (State::Sending, 1));
    assert_eq!(left.attempts[0].result, "", "nobody knows");
    id
}

#[tokio::test]
async fn a_message_that_the_provider_has_is_not_sent_again_after_a_kill() {
    let twilio = Fake::start([Reply::Silence]).await;
    let world = World::twilio(&twilio.url).await;
    let id = killed(&twilio, &world).await;
    twilio.list(listed(&world, "SM7", "once only"));

    let running = world.work();
    world.until_quiet().await;
    assert_eq!(twilio.sends().len(), 1, "too early to look");
    world.hand.advance(Duration::from_secs(15));
    let sent = world.until(&id, State::Sent).await;
    assert_eq!(sent.provider_message_id, "SM7");
    assert_eq!(twilio.sends().len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn a_message_that_the_provider_does_not_have_is_sent_again_after_a_kill() {
    let twilio = Fake::start([Reply::Silence]).await;
    let world = World::twilio(&twilio.url).await;
    let id = killed(&twilio, &world).await;

    let running = world.work();
    world.hand.advance(Duration::from_secs(15));
    let sent = world.until(&id, State::Sent).await;
    let results: Vec<&str> = sent
        .attempts
        .iter()
        .map(|attempt| attempt.result.as_str())
        .collect();
    assert_eq!(results, ["retry", "accepted"]);
    assert_eq!(twilio.sends(), ["once only", "once only"]);
    running.stop().await;
}

#[tokio::test]
async fn the_same_words_that_were_sent_on_purpose_are_not_mistaken_for_each_other() {
    let twilio = Fake::start([]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let first = world.enqueue(vec![text("before", "once only")]).await.remove(0);
    let first = world.until(&first, State::Sent).await;
    running.stop().await;
    twilio.list(listed(&world, &first.provider_message_id, "once only"));
    twilio.reply(Reply::Silence);

    let running = world.work();
    let id = world.enqueue(vec![text("a", "once only")]).await.remove(0);
    assert!(eventually(async || twilio.sends().len() == 2).await);
    running.kill(&world).await;
    let running = world.work();
    world.hand.advance(Duration::from_secs(15));
    world.until(&id, State::Sent).await;
    assert_eq!(
        twilio.sends().len(),
        3,
        "the listed one belongs to the first message"
    );
    running.stop().await;
}

#[tokio::test]
async fn a_report_with_our_id_settles_a_lost_answer() {
    let meta = Fake::start([Reply::HangUp]).await;
    let world = World::meta(&meta.url).await;
    let running = world.work();
    let ids = world.enqueue(vec![text("a", "first"), text("b", "second")]).await;
    world.until_quiet().await;
    let unknown = world.get(&ids[0]).await;
    assert_eq!(
        (unknown.state(), unknown.attempts[0].result.as_str()),
        (State::Sending, "ambiguous")
    );
    let mut sent = update(common::Provider::Meta, "wamid.1", "sent");
    sent.notification_id = ids[0].clone();
    assert_eq!(world.report(vec![sent]).await, (1, 0, 0));
    let known = world.get(&ids[0]).await;
    assert_eq!(
        (known.state(), known.provider_message_id.as_str()),
        (State::Sent, "wamid.1")
    );
    assert_eq!(known.attempts[0].result, "accepted");

    world.hand.advance(Duration::from_secs(20));
    world.until(&ids[1], State::Sent).await;
    assert_eq!(meta.sends(), ["first", "second"]);
    running.stop().await;
}

#[tokio::test]
async fn silence_is_waited_out_before_a_message_goes_again() {
    let meta = Fake::start([Reply::HangUp]).await;
    let world = World::meta(&meta.url).await;
    let running = world.work();
    let id = world.enqueue(vec![text("a", "hello")]).await.remove(0);
    for wait in [19, 38] {
        world.until_quiet().await;
        assert_eq!(meta.sends().len(), 1);
        world.hand.advance(Duration::from_secs(wait));
    }
    world.until(&id, State::Sent).await;
    assert_eq!(meta.sends().len(), 2);
    running.stop().await;
}
