//! Texts from paths and queries to JSON values of a field's type.

use khaacho_fault::Fault;
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

/// Adds the parameters of a query to `members`, under their JSON names.
///
/// # Errors
/// A field violation for a parameter that is unknown, repeated without being a list, or of another type.
pub(super) fn add(
    message: &MessageDescriptor,
    query: &str,
    members: &mut Map<String, Value>,
) -> Result<(), Fault> {
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let field = field(message, &name)
            .ok_or_else(|| Fault::invalid(name.clone(), "is not a parameter of this request"))?;
        let value = value(&field, &text)?;
        let slot = field.json_name().to_owned();
        match members.get_mut(&slot) {
            Some(Value::Array(values)) if field.is_list() => values.push(value),
            Some(_) => return Err(Fault::invalid(name, "is given twice")),
            None if field.is_list() => {
                members.insert(slot, Value::Array(vec![value]));
            }
            None => {
                members.insert(slot, value);
            }
        }
    }
    Ok(())
}

/// The field with this name, in either spelling.
pub(super) fn field(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    message
        .get_field_by_json_name(name)
        .or_else(|| message.get_field_by_name(name))
}

/// One text as a value of the field. Numbers stay texts: proto3 JSON takes them so, without losing digits.
pub(super) fn value(field: &FieldDescriptor, text: &str) -> Result<Value, Fault> {
    match field.kind() {
        Kind::Bool => match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(Fault::invalid(field.name(), "must be true or false")),
        },
        Kind::Enum(descriptor) => enum_value(&descriptor, text)
            .ok_or_else(|| Fault::invalid(field.name(), format!("must be one of {}", words(&descriptor)))),
        Kind::Message(message) if !message.full_name().starts_with("google.protobuf.") => {
            Err(Fault::invalid(field.name(), "cannot be given in the address"))
        }
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => whole::<i32>(field, text, "must be a whole number"),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => whole::<i64>(field, text, "must be a whole number"),
        Kind::Uint32 | Kind::Fixed32 => whole::<u32>(field, text, "must be a whole number, 0 or more"),
        Kind::Uint64 | Kind::Fixed64 => whole::<u64>(field, text, "must be a whole number, 0 or more"),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// A number that fits, as its text.
fn whole<T: std::str::FromStr>(field: &FieldDescriptor, text: &str, must: &str) -> Result<Value, Fault> {
    match text.parse::<T>() {
        Ok(_) => Ok(Value::String(text.to_owned())),
        Err(_) => Err(Fault::invalid(field.name(), must)),
    }
}

/// A value of an enum by its name with or without the prefix, in any case, or by its number.
pub(super) fn enum_value(descriptor: &EnumDescriptor, text: &str) -> Option<Value> {
    if let Ok(number) = text.parse::<i32>() {
        return descriptor.get_value(number).map(|value| value.name().into());
    }
    let prefix = prefix(descriptor);
    let wanted = text.to_ascii_uppercase();
    descriptor
        .values()
        .find(|value| value.name() == wanted || value.name().strip_prefix(&prefix) == Some(&wanted))
        .map(|value| value.name().into())
}

/// `OrderStatus` → `ORDER_STATUS_`.
fn prefix(descriptor: &EnumDescriptor) -> String {
    let mut prefix = String::new();
    for letter in descriptor.name().chars() {
        if letter.is_ascii_uppercase() && !prefix.is_empty() {
            prefix.push('_');
        }
        prefix.push(letter.to_ascii_uppercase());
    }
    prefix.push('_');
    prefix
}

/// The short names that a caller may send.
pub(super) fn words(descriptor: &EnumDescriptor) -> String {
    let prefix = prefix(descriptor);
    let names: Vec<_> = descriptor
        .values()
        .filter(|value| value.number() != 0)
        .map(|value| {
            value
                .name()
                .strip_prefix(&prefix)
                .unwrap_or(value.name())
                .to_owned()
        })
        .collect();
    names.join(", ")
}
