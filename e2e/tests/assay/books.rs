//! Money and stock.

use khaacho_e2e::{TestMesh, world};
use serde_json::{Value, json};

use super::{Views, agree, list, sum};

pub(super) async fn credit(
    views: &mut Views<'_>,
    mesh: &TestMesh,
    order: &Value,
    account: &str,
    paid: &Value,
) {
    let (of_shop, of_order) = (
        format!("retailer = '{account}'"),
        format!("order_id = '{}'", order["orderId"].as_str().expect("an id")),
    );
    let balance = world::balance(mesh, account).await;
    let row = views.one("account", &of_shop).await;
    agree(
        &row,
        &balance,
        &[("limit_paisa", "limitPaisa"), ("owed_paisa", "owedPaisa")],
    );
    let events = views.of("account_event", &of_shop).await;
    assert_eq!(row["owed_paisa"].as_i64(), Some(sum(&events, "d_posted")));
    assert_eq!(row["held_paisa"].as_i64(), Some(sum(&events, "d_held")));
    assert_eq!(row["version"].as_i64(), i64::try_from(events.len()).ok());
    assert!(
        events
            .iter()
            .all(|event| event["limit_after"] == row["limit_paisa"]),
        "{events:?}"
    );

    let hold = views.one("hold", &of_order).await;
    assert_eq!(
        (&hold["state"], &hold["amount_paisa"]),
        (&json!("POSTED"), &order["totalPaisa"])
    );
    let holding = views
        .of(
            "account_event",
            &format!("hold_id = '{}'", hold["hold_id"].as_str().expect("an id")),
        )
        .await;
    assert_eq!(holding.len(), 2, "placed and posted");

    let answer = mesh
        .rest()
        .get(&format!("/api/v1/accounts/{account}/entries?page_size=100"))
        .await
        .ok();
    assert_eq!(
        views.of("entry", &of_shop).await.len(),
        list(&answer, "entries").len()
    );
    for seen in list(&answer, "entries") {
        let own = format!("entry_id = '{}'", seen["entryId"].as_str().expect("an id"));
        agree(
            &views.one("entry", &own).await,
            seen,
            &[("kind", "kind"), ("cause", "causeId")],
        );
        let mut lines = views.of("line", &own).await;
        lines.sort_by_key(|line| line["n"].as_i64());
        assert_eq!(
            (lines.len(), sum(&lines, "amount_paisa")),
            (list(seen, "lines").len(), 0)
        );
        for (line, seen) in lines.iter().zip(list(seen, "lines")) {
            agree(
                line,
                seen,
                &[("account", "ledgerAccount"), ("amount_paisa", "amountPaisa")],
            );
        }
    }
    let entry = views
        .one("entry", &format!("{of_order} and kind = 'delivery'"))
        .await;
    let invoice = views.one("invoice", &of_order).await;
    agree(
        &invoice,
        order,
        &[
            ("number", "invoiceNumber"),
            ("amount_paisa", "totalPaisa"),
            ("vat_paisa", "vatPaisa"),
        ],
    );
    assert_eq!(
        (&invoice["entry_id"], &invoice["vendor"]),
        (&entry["entry_id"], &order["vendorId"])
    );
    assert_eq!(invoice["open_paisa"], balance["owedPaisa"]);

    let own = format!("payment_id = '{}'", paid["paymentId"].as_str().expect("an id"));
    let payment = views.one("payment", &own).await;
    agree(
        &payment,
        paid,
        &[
            ("retailer", "accountId"),
            ("amount_paisa", "amountPaisa"),
            ("entry_id", "entryId"),
        ],
    );
    let used = views.one("allocation", &own).await;
    assert_eq!(
        (&used["invoice_id"], &used["amount_paisa"]),
        (&invoice["invoice_id"], &payment["amount_paisa"])
    );
    assert_eq!(payment["unallocated_paisa"], 0);
}

pub(super) async fn stock(views: &mut Views<'_>, mesh: &TestMesh, order: &Value) {
    let (id, vendor) = (
        order["orderId"].as_str().expect("an id"),
        order["vendorId"].as_str().expect("an id"),
    );
    let answer = mesh
        .rest()
        .get(&format!("/api/v1/reservations?order_id={id}"))
        .await
        .ok();
    let seen = &list(&answer, "reservations")[0];
    let row = views.one("reservation", &format!("order_id = '{id}'")).await;
    agree(
        &row,
        seen,
        &[
            ("res_id", "reservationId"),
            ("attempt", "attempt"),
            ("vendor", "vendorId"),
        ],
    );
    assert_eq!(row["state"], "CONSUMED");
    let own = format!("res_id = '{}'", row["res_id"].as_str().expect("an id"));
    let lines = views.of("reservation_line", &own).await;
    assert_eq!(lines.len(), list(seen, "lines").len());
    assert_eq!(
        sum(&lines, "quantity_milli"),
        sum(list(order, "lines"), "quantityMilli")
    );
    for line in &lines {
        let sku = line["sku"].as_str().expect("a key");
        let place = format!("vendor = '{vendor}' and sku = '{sku}'");
        let events = views.of("stock_event", &place).await;
        let stock = views.one("stock", &place).await;
        let offers = mesh
            .rest()
            .get(&format!("/api/v1/offers?vendor_id={vendor}&sku={sku}"))
            .await
            .ok();
        agree(
            &stock,
            &list(&offers, "offers")[0],
            &[("on_hand_milli", "onHandMilli")],
        );
        assert_eq!(
            stock["on_hand_milli"].as_i64(),
            Some(sum(&events, "d_on_hand_milli"))
        );
        assert_eq!(
            stock["reserved_milli"].as_i64(),
            Some(sum(&events, "d_reserved_milli"))
        );
        assert_eq!(stock["seq"].as_i64(), i64::try_from(events.len()).ok());
        let taken: Vec<Value> = events
            .into_iter()
            .filter(|event| event["res_id"] == row["res_id"])
            .collect();
        assert_eq!(
            sum(&taken, "d_on_hand_milli"),
            -line["quantity_milli"].as_i64().expect("a number")
        );
    }
}
