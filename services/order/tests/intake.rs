use std::time::Duration;

use futures_util::future::join_all;
use khaacho_fault::Fault;
use khaacho_ids::InboundId;
use khaacho_proto::order::v1 as pb;
use pb::Receipt;

use crate::world::books::shop_phone;
use crate::world::stage::Play;
use crate::world::{By, World, answer, reason};

fn receipts(response: &pb::ReceiveMessageResponse) -> Vec<Receipt> {
    response.receipts().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_stored_and_handled_once_however_often_it_is_delivered() {
    let world = World::new().await;
    let message = world.message(&shop_phone(1), "hello");
    let first = world.receive(vec![message.clone()]).await.expect("received");
    assert_eq!(receipts(&first), [Receipt::Accepted]);
    let again = world
        .receive(vec![message.clone(), message.clone()])
        .await
        .expect("received");
    assert_eq!(receipts(&again), [Receipt::Duplicate, Receipt::Duplicate]);
    assert_eq!(
        again.inbound_ids,
        [first.inbound_ids[0].clone(), first.inbound_ids[0].clone()]
    );
    let said = world.ended(&first.inbound_ids[0]).await;
    assert_eq!(said.templates(), ["greeting"]);
    world.receive(vec![message]).await.expect("received");
    world.assert_sound().await;
    assert_eq!(world.books().told(&shop_phone(1)), ["greeting"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_twice_in_one_delivery_is_new_once() {
    let world = World::new().await;
    let message = world.message(&shop_phone(1), "hello");
    let other = world.message(&shop_phone(1), "thanks");
    let delivery = vec![message.clone(), other, message];
    let response = world.receive(delivery).await.expect("received");
    assert_eq!(
        receipts(&response),
        [Receipt::Accepted, Receipt::Accepted, Receipt::Duplicate]
    );
    world.assert_sound().await;
    assert_eq!(world.books().told(&shop_phone(1)), ["greeting", "thanks"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_arrives_many_times_at_once_is_stored_once() {
    let world = World::idle().await;
    for _ in 0..20 {
        let mut messages: Vec<_> = (0..20).map(|_| world.message(&shop_phone(1), "hello")).collect();
        let one = world.receive(messages.clone());
        let two = world.receive(messages.clone());
        messages.reverse();
        let (one, two, three) = tokio::join!(one, two, world.receive(messages));
        let new: usize = [one, two, three]
            .into_iter()
            .map(|r| {
                receipts(&r.expect("received"))
                    .into_iter()
                    .filter(|r| *r == Receipt::Accepted)
                    .count()
            })
            .sum();
        assert_eq!(new, 20);
    }
    assert_eq!(
        world
            .count("select count(*) from orders.job where kind = 'handle_message'")
            .await,
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_come_together_share_transactions_and_keep_their_own_receipts() {
    let world = World::idle().await;
    let messages: Vec<_> = (1..=60)
        .map(|n| world.message(&shop_phone(1 + n % 5), "hello"))
        .collect();
    // each twice, the second time with one more
    let single = messages.iter().map(|m| vec![m.clone()]);
    let double = messages
        .iter()
        .map(|m| vec![m.clone(), world.message(&shop_phone(9), "more")]);
    let deliveries: Vec<_> = single.chain(double).collect();
    let all = join_all(deliveries.into_iter().map(|delivery| world.receive(delivery))).await;
    let all: Vec<_> = all.into_iter().map(|r| r.expect("received")).collect();
    for n in 0..60 {
        let (one, two) = (&all[n], &all[60 + n]);
        assert_eq!(
            one.inbound_ids[0], two.inbound_ids[0],
            "the same message has the same id"
        );
        let (one, two) = (receipts(one), receipts(two));
        let mut twice = [one[0], two[0]];
        twice.sort_unstable();
        assert_eq!(twice, [Receipt::Accepted, Receipt::Duplicate], "new once");
        assert_eq!(two[1], Receipt::Accepted);
    }
    let jobs = "select count(distinct j.cause) from orders.job j
        where j.kind = 'handle_message' and j.body ->> 'inbound_id' = j.cause
          and exists (select from orders.inbound_message m
                      where m.trace_id = split_part(j.trace_parent, '-', 2))";
    assert_eq!(world.count(jobs).await, 120, "each caused by its own message");
    let transactions = "select count(distinct xmin::text) from orders.inbound_message";
    let transactions = world.count(transactions).await;
    assert!(
        transactions < 60,
        "{transactions} transactions for 120 deliveries"
    );
}

/// Another process has written one of the messages and does not commit: whoever is in the same batch is told in time.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_somebody_holds_keeps_no_neighbour_waiting() {
    let world = World::idle().await;
    let messages: Vec<_> = (0..31).map(|_| world.message(&shop_phone(1), "hello")).collect();
    let first = messages[0].message.clone().expect("one").provider_message_id;
    let provider = messages[0].address.clone().expect("one").provider;
    let id = InboundId::derive(&[&provider.to_string(), "sim", &first]).uuid();
    let superuser = world.superuser().await;
    let mut elsewhere = superuser.acquire().await.expect("a connection");
    sqlx::query("begin")
        .execute(&mut *elsewhere)
        .await
        .expect("a transaction");
    sqlx::query(
        "insert into orders.inbound_message (id, provider, account, provider_message_id, address, phone, user_id,
             profile_name, kind, body, reply_id, context_id, payload, received_at, trace_id)
         values ($1, $2, 'sim', $3, 'x', '', '', '', 'text', '', '', '', '{}', now(), '')",
    )
    .bind(id)
    .bind(i16::try_from(provider).expect("small"))
    .bind(&first)
    .execute(&mut *elsewhere)
    .await
    .expect("a copy");
    let deliver = |message: &pb::ReceivedMessage| {
        let mut request = By::Operator.asks(pb::ReceiveMessageRequest {
            messages: vec![message.clone()],
        });
        request.set_timeout(Duration::from_secs(3));
        let mut intake = world.intake();
        async move { answer(intake.receive_message(request).await) }
    };
    let mut told = join_all(messages.iter().map(deliver)).await;
    let held = told.remove(0);
    assert!(held.is_err(), "{held:?}");
    for one in told {
        assert_eq!(receipts(&one.expect("in time")), [Receipt::Accepted]);
    }
    sqlx::query("rollback")
        .execute(&mut *elsewhere)
        .await
        .expect("gone");
    let again = deliver(&messages[0]).await.expect("received");
    assert_eq!(receipts(&again).len(), 1);
    let jobs = "select count(distinct body ->> 'inbound_id') from orders.job where kind = 'handle_message'";
    assert_eq!(world.count(jobs).await, 31, "nothing is lost");
    assert_eq!(
        world
            .count("select count(*) from orders.job where kind = 'handle_message'")
            .await,
        31
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_large_deliveries_at_once_do_not_become_one_larger_transaction() {
    let world = World::idle().await;
    let deliveries: Vec<Vec<_>> = (0..40)
        .map(|_| (0..50).map(|_| world.message(&shop_phone(1), "hello")).collect())
        .collect();
    let all = join_all(deliveries.into_iter().map(|delivery| world.receive(delivery))).await;
    for response in all {
        let told = receipts(&response.expect("received"));
        assert_eq!(told, [Receipt::Accepted; 50]);
    }
    let largest =
        "select max(n) from (select count(*) as n from orders.inbound_message group by xmin::text) as t";
    assert!(world.count(largest).await <= 256);
    assert_eq!(
        world.count("select count(*) from orders.inbound_message").await,
        2_000
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_messages_come_at_once_and_more_are_refused() {
    let world = World::new().await;
    let mut messages: Vec<_> = (0..100).map(|_| world.message(&shop_phone(1), "hello")).collect();
    let response = world.receive(messages.clone()).await.expect("received");
    assert!(receipts(&response).iter().all(|r| *r == Receipt::Accepted));
    world.assert_sound().await;
    assert_eq!(world.books().told(&shop_phone(1)).len(), 100);
    messages.push(world.message(&shop_phone(1), "one more"));
    assert_eq!(reason(world.receive(messages).await), "INVALID_ARGUMENT");
    assert_eq!(reason(world.receive(vec![]).await), "INVALID_ARGUMENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_the_database_cannot_hold_are_dropped_wherever_they_stand() {
    let world = World::new().await;
    let mut message = world.message(&shop_phone(1), "hel\0lo");
    let address = message.address.as_mut().expect("one");
    address.address.push('\0');
    address.user_id.push_str("u\0");
    address.account.push('\0');
    let it = message.message.as_mut().expect("one");
    it.profile_name = "\0Dil".to_owned();
    it.context_id = "c\0".to_owned();
    it.reply_id = "\0".to_owned();
    it.kind = "te\0xt".to_owned();
    it.provider_message_id = "wamid\0-nul".to_owned();
    it.payload_json = r#"{"a\u0000":["\u0000b"],"c":"\\u0000"}"#.to_owned();
    let said = world.send(message.clone()).await;
    assert_eq!(said.templates(), ["greeting"]);
    assert_eq!(
        receipts(&world.receive(vec![message]).await.expect("received")),
        [Receipt::Duplicate]
    );
    let kept: serde_json::Value = sqlx::query_scalar("select payload from orders.inbound_message")
        .fetch_one(world.db.pool())
        .await
        .expect("a payload");
    assert_eq!(
        kept,
        serde_json::json!({"a": ["b"], "c": "\\u0000"}),
        "what only looks like a NUL stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_senders_clock_may_be_anywhere() {
    let world = World::new().await;
    for seconds in [i64::MIN, -8_000_000_000_000, 8_000_000_000_000, i64::MAX] {
        let mut message = world.message(&shop_phone(1), "hello");
        message.message.as_mut().expect("one").sent_at = Some(prost_types::Timestamp { seconds, nanos: 0 });
        assert_eq!(world.send(message).await.templates(), ["greeting"], "{seconds}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_sender_or_no_message_is_refused_with_its_place() {
    let world = World::idle().await;
    let spoiled = async |spoil: fn(&mut pb::ReceivedMessage)| {
        let mut message = world.message(&shop_phone(1), "hello");
        spoil(&mut message);
        let whole = world.message(&shop_phone(1), "hello");
        let fault = world.receive(vec![whole, message]).await.expect_err("refused");
        fault.violations()[0].field.clone()
    };
    assert_eq!(spoiled(|m| m.address = None).await, "messages[1].address");
    assert_eq!(spoiled(|m| m.message = None).await, "messages[1].address");
    assert_eq!(
        spoiled(|m| m.address.as_mut().expect("one").provider = 0).await,
        "messages[1].provider"
    );
    assert_eq!(
        spoiled(|m| m.address.as_mut().expect("one").address.clear()).await,
        "messages[1].address"
    );
    assert_eq!(
        spoiled(|m| m.message.as_mut().expect("one").provider_message_id = "m".repeat(513)).await,
        "messages[1].message.provider_message_id"
    );
    assert_eq!(
        spoiled(|m| m.address.as_mut().expect("one").user_id = "u".repeat(256)).await,
        "messages[1].address.user_id"
    );
    assert_eq!(
        spoiled(|m| m.address.as_mut().expect("one").provider = 99).await,
        "messages[1].address.provider"
    );
    assert_eq!(
        spoiled(|m| m.message.as_mut().expect("one").payload_json = "{".to_owned()).await,
        "messages[1].payload_json"
    );
    assert_eq!(
        world.count("select count(*) from orders.inbound_message").await,
        0,
        "all or nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_sender_are_handled_in_order_also_when_the_first_fails_twice() {
    let world = World::new().await;
    let fails = || Play::Refuse(Fault::bug("a mistake"));
    world.script("FindParty", [fails(), fails()]);
    let texts = ["2 jeera", "confirm", "hello", "thanks", "help"];
    for text in texts {
        world
            .receive(vec![world.message(&shop_phone(1), text)])
            .await
            .expect("received");
    }
    world.quiet().await;
    let told: Vec<String> = world
        .books()
        .notices
        .iter()
        .filter(|n| n.dedup_key.starts_with("inb_"))
        .map(|n| n.template.clone())
        .collect();
    assert_eq!(
        told,
        ["quote", "greeting", "thanks", "help"],
        "the confirmed order speaks for itself"
    );
    assert_eq!(world.count("select count(*) from orders.purchase_order").await, 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_can_never_be_handled_is_parked_and_lets_the_next_ones_pass() {
    let world = World::idle().await;
    let bad = world
        .receive(vec![world.message(&shop_phone(1), "hello")])
        .await
        .expect("received");
    let id = bad.inbound_ids[0].clone();
    // As if nineteen attempts had failed already.
    sqlx::query("update orders.job set faults = 19")
        .execute(world.db.pool())
        .await
        .expect("nearly over");
    world.script("FindParty", [Play::Refuse(Fault::bug("a mistake"))]);
    let next = world
        .receive(vec![world.message(&shop_phone(1), "thanks")])
        .await
        .expect("received");
    world.begin_jobs();
    let said = world.ended(&next.inbound_ids[0]).await;
    assert_eq!(said.templates(), ["thanks"]);
    let parked =
        "select count(*) from orders.job where parked_at is not null and last_fault like 'INTERNAL%'";
    assert_eq!(world.count(parked).await, 1);
    // An operator lets it run again when the mistake is mended.
    sqlx::query("update orders.job set parked_at = null, faults = 0")
        .execute(world.db.pool())
        .await
        .expect("again");
    assert_eq!(world.ended(&id).await.templates(), ["greeting"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_do_not_wait_for_each_other() {
    let world = World::new().await;
    let gate = crate::world::stage::Gate::new();
    world.script("FindParty", [Play::Wait(gate.clone())]);
    let slow = world
        .receive(vec![world.message(&shop_phone(1), "hello")])
        .await
        .expect("received");
    gate.arrived().await;
    world
        .receive(vec![world.message(&shop_phone(2), "hello")])
        .await
        .expect("received");
    world
        .eventually("the other is answered", async || {
            world.books().told(&shop_phone(2)) == ["greeting"]
        })
        .await;
    gate.open();
    world.ended(&slow.inbound_ids[0]).await;
    world.assert_sound().await;
}
