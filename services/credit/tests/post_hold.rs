use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use khaacho_proto::credit::v1 as pb;

use crate::world::{World, answer, by_finance, delivery, reason, stamp, start, vendor};

async fn lines(world: &World, shop: &pb::Account) -> BTreeMap<String, i64> {
    let body = pb::ListEntriesRequest {
        account: shop.account_id.clone(),
        ..pb::ListEntriesRequest::default()
    };
    let listed = answer(world.ledger().list_entries(by_finance(body)).await).expect("listed");
    let newest = listed.entries.into_iter().next().expect("an entry");
    newest
        .lines
        .into_iter()
        .map(|line| (line.ledger_account, line.amount_paisa))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_becomes_a_balanced_entry_and_an_invoice_with_a_due_date() {
    let world = World::new().await;
    let shop = world.shop(50_000_00).await;
    world.place(&shop, "a", 113_00).await.expect("held");
    let delivered = start() - TimeDelta::hours(2);
    let body = pb::PostHoldRequest {
        vat_paisa: 13_00,
        vendor_paisa: 95_00,
        delivered_at: stamp(delivered),
        ..delivery("a", 113_00)
    };
    let posted = world.post_as(body).await.expect("posted");
    assert_eq!(posted.invoice_number, "INV8384-000001");
    assert_eq!(posted.due_at, stamp(delivered + TimeDelta::days(21)));
    let balance = posted.balance.expect("a balance");
    assert_eq!(
        (balance.owed_paisa, balance.held_paisa, balance.next_due_paisa),
        (113_00, 0, 113_00)
    );
    let expected: BTreeMap<String, i64> = [
        (format!("receivable:{}", shop.account_id), 113_00),
        (format!("payable:{}", vendor()), -95_00),
        ("vat_payable".to_owned(), -13_00),
        ("revenue".to_owned(), -5_00),
    ]
    .into();
    assert_eq!(lines(&world, &shop).await, expected);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_posting_is_the_first_one() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    let first = world.deliver(&shop, "a", 60_00).await;
    let again = world.post("a", 60_00).await.expect("posted before");
    assert_eq!(first, again);
    let later = pb::PostHoldRequest {
        delivered_at: stamp(start() - TimeDelta::hours(1)),
        ..delivery("a", 60_00)
    };
    assert_eq!(
        world.post_as(later).await.expect("the first one stands").due_at,
        first.due_at
    );
    assert_eq!(reason(world.post("a", 59_00).await), "REQUEST_ID_REUSED");
    assert_eq!(world.count("select count(*) from credit.entry").await, 1);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_of_one_posting_at_the_same_time_are_one_debt() {
    let world = Arc::new(World::new().await);
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 60_00).await.expect("held");
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let world = world.clone();
        set.spawn(async move { world.post("a", 60_00).await.expect("posted").invoice_number });
    }
    let numbers = set.join_all().await;
    assert!(numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
    assert_eq!(world.balance(&shop).await.owed_paisa, 60_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_delivery_posts_less_and_frees_the_rest() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 60_00).await.expect("held");
    let balance = world
        .post("a", 40_00)
        .await
        .expect("posted")
        .balance
        .expect("a balance");
    assert_eq!(
        (balance.owed_paisa, balance.held_paisa, balance.available_paisa),
        (40_00, 0, 60_00)
    );
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_that_do_not_fit_are_refused() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    assert_eq!(reason(world.post("unknown", 1_00).await), "HOLD_UNKNOWN");
    world.place(&shop, "a", 60_00).await.expect("held");
    assert_eq!(reason(world.post("a", 61_00).await), "BAD_AMOUNTS");
    let vat = pb::PostHoldRequest {
        vat_paisa: 61_00,
        ..delivery("a", 60_00)
    };
    assert_eq!(reason(world.post_as(vat).await), "BAD_AMOUNTS");
    let future = pb::PostHoldRequest {
        delivered_at: stamp(start() + TimeDelta::days(1)),
        ..delivery("a", 60_00)
    };
    assert_eq!(reason(world.post_as(future).await), "INVALID_ARGUMENT");
    assert_eq!(world.balance(&shop).await.held_paisa, 60_00);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_paid_ahead_pays_its_next_invoices_from_the_advance() {
    let world = World::new().await;
    let shop = world.shop(0).await;
    let paid = world.pay(&shop, 100_00).await.balance.expect("a balance");
    assert_eq!((paid.owed_paisa, paid.available_paisa), (-100_00, 100_00));
    let first = world.deliver(&shop, "a", 70_00).await.balance.expect("a balance");
    assert_eq!((first.owed_paisa, first.next_due_paisa), (-30_00, 0));
    world.pay(&shop, 20_00).await;
    let second = world.deliver(&shop, "b", 50_00).await.balance.expect("a balance");
    assert_eq!((second.owed_paisa, second.next_due_paisa), (0, 0));
    assert_eq!(reason(world.place(&shop, "c", 1).await), "CREDIT_SHORT");
    assert_eq!(world.count("select count(*) from credit.allocation").await, 3);
    world.assert_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_at_a_loss_balances_too() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 60_00).await.expect("held");
    let body = pb::PostHoldRequest {
        vendor_paisa: 65_00,
        ..delivery("a", 60_00)
    };
    world.post_as(body).await.expect("posted");
    assert_eq!(lines(&world, &shop).await["revenue"], 5_00);
    world.assert_books().await;
}
