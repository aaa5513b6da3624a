//! The OpenAPI document.

use std::collections::BTreeSet;

use khaacho_proto::{HttpVerb, methods};
use serde_json::{Value, json};

use crate::support::{World, plain};

async fn document() -> Value {
    World::new()
        .await
        .send(plain("GET", "/openapi.json"))
        .await
        .json()
}

#[tokio::test]
async fn every_route_is_described_with_its_comment() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    for method in methods() {
        let Some(http) = &method.http else { continue };
        let verb = if http.verb == HttpVerb::Get { "get" } else { "post" };
        let operation = &document["paths"][&http.path][verb];
        assert_eq!(operation["operationId"], method.name.as_str(), "{}", http.path);
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{}",
            http.path
        );
        assert!(operation["responses"]["200"].is_object());
    }
    for path in [
        "/health",
        "/api/v1/whatsapp/webhook",
        "/api/v1/apikeys",
        "/api/v1/simulator/messages",
    ] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
}

#[tokio::test]
async fn one_operation_in_full() {
    let document = document().await;
    let cancel = &document["paths"]["/api/v1/orders/{order}:cancel"]["post"];
    let parameters: Vec<(&Value, &Value)> = cancel["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|p| (&p["name"], &p["in"]))
        .collect();
    assert_eq!(
        parameters,
        [
            (&json!("order"), &json!("path")),
            (&json!("Idempotency-Key"), &json!("header"))
        ]
    );
    let body = &cancel["requestBody"]["content"]["application/json"]["schema"];
    let names: BTreeSet<&str> = body["properties"]
        .as_object()
        .expect("fields")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, BTreeSet::from(["expectedVersion", "reason", "requestId"]));
    assert_eq!(
        cancel["responses"]["409"]["$ref"],
        "#/components/responses/Problem"
    );
    assert_eq!(cancel["x-roles"], json!(["retailer", "operations"]));
    let place = &document["paths"]["/api/v1/orders"]["post"];
    assert!(place["responses"]["202"].is_object());
    let list = &document["paths"]["/api/v1/orders"]["get"];
    let status = list["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|p| p["name"] == "status");
    assert_eq!(
        status.expect("a filter")["schema"]["$ref"],
        "#/components/schemas/order.v1.OrderStatus"
    );
}

#[tokio::test]
async fn schemas_carry_types_and_comments_and_every_reference_leads_somewhere() {
    let document = document().await;
    let order = &document["components"]["schemas"]["order.v1.Order"]["properties"];
    assert_eq!(
        order["totalPaisa"],
        json!({ "type": "integer", "format": "int64", "description": "Total, in paisa." })
    );
    assert_eq!(order["placedAt"]["format"], "date-time");
    let words = &document["components"]["schemas"]["order.v1.OrderStatus"];
    assert!(
        words["description"]
            .as_str()
            .is_some_and(|text| text.contains("`ORDER_STATUS_PLACED`: Confirmed"))
    );
    let mut wrong = Vec::new();
    check(&document, &document, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut ids = BTreeSet::new();
    for operation in document["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|i| i.as_object().expect("verbs").values())
    {
        assert!(
            ids.insert(operation["operationId"].as_str().expect("an id")),
            "{}",
            operation["operationId"]
        );
    }
}

fn check(document: &Value, value: &Value, wrong: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let target = document.pointer(reference.trim_start_matches('#'));
                if target.is_none_or(Value::is_null) {
                    wrong.push(reference.clone());
                }
            }
            members.values().for_each(|member| check(document, member, wrong));
        }
        Value::Array(values) => values.iter().for_each(|value| check(document, value, wrong)),
        _ => {}
    }
}
