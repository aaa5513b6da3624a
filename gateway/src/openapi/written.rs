//! What the document says about the routes that are written by hand.

use serde_json::{Map, Value, json};

/// Routes that anybody may read: path, operation and what it is.
const OPEN: [(&str, &str, &str); 11] = [
    ("/", "platformInfo", "What runs here"),
    ("/health", "health", "State of the process and its dependencies"),
    ("/api/v1/health", "healthV1", "The same as /health"),
    ("/api/health", "healthShort", "Status and time only"),
    ("/ready", "ready", "Whether requests should be sent here"),
    ("/health/ready", "readyAlias", "The same as /ready"),
    ("/live", "live", "Whether the process works at all"),
    ("/health/live", "liveAlias", "The same as /live"),
    ("/metrics/cache", "cacheMetrics", "Hits and misses of the caches"),
    ("/openapi.json", "openapi", "This document"),
    (
        "/api/v1/whatsapp/test",
        "whatsappTest",
        "What is set up for webhooks",
    ),
];

const WEBHOOKS: [&str; 5] = [
    "/api/v1/whatsapp/webhook",
    "/webhooks/meta",
    "/webhooks/twilio",
    "/webhooks/twilio/whatsapp",
    "/webhooks/twilio/status",
];

/// Paths of the hand-written routes.
pub(super) fn paths(simulator: bool) -> Vec<(String, Value)> {
    let mut paths: Vec<(&str, Value)> = OPEN
        .iter()
        .map(|(path, id, summary)| (*path, json!({ "get": open(id, summary) })))
        .collect();
    paths.extend(WEBHOOKS.map(|path| (path, webhook(path))));
    let metrics = text("metrics", "Metrics in the text format of Prometheus");
    paths.push(("/metrics", json!({ "get": metrics })));
    paths.push((
        "/api/v1/apikeys",
        json!({ "get": list_keys(), "post": create_key() }),
    ));
    paths.push(("/api/v1/apikeys/{id}", json!({ "delete": revoke_key() })));
    if simulator {
        paths.push((
            "/api/v1/simulator/messages",
            json!({ "get": simulated(), "post": simulate() }),
        ));
    }
    paths
        .into_iter()
        .map(|(path, item)| (path.to_owned(), item))
        .collect()
}

fn operation(id: &str, summary: &str, responses: Value) -> Value {
    json!({ "operationId": id, "tags": ["gateway"], "summary": summary, "responses": responses })
}

fn problem() -> Value {
    json!({ "$ref": "#/components/responses/Problem" })
}

fn ok(schema: Value) -> Value {
    json!({ "description": "Done", "content": { "application/json": { "schema": schema } } })
}

fn open(id: &str, summary: &str) -> Value {
    let mut operation = operation(
        id,
        summary,
        json!({ "200": ok(json!({ "type": "object" })), "503": problem() }),
    );
    operation["security"] = json!([]);
    operation
}

fn text(id: &str, summary: &str) -> Value {
    let done =
        json!({ "description": "Done", "content": { "text/plain": { "schema": { "type": "string" } } } });
    operation(id, summary, json!({ "200": done, "401": problem() }))
}

fn webhook(path: &str) -> Value {
    let name = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let responses = || {
        let done = json!({ "description": "Stored" });
        json!({ "200": done, "403": problem(), "413": problem(), "415": problem(), "503": problem() })
    };
    let mut get = operation(&format!("verify{name}"), "Handshake of Meta", responses());
    let mut post = operation(
        &format!("receive{name}"),
        "Delivery of a provider, signed",
        responses(),
    );
    get["security"] = json!([]);
    post["security"] = json!([]);
    post["requestBody"] = json!({ "content": {
        "application/json": { "schema": { "type": "object" } },
        "application/x-www-form-urlencoded": { "schema": { "type": "object" } },
    } });
    json!({ "get": get, "post": post })
}

fn list_keys() -> Value {
    let schema = json!({ "type": "object", "properties": {
        "keys": { "type": "array", "items": { "$ref": "#/components/schemas/ApiKey" } },
    } });
    let responses = json!({ "200": ok(schema), "401": problem(), "403": problem() });
    let mut operation = operation(
        "listApiKeys",
        "API keys, newest first, 100 a page; for owners",
        responses,
    );
    operation["parameters"] = json!([{
        "name": "after", "in": "query", "schema": { "type": "string" },
        "description": "Id of the last key of the page before",
    }]);
    operation
}

