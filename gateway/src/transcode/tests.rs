use serde_json::{Map, Value, json};

use super::{blame, query};

fn input(path: &str) -> prost_reflect::MessageDescriptor {
    khaacho_proto::method(path)
        .expect("a known RPC")
        .descriptor
        .input()
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("no object: {other}"),
    }
}

#[test]
fn names_and_enums_come_to_one_spelling() {
    let list = input("/khaacho.order.v1.OrderService/ListOrders");
    let given = json!({ "page_size": 5, "status": "placed", "vendorId": null });
    let clean = blame::normalise(&list, members(given), "").expect("all known");
    assert_eq!(
        Value::Object(clean),
        json!({ "pageSize": 5, "status": "ORDER_STATUS_PLACED" })
    );
}

#[test]
fn a_query_keeps_the_types_of_the_contract() {
    let list = input("/khaacho.order.v1.OrderService/ListOrders");
    let mut found = Map::new();
    query::add(&list, "status=2&needs_operator=1&page_size=7", &mut found).expect("all known");
    let expected = json!({ "status": "ORDER_STATUS_PENDING", "needsOperator": true, "pageSize": "7" });
    assert_eq!(Value::Object(found), expected);
    for wrong in [
        "status=99",
        "needs_operator=maybe",
        "page_size=1&page_size=2",
        "page_size=-1",
        "page_size=4294967296",
        "page_size=1.5",
        "other=1",
    ] {
        let fault = query::add(&list, wrong, &mut Map::new()).expect_err(wrong);
        assert!(
            !fault.violations()[0].message.contains("digit"),
            "{wrong}: {fault:?}"
        );
    }
}

#[test]
fn the_wrong_member_is_named_with_its_path() {
    let place = input("/khaacho.order.v1.OrderService/PlaceOrder");
    let given = json!({ "lines": [{ "sku": "A" }, { "sku": ["B"] }] });
    let fault = blame::message(&place, members(given)).expect_err("a list is no text");
    assert_eq!(fault.violations()[0].field, "lines[1].sku");
}
