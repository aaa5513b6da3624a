//! Storing messages, the simulator, lists.

use khaacho_proto::common::v1 as common;
use khaacho_proto::notification::v1 as pb;
use pb::NotificationState as State;

use crate::support::{RAM, World, asked, eventually, notice, order_placed, reason, text};

#[tokio::test]
async fn the_same_key_is_sent_once() {
    let world = World::simulated().await;
    let first = world
        .enqueue(vec![text("k1", "hello"), text("k1", "hello")])
        .await;
    assert_eq!(first[0], first[1]);
    let again = asked(pb::EnqueueRequest {
        notices: vec![text("k1", "hello"), text("k2", "bye")],
    });
    let again = world
        .notifications()
        .enqueue(again)
        .await
        .expect("stored")
        .into_inner();
    assert_eq!(
        (again.notification_ids[0].as_str(), again.duplicates),
        (first[0].as_str(), 1)
    );

    let running = world.work();
    world.until(&again.notification_ids[1], State::Delivered).await;
    running.stop().await;
    let (shown, _) = world.shown(RAM, "").await;
    let texts: Vec<&str> = shown.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["hello", "bye"]);
}

#[tokio::test]
async fn what_nobody_can_say_or_get_is_refused_whole() {
    let world = World::simulated().await;
    let refused = async |notice: pb::Notice| {
        let request = asked(pb::EnqueueRequest {
            notices: vec![text("fine", "hello"), notice],
        });
        reason(world.notifications().enqueue(request).await.expect_err("refused"))
    };
    assert_eq!(refused(notice("a", "no_such", "{}")).await, "TEMPLATE_UNKNOWN");
    assert_eq!(refused(notice("b", "plain_text", "{}")).await, "TEMPLATE_UNKNOWN");
    let nobody = pb::Notice {
        recipient: None,
        ..text("c", "hello")
    };
    assert_eq!(refused(nobody).await, "RECIPIENT_MISSING");
    assert_eq!(refused(text("", "hello")).await, "INVALID_ARGUMENT");
    let jobs: i64 = sqlx::query_scalar("select count(*) from notification.job")
        .fetch_one(world.door.db().pool())
        .await
        .expect("counts");
    assert_eq!(jobs, 0);
}

