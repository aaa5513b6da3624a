//! What the history keeps of an answer.

use serde_json::{Value, json};

/// Of an order's answer.
pub(super) fn order(body: &Value) -> Value {
    let order = &body["order"];
    json!({
        "order_id": order["orderId"], "number": order["orderNumber"], "status": order["status"],
        "version": order["version"], "total_paisa": order["totalPaisa"],
        "settled": body.get("settled").unwrap_or(&order["settled"]),
        "invoice_number": order["invoiceNumber"], "order_reason": order["reason"],
    })
}

/// Of an account's answer.
pub(super) fn account(body: &Value) -> Value {
    let account = &body["account"];
    let balance = &account["balance"];
    json!({
        "retailer": account["accountId"], "version": account["version"], "state": account["state"],
        "limit_paisa": balance["limitPaisa"], "owed_paisa": balance["owedPaisa"],
        "held_paisa": balance["heldPaisa"],
    })
}

/// Of a payment's answer.
pub(super) fn payment(body: &Value) -> Value {
    let payment = &body["payment"];
    json!({
        "payment_id": payment["paymentId"], "entry_id": payment["entryId"],
        "owed_paisa": body["balance"]["owedPaisa"],
    })
}

/// Of a page of offers that has one.
pub(super) fn stock(body: &Value) -> Value {
    let offer = &body["offers"][0];
    json!({ "on_hand_milli": offer["onHandMilli"], "reserved_milli": offer["reservedMilli"] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_where_the_api_has_them() {
        let own = json!({ "orderId": "ord_1", "totalPaisa": 7, "settled": true, "status": "X" });
        let body = json!({ "order": own, "settled": false });
        let kept = order(&body);
        assert_eq!(
            (&kept["order_id"], &kept["total_paisa"], &kept["settled"]),
            (&json!("ord_1"), &json!(7), &json!(false))
        );
        let read = order(&json!({ "order": { "settled": true } }));
        assert_eq!(read["settled"], true);
        let page = json!({ "offers": [{ "onHandMilli": 5, "reservedMilli": 1 }] });
        assert_eq!(stock(&page), json!({ "on_hand_milli": 5, "reserved_milli": 1 }));
        let held = account(&json!({ "account": { "accountId": "acc_1", "balance": { "heldPaisa": 3 } } }));
        assert_eq!(
            (&held["retailer"], &held["held_paisa"]),
            (&json!("acc_1"), &json!(3))
        );
    }
}
