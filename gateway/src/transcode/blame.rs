//! Which member of a body is wrong. The JSON library says what is wrong but not where.

use khaacho_fault::Fault;
use prost_reflect::{DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

use super::query;

/// Reads a message, or names the member that cannot be read.
pub(super) fn message(
    descriptor: &MessageDescriptor,
    members: Map<String, Value>,
) -> Result<DynamicMessage, Fault> {
    let value = Value::Object(members);
    parse(descriptor, &value).map_err(|error| {
        let (path, why) = blame(descriptor, &value, "").unwrap_or_else(|| ("body".to_owned(), error));
        Fault::invalid(path, why)
    })
}

fn parse(descriptor: &MessageDescriptor, value: &Value) -> Result<DynamicMessage, String> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    DynamicMessage::deserialize_with_options(descriptor.clone(), value, &options)
        .map_err(|error| error.to_string())
}

/// The first member that cannot be read on its own, and why.
fn blame(descriptor: &MessageDescriptor, value: &Value, path: &str) -> Option<(String, String)> {
    for (name, value) in value.as_object()? {
        let Some(field) = query::field(descriptor, name) else {
            continue;
        };
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let Err(error) = parse(descriptor, &alone) else {
            continue;
        };
        let here = format!("{path}{}", field.name());
        return Some(inside(&field, value, &here).unwrap_or((here, error)));
    }
    None
}

fn inside(field: &FieldDescriptor, value: &Value, here: &str) -> Option<(String, String)> {
    let Kind::Message(message) = field.kind() else {
        return None;
    };
    if field.is_map() {
        return None;
    }
    match value {
        Value::Array(values) if field.is_list() => values
            .iter()
            .enumerate()
            .find_map(|(at, value)| blame(&message, value, &format!("{here}[{at}]."))),
        value => blame(&message, value, &format!("{here}.")),
    }
}

/// Brings members to one spelling: JSON names, enum names with prefix, no nulls.
///
/// # Errors
/// A field violation for a member that the contract does not have or that comes in both spellings.
pub(super) fn normalise(
    descriptor: &MessageDescriptor,
    members: Map<String, Value>,
    path: &str,
) -> Result<Map<String, Value>, Fault> {
    let mut clean = Map::new();
    for (name, mut value) in members {
        let Some(field) = query::field(descriptor, &name) else {
            return Err(Fault::invalid(
                format!("{path}{name}"),
                "is not a field of this request",
            ));
        };
        if value.is_null() {
            continue;
        }
        let here = format!("{path}{}", field.name());
        if field.is_list()
            && let Value::Array(values) = &mut value
        {
            for (at, element) in values.iter_mut().enumerate() {
                *element = normal_value(&field, element.take(), &format!("{here}[{at}]"))?;
            }
        } else if !field.is_map() {
            value = normal_value(&field, value, &here)?;
        }
        if clean.insert(field.json_name().to_owned(), value).is_some() {
            return Err(Fault::invalid(here, "is given twice"));
        }
    }
    Ok(clean)
}

fn normal_value(field: &FieldDescriptor, value: Value, here: &str) -> Result<Value, Fault> {
    match (field.kind(), value) {
        (Kind::Message(message), Value::Object(members))
            if !message.full_name().starts_with("google.protobuf.") =>
        {
            normalise(&message, members, &format!("{here}.")).map(Value::Object)
        }
        (Kind::Enum(descriptor), Value::String(text)) => query::enum_value(&descriptor, &text)
            .ok_or_else(|| Fault::invalid(here, format!("must be one of {}", query::words(&descriptor)))),
        (Kind::String, Value::String(text)) if text.contains('\0') => {
            Err(Fault::invalid(here, "must not contain U+0000"))
        }
        // A point or an exponent, or more digits than 64 bits hold: the reader would round it without a word.
        (kind, Value::Number(number)) if number.is_f64() && is_whole(&kind) => Err(Fault::invalid(
            here,
            "must be a whole number of at most 64 bits, written in digits",
        )),
        (_, value) => Ok(value),
    }
}

fn is_whole(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Double
            | Kind::Float
            | Kind::Bool
            | Kind::String
            | Kind::Bytes
            | Kind::Message(_)
            | Kind::Enum(_)
    )
}
