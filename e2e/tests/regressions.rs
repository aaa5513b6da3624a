//! Mistakes that an earlier system of this name made, one test each. (Whether a debt counts once and is what its ledger
//! says, every test checks at its end; see `khaacho_e2e::check`.)

use std::collections::BTreeSet;

use futures_util::future::join_all;
use khaacho_e2e::world::{self, Product};
use khaacho_e2e::{Rest, SOON, TestMesh};
use khaacho_rpc::Role;
use serde_json::{Value, json};

const ORDERS: &str = "/api/v1/orders";

/// A mesh whose first vendor has this many of a product at Rs 100 and 13 % VAT.
async fn market(units: i64) -> (TestMesh, Product) {
    let mesh = TestMesh::all_in_one(&[]).await;
    let product = world::product(&mesh, "TEST-GHEE", "Test ghee", 10_000).await;
    let vendors = world::vendors(&mesh).await;
    world::offer(&mesh, &vendors[..1], &product.sku, 10_000, units).await;
    (mesh, product)
}

async fn place(rest: &Rest, account: &str, sku: &str, units: u32) -> Value {
    let body = json!({ "account_id": account, "lines": [{ "sku": sku, "quantity": units.to_string() }] });
    rest.post_with(ORDERS, &[("Prefer", "wait=8")], body).await.ok()["order"].clone()
}

/// K1 and K7: an order of Rs 113 makes a debt of Rs 113, in the account as in the ledger.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debt_counts_once() {
    let (mesh, product) = market(100).await;
    let shop = world::rich_shop(&mesh).await;
    let rest = mesh.rest();
    let order = place(&rest, &shop.account_id, &product.sku, 1).await;
    let id = order["orderId"].as_str().expect("an id");
    for step in ["accept", "pack", "dispatch", "sendOut", "deliver"] {
        rest.post(&format!("{ORDERS}/{id}:{step}"), json!({})).await.ok();
    }
    khaacho_e2e::check::quiesce(&mesh.database, mesh.now()).await;
    assert_eq!(world::balance(&mesh, &shop.account_id).await["owedPaisa"], 11_300);
    let entries = rest
        .get(&format!("/api/v1/accounts/{}/entries", shop.account_id))
        .await
        .ok();
    assert_eq!(entries["entries"].as_array().map(Vec::len), Some(1), "{entries}");
    let lines = entries["entries"][0]["lines"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let sum: i64 = lines.iter().filter_map(|line| line["amountPaisa"].as_i64()).sum();
    assert_eq!(sum, 0, "{lines:?}");
    mesh.finish().await;
}

/// K2: the limit holds on the order path, also for orders that come together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_come_together_do_not_pass_the_credit_limit() {
    let (mesh, product) = market(1000).await;
    let shop = world::rich_shop(&mesh).await;
    let path = format!("/api/v1/accounts/{}:setLimit", shop.account_id);
    let limit = json!({ "limit_paisa": 3 * 11_300 + 11_299, "reason": "a test" });
    mesh.rest_as(Role::Finance, None)
        .await
        .post(&path, limit)
        .await
        .ok();
    let rest = mesh.rest();
    let orders = join_all((0..8).map(|_| place(&rest, &shop.account_id, &product.sku, 1))).await;
    let refused: Vec<_> = orders
        .iter()
        .filter(|order| order["status"] == "ORDER_STATUS_REFUSED")
        .collect();
    assert_eq!(refused.len(), 5, "three fit: {orders:#?}");
    assert!(refused.iter().all(|order| order["reason"] == "CREDIT_SHORT"));
    assert_eq!(
        world::balance(&mesh, &shop.account_id).await["heldPaisa"],
        3 * 11_300
    );
    mesh.finish().await;
}

/// K3: money is whole paisa and VAT is rounded once, on the sum.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vat_is_rounded_once_and_half_up() {
    let (mesh, product) = market(1000).await;
    let vendors = world::vendors(&mesh).await;
    let shop = world::rich_shop(&mesh).await;
    // 13 % of 50 paisa are 6.5 paisa; of three times 50 paisa 19.5.
    world::offer(&mesh, &vendors[..1], &product.sku, 50, 1000).await;
    for (units, vat) in [(1, 7), (3, 20), (7, 46), (100, 650)] {
        let lines = json!([{ "sku": product.sku, "quantity": units.to_string() }]);
        let asked = json!({ "account_id": shop.account_id, "lines": lines });
        let quote = mesh.rest().post("/api/v1/orders:quote", asked).await.ok()["quote"].clone();
        assert_eq!(quote["vatPaisa"], vat, "{units} units: {quote}");
    }
    mesh.finish().await;
}

/// K4: the last of the stock is sold once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shops_that_come_together_do_not_oversell_the_last_stock() {
    let (mesh, product) = market(10).await;
    let rest = mesh.rest();
    let shops = world::shops(&mesh, "ne").await;
    let orders = join_all(
        shops[..9]
            .iter()
            .map(|shop| place_or_not(&rest, &shop.account_id, &product.sku, 3)),
    )
    .await;
    let sold = orders
        .iter()
        .filter(|status| *status == "ORDER_STATUS_SENT_TO_VENDOR")
        .count();
    assert_eq!(sold, 3, "ten units are three times three: {orders:?}");
    let sql = "select on_hand_milli - reserved_milli from inventory.stock where sku = $1";
    let left: i64 = sqlx::query_scalar(sql)
        .bind(&product.sku)
        .fetch_one(&mesh.database)
        .await
        .expect("a row");
    assert_eq!(left, 1000);
    mesh.finish().await;
}

