//! Orders, messages about them, and work that is left.

use khaacho_e2e::TestMesh;
use khaacho_e2e::world::Shop;
use serde_json::{Value, json};

use super::{Views, agree, is_hash, list};

pub(super) async fn orders(views: &mut Views<'_>, mesh: &TestMesh, order: &Value) {
    let id = order["orderId"].as_str().expect("an id");
    let own = format!("order_id = '{id}'");
    let row = views.one("orders", &own).await;
    let names = [
        ("order_id", "orderId"),
        ("number", "orderNumber"),
        ("retailer", "accountId"),
        ("vendor", "vendorId"),
        ("subtotal_paisa", "subtotalPaisa"),
        ("vat_paisa", "vatPaisa"),
        ("total_paisa", "totalPaisa"),
        ("version", "version"),
        ("invoice_number", "invoiceNumber"),
    ];
    agree(&row, order, &names);
    assert_eq!(
        format!("ORDER_STATUS_{}", row["state"].as_str().expect("a state")),
        order["status"]
    );
    assert!(
        row["quote_id"]
            .as_str()
            .is_some_and(|quote| quote.starts_with("quo_")),
        "{row}"
    );

    let mut lines = views.of("order_line", &own).await;
    lines.sort_by_key(|line| line["n"].as_i64());
    assert_eq!(lines.len(), list(order, "lines").len());
    for (line, seen) in lines.iter().zip(list(order, "lines")) {
        let names = [
            ("n", "number"),
            ("sku", "sku"),
            ("quantity_milli", "quantityMilli"),
            ("unit_price_paisa", "unitPricePaisa"),
            ("amount_paisa", "amountPaisa"),
        ];
        agree(line, seen, &names);
        assert_eq!(
            line["vat_bp"].as_i64(),
            Some(seen["vatBp"].as_i64().unwrap_or_default())
        );
    }
    let mut moves = views.of("order_status", &own).await;
    moves.sort_by_key(|row| row["n"].as_i64());
    assert_eq!(moves[0]["from_state"], Value::Null);
    assert_eq!(moves[0]["cause"], row["cause"], "what placed it");
    assert!(
        moves
            .windows(2)
            .all(|pair| pair[0]["to_state"] == pair[1]["from_state"]),
        "{moves:?}"
    );
    assert_eq!(moves.last().expect("moves")["to_state"], row["state"]);

    let routing = mesh
        .rest()
        .get(&format!("/api/v1/orders/{id}/routing"))
        .await
        .ok();
    let asked = views.one("assignment", &own).await;
    let names = [
        ("attempt", "attempt"),
        ("vendor", "vendorId"),
        ("method", "method"),
        ("answer", "answer"),
    ];
    agree(&asked, &list(&routing, "decisions")[0], &names);
    assert_eq!(asked["reservation_attempt"], row["reservation_attempt"]);
    assert_eq!(asked["vendor_paisa"], row["vendor_paisa"]);
}

pub(super) async fn messages(views: &mut Views<'_>, mesh: &TestMesh, order: &Value, shop: &Shop) {
    let id = order["orderId"].as_str().expect("an id");
    let said = views.one("inbound", &format!("outcome_ref = '{id}'")).await;
    let placed = views.one("orders", &format!("order_id = '{id}'")).await;
    assert_eq!(said["inbound_id"], placed["cause"]);
    assert_eq!(said["phone"], shop.phone.as_str());
    assert_eq!(
        (&said["provider"], &said["outcome"]),
        (&json!("simulator"), &json!("ordered"))
    );
    assert!(is_hash(&said["sha"]), "{said}");

    let told = mesh
        .rest()
        .get(&format!("/api/v1/notifications?order_id={id}&page_size=100"))
        .await
        .ok();
    let told = list(&told, "notifications");
    let rows = views.of("notice", &format!("order_id = '{id}'")).await;
    assert_eq!(rows.len(), told.len());
    for listed in told {
        let notice = listed["notificationId"].as_str().expect("an id");
        let path = format!("/api/v1/notifications/{notice}");
        let seen = &mesh.rest().get(&path).await.ok()["notification"];
        let own = format!("notice_id = '{notice}'");
        let row = views.one("notice", &own).await;
        agree(
            &row,
            seen,
            &[
                ("template", "template"),
                ("order_id", "orderId"),
                ("provider_ref", "providerMessageId"),
            ],
        );
        assert_eq!(
            format!("NOTIFICATION_STATE_{}", row["state"].as_str().expect("a state")),
            seen["state"]
        );
        let tries = views.of("attempt", &own).await;
        assert_eq!(tries.len(), list(seen, "attempts").len(), "{row}");
        agree(&tries[0], &list(seen, "attempts")[0], &[("result", "result")]);
        assert_eq!(row["attempts"].as_i64(), i64::try_from(tries.len()).ok());
    }
    let phone = ring::digest::digest(&ring::digest::SHA256, shop.phone.as_bytes());
    let phone: String = phone.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let to_shop = rows.iter().filter(|row| row["to_hash"] == phone.as_str()).count();
    assert!(
        (1..rows.len()).contains(&to_shop),
        "some to the shop, some to the vendor: {rows:?}"
    );
}

/// What is remembered, and what is left to do: the timer that completes the order.
pub(super) async fn work(views: &mut Views<'_>, order: &Value) {
    let request = views.one("idem_credit", "request_id = 'till-1'").await;
    assert_eq!(
        (
            &request["service"],
            is_hash(&request["fp"]),
            is_hash(&request["reply_sha"])
        ),
        (&json!("credit"), true, true)
    );
    let jobs = views.of("job_order", "not parked and not leased").await;
    let end = format!(
        "order_id = '{}' and to_state = 'DELIVERED'",
        order["orderId"].as_str().expect("an id")
    );
    let delivered = views.one("order_status", &end).await;
    let own = |job: &&Value| job["kind"] == "complete_order" && job["cause"] == delivered["cause"];
    let timer = jobs
        .iter()
        .find(own)
        .unwrap_or_else(|| panic!("no timer of the order in {jobs:?}"));
    assert!(
        timer["job_id"]
            .as_str()
            .is_some_and(|id| id.len() == 36 && id.starts_with("job_")),
        "{timer}"
    );
    assert_eq!(
        (&timer["service"], &timer["attempts"]),
        (&json!("order"), &json!(0))
    );
}
