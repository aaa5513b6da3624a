//! One phone for several shops: on purpose only, ten at most, and all of them are found.

use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, by_order};

/// Opens an account with this phone.
async fn open(world: &World, phone: &str, shared: bool) -> Result<pb::Account, khaacho_fault::Fault> {
    let request = pb::OpenAccountRequest {
        phones: vec![phone.to_owned()],
        shared_phone: shared,
        ..world.new_shop(0)
    };
    let opened = answer(world.accounts().open_account(by_finance(request)).await)?;
    Ok(opened.account.expect("an account"))
}

/// Ids of the accounts that are found, in their order.
async fn found(world: &World, phone: &str, user_id: &str) -> Vec<String> {
    let body = pb::FindPartyRequest {
        phone: phone.to_owned(),
        user_id: user_id.to_owned(),
    };
    let found = answer(world.parties().find_party(by_order(body)).await).expect("an answer");
    assert_eq!(found.found, !found.accounts.is_empty());
    assert_eq!(
        found.account.as_ref(),
        found.accounts.first(),
        "for older callers"
    );
    found.accounts.into_iter().map(|a| a.account_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_shared_on_purpose_only_and_all_its_accounts_are_found() {
    let world = World::new().await;
    let first = world.shop(0).await;
    let phone = first.phones[0].clone();
    assert_eq!(
        found(&world, &phone, "").await,
        [first.account_id.as_str()],
        "cached"
    );

    let refused = open(&world, &phone, false)
        .await
        .expect_err("a slip of the finger");
    assert_eq!(
        (refused.reason(), refused.facts()["field"].as_str()),
        ("ACCOUNT_EXISTS", "phones")
    );
    let second = open(&world, &phone, true).await.expect("shared");
    let third = open(&world, &phone, true).await.expect("shared");
    let all = [&first, &second, &third].map(|account| account.account_id.clone());
    assert_eq!(
        found(&world, &phone, "").await,
        all,
        "the oldest first, past the cache"
    );

    let refused = open(&world, &phone, false).await.expect_err("as before");
    assert_eq!(refused.reason(), "ACCOUNT_EXISTS");
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_to_be_there_to_share_with_and_the_next_one_has_to_say_so() {
    let world = World::new().await;
    let phone = "+9779841777777";
    let first = open(&world, phone, true).await.expect("the first");
    let refused = open(&world, phone, false).await.expect_err("taken");
    assert_eq!(refused.reason(), "ACCOUNT_EXISTS");
    assert_eq!(found(&world, phone, "").await, [first.account_id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_accounts_share_a_phone_whoever_races() {
    let world = World::new().await;
    let phone = "+9779841777778";
    let racers = (0..14).map(|_| open(&world, phone, true));
    let ended = futures_util::future::join_all(racers).await;
    let (opened, refused): (Vec<_>, Vec<_>) = ended.into_iter().partition(Result::is_ok);
    assert_eq!((opened.len(), refused.len()), (10, 4));
    for fault in refused.into_iter().filter_map(Result::err) {
        assert_eq!(
            (fault.reason(), fault.facts()["field"].as_str()),
            ("PHONE_FULL", "phones")
        );
    }
    assert_eq!(found(&world, phone, "").await.len(), 10);
    assert_eq!(world.count("select count(*) from credit.account").await, 10);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_share_nothing_one_gets_the_phone_whoever_races() {
    let world = World::new().await;
    let phone = "+9779841777779";
    let racers = (0..8).map(|_| open(&world, phone, false));
    let ended = futures_util::future::join_all(racers).await;
    let refused: Vec<_> = ended.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 7);
    assert!(refused.iter().all(|fault| fault.reason() == "ACCOUNT_EXISTS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_shows_in_every_list_that_the_account_is_in() {
    let world = World::new().await;
    let first = world.shop(0).await;
    let phone = first.phones[0].clone();
    let second = open(&world, &phone, true).await.expect("shared");
    found(&world, &phone, "NP.1").await;
    found(&world, "", "NP.1").await;
    let block = pb::BlockAccountRequest {
        request_id: world.request_id(),
        account: second.code.clone(),
        reason: "late".to_owned(),
    };
    answer(world.accounts().block_account(by_finance(block)).await).expect("blocked");
    for (phone, user_id) in [(phone.as_str(), ""), ("", "NP.1")] {
        let body = pb::FindPartyRequest {
            phone: phone.to_owned(),
            user_id: user_id.to_owned(),
        };
        let found = answer(world.parties().find_party(by_order(body)).await).expect("an answer");
        let states: Vec<_> = found
            .accounts
            .iter()
            .map(|a| (a.account_id == second.account_id, a.state()))
            .collect();
        let expected = [
            (false, pb::AccountState::Active),
            (true, pb::AccountState::Blocked),
        ];
        assert_eq!(states.len(), 2);
        assert!(expected.iter().all(|state| states.contains(state)), "{states:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_acts_for_all_that_its_phone_acts_for_and_moves_to_no_other() {
    let world = World::new().await;
    let first = world.shop(0).await;
    let phone = first.phones[0].clone();
    found(&world, &phone, "NP.4308").await;
    assert_eq!(found(&world, "", "NP.4308").await, [first.account_id.as_str()]);

    let second = open(&world, &phone, true).await.expect("shared");
    assert_eq!(
        found(&world, "", "NP.4308").await.len(),
        1,
        "learned with the phone only"
    );
    found(&world, &phone, "NP.4308").await;
    let all = found(&world, "", "NP.4308").await;
    assert_eq!(all.len(), 2);
    assert!(all.contains(&first.account_id) && all.contains(&second.account_id));

    let stranger = world.shop(0).await;
    assert_eq!(
        found(&world, &stranger.phones[0], "NP.4308").await,
        [stranger.account_id.as_str()],
        "the phone counts"
    );
    assert!(!found(&world, "", "NP.4308").await.contains(&stranger.account_id));
    let linked = "select count(*) from credit.account_change where kind = 'identity_linked'";
    assert_eq!(world.count(linked).await, 2);
}
