//! Pictures, voices, places and contacts: kept with their message, fetched by a job, shown to people.

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use serde_json::json;

use crate::world::books::{shop_phone, vendor_phone};
use crate::world::chat::Said;
use crate::world::stage::{Gate, Play};
use crate::world::{By, World, answer, reason};

const STRANGER: &str = "+9779800000099";

fn medium(id: &str) -> pb::InboundMedium {
    pb::InboundMedium {
        provider_media_id: id.to_owned(),
        mime_type: "image/jpeg".to_owned(),
        filename: "list.jpg".to_owned(),
        ..Default::default()
    }
}

/// A message of this kind with words beside it.
fn with(world: &World, phone: &str, kind: &str, words: &str, media: &[&str]) -> pb::ReceivedMessage {
    let mut message = world.message(phone, words);
    let inbound = message.message.as_mut().expect("one");
    inbound.kind = kind.to_owned();
    inbound.media = media.iter().map(|id| medium(id)).collect();
    message
}

async fn picture(world: &World, phone: &str, words: &str) -> Said {
    world.send(with(world, phone, "image", words, &["1"])).await
}

/// The only conversation that waits, as the list shows it.
async fn waiting(world: &World) -> Option<pb::Conversation> {
    let body = pb::ListConversationsRequest::default();
    let page = answer(world.intake().list_conversations(By::Operator.asks(body)).await).expect("a page");
    let mut all = page.conversations;
    assert!(all.len() < 2, "{all:?}");
    all.pop()
}

/// A conversation by somebody's phone, newest message first.
async fn shown(world: &World, phone: &str) -> pb::GetConversationResponse {
    let ids = "select id from orders.conversation where address = $1";
    let id: uuid::Uuid = sqlx::query_scalar(ids)
        .bind(phone)
        .fetch_one(world.db.pool())
        .await
        .expect("a conversation");
    let body = pb::GetConversationRequest {
        conversation: khaacho_ids::ConversationId::from(id).to_string(),
    };
    answer(world.intake().get_conversation(By::Operator.asks(body)).await).expect("read")
}

/// State and reason of each medium of the newest message.
async fn states(world: &World, phone: &str) -> Vec<(String, String)> {
    let told = shown(world, phone).await;
    let media = told.messages[0].media.iter();
    media
        .map(|medium| (medium.state.clone(), medium.reason.clone()))
        .collect()
}