#[tokio::test]
async fn a_simulated_phone_shows_messages_in_order_with_their_buttons_and_a_cursor() {
    let world = World::simulated().await;
    let running = world.work();
    let (none, start) = world.shown(RAM, "").await;
    assert!(none.is_empty());
    let long = "nine sacks of rice and one of salt\n".repeat(300);
    let mut notices = vec![text("long", &long)];
    notices.extend((0..20).map(|n| text(&format!("k{n}"), &n.to_string())));
    notices.push(notice(
        "quote",
        "quote",
        include_str!("../fixtures/templates/data/quote.json"),
    ));
    let ids = world.enqueue(notices).await;
    world.until(&ids[21], State::Delivered).await;

    let (shown, next) = world.shown(RAM, &start).await;
    let parts = shown.len() - 21;
    assert!(
        parts > 1 && shown[0].text.starts_with(&format!("(1/{parts}) ")),
        "{}",
        shown[0].text
    );
    let numbers: Vec<String> = shown[parts..parts + 20]
        .iter()
        .map(|message| message.text.clone())
        .collect();
    assert_eq!(numbers, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
    let quote = shown.last().expect("many");
    assert_eq!(quote.notification_id, ids[21]);
    assert!(
        quote
            .buttons
            .iter()
            .any(|button| button.id.starts_with("CONFIRM quo_")),
        "{:?}",
        quote.buttons
    );
    assert_eq!(world.shown(RAM, &next).await, (Vec::new(), next.clone()));
    assert!(world.shown("+9779800000000", "").await.0.is_empty());
    let all = eventually(async || world.shown("", &start).await.0.len() == shown.len()).await;
    assert!(all, "everything is listed for all phones");
    running.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_not_configured_fails_the_message_and_says_so() {
    let world = World::simulated().await;
    let running = world.work();
    let mut asked_for = text("k", "hello");
    asked_for.recipient.as_mut().expect("there").provider = common::Provider::Meta.into();
    let id = &world.enqueue(vec![asked_for]).await[0];
    let failed = world.until(id, State::Failed).await;
    assert_eq!(failed.error_text, "meta is not configured in this installation");
    assert_eq!(failed.attempts.len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn notifications_are_listed_newest_first_page_by_page_and_explained_by_order() {
    let world = World::simulated().await;
    let order_id = khaacho_ids::OrderId::derive(&["an order"]).to_string();
    let of_order = pb::Notice {
        order_id: order_id.clone(),
        ..order_placed("placed")
    };
    let mut notices: Vec<pb::Notice> = (0..4).map(|n| text(&format!("k{n}"), "hello")).collect();
    notices.insert(2, of_order);
    let ids = world.enqueue(notices).await;
    let page = async |page_token: &str, order_id: &str| {
        let request = asked(pb::ListNotificationsRequest {
            page_size: 3,
            page_token: page_token.to_owned(),
            state: State::Queued.into(),
            order_id: order_id.to_owned(),
        });
        let page = world
            .notifications()
            .list_notifications(request)
            .await
            .expect("a page")
            .into_inner();
        let ids: Vec<String> = page
            .notifications
            .into_iter()
            .map(|row| row.notification_id)
            .collect();
        (ids, page.next_page_token)
    };
    let (first, token) = page("", "").await;
    let (second, end) = page(&token, "").await;
    let newest_first: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!([first, second].concat(), newest_first);
    assert_eq!(end, "");
    assert_eq!(page("", &order_id).await.0, [ids[2].clone()]);

    let explain = async |cause_ids: &[&str]| {
        let request = asked(pb::ExplainNotificationsRequest {
            order_id: order_id.clone(),
            cause_ids: cause_ids.iter().map(|c| (*c).to_owned()).collect(),
        });
        world.notifications().explain_notifications(request).await
    };
    let story = explain(&[]).await.expect("a story").into_inner();
    assert_eq!(story.events.len(), 1);
    assert_eq!(
        story.events[0].summary,
        "order_placed to +97798****567 by simulator: QUEUED"
    );
    assert_eq!(
        (story.events[0].kind.as_str(), story.events[0].cause_id.as_str()),
        ("message_out", "test")
    );
    let caused = explain(&["inb_1", "test"]).await.expect("a story").into_inner();
    assert_eq!(
        caused.events.len(),
        5,
        "those that belong to no order, too: {caused:?}"
    );
    let other = explain(&["inb_1"]).await.expect("a story").into_inner();
    assert_eq!(other.events, story.events);
    for bad in [vec![""], vec!["x"; 201]] {
        let refused = explain(&bad).await.expect_err("refused");
        assert_eq!(reason(refused), "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn what_one_person_was_told_is_read_newest_first_with_its_words() {
    let world = World::simulated().await;
    let mut to_another = text("other", "not for them");
    to_another.recipient.as_mut().expect("there").phone = "+9779800000000".into();
    world
        .enqueue(vec![text("a", "first"), to_another, text("b", "second")])
        .await;
    let to = text("x", "x").recipient;
    let read = async |to: Option<common::Address>, limit: u32| {
        let request = asked(pb::ListToldRequest { to, limit });
        let told = world.notifications().list_told(request).await?.into_inner();
        let words = told.messages.into_iter().map(|m| (m.text, m.template, m.state));
        Ok::<_, tonic::Status>(words.collect::<Vec<_>>())
    };
    let row = |words: &str| (words.to_owned(), "plain_text".to_owned(), State::Queued.into());
    let all = read(to.clone(), 0).await.expect("told");
    assert_eq!(all, [row("second"), row("first")]);
    assert_eq!(read(to.clone(), 1).await.expect("told"), [row("second")]);
    for (to, limit) in [(to, 101), (None, 1)] {
        let refused = read(to, limit).await.expect_err("refused");
        assert_eq!(reason(refused), "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn templates_are_listed_with_examples() {
    let world = World::simulated().await;
    let request = asked(pb::ListTemplatesRequest {
        name_prefix: "order_".to_owned(),
    });
    let listed = world
        .templates()
        .list_templates(request)
        .await
        .expect("a list")
        .into_inner()
        .templates;
    assert!(listed.len() > 5 && listed.iter().all(|template| template.name.starts_with("order_")));
    assert!(listed.is_sorted_by_key(|template| template.name.clone()));
}
