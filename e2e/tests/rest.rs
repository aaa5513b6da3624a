//! Orders over REST: idempotency, waiting, versions, and who sees what.

use khaacho_e2e::world::{self, Shop};
use khaacho_e2e::{Rest, SOON, TestMesh};
use khaacho_rpc::Role;
use serde_json::{Value, json};

const ORDERS: &str = "/api/v1/orders";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_over_rest_keep_the_promises_of_http() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let shop = world::rich_shop(&mesh).await;
    let own = mesh.rest_as(Role::Retailer, Some(&shop.account_id)).await;
    let lines = world::basket(&mesh).await.lines();
    waiting(&own, &lines).await;
    replays(&mesh, &own, &shop, &lines).await;
    let number = versions(&mesh, &own, &lines).await;
    strangers(&mesh, &own, &number).await;
    mesh.finish().await;
}

/// With `Prefer: wait` the outcome comes back, without it where to look for it.
async fn waiting(own: &Rest, lines: &Value) {
    let placed = own
        .post_with(ORDERS, &[("Prefer", "wait=5")], json!({ "lines": lines }))
        .await;
    assert_eq!(
        (placed.status, placed.header("preference-applied")),
        (200, "wait=5"),
        "{}",
        placed.text
    );
    let body = placed.ok();
    assert_eq!(
        (&body["settled"], &body["order"]["status"]),
        (&json!(true), &json!("ORDER_STATUS_SENT_TO_VENDOR"))
    );

    let placed = own.post(ORDERS, json!({ "lines": lines })).await;
    assert_eq!(placed.status, 202, "{}", placed.text);
    let id = placed.body["order"]["orderId"].as_str().expect("an id");
    assert_eq!(placed.header("location"), format!("/api/v1/orders/{id}"));
    assert!(
        !placed.header("idempotency-key").is_empty(),
        "the key that was made for the caller"
    );
    let order = own.get(placed.header("location")).await.ok();
    assert_eq!(order["order"]["orderId"], id);
}

async fn replays(mesh: &TestMesh, own: &Rest, shop: &Shop, lines: &Value) {
    let count = async || -> i64 {
        let sql = "select count(*) from orders.purchase_order where account_id = $1";
        let count = sqlx::query_scalar(sql)
            .bind(&shop.account_id)
            .fetch_one(&mesh.database)
            .await;
        count.expect("the database answers")
    };
    let before = count().await;
    let headers = [("Idempotency-Key", "morning-order-1"), ("Prefer", "wait=5")];
    let first = own.post_with(ORDERS, &headers, json!({ "lines": lines })).await;
    let again = own.post_with(ORDERS, &headers, json!({ "lines": lines })).await;
    assert_eq!(
        (
            first.header("idempotent-replay"),
            again.header("idempotent-replay")
        ),
        ("", "true")
    );
    assert_eq!(
        (first.status, &first.body["order"]["orderNumber"]),
        (again.status, &again.body["order"]["orderNumber"])
    );
    let other = json!({ "lines": [lines[0].clone()] });
    own.post_with(ORDERS, &headers, other.clone())
        .await
        .refused(422, "REQUEST_ID_REUSED");
    assert_eq!(count().await, before + 1, "one order");
    // Keys belong to their callers.
    let body = json!({ "lines": lines, "account_id": shop.account_id });
    let operator = mesh.rest().post_with(ORDERS, &headers, body).await;
    assert_eq!(operator.header("idempotent-replay"), "", "{}", operator.text);
    assert_eq!(count().await, before + 2);
    // Together they are still one.
    let headers = [("Idempotency-Key", "morning-order-2")];
    let crowd = (0..6).map(|_| own.post_with(ORDERS, &headers, other.clone()));
    let answers = futures_util::future::join_all(crowd).await;
    let mut numbers: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.ok()["order"]["orderNumber"].to_string())
        .collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(count().await, before + 3);
}

/// A step on what somebody read long ago is refused. The number of the order comes back.
async fn versions(mesh: &TestMesh, own: &Rest, lines: &Value) -> String {
    let placed = own
        .post_with(ORDERS, &[("Prefer", "wait=5")], json!({ "lines": lines }))
        .await
        .ok();
    let number = placed["order"]["orderNumber"]
        .as_str()
        .expect("a number")
        .to_owned();
    let seen = placed["order"]["version"].as_i64().expect("a version");
    let accepted = mesh
        .rest()
        .post(&format!("{ORDERS}/{number}:accept"), json!({}))
        .await
        .ok();
    assert_eq!(accepted["order"]["status"], "ORDER_STATUS_ACCEPTED");
    let cancel = format!("{ORDERS}/{number}:cancel");
    own.post(&cancel, json!({ "expected_version": seen, "reason": "too late" }))
        .await
        .refused(409, "STALE_VERSION");
    let pack = json!({ "expected_version": accepted["order"]["version"] });
    mesh.rest()
        .post(&format!("{ORDERS}/{number}:pack"), pack)
        .await
        .ok();
    number
}

/// What is not yours does not exist for you.
async fn strangers(mesh: &TestMesh, own: &Rest, number: &str) {
    let other = world::shop(mesh, "R016").await;
    let foreign = mesh.rest_as(Role::Retailer, Some(&other.account_id)).await;
    let order = own.get(&format!("{ORDERS}/{number}")).await.ok()["order"].clone();
    for name in [number, order["orderId"].as_str().expect("an id")] {
        foreign
            .get(&format!("{ORDERS}/{name}"))
            .await
            .refused(404, "ORDER_UNKNOWN");
        foreign
            .get(&format!("{ORDERS}/{name}/timeline"))
            .await
            .refused(404, "ORDER_UNKNOWN");
        foreign
            .post(&format!("{ORDERS}/{name}:cancel"), json!({ "reason": "no" }))
            .await
            .refused(404, "ORDER_UNKNOWN");
    }
    foreign
        .get(&format!("{ORDERS}/ORD2611999999"))
        .await
        .refused(404, "ORDER_UNKNOWN");
    let account = order["accountId"].as_str().expect("an account");
    foreign
        .get(&format!("/api/v1/accounts/{account}/balance"))
        .await
        .refused(404, "ACCOUNT_UNKNOWN");
    let listed = foreign.get(ORDERS).await.ok();
    assert_eq!(listed["orders"], json!([]));

    let vendor = order["vendorId"].as_str().expect("a vendor");
    let rival = world::vendors(mesh)
        .await
        .into_iter()
        .find(|v| v.vendor_id != vendor)
        .expect("another vendor");
    let rival = mesh.rest_as(Role::Vendor, Some(&rival.vendor_id)).await;
    rival
        .get(&format!("{ORDERS}/{number}"))
        .await
        .refused(404, "ORDER_UNKNOWN");
    let step = rival
        .post(&format!("{ORDERS}/{number}:dispatch"), json!({}))
        .await;
    step.refused(404, "ORDER_UNKNOWN");
    own.post(&format!("{ORDERS}/{number}:dispatch"), json!({}))
        .await
        .refused(403, "PERMISSION_DENIED");
    mesh.stranger()
        .get(&format!("{ORDERS}/{number}"))
        .await
        .refused(401, "UNAUTHENTICATED");
    world::order_is(mesh, number, "PACKING", SOON).await;
}
