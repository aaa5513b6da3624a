//! What providers report, in any order and any number of times.

use khaacho_proto::common::v1::Provider;
use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;

use crate::support::fake::Fake;
use crate::support::{World, text, update};

/// A message that Meta took as `M1`.
async fn sent(world: &World) -> String {
    let running = world.work();
    let id = world.enqueue(vec![text("a", "hello")]).await.remove(0);
    world.until(&id, State::Sent).await;
    running.stop().await;
    id
}

#[tokio::test]
async fn reports_in_any_order_never_move_a_state_back() {
    let meta = Fake::start([]).await;
    let world = World::meta(&meta.url).await;
    let id = sent(&world).await;
    let told = |status: &str| vec![update(Provider::Meta, "M1", status)];
    assert_eq!(world.report(told("delivered")).await, (1, 0, 0));
    assert_eq!(world.report(told("sent")).await, (1, 0, 0), "kept in the history");
    assert_eq!(world.report(told("delivered")).await, (0, 1, 0));
    assert_eq!(world.get(&id).await.state(), State::Delivered);
    assert_eq!(world.report(told("read")).await, (1, 0, 0));
    assert_eq!(world.get(&id).await.state(), State::Read);
}

#[tokio::test]
async fn the_first_failures_reason_stays() {
    let meta = Fake::start([]).await;
    let world = World::meta(&meta.url).await;
    let id = sent(&world).await;
    let failed = |code: &str, text: &str| pb::StatusUpdate {
        error_code: code.to_owned(),
        error_text: text.to_owned(),
        ..update(Provider::Meta, "M1", "failed")
    };
    world
        .report(vec![
            failed("131026", "Undeliverable to 9779841234567"),
            failed("131000", "Other"),
        ])
        .await;
    world
        .report(vec![
            failed("131049", "Yet another"),
            update(Provider::Meta, "M1", "sent"),
        ])
        .await;
    let seen = world.get(&id).await;
    assert_eq!(seen.state(), State::Failed);
    assert_eq!(
        (seen.error_code.as_str(), seen.error_text.as_str()),
        ("131026", "Undeliverable to 97798****567")
    );
}

#[tokio::test]
async fn reports_about_others_messages_are_counted_and_change_nothing() {
    let meta = Fake::start([]).await;
    let world = World::meta(&meta.url).await;
    let id = sent(&world).await;
    let stranger = update(Provider::Meta, "M99", "failed");
    let elsewhere = update(Provider::Twilio, "M1", "failed");
    assert_eq!(world.report(vec![stranger, elsewhere]).await, (2, 0, 2));
    assert_eq!(world.get(&id).await.state(), State::Sent);
}

#[tokio::test]
async fn a_report_that_came_before_the_answer_is_matched_by_the_sweep() {
    let twilio = Fake::start([]).await;
    let world = World::twilio(&twilio.url).await;
    assert_eq!(
        world
            .report(vec![update(Provider::Twilio, "M1", "delivered")])
            .await,
        (1, 0, 1)
    );
    // The sweep that begins with the workers may already find the message sent.
    let running = world.work();
    let id = world.enqueue(vec![text("a", "hello")]).await.remove(0);
    world.until_any(&id, &[State::Sent, State::Delivered]).await;
    running.stop().await;
    world.hand.advance(std::time::Duration::from_secs(30));
    let running = world.work();
    world.until(&id, State::Delivered).await;
    running.stop().await;
}