fn create_key() -> Value {
    let schema = json!({ "type": "object", "properties": {
        "id": { "type": "string" },
        "key": { "type": "string", "description": "The whole key; shown this once" },
    } });
    let responses = json!({ "201": ok(schema), "400": problem(), "401": problem(), "403": problem() });
    let mut operation = operation("createApiKey", "Makes an API key; for owners", responses);
    let body = json!({ "type": "object", "required": ["name", "role"], "additionalProperties": false, "properties": {
        "name": { "type": "string", "maxLength": 100 },
        "role": { "type": "string", "enum": crate::auth::role_names() },
        "scope": { "type": "string", "description": "Account or vendor of the roles retailer and vendor" },
        "expires_at": { "type": "string", "format": "date-time" },
    } });
    operation["requestBody"] =
        json!({ "required": true, "content": { "application/json": { "schema": body } } });
    operation
}

fn revoke_key() -> Value {
    let schema = json!({ "$ref": "#/components/schemas/ApiKey" });
    let responses = json!({ "200": ok(schema), "401": problem(), "403": problem(), "404": problem() });
    let mut operation = operation(
        "revokeApiKey",
        "Revokes an API key for good; for owners",
        responses,
    );
    operation["parameters"] =
        json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    operation
}

fn simulate() -> Value {
    let schema = json!({ "type": "object", "properties": {
        "id": { "type": "string" }, "status": { "type": "string", "enum": ["ACCEPTED", "DUPLICATE"] },
    } });
    let responses = json!({ "200": ok(schema), "400": problem(), "503": problem() });
    let mut operation = operation(
        "simulateMessage",
        "Sends a message in the name of a phone",
        responses,
    );
    let body = json!({ "type": "object", "required": ["from"], "additionalProperties": false, "properties": {
        "from": { "type": "string", "examples": ["+9779841234567"] },
        "text": { "type": "string", "maxLength": 4096 },
        "reply_id": { "type": "string", "description": "Id of a pressed button" },
        "message_id": { "type": "string", "description": "The same id is taken once" },
    } });
    operation["requestBody"] =
        json!({ "required": true, "content": { "application/json": { "schema": body } } });
    operation
}

fn simulated() -> Value {
    let schema = json!({ "type": "object", "properties": {
        "messages": { "type": "array", "items": { "type": "object" } }, "next": { "type": "string" },
    } });
    let responses = json!({ "200": ok(schema), "400": problem(), "503": problem() });
    let mut operation = operation(
        "listSimulatedMessages",
        "Messages that a phone received, oldest first",
        responses,
    );
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    operation["parameters"] = json!([parameter("phone"), parameter("after"), parameter("limit")]);
    operation
}

/// Schemas that no contract has.
pub(super) fn schemas() -> Vec<(String, Value)> {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": "string", "format": "date-time" });
    let problem = json!({
        "type": "object",
        "description": "RFC 9457 problem document",
        "required": ["type", "title", "status", "detail", "reason", "facts", "errors", "request_id"],
        "properties": {
            "type": text(), "title": text(), "status": { "type": "integer" }, "detail": text(),
            "reason": { "type": "string", "description": "What programs compare; explained under `type`" },
            "facts": { "type": "object", "additionalProperties": { "type": "string" } },
            "errors": { "type": "array", "items": { "type": "object", "properties": {
                "field": text(), "message": text(),
            } } },
            "request_id": text(),
        },
    });
    let key = json!({ "type": "object", "properties": {
        "id": text(), "name": text(), "role": text(), "scope": text(), "created_at": time(), "created_by": text(),
        "expires_at": time(), "revoked_at": time(), "last_used_at": time(),
    } });
    vec![("Problem".to_owned(), problem), ("ApiKey".to_owned(), key)]
}

/// Responses that many operations share.
pub(super) fn responses() -> Map<String, Value> {
    let header = |kind: &str, text: &str| json!({ "schema": { "type": kind }, "description": text });
    let problem = json!({
        "description": "A refusal or failure",
        "headers": {
            "X-Request-Id": header("string", "Quote it to us"),
            "X-Outcome": header("string", "`not-executed`: nothing happened; `unknown`: ask again with the same key"),
            "Idempotent-Replay": header(
                "string",
                "`true` when this is the stored answer of an earlier request with the same key",
            ),
            "Retry-After": header("integer", "Seconds after which asking again makes sense"),
        },
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    });
    Map::from_iter([("Problem".to_owned(), problem)])
}
