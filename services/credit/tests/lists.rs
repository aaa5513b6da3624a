use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, by_shop, reason};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_come_by_code_in_pages_that_miss_and_repeat_nothing() {
    let world = World::new().await;
    for _ in 0..7 {
        world.shop(1_00).await;
    }
    let mut codes = Vec::new();
    let mut page_token = String::new();
    loop {
        let body = pb::ListAccountsRequest {
            page_size: 3,
            page_token,
            state: 0,
        };
        let page = answer(world.accounts().list_accounts(by_finance(body)).await).expect("a page");
        assert!(page.accounts.len() <= 3);
        codes.extend(page.accounts.into_iter().map(|account| account.code));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> = (1..=7).map(|n| format!("R{n:05}")).collect();
    assert_eq!(codes, expected);

    let blocked = pb::ListAccountsRequest {
        state: pb::AccountState::Blocked.into(),
        ..Default::default()
    };
    let none = answer(world.accounts().list_accounts(by_finance(blocked)).await).expect("a page");
    assert!(none.accounts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_and_payments_come_newest_first_in_pages() {
    let world = World::new().await;
    let shop = world.shop(1000_00).await;
    for n in 1..=5 {
        world.hand.advance(std::time::Duration::from_secs(60));
        world.pay(&shop, n * 1_00).await;
    }
    let (mut entries, mut payments) = (Vec::new(), Vec::new());
    let (mut entry_token, mut payment_token) = (String::new(), String::new());
    for _ in 0..3 {
        let body = pb::ListEntriesRequest {
            account: shop.code.clone(),
            page_size: 2,
            page_token: entry_token,
        };
        let page = answer(world.ledger().list_entries(by_finance(body)).await).expect("a page");
        entries.extend(page.entries.into_iter().map(|entry| entry.lines[0].amount_paisa));
        entry_token = page.next_page_token;
        let body = pb::ListPaymentsRequest {
            page_size: 2,
            page_token: payment_token,
            account_id: String::new(),
        };
        let page = answer(world.payments().list_payments(by_finance(body)).await).expect("a page");
        payments.extend(page.payments.into_iter().map(|payment| payment.amount_paisa));
        payment_token = page.next_page_token;
    }
    let expected = [5_00, 4_00, 3_00, 2_00, 1_00];
    assert_eq!(
        (entries.as_slice(), payments.as_slice()),
        (&expected[..], &expected[..])
    );
    assert_eq!((entry_token, payment_token), (String::new(), String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_lists_only_its_own_payments() {
    let world = World::new().await;
    let (own, other) = (world.shop(0).await, world.shop(0).await);
    world.pay(&own, 1_00).await;
    world.pay(&other, 2_00).await;
    let list = |account_id: &str| {
        let body = pb::ListPaymentsRequest {
            account_id: account_id.to_owned(),
            ..Default::default()
        };
        let request = by_shop(&own.account_id, body);
        let mut payments = world.payments();
        async move { answer(payments.list_payments(request).await) }
    };
    for named in ["", &own.account_id, &own.code] {
        let page = list(named).await.expect("a page");
        assert_eq!(
            page.payments
                .iter()
                .map(|payment| payment.amount_paisa)
                .collect::<Vec<_>>(),
            [1_00]
        );
    }
    assert_eq!(reason(list(&other.code).await), "ACCOUNT_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_limits_and_tokens_are_checked() {
    let world = World::new().await;
    let large = pb::ListAccountsRequest {
        page_size: 101,
        ..Default::default()
    };
    let refused = answer(world.accounts().list_accounts(by_finance(large)).await).expect_err("too large");
    assert_eq!(refused.violations()[0].field, "page_size");
    let forged = pb::ListAccountsRequest {
        page_token: "x".to_owned(),
        ..Default::default()
    };
    let refused = answer(world.accounts().list_accounts(by_finance(forged)).await).expect_err("not ours");
    assert_eq!(refused.violations()[0].field, "page_token");
}
