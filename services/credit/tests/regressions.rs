//! Mistakes of an older system of this kind, by their number in its list, that must not come back.

use khaacho_proto::credit::v1 as pb;

use crate::world::{World, delivery, reason};

/// The debt of an order was added twice.
#[tokio::test(flavor = "multi_thread")]
async fn k1_the_debt_of_an_order_is_added_once() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.place(&shop, "a", 60_00).await.expect("held");
    world.place(&shop, "a", 60_00).await.expect("held");
    for _ in 0..3 {
        world.post("a", 60_00).await.expect("posted");
    }
    let balance = world.balance(&shop).await;
    assert_eq!(
        (balance.owed_paisa, balance.held_paisa, balance.available_paisa),
        (60_00, 0, 40_00)
    );
    assert_eq!(
        world
            .count("select sum(d_owed_paisa)::bigint from credit.account_event")
            .await,
        60_00
    );
    world.assert_books().await;
}

/// The credit limit was checked nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn k2_no_order_passes_the_credit_limit_by_any_way() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    assert_eq!(
        reason(world.place(&shop, "too much", 100_01).await),
        "CREDIT_SHORT"
    );
    world.deliver(&shop, "debt counts", 70_00).await;
    world.place(&shop, "holds count", 20_00).await.expect("held");
    assert_eq!(
        reason(world.place(&shop, "both count", 10_01).await),
        "CREDIT_SHORT"
    );
    world.place(&shop, "the last paisa", 10_00).await.expect("held");
    // a posting cannot smuggle in more than was held, nor post what was never held
    assert_eq!(reason(world.post("holds count", 20_01).await), "BAD_AMOUNTS");
    assert_eq!(reason(world.post("never held", 1).await), "HOLD_UNKNOWN");
    // cancelling and asking again does not open a way either
    world.release(&shop, "the last paisa").await.expect("released");
    assert_eq!(
        reason(world.place(&shop, "the last paisa", 10_00).await),
        "HOLD_RELEASED"
    );
    assert_eq!(reason(world.place(&shop, "again", 10_01).await), "CREDIT_SHORT");
    world.assert_books().await;
}

/// Money was a floating-point number.
#[tokio::test(flavor = "multi_thread")]
async fn k3_every_paisa_of_a_large_odd_amount_is_kept() {
    let world = World::new().await;
    let shop = world.shop(1_000_000_000_000).await;
    let odd = 999_999_999_999;
    world.place(&shop, "a", odd).await.expect("held");
    let body = pb::PostHoldRequest {
        vat_paisa: 115_044_247_787,
        vendor_paisa: 884_955_752_211,
        ..delivery("a", odd)
    };
    let balance = world
        .post_as(body)
        .await
        .expect("posted")
        .balance
        .expect("a balance");
    assert_eq!((balance.owed_paisa, balance.available_paisa), (odd, 1));
    assert_eq!(
        world
            .count("select amount_paisa from credit.entry_line where ledger_account = 'revenue'")
            .await,
        -1
    );
    world.assert_books().await;
}

/// Balances came from a cached field, and nothing could see that it was wrong.
#[tokio::test(flavor = "multi_thread")]
async fn k7_a_balance_that_parts_from_the_journal_is_seen() {
    let world = World::new().await;
    let shop = world.shop(100_00).await;
    world.deliver(&shop, "a", 60_00).await;
    world.assert_books().await;
    sqlx::query("update credit.account set owed_paisa = owed_paisa - 1")
        .execute(world.db.pool())
        .await
        .expect("drifts");
    let drift = include_str!("../src/store/sql/ledger_drift.sql");
    let row: (i64, i64, i64, i64, i64) = sqlx::query_as(drift)
        .fetch_one(world.db.pool())
        .await
        .expect("measured");
    assert_eq!(
        row,
        (0, 1, 0, 1, 1),
        "trial balance, receivable, held, invoices, events"
    );
}
