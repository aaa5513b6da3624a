//! The checks themselves: each finds the mistake that it is there for.

use std::collections::BTreeSet;

use khaacho_e2e::world;
use khaacho_e2e::{REPLY, SOON, TestMesh, check};
use serde_json::json;

/// What is done to sound books, and the rule that must notice.
const MISTAKES: &[(&str, &str)] = &[
    (
        "insert into orders.job (id, kind, body, cause, trace_parent, run_at, parked_at)
         values (gen_random_uuid(), 'x', '{}', '', '', now(), now())",
        "nothing is parked",
    ),
    ("update orders.inbound_message set outcome = null", "every message has one outcome"),
    (
        "update notification.notification set cause = '', dedup_key = id::text",
        "every message was answered",
    ),
    ("update orders.purchase_order set status = 'PLACED'", "no order is left half way"),
    (
        "insert into inventory.reservation (reservation_id, order_id, attempt, vendor_id, state, created_at, cause, trace_id)
         select gen_random_uuid(), order_id, 9, vendor_id, 'PENDING', now(), '', '' from inventory.reservation",
        "at most one live reservation an order",
    ),
    ("update credit.hold set state = 'PENDING', settled_at = null", "order, hold, reservation and ledger agree"),
    ("delete from credit.invoice", "order, hold, reservation and ledger agree"),
    (
        "update inventory.reservation_line set quantity_milli = quantity_milli + 1",
        "a live reservation is for the order's lines, at its vendor",
    ),
    (
        "update orders.purchase_order set vat_paisa = vat_paisa + 1, total_paisa = total_paisa + 1",
        "an order's amounts add up",
    ),
    ("update inventory.stock set on_hand_milli = on_hand_milli + 1", "stock is the sum of its moves"),
    (
        "update inventory.stock_move set on_hand_delta_milli = -1000000000 where kind = 'consume'",
        "stock was never oversold",
    ),
    (
        "update inventory.reservation set state = 'PENDING', closed_at = null where state = 'CONSUMED'",
        "reserved stock is what pending reservations hold",
    ),
    ("update credit.entry_line set amount_paisa = amount_paisa + 1 where n = 1", "every entry balances"),
    ("update credit.account set owed_paisa = owed_paisa + 1", "what an account owes is what its ledger says"),
    ("update credit.account set held_paisa = held_paisa + 1", "what an account has on hold are its pending holds"),
    ("delete from credit.account_event where kind = 'hold_placed'", "accounts explain themselves without gaps"),
    ("update credit.account_event set limit_after_paisa = 0", "no limit was passed"),
    ("update credit.invoice set open_paisa = open_paisa - 1", "invoices are open by what was not paid"),
    ("update credit.payment set unallocated_paisa = amount_paisa", "payments are allocated once"),
    ("delete from orders.order_event where to_status = 'PACKING'", "an order's history is a chain along the graph"),
    ("delete from notification.simulated_message", "every notice was shown once"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rule_finds_the_mistake_that_it_is_there_for() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", SOON).await;
    let number = phone.ask("CONFIRM", "is placed", REPLY).await.order_number();
    for step in ["accept", "pack", "dispatch", "sendOut", "deliver"] {
        mesh.rest()
            .post(&format!("/api/v1/orders/{number}:{step}"), json!({}))
            .await
            .ok();
    }
    phone.expect("is delivered", SOON).await;
    let payment = json!({ "account_id": shop.account_id, "amount_paisa": 5000, "method": "CASH" });
    mesh.rest().post("/api/v1/payments", payment).await.ok();
    mesh.quiesce_and_check().await;

    let mut conn = mesh.database.acquire().await.expect("the database answers");
    for (mistake, rule) in MISTAKES.iter().copied() {
        // Triggers and foreign keys would not let such a mistake happen.
        sqlx::raw_sql("begin; set local session_replication_role = replica")
            .execute(&mut *conn)
            .await
            .expect("begun");
        let done = sqlx::query(mistake).execute(&mut *conn).await;
        let changed = done
            .unwrap_or_else(|error| panic!("{mistake}: {error}"))
            .rows_affected();
        assert!(changed > 0, "{mistake} changed nothing");
        let found = check::broken_within(&mut conn).await;
        assert!(
            found.iter().any(|breach| breach.starts_with(rule)),
            "{mistake} was not noticed by {rule:?}: {found:?}"
        );
        sqlx::raw_sql("rollback")
            .execute(&mut *conn)
            .await
            .expect("rolled back");
    }
    drop(conn);
    let tried: BTreeSet<&str> = MISTAKES.iter().map(|(_, rule)| *rule).collect();
    assert_eq!(tried, check::names().collect(), "each rule is tried");
    mesh.finish().await;
}
