mod attached;

use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use khaacho_proto::common::v1::Provider;
use khaacho_proto::order::v1 as pb;
use khaacho_rpc::Ctx;
use serde_json::Value;

use self::attached::attached;
use crate::domain::Contact;
use crate::domain::receive_message::{CartItem, Inbound, ReceiveMessage, TEXT_CHARS_MAX};
use crate::service::Service;

/// Stores messages durably with the jobs that will handle them.
pub async fn run(
    service: &Service,
    ctx: Ctx,
    body: pb::ReceiveMessageRequest,
) -> Result<pb::ReceiveMessageResponse, Fault> {
    if body.messages.is_empty() || body.messages.len() > MESSAGES_MAX {
        return Err(Fault::invalid("messages", "must be 1 to 100"));
    }
    let payload_bytes = body
        .messages
        .iter()
        .filter_map(|received| Some(received.message.as_ref()?.payload_json.len()))
        .sum();
    let messages = body
        .messages
        .into_iter()
        .enumerate()
        .map(parse)
        .collect::<Result<Vec<_>, _>>()?;
    let inbound_ids: Vec<String> = messages.iter().map(|m| m.inbound_id().to_string()).collect();
    let command = ReceiveMessage {
        messages,
        payload_bytes,
    };
    if planted::on(Bug::AckBeforeCommit) {
        let receipts = vec![pb::Receipt::Accepted.into(); inbound_ids.len()];
        let door = service.door.clone();
        #[expect(clippy::disallowed_methods, reason = "a bug on purpose")]
        tokio::spawn(async move { khaacho_durable::run(&door, &ctx, command).await });
        return Ok(pb::ReceiveMessageResponse {
            receipts,
            inbound_ids,
        });
    }
    let done = khaacho_durable::gather(&service.door, &ctx, command).await?;
    let receipt = |new: bool| {
        if new {
            pb::Receipt::Accepted
        } else {
            pb::Receipt::Duplicate
        }
    };
    let receipts = done.reply.into_iter().map(|new| receipt(new).into()).collect();
    Ok(pb::ReceiveMessageResponse {
        receipts,
        inbound_ids,
    })
}

/// Messages of one delivery.
const MESSAGES_MAX: usize = 100;
/// Longest address, account, phone or user id; the notification service, which answers there, takes no more.
const KEY_BYTES_MAX: usize = 255;
/// Longest id of a message. Providers' ids have under 200 characters; an index takes no key of thousands.
const MESSAGE_ID_BYTES_MAX: usize = 512;

/// Things of one cart.
const CART_MAX: usize = 100;
/// Longest key of a product in a cart; ours have 40 characters.
const SKU_CHARS_MAX: usize = 200;

fn parse((n, received): (usize, pb::ReceivedMessage)) -> Result<Inbound, Fault> {
    let at = |field: &str| format!("messages[{n}].{field}");
    let (Some(address), Some(mut message)) = (received.address, received.message) else {
        return Err(Fault::invalid(at("address"), "and message are mandatory"));
    };
    if address.provider == 0 || message.provider_message_id.is_empty() {
        return Err(Fault::invalid(
            at("provider"),
            "and provider_message_id are mandatory",
        ));
    }
    if address.address.is_empty() && address.user_id.is_empty() {
        return Err(Fault::invalid(at("address"), "or user_id is mandatory"));
    }
    for (field, text, bytes_max) in [
        ("address.account", &address.account, KEY_BYTES_MAX),
        ("address.address", &address.address, KEY_BYTES_MAX),
        ("address.phone", &address.phone, KEY_BYTES_MAX),
        ("address.user_id", &address.user_id, KEY_BYTES_MAX),
        (
            "message.provider_message_id",
            &message.provider_message_id,
            MESSAGE_ID_BYTES_MAX,
        ),
    ] {
        if text.len() > bytes_max {
            return Err(Fault::invalid(
                at(field),
                format!("must have at most {bytes_max} bytes"),
            ));
        }
    }
    if Provider::try_from(address.provider).is_err() {
        return Err(Fault::invalid(at("address.provider"), "is not known"));
    }
    if message.cart.len() > CART_MAX {
        return Err(Fault::invalid(
            at("message.cart"),
            format!("must have at most {CART_MAX} things"),
        ));
    }
    let attached = attached(&mut message, &at)?;
    let things = message.cart.into_iter().map(|thing| CartItem {
        sku: clean(thing.sku.chars().take(SKU_CHARS_MAX).collect()),
        quantity: thing.quantity,
    });
    let cart = things.collect();
    let payload = match message.payload_json.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).map_err(|_| Fault::invalid(at("payload_json"), "is not JSON"))?,
    };
    Ok(Inbound {
        contact: Contact {
            provider: address.provider,
            account: clean(address.account),
            address: clean(address.address),
            phone: clean(address.phone),
            user_id: clean(address.user_id),
        },
        provider_message_id: clean(message.provider_message_id),
        profile_name: clean(message.profile_name),
        kind: clean(message.kind),
        text: clean(message.text.chars().take(TEXT_CHARS_MAX).collect()),
        reply_id: clean(message.reply_id),
        context_id: clean(message.context_id),
        sent_at: message.sent_at.and_then(super::datetime),
        payload: cleaned(payload),
        cart,
        attached,
    })
}

/// The database holds no NUL.
pub fn clean(text: String) -> String {
    text.replace('\0', "")
}

/// JSON without NUL in its texts and keys.
fn cleaned(json: Value) -> Value {
    match json {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, it)| (clean(key), cleaned(it)))
            .collect(),
        other => other,
    }
}
