use khaacho_proto::common::v1::Language;
use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, by_shop, reason};

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_account_reads_back_by_id_and_by_code() {
    let world = World::new().await;
    let request = pb::OpenAccountRequest {
        code: "r007".to_owned(),
        language: Language::Ne.into(),
        municipality: "Birendranagar".to_owned(),
        ward: 6,
        latitude: 28.6033,
        longitude: 81.6115,
        ..world.new_shop(50_000_00)
    };
    let opened = answer(world.accounts().open_account(by_finance(request)).await).expect("opened");
    let opened = opened.account.expect("an account");
    assert_eq!((opened.code.as_str(), opened.version), ("R007", 1));
    for name in [opened.account_id.clone(), "R007".to_owned(), "r007".to_owned()] {
        let body = pb::GetAccountRequest { account: name };
        let read = answer(world.accounts().get_account(by_finance(body)).await).expect("read");
        assert_eq!(read.account.as_ref(), Some(&opened));
    }
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_go_on_after_the_given_ones() {
    let world = World::new().await;
    for code in ["R001", "R002", "R040"] {
        let request = pb::OpenAccountRequest {
            code: code.to_owned(),
            ..world.new_shop(0)
        };
        answer(world.accounts().open_account(by_finance(request)).await).expect("opened");
    }
    assert_eq!(world.shop(0).await.code, "R00041");
    assert_eq!(world.shop(0).await.code, "R00042");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_opening_has_one_effect_and_another_body_is_refused() {
    let world = World::new().await;
    let request = world.new_shop(50_000_00);
    let first = answer(world.accounts().open_account(by_finance(request.clone())).await).expect("opened");
    let again = answer(world.accounts().open_account(by_finance(request.clone())).await).expect("replayed");
    assert_eq!(first, again);
    assert_eq!(world.count("select count(*) from credit.account").await, 1);

    let other = pb::OpenAccountRequest {
        limit_paisa: 1,
        ..request
    };
    let refused = answer(world.accounts().open_account(by_finance(other)).await);
    assert_eq!(reason(refused), "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_and_a_phone_belong_to_one_account() {
    let world = World::new().await;
    let first = world.shop(0).await;
    let same_code = pb::OpenAccountRequest {
        code: first.code.clone(),
        ..world.new_shop(0)
    };
    let refused = answer(world.accounts().open_account(by_finance(same_code)).await).expect_err("taken");
    assert_eq!(
        (refused.reason(), refused.facts()["field"].as_str()),
        ("ACCOUNT_EXISTS", "code")
    );

    let same_phone = pb::OpenAccountRequest {
        phones: first.phones.clone(),
        ..world.new_shop(0)
    };
    let refused = answer(world.accounts().open_account(by_finance(same_phone)).await).expect_err("taken");
    assert_eq!(
        (refused.reason(), refused.facts()["field"].as_str()),
        ("ACCOUNT_EXISTS", "phones")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_reads_its_own_account_and_no_other_exists_for_it() {
    let world = World::new().await;
    let (own, other) = (world.shop(1_00).await, world.shop(2_00).await);
    let read = |who: &pb::Account, name: &str| {
        let request = by_shop(
            &who.account_id,
            pb::GetAccountRequest {
                account: name.to_owned(),
            },
        );
        let mut accounts = world.accounts();
        async move { answer(accounts.get_account(request).await) }
    };
    assert!(read(&own, &own.code).await.is_ok());
    let foreign = read(&own, &other.account_id).await.expect_err("foreign");
    let unknown = read(&own, "R99999").await.expect_err("unknown");
    assert_eq!(foreign.reason(), "ACCOUNT_UNKNOWN");
    assert_eq!(
        (foreign.kind(), foreign.sentence()),
        (unknown.kind(), unknown.sentence())
    );

    let balance = pb::GetBalanceRequest {
        account: other.code.clone(),
    };
    let foreign = answer(
        world
            .ledger()
            .get_balance(by_shop(&own.account_id, balance))
            .await,
    );
    assert_eq!(reason(foreign), "ACCOUNT_UNKNOWN");
    let entries = pb::ListEntriesRequest {
        account: other.code,
        ..pb::ListEntriesRequest::default()
    };
    let foreign = answer(
        world
            .ledger()
            .list_entries(by_shop(&own.account_id, entries))
            .await,
    );
    assert_eq!(reason(foreign), "ACCOUNT_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_change_is_written_down_with_who_why_before_and_after() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    let changed = world.set_limit(&shop, 60_000_00).await;
    assert_eq!(changed.version, 2);
    let row: (String, String, i64, i64) = sqlx::query_as(
        "select actor, reason, (before ->> 'limit_paisa')::bigint, (after ->> 'limit_paisa')::bigint
         from credit.account_change where kind = 'limit_set'",
    )
    .fetch_one(world.db.pool())
    .await
    .expect("one row");
    assert_eq!(
        row,
        (
            "key_finance".to_owned(),
            "a test".to_owned(),
            50_000_00,
            60_000_00
        )
    );
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_needs_a_reason() {
    let world = World::new().await;
    let shop = world.shop(1).await;
    let body = pb::SetLimitRequest {
        request_id: world.request_id(),
        account: shop.code,
        limit_paisa: 2,
        reason: "  ".to_owned(),
    };
    assert_eq!(
        reason(answer(world.accounts().set_limit(by_finance(body)).await)),
        "REASON_MISSING"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_shop_may_pay_but_not_order_until_it_is_unblocked() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    let block = pb::BlockAccountRequest {
        request_id: world.request_id(),
        account: shop.code.clone(),
        reason: "cheque bounced".to_owned(),
    };
    let blocked = answer(world.accounts().block_account(by_finance(block)).await).expect("blocked");
    assert_eq!(
        blocked.account.expect("an account").state(),
        pb::AccountState::Blocked
    );

    let refused = world.place(&shop, "a", 1_00).await.expect_err("blocked");
    assert_eq!(
        (refused.reason(), refused.facts()["block_reason"].as_str()),
        ("ACCOUNT_BLOCKED", "cheque bounced")
    );
    world.pay(&shop, 5_00).await;

    let unblock = pb::UnblockAccountRequest {
        request_id: world.request_id(),
        account: shop.code.clone(),
        reason: "paid".to_owned(),
    };
    let unblocked = answer(world.accounts().unblock_account(by_finance(unblock)).await).expect("unblocked");
    assert_eq!(unblocked.account.expect("an account").block_reason, "");
    world.place(&shop, "a", 1_00).await.expect("held");
    world.assert_books().await;
}
