//! Routed RPCs as operations.

use std::collections::{BTreeMap, BTreeSet};

use khaacho_proto::{HttpVerb, Method};
use serde_json::{Map, Value, json};

use super::comments;
use super::schema::{Schemas, describe};
use crate::auth::role_name;

/// All routed RPCs by path.
pub(super) fn of_contracts(schemas: &mut Schemas) -> Map<String, Value> {
    let mut sorted: BTreeMap<(&str, &str), &Method> = BTreeMap::new();
    for method in khaacho_proto::methods() {
        if let Some(http) = &method.http {
            sorted.insert((&http.path, word(http.verb)), method);
        }
    }
    let mut paths = Map::new();
    for ((path, verb), method) in sorted {
        let operation = operation(method, path, verb, schemas);
        let item = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
        item[verb] = operation;
    }
    paths
}

/// One tag a service.
pub(super) fn tags() -> Value {
    let names: BTreeSet<&str> = khaacho_proto::methods()
        .filter(|method| method.http.is_some())
        .map(|method| method.service.as_str())
        .chain(["gateway"])
        .collect();
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

const fn word(verb: HttpVerb) -> &'static str {
    match verb {
        HttpVerb::Get => "get",
        HttpVerb::Post => "post",
    }
}

fn operation(method: &Method, path: &str, verb: &str, schemas: &mut Schemas) -> Value {
    let input = method.descriptor.input();
    let in_path: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    let mut parameters = Vec::new();
    for field in input.fields() {
        let place = match (in_path.contains(&field.name()), verb) {
            (true, _) => "path",
            (false, "get") => "query",
            _ => continue,
        };
        let mut schema = schemas.field(&field);
        let text = schema
            .get("description")
            .and_then(Value::as_str)
            .map(str::to_owned);
        if let Some(members) = schema.as_object_mut() {
            members.remove("description");
        }
        let name = if place == "path" {
            field.name()
        } else {
            field.json_name()
        };
        let mut parameter =
            json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
        describe(&mut parameter, text);
        parameters.push(parameter);
    }
    parameters.extend(header_parameters(method));
    let roles: Vec<&str> = method.roles.iter().filter_map(|role| role_name(*role)).collect();
    let comment = comments::of(
        method.descriptor.parent_service().parent_file(),
        method.descriptor.path(),
    );
    let comment = comment.unwrap_or_default();
    let mut operation = json!({
        "operationId": method.name,
        "tags": [method.service],
        "summary": comment.split(". ").next().unwrap_or_default().trim_end_matches('.'),
        "description": format!("{comment}\n\nRoles: owner, {}.", roles.join(", ")),
        "x-grpc-method": method.path,
        "x-roles": roles,
        "x-idempotent": method.idempotent,
        "parameters": parameters,
        "responses": responses(method, schemas),
    });
    if verb == "post" {
        let schema = if in_path.is_empty() {
            schemas.message(&input)
        } else {
            schemas.object(&input, &in_path)
        };
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

fn header_parameters(method: &Method) -> Vec<Value> {
    let input = method.descriptor.input();
    let mut headers = Vec::new();
    if input.get_field_by_name("request_id").is_some() {
        headers.push(json!({
            "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 128 },
            "description": "The same key and body have one effect. Taken for `requestId` when the body has none.",
        }));
    }
    if input.get_field_by_name("wait_seconds").is_some() {
        headers.push(json!({
            "name": "Prefer", "in": "header", "schema": { "type": "string", "examples": ["wait=5"] },
            "description": "How long to wait for the outcome.",
        }));
    }
    headers
}

fn responses(method: &Method, schemas: &mut Schemas) -> Value {
    let schema = schemas.message(&method.descriptor.output());
    let done = json!({
        "description": "Done",
        "content": { "application/json": { "schema": schema } },
        "headers": {
            "X-Request-Id": { "schema": { "type": "string" } },
            "Idempotent-Replay": {
                "schema": { "type": "string" },
                "description": "`true` when this is the stored answer of an earlier request with the same key",
            },
        },
    });
    let mut responses = json!({ "200": done });
    if !method.settled_field.is_empty() {
        responses["202"] = done;
        responses["202"]["description"] = "Taken; the outcome is not known yet, see `Location`".into();
    }
    for status in ["400", "401", "403", "404", "409", "422", "429", "503", "504"] {
        responses[status] = json!({ "$ref": "#/components/responses/Problem" });
    }
    responses
}
