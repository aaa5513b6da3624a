use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, by_order, reason};

async fn find(world: &World, phone: &str, user_id: &str) -> Option<pb::Account> {
    let body = pb::FindPartyRequest {
        phone: phone.to_owned(),
        user_id: user_id.to_owned(),
    };
    let found = answer(world.parties().find_party(by_order(body)).await).expect("an answer");
    assert_eq!(found.found, found.account.is_some());
    found.account
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_finds_its_shop_without_balance() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    let found = find(&world, &shop.phones[0], "").await.expect("found");
    assert_eq!((found.account_id, found.balance), (shop.account_id, None));
    assert_eq!(find(&world, "+9779841999999", "").await, None);
    assert_eq!(find(&world, "no phone", "").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_came_with_a_known_phone_is_remembered() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    assert_eq!(find(&world, "", "NP.4308").await, None);
    assert!(find(&world, &shop.phones[0], "NP.4308").await.is_some());
    let later = find(&world, "", "NP.4308").await.expect("known now");
    assert_eq!(later.account_id, shop.account_id);
    assert_eq!(
        world
            .count("select count(*) from credit.account_change where kind = 'identity_linked'")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_looked_up_in_vain_is_known_as_soon_as_its_account_is_open() {
    let world = World::new().await;
    let request = world.new_shop(0);
    assert_eq!(find(&world, &request.phones[0], "").await, None);
    let phone = request.phones[0].clone();
    answer(world.accounts().open_account(by_finance(request)).await).expect("opened");
    assert!(find(&world, &phone, "").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_shows_at_the_next_look_up() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    find(&world, &shop.phones[0], "").await.expect("cached");
    let block = pb::BlockAccountRequest {
        request_id: world.request_id(),
        account: shop.code.clone(),
        reason: "late".to_owned(),
    };
    answer(world.accounts().block_account(by_finance(block)).await).expect("blocked");
    let found = find(&world, &shop.phones[0], "").await.expect("found");
    assert_eq!(
        (found.state(), found.block_reason.as_str()),
        (pb::AccountState::Blocked, "late")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_to_be_named() {
    let world = World::new().await;
    let body = pb::FindPartyRequest::default();
    assert_eq!(
        reason(answer(world.parties().find_party(by_order(body)).await)),
        "INVALID_ARGUMENT"
    );
}
