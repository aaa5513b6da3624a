//! The OpenAPI 3.1 document, made from the contracts and their comments.

pub(crate) mod comments;

mod paths;
mod schema;
mod written;

use serde_json::{Map, Value, json};

use schema::Schemas;

/// The document of this build.
pub(crate) fn document(version: &str, simulator: bool) -> Value {
    let mut schemas = Schemas::default();
    let mut paths = paths::of_contracts(&mut schemas);
    for (path, item) in written::paths(simulator) {
        merge(&mut paths, &path, item);
    }
    let mut components = schemas.finish();
    for (name, schema) in written::schemas() {
        components.insert(name, schema);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Khaacho",
            "version": version,
            "description": "Orders by WhatsApp, on credit, from message to ledger. Money is whole paisa, \
                            quantities of stock are thousandths of the sale unit, times are RFC 3339 in UTC. \
                            Every change takes an `Idempotency-Key`; errors are RFC 9457 problem documents.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "tags": paths::tags(),
        "security": [{ "bearer": [] }, { "apiKey": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": written::responses(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "`kha_…` API key" },
                "apiKey": { "type": "apiKey", "in": "header", "name": "X-Api-Key" },
            },
        },
    })
}

fn merge(paths: &mut Map<String, Value>, path: &str, item: Value) {
    let slot = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
    if let (Value::Object(slot), Value::Object(item)) = (slot, item) {
        slot.extend(item);
    }
}