fn state(state: &str, reason: &str) -> (String, String) {
    (state.to_owned(), reason.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_answered_fetched_and_shown_to_a_person() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = picture(&world, &phone, "").await;
    assert_eq!(said.templates(), ["media_unread"]);
    assert_eq!(
        (said.outcome.as_str(), said.about.as_str()),
        ("needs_human", "MEDIA_IMAGE")
    );
    assert_eq!(world.stage.calls("FetchMedia"), 1);
    let waits = waiting(&world).await.expect("it waits");
    assert_eq!(waits.waits_for, "MEDIA_IMAGE");
    let newest = waits.newest_message.expect("the newest");
    assert_eq!(
        (newest.inbound_id.as_str(), newest.media.len()),
        (said.inbound_id.as_str(), 1)
    );
    let told = shown(&world, &phone).await;
    let [medium] = told.messages[0].media.as_slice() else {
        panic!("{told:?}")
    };
    assert!(medium.media_id.starts_with("med_"), "{medium:?}");
    assert_eq!(
        (medium.state.as_str(), medium.mime_type.as_str()),
        ("STORED", "image/jpeg")
    );
    assert_eq!(
        (medium.filename.as_str(), medium.transcript.as_str()),
        ("list.jpg", "dui bora chamal")
    );
    assert!(told.missing.is_empty());
    let asked = world.books().media[&medium.media_id].clone();
    assert_eq!(
        (asked.inbound_id, asked.index, asked.last_try),
        (said.inbound_id, 0, false)
    );
    // nobody acts upon what a machine has heard
    assert_eq!(world.count("select count(*) from orders.quote").await, 0);
    world.script("ListMedia", [Play::Refuse(Fault::bug("a mistake"))]);
    let told = shown(&world, &phone).await;
    assert_eq!(
        (told.missing, told.messages[0].media.len()),
        (vec!["notification".to_owned()], 1)
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_beside_a_picture_are_read_and_a_person_sees_the_picture() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let said = picture(&world, &phone, "2 jeera").await;
    assert_eq!(said.templates(), ["for_person", "quote"]);
    assert_eq!(said.data_of(0)["matter"], json!("MEDIA_IMAGE"));
    assert_eq!(said.outcome, "not_an_order");
    assert_eq!(waiting(&world).await.expect("it waits").waits_for, "MEDIA_IMAGE");
    let placed = picture(&world, &phone, "CONFIRM").await;
    assert_eq!(
        (placed.outcome.as_str(), placed.templates()[0]),
        ("ordered", "for_person")
    );
    assert_eq!(states(&world, &phone).await, [state("STORED", "")]);
    // who wants silence gets no promise, and a person looks all the same
    let stop = picture(&world, &phone, "STOP").await;
    assert_eq!(stop.templates(), ["consent_noted"]);
    // what waits for a person anyway says so once
    let claim = picture(&world, &phone, "5000 rupaiya esewa ma tireko chu").await;
    assert_eq!(
        (claim.templates(), claim.about.as_str()),
        (vec!["for_person"], "PAYMENT_CLAIM")
    );
    assert_eq!(world.stage.calls("FetchMedia"), 4);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wholesaler_is_told_with_words_of_his_own() {
    let world = World::new().await;
    let phone = vendor_phone(1);
    assert_eq!(
        picture(&world, &phone, "").await.templates(),
        ["vendor_for_person"]
    );
    let said = picture(&world, &phone, "ORDERS").await;
    assert_eq!(said.templates()[0], "vendor_for_person");
    assert_eq!((said.replies.len(), said.outcome.as_str()), (2, "not_an_order"));
    assert_eq!(world.stage.calls("FetchMedia"), 2);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_for_a_stranger() {
    let world = World::new().await;
    let said = world.send(with(&world, STRANGER, "image", "", &["1", "2"])).await;
    assert_eq!(said.templates(), ["welcome_unregistered"]);
    let refused = state("REFUSED", "UNKNOWN_SENDER");
    assert_eq!(states(&world, STRANGER).await, [refused.clone(), refused]);
    assert_eq!(world.stage.calls("FetchMedia"), 0);
    assert!(waiting(&world).await.is_none());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_or_a_repetition_doubles_nothing() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let lost = || Play::LoseAnswer;
    world.script(
        "FetchMedia",
        [lost(), Play::Refuse(Fault::unavailable("away")), lost()],
    );
    let message = with(&world, &phone, "image", "", &["1"]);
    let said = world.send(message.clone()).await;
    assert_eq!(world.stage.calls("FetchMedia"), 4);
    assert_eq!(world.books().media.len(), 1);
    world.receive(vec![message]).await.expect("received");
    // as if the job had died after its call and before its end, and its row had been written by another
    let again = "insert into orders.job (id, kind, body, cause, trace_parent, run_at, blocks)
        select gen_random_uuid(), 'fetch_media', jsonb_build_object('inbound_id', $1, 'position', 0), $1,
            '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', now(), false";
    sqlx::query(again)
        .bind(&said.inbound_id)
        .execute(&world.superuser().await)
        .await
        .expect("enqueued");
    world.quiet().await;
    assert_eq!(world.stage.calls("FetchMedia"), 4, "known by its row");
    assert_eq!(world.count("select count(*) from orders.inbound_media").await, 1);
    assert_eq!(states(&world, &phone).await, [state("STORED", "")]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_why_and_what_is_late_is_asked_for_again_for_a_day() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let message = with(&world, &phone, "image", "", &["large", "late", "3"]);
    let received = world.receive(vec![message]).await.expect("received");
    let settled = async |wanted: &[(String, String)]| {
        let seen = async || states(&world, &phone).await == wanted;
        let told = "select count(*) from orders.conversation";
        world
            .eventually("the conversation is there", async || world.count(told).await == 1)
            .await;
        world.eventually("the media are settled", seen).await;
    };
    let (large, stored) = (state("REFUSED", "TOO_LARGE"), state("STORED", ""));
    settled(&[large.clone(), state("FETCHING", ""), stored.clone()]).await;
    // what is late looks the same before it was asked for the first time
    world
        .eventually("all three were asked for", async || {
            world.stage.calls("FetchMedia") >= 3
        })
        .await;
    let calls = world.stage.calls("FetchMedia");
    world.minutes_pass(20);
    world
        .eventually("it is asked for again", async || {
            world.stage.calls("FetchMedia") > calls
        })
        .await;
    assert_eq!(states(&world, &phone).await[1], state("FETCHING", ""));
    world.minutes_pass(24 * 60);
    settled(&[large, state("REFUSED", "UNREACHABLE"), stored]).await;
    world.ended(&received.inbound_ids[0]).await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_providers_keep_no_text_waiting() {
    let world = World::new().await;
    let gates: Vec<_> = (0..2).map(|_| Gate::new()).collect();
    world.script("FetchMedia", gates.iter().map(|gate| Play::Wait(gate.clone())));
    let media: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    let media: Vec<&str> = media.iter().map(String::as_str).collect();
    let many = (0..2).map(|_| with(&world, &shop_phone(1), "image", "", &media));
    world.receive(many.collect()).await.expect("received");
    for gate in &gates {
        gate.arrived().await;
    }
    // more media wait than there are places for all jobs together
    world
        .receive(vec![world.message(&shop_phone(2), "hello")])
        .await
        .expect("received");
    world
        .eventually("the text is answered", async || {
            world.books().told(&shop_phone(2)) == ["greeting"]
        })
        .await;
    assert_eq!(world.stage.calls("FetchMedia"), 2);
    gates.iter().for_each(|gate| gate.open());
    world
        .eventually("all are fetched", async || world.books().media.len() == 20)
        .await;
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_contacts_are_kept_shown_and_answered() {
    let world = World::new().await;
    let phone = shop_phone(1);
    let mut place = with(&world, &phone, "location", "", &[]);
    place.message.as_mut().expect("one").location = Some(pb::Location {
        latitude: 28.601,
        longitude: 81.633,
        name: "Birendra Chowk".to_owned(),
        address: "Birendranagar".to_owned(),
    });
    let said = world.send(place).await;
    assert_eq!(
        (said.templates(), said.about.as_str()),
        (vec!["media_unread"], "MEDIA_LOCATION")
    );
    assert_eq!(said.data()["kind"], json!("location"));
    let newest = waiting(&world)
        .await
        .and_then(|waits| waits.newest_message)
        .expect("the newest");
    let there = newest.location.expect("a place");
    assert_eq!(
        (there.latitude, there.longitude, there.name.as_str()),
        (28.601, 81.633, "Birendra Chowk")
    );

    let mut card = with(&world, &phone, "contacts", "", &[]);
    let contact = pb::SharedContact {
        name: "Hari\0 Sharma".to_owned(),
        phones: vec!["+977 985-1012345".to_owned()],
    };
    card.message.as_mut().expect("one").contacts = vec![contact];
    assert_eq!(world.send(card).await.data()["kind"], json!("contacts"));
    let told = shown(&world, &phone).await;
    let contact = &told.messages[0].contacts[0];
    assert_eq!(
        (contact.name.as_str(), contact.phones[0].as_str()),
        ("Hari Sharma", "+977 985-1012345")
    );

    for (latitude, longitude) in [(f64::NAN, 0.0), (91.0, 0.0), (0.0, f64::INFINITY)] {
        let mut nowhere = with(&world, &phone, "location", "", &[]);
        nowhere.message.as_mut().expect("one").location = Some(pb::Location {
            latitude,
            longitude,
            ..Default::default()
        });
        assert_eq!(world.send(nowhere).await.about, "MEDIA_LOCATION");
        assert_eq!(shown(&world, &phone).await.messages[0].location, None);
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_person_has_the_conversation_media_are_fetched_and_nothing_is_said() {
    let world = World::new().await;
    let phone = shop_phone(1);
    world.say(&phone, "namaste").await;
    sqlx::query("update orders.conversation set claimed_by = 'key_a', claimed_at = now()")
        .execute(&world.superuser().await)
        .await
        .expect("claimed");
    let said = picture(&world, &phone, "2 jeera").await;
    assert_eq!((said.replies.len(), said.about.as_str()), (0, "CLAIMED"));
    assert_eq!(states(&world, &phone).await, [state("STORED", "")]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_message_can_hold_is_refused_with_its_place() {
    let world = World::idle().await;
    let refused = async |spoil: fn(&mut pb::InboundMessage)| {
        let mut message = with(&world, &shop_phone(1), "image", "", &["1"]);
        spoil(message.message.as_mut().expect("one"));
        let fault = world.receive(vec![message]).await.expect_err("refused");
        assert_eq!(fault.reason(), "INVALID_ARGUMENT");
        fault.violations()[0].field.clone()
    };
    assert_eq!(
        refused(|m| m.media = vec![medium("1"); 11]).await,
        "messages[0].message.media"
    );
    assert_eq!(
        refused(|m| m.contacts = vec![pb::SharedContact::default(); 21]).await,
        "messages[0].message.contacts"
    );
    assert_eq!(
        refused(|m| m.media[0].url = "u".repeat(2_049)).await,
        "messages[0].message.media[0].url"
    );
    let at = refused(|m| m.media[0].provider_media_id = "1".repeat(256)).await;
    assert_eq!(at, "messages[0].message.media[0].provider_media_id");
    let none = world.receive(Vec::new()).await;
    assert_eq!(reason(none), "INVALID_ARGUMENT");
}
