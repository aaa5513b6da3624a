//! Every no says why and what would cure it.

use khaacho_e2e::world::{self, Shop};
use khaacho_e2e::{REPLY, SOON, TestMesh};
use khaacho_money::Paisa;
use khaacho_rpc::Role;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_in_chat_says_what_would_cure_it() {
    let mesh = TestMesh::all_in_one(&[]).await;
    unknown_sender(&mesh).await;
    unknown_product(&mesh).await;
    in_its_own_language(&mesh).await;
    no_credit(&mesh).await;
    blocked(&mesh).await;
    stock_short(&mesh).await;
    let orders = mesh.rest().get("/api/v1/orders").await.ok()["orders"].clone();
    let refused = |order: &serde_json::Value| order["status"] == "ORDER_STATUS_REFUSED";
    assert!(
        orders.as_array().is_some_and(|orders| orders.iter().all(refused)),
        "no refusal became an order: {orders}"
    );
    mesh.finish().await;
}

async fn unknown_sender(mesh: &TestMesh) {
    let mut stranger = mesh.chat("+9779841111111").await;
    let told = stranger.ask("2 bora jeera masino", "not registered", REPLY).await;
    assert!(told.text.contains("Call +9779748000000"), "{}", told.text);
}

async fn unknown_product(mesh: &TestMesh) {
    let mut phone = mesh.chat(&world::rich_shop(mesh).await.phone).await;
    phone
        .ask("2 bora zzyzx", "I do not know the product \"zzyzx\"", REPLY)
        .await;
    phone
        .ask("what is the weather", "could not read that", REPLY)
        .await;
}

/// A shop is answered in the language of its account.
async fn in_its_own_language(mesh: &TestMesh) {
    for (language, says) in [("ne", "भन्ने सामान भेटिएन"), ("hi", "नाम का सामान नहीं मिला")]
    {
        let shops = world::shops(mesh, language).await;
        let mut phone = mesh
            .chat(&shops.first().expect("a shop that reads it").phone)
            .await;
        phone.ask("2 bora zzyzx", says, REPLY).await;
    }
}

/// A shop without any limit hears by how much it is short, and orders once it has as much.
async fn no_credit(mesh: &TestMesh) {
    let shop = world::shop(mesh, "R002").await;
    assert_eq!(shop.limit_paisa, 0);
    world::let_read_english(mesh, std::slice::from_ref(&shop)).await;
    let basket = world::basket(mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    let refusal = phone
        .ask(&basket.text(), "more than your credit allows", REPLY)
        .await;
    let asked = json!({ "account_id": shop.account_id, "lines": basket.lines() });
    let quote = mesh.rest().post("/api/v1/orders:quote", asked.clone()).await.ok()["quote"].clone();
    assert_eq!(
        (&quote["placeable"], &quote["refusalReason"]),
        (&json!(false), &json!("CREDIT_SHORT"))
    );
    let total = quote["totalPaisa"].as_i64().expect("a total");
    let cure = format!("Pay at least {}", Paisa::new(total));
    assert!(refusal.text.contains(&cure), "{cure:?} in {}", refusal.text);
    // Over REST the hold decides, so that a payment of this moment counts.
    let placed = mesh
        .rest()
        .post_with("/api/v1/orders", &[("Prefer", "wait=5")], asked)
        .await
        .ok()["order"]
        .clone();
    assert_eq!(
        (&placed["status"], &placed["reason"]),
        (&json!("ORDER_STATUS_REFUSED"), &json!("CREDIT_SHORT"))
    );
    let told = phone.expect("could not be placed", REPLY).await;
    assert!(
        told.text.contains(&Paisa::new(total).to_string()),
        "{}",
        told.text
    );

    set_limit(mesh, &shop, total).await;
    phone
        .ask(&basket.text(), "Credit left after it: Rs 0", REPLY)
        .await;
    phone.ask("CANCEL", "Nothing was ordered", REPLY).await;
    set_limit(mesh, &shop, total - 1).await;
    phone.ask(&basket.text(), "Pay at least Rs 0.01", REPLY).await;
}

async fn set_limit(mesh: &TestMesh, shop: &Shop, limit_paisa: i64) {
    let path = format!("/api/v1/accounts/{}:setLimit", shop.account_id);
    let asked = json!({ "limit_paisa": limit_paisa, "reason": "cash in advance" });
    mesh.rest_as(Role::Finance, None)
        .await
        .post(&path, asked)
        .await
        .ok();
}

async fn blocked(mesh: &TestMesh) {
    let shop = world::shop(mesh, "R016").await;
    let basket = world::basket(mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    let finance = mesh.rest_as(Role::Finance, None).await;
    let change = |verb: &str| format!("/api/v1/accounts/{}:{verb}", shop.account_id);
    phone.ask(&basket.text(), "Your order:", REPLY).await;
    finance
        .post(
            &change("block"),
            json!({ "reason": "An invoice is 45 days overdue" }),
        )
        .await
        .ok();
    phone
        .ask(
            "CONFIRM",
            "Your account cannot order now. An invoice is 45 days overdue",
            SOON,
        )
        .await;
    phone
        .ask(&basket.text(), "Your account cannot order now", REPLY)
        .await;
    let asked = json!({ "account_id": shop.account_id, "lines": basket.lines() });
    mesh.rest()
        .post("/api/v1/orders", asked)
        .await
        .refused(422, "ORDERING_BLOCKED");
    finance
        .post(&change("unblock"), json!({ "reason": "paid" }))
        .await
        .ok();
    phone.ask(&basket.text(), "Your order:", SOON).await;
    phone.ask("CANCEL", "Nothing was ordered", REPLY).await;
}

/// What is left is named, and that much can be ordered.
async fn stock_short(mesh: &TestMesh) {
    let vendors = world::vendors(mesh).await;
    let product = world::product(mesh, "TEST-SCARCE", "Scarce thing", 1000).await;
    world::offer(mesh, &vendors[..1], &product.sku, 1000, 7).await;
    world::offer(mesh, &vendors[1..2], &product.sku, 1000, 5).await;
    let mut phone = mesh.chat(&world::rich_shop(mesh).await.phone).await;
    let refusal = phone
        .ask("TEST-SCARCE x 12", "There is not enough of Scarce thing", SOON)
        .await;
    assert!(refusal.text.contains("Available: 7"), "{}", refusal.text);
    phone.ask("TEST-SCARCE x 7", "Your order:", REPLY).await;
    phone.ask("CANCEL", "Nothing was ordered", REPLY).await;
}