/// The status of the order; the reason when it was refused before it became one.
async fn place_or_not(rest: &Rest, account: &str, sku: &str, units: u32) -> String {
    let body = json!({ "account_id": account, "lines": [{ "sku": sku, "quantity": units.to_string() }] });
    let answer = rest.post_with(ORDERS, &[("Prefer", "wait=8")], body).await;
    let word = if answer.status == 200 {
        &answer.body["order"]["status"]
    } else {
        &answer.body["reason"]
    };
    word.as_str().unwrap_or("nothing").to_owned()
}

/// K5: numbers grow and are given once, whatever was refused in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn order_numbers_grow_and_are_given_once() {
    let (mesh, product) = market(1000).await;
    let rest = mesh.rest();
    let shop = world::rich_shop(&mesh).await;
    let poor = world::shop(&mesh, "R002").await;
    let mut last = String::new();
    for _ in 0..3 {
        place(&rest, &poor.account_id, &product.sku, 1).await;
        let number = place(&rest, &shop.account_id, &product.sku, 1).await["orderNumber"].to_string();
        assert!(number > last, "{number} after {last}");
        last = number;
    }
    let crowd = join_all((0..8).map(|_| place(&rest, &shop.account_id, &product.sku, 1))).await;
    let numbers: BTreeSet<String> = crowd
        .iter()
        .map(|order| order["orderNumber"].to_string())
        .collect();
    assert_eq!(numbers.len(), 8);
    assert!(numbers.iter().all(|number| *number > last));
    mesh.finish().await;
}

/// K6: a request that failed is not remembered as done, but as refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_stays_refused_and_can_be_asked_for_anew_once_the_cause_is_cured() {
    let (mesh, product) = market(2).await;
    let rest = mesh.rest();
    let shop = world::rich_shop(&mesh).await;
    let body = json!({ "account_id": shop.account_id, "lines": [{ "sku": product.sku, "quantity": "5" }] });
    let headers = [("Idempotency-Key", "cure-me"), ("Prefer", "wait=5")];
    let refused = rest.post_with(ORDERS, &headers, body.clone()).await;
    assert_eq!(
        (refused.status, refused.header("idempotent-replay")),
        (422, ""),
        "{}",
        refused.text
    );
    let vendors = world::vendors(&mesh).await;
    world::offer(&mesh, &vendors[..1], &product.sku, 10_000, 9).await;
    let copy = rest.post_with(ORDERS, &headers, body.clone()).await;
    assert_eq!(
        (
            copy.status,
            copy.header("idempotent-replay"),
            &copy.body["reason"]
        ),
        (422, "true", &refused.body["reason"]),
        "{}",
        copy.text
    );
    let headers = [("Idempotency-Key", "cured"), ("Prefer", "wait=5")];
    let placed = rest.post_with(ORDERS, &headers, body).await;
    assert_eq!(placed.header("idempotent-replay"), "", "{}", placed.text);
    assert_eq!(placed.ok()["order"]["status"], "ORDER_STATUS_SENT_TO_VENDOR");
    mesh.finish().await;
}

/// K8: a status follows the graph, whoever asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_is_skipped_repeated_or_undone() {
    let (mesh, product) = market(100).await;
    let rest = mesh.rest();
    let shop = world::rich_shop(&mesh).await;
    let order = place(&rest, &shop.account_id, &product.sku, 1).await;
    let id = order["orderId"].as_str().expect("an id").to_owned();
    let step = async |verb: &str| {
        let body = if verb == "cancel" {
            json!({ "reason": "a test" })
        } else {
            json!({})
        };
        rest.post(&format!("{ORDERS}/{id}:{verb}"), body).await
    };
    for verb in ["pack", "dispatch", "sendOut", "deliver", "complete"] {
        step(verb).await.refused(422, "WRONG_STATUS");
    }
    step("accept").await.ok();
    step("accept").await.refused(422, "OFFER_GONE");
    for verb in ["dispatch", "sendOut", "deliver", "complete"] {
        step(verb).await.refused(422, "WRONG_STATUS");
    }
    for verb in ["pack", "dispatch", "sendOut", "deliver"] {
        step(verb).await.ok();
        step(verb).await.refused(422, "WRONG_STATUS");
    }
    step("cancel").await.refused(422, "WRONG_STATUS");
    khaacho_e2e::check::quiesce(&mesh.database, mesh.now()).await;
    step("complete").await.ok();
    for verb in ["pack", "deliver", "cancel", "complete"] {
        step(verb).await.refused(422, "WRONG_STATUS");
    }
    world::order_is(&mesh, &id, "COMPLETED", SOON).await;
    mesh.finish().await;
}

/// K9: each migration of a schema has a number of its own, and they follow each other.
#[test]
fn migrations_are_numbered_once() {
    for set in khaacho::migrate::all() {
        let numbers: Vec<i32> = set.steps.iter().map(|step| step.version).collect();
        let wanted: Vec<i32> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, wanted, "schema {}", set.schema);
    }
}
