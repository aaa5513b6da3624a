use std::sync::atomic::Ordering;

use khaacho_lifecycle::Part;
use khaacho_proto::common::v1::Language;
use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance};

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_payment_is_told_to_the_first_phone_of_the_shop() {
    let world = World::start(&[Part::Serve, Part::Jobs]).await;
    let request = pb::OpenAccountRequest {
        phones: vec!["9841200001".to_owned(), "9841200002".to_owned()],
        language: Language::Ne.into(),
        ..world.new_shop(100_00)
    };
    let shop = answer(world.accounts().open_account(by_finance(request)).await).expect("opened");
    let shop = shop.account.expect("an account");
    let paid = world.pay(&shop, 25_00).await.payment.expect("a payment");
    world
        .eventually("the notice", async || {
            !world.notices.lock().expect("unpoisoned").is_empty()
        })
        .await;
    world
        .eventually("the end of the job", async || {
            world.count("select count(*) from credit.job").await == 0
        })
        .await;

    let notices = world.notices.lock().expect("unpoisoned").clone();
    assert_eq!(notices.len(), 1);
    let notice = &notices[0];
    assert_eq!(
        (notice.template.as_str(), &notice.dedup_key),
        ("payment_received", &paid.payment_id)
    );
    assert_eq!(notice.language(), Language::Ne);
    assert_eq!(
        notice.recipient.as_ref().expect("a recipient").phone,
        "+9779841200001"
    );
    let data: serde_json::Value = serde_json::from_str(&notice.data_json).expect("JSON");
    assert_eq!(
        data,
        serde_json::json!({"amount_paisa": 25_00, "method": "CASH", "owed_paisa": -25_00})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_stands_and_is_told_later_when_nobody_can_tell_it_now() {
    let world = World::start(&[Part::Serve, Part::Jobs]).await;
    let shop = world.shop(100_00).await;
    world.notification_down.store(true, Ordering::SeqCst);
    world.pay(&shop, 25_00).await;
    world
        .eventually("a failed attempt", async || {
            world
                .count("select count(*) from credit.job where last_fault is not null")
                .await
                == 1
        })
        .await;
    assert_eq!(world.balance(&shop).await.owed_paisa, -25_00);
    world.notification_down.store(false, Ordering::SeqCst);
    world.hand.advance(std::time::Duration::from_secs(60));
    world
        .eventually("the notice", async || {
            world.notices.lock().expect("unpoisoned").len() == 1
        })
        .await;
    world
        .eventually("the end of the job", async || {
            world.count("select count(*) from credit.job").await == 0
        })
        .await;
}
