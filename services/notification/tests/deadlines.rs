//! Every notification ends, and an operator may begin it again.

use std::time::Duration;

use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;

use crate::support::fake::Fake;
use crate::support::{RAM, World, asked, order_placed, reason, text, update};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn resend(id: &str, request_id: &str) -> tonic::Request<pb::ResendNotificationRequest> {
    asked(pb::ResendNotificationRequest {
        request_id: request_id.to_owned(),
        notification: id.to_owned(),
    })
}

#[tokio::test]
async fn what_was_never_tried_in_time_ends_by_its_template() {
    let world = World::simulated().await;
    let ids = world.enqueue(vec![order_placed("a"), text("b", "hello")]).await;
    world.hand.advance(DAY);
    let running = world.work();
    let escalated = world.until(&ids[0], State::Escalated).await;
    assert_eq!(escalated.error_text, "not delivered by its deadline");
    world.until(&ids[1], State::Failed).await;
    running.stop().await;
    assert!(world.shown(RAM, "").await.0.is_empty());
}

#[tokio::test]
async fn what_the_provider_took_and_never_reported_ends_too_until_proof_of_arrival_comes() {
    let twilio = Fake::start([]).await;
    let world = World::twilio(&twilio.url).await;
    let running = world.work();
    let id = world.enqueue(vec![order_placed("a")]).await.remove(0);
    world.until(&id, State::Sent).await;
    running.stop().await;
    world.hand.advance(DAY);
    let running = world.work();
    let escalated = world.until(&id, State::Escalated).await;
    assert!(
        escalated.error_text.contains("did not report"),
        "{}",
        escalated.error_text
    );
    running.stop().await;
    world
        .report(vec![update(
            khaacho_proto::common::v1::Provider::Twilio,
            "M1",
            "delivered",
        )])
        .await;
    world.until(&id, State::Delivered).await;
}

#[tokio::test]
async fn only_what_ended_without_arriving_is_sent_again_once_per_request() {
    let world = World::simulated().await;
    let id = world.enqueue(vec![order_placed("a")]).await.remove(0);
    let mut client = world.notifications();
    let refused = client
        .resend_notification(resend(&id, "r0"))
        .await
        .expect_err("it waits");
    assert_eq!(reason(refused), "STILL_UNDER_WAY");
    let unknown = client
        .resend_notification(resend(&format!("ntf_{}", "0".repeat(32)), "r-nobody"))
        .await;
    assert_eq!(reason(unknown.expect_err("nobody")), "NOTIFICATION_UNKNOWN");
    world.hand.advance(DAY);
    let running = world.work();
    world.until(&id, State::Escalated).await;
    running.stop().await;

    let first = client
        .resend_notification(resend(&id, "r1"))
        .await
        .expect("queued")
        .into_inner();
    let again = client
        .resend_notification(resend(&id, "r1"))
        .await
        .expect("replayed")
        .into_inner();
    assert_eq!(first, again);
    let queued = first.notification.expect("there");
    assert_eq!((queued.state(), queued.error_text.as_str()), (State::Queued, ""));
    let running = world.work();
    world.until(&id, State::Delivered).await;
    running.stop().await;
    assert_eq!(world.shown(RAM, "").await.0.len(), 1);
    let arrived = client
        .resend_notification(resend(&id, "r2"))
        .await
        .expect_err("it has arrived");
    assert_eq!(reason(arrived), "STILL_UNDER_WAY");
}
