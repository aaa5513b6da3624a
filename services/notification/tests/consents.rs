//! Who wants no messages.

use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;
use serde_json::json;

use crate::support::fake::{Fake, Reply};
use crate::support::{RAM, World, asked, eventually, text};

/// The provider says that the window is closed.
fn closed() -> Reply {
    Reply::Answer(
        400,
        "",
        json!({ "error": { "code": 131_047, "message": "Re-engagement message" } }),
    )
}

fn said(id: &str, opted_out: bool, seconds: i64) -> pb::SetConsentRequest {
    pb::SetConsentRequest {
        request_id: id.to_owned(),
        // at another provider: it is the phone that counts
        address: Some(common::Address {
            provider: common::Provider::Twilio.into(),
            phone: RAM.to_owned(),
            ..Default::default()
        }),
        opted_out,
        said_at: Some(prost_types::Timestamp { seconds, nanos: 0 }),
    }
}

async fn set(world: &World, request: pb::SetConsentRequest) -> bool {
    let done = world.consents().set_consent(asked(request)).await;
    done.expect("set").into_inner().consent.expect("it").opted_out
}

async fn listed(world: &World) -> Vec<String> {
    let page = world
        .consents()
        .list_consents(asked(pb::ListConsentsRequest::default()))
        .await;
    let page = page.expect("a page").into_inner();
    page.consents.into_iter().map(|consent| consent.who).collect()
}

#[tokio::test]
async fn what_was_said_last_counts_whatever_comes_in_last() {
    let world = World::simulated().await;
    assert!(set(&world, said("a", true, 2_000)).await);
    assert!(
        set(&world, said("b", false, 1_000)).await,
        "an older word comes late"
    );
    assert_eq!(listed(&world).await, [RAM]);
    assert!(!set(&world, said("c", false, 3_000)).await);
    assert!(
        set(&world, said("a", true, 2_000)).await,
        "once more: what it told the first time"
    );
    assert!(listed(&world).await.is_empty(), "and it does nothing");
    let nobody = pb::SetConsentRequest {
        address: None,
        ..said("d", true, 4_000)
    };
    assert!(world.consents().set_consent(asked(nobody)).await.is_err());
}

#[tokio::test]
async fn outside_of_the_window_nothing_goes_to_who_wants_nothing() {
    let meta = Fake::start([closed()]).await;
    let world = World::meta(&meta.url).await;
    let running = world.work();
    assert!(set(&world, said("a", true, 1_000)).await);
    let late = &world.enqueue(vec![text("a", "news")]).await[0];
    let failed = world.until(late, State::Failed).await;
    assert_eq!(failed.error_code, "131047");
    // while the window is open, answers and news go
    let answer = &world.enqueue(vec![text("b", "answer")]).await[0];
    world.until(answer, State::Sent).await;
    world.until_quiet().await;
    assert_eq!(meta.sends(), ["news", "answer"], "no template in between");
    running.stop().await;
}

#[tokio::test]
async fn who_wants_messages_again_gets_the_template() {
    let meta = Fake::start([closed()]).await;
    let world = World::meta(&meta.url).await;
    let running = world.work();
    set(&world, said("a", true, 1_000)).await;
    set(&world, said("b", false, 2_000)).await;
    let late = &world.enqueue(vec![text("a", "news")]).await[0];
    world.until(late, State::Failed).await;
    assert!(eventually(async || meta.sends().len() == 2).await);
    assert_eq!(meta.sends(), ["news", "template: news"]);
    running.stop().await;
}
