//! Messages and enums as JSON schemas.

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::comments;

/// Schemas that some path refers to, by name.
#[derive(Default)]
pub(super) struct Schemas(Map<String, Value>);

impl Schemas {
    /// All schemas.
    pub(super) fn finish(self) -> Map<String, Value> {
        self.0
    }

    /// A reference to a message's schema, which is added with all that it needs.
    pub(super) fn message(&mut self, message: &MessageDescriptor) -> Value {
        let name = name(message.full_name());
        if !self.0.contains_key(&name) {
            // Taken before it is filled: messages may contain themselves.
            self.0.insert(name.clone(), Value::Null);
            let schema = self.object(message, &[]);
            self.0.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// A message without some of its fields: those that stand in the path.
    pub(super) fn object(&mut self, message: &MessageDescriptor, without: &[&str]) -> Value {
        let mut properties = Map::new();
        for field in message.fields() {
            if !without.contains(&field.name()) {
                properties.insert(field.json_name().to_owned(), self.field(&field));
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        describe(&mut schema, comments::of(message.parent_file(), message.path()));
        schema
    }

    /// A field with its comment.
    pub(super) fn field(&mut self, field: &FieldDescriptor) -> Value {
        let mut schema = if field.is_map() {
            json!({ "type": "object", "additionalProperties": true })
        } else if field.is_list() {
            json!({ "type": "array", "items": self.kind(&field.kind()) })
        } else {
            self.kind(&field.kind())
        };
        let file = field.parent_message().parent_file();
        describe(&mut schema, comments::of(file, field.path()));
        schema
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Float | Kind::Double => json!({ "type": "number" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({ "type": "integer", "format": "int32" }),
            Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({ "type": "integer", "format": "int64" }),
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "integer", "minimum": 0 }),
            Kind::Enum(descriptor) => self.words(descriptor),
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Timestamp" => json!({ "type": "string", "format": "date-time" }),
                "google.protobuf.Duration" => json!({ "type": "string", "pattern": r"^-?\d+(\.\d+)?s$" }),
                other if other.starts_with("google.protobuf.") => json!({}),
                _ => self.message(message),
            },
        }
    }

    fn words(&mut self, descriptor: &EnumDescriptor) -> Value {
        let name = name(descriptor.full_name());
        if !self.0.contains_key(&name) {
            let values: Vec<Value> = descriptor.values().map(|value| value.name().into()).collect();
            let mut text = comments::of(descriptor.parent_file(), descriptor.path()).unwrap_or_default();
            for value in descriptor.values() {
                if let Some(comment) = comments::of(descriptor.parent_file(), value.path()) {
                    text = format!("{text}\n* `{}`: {comment}", value.name());
                }
            }
            let mut schema = json!({ "type": "string", "enum": values });
            describe(&mut schema, Some(text));
            self.0.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// `khaacho.order.v1.Order` → `order.v1.Order`.
fn name(full: &str) -> String {
    full.strip_prefix("khaacho.").unwrap_or(full).to_owned()
}

pub(super) fn describe(schema: &mut Value, text: Option<String>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        schema["description"] = text.into();
    }
}
