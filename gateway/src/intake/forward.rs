//! Events to the services that keep them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_fault::{Fault, Kind};
use khaacho_proto::common::v1::{self as common};
use khaacho_proto::notification::v1 as notification;
use khaacho_proto::notification::v1::delivery_status_service_client::DeliveryStatusServiceClient;
use khaacho_proto::order::v1 as order;
use khaacho_proto::order::v1::intake_service_client::IntakeServiceClient;
use khaacho_rpc::Principal;

use super::ignored;
use crate::App;
use crate::edge::Arrival;
use crate::webhooks::{CartItem, Event, Inbound, Location, Media, Provider, SharedContact, StatusUpdate};

/// Events in one call, as the contracts say.
const CALL_MAX: usize = 100;
/// Characters of a text that are kept.
const TEXT_MAX: usize = 4096;
/// Characters of a product's key that are kept; ours have at most 40.
const SKU_MAX: usize = 200;
/// Bytes of a medium's id, address, type and hash; longer ones are none.
const MEDIUM_ID_MAX: usize = 255;
const MEDIUM_URL_MAX: usize = 2_048;
const MIME_MAX: usize = 255;
const SHA256_MAX: usize = 128;
/// Characters that are kept of names.
const FILENAME_MAX: usize = 255;
const PLACE_MAX: usize = 500;
const CONTACT_NAME_MAX: usize = 200;
const CONTACT_PHONE_MAX: usize = 64;
/// Time for one call: a provider waits for us.
const BUDGET: Duration = Duration::from_secs(1);

/// Makes all events durable: messages first, because an order must not wait behind receipts.
///
/// # Errors
/// Something could not be stored. What was stored stays so, and is recognised when it is delivered again.
pub(super) async fn store(app: &App, arrival: &Arrival, events: &[Event]) -> Result<(), Fault> {
    let (mut messages, mut statuses, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Message(message) => messages.push(inbound(message)),
            Event::Status(update) => statuses.push(status(update)),
            Event::Ignored { provider, kind, raw } => others.push((*provider, kind.clone(), raw.to_string())),
        }
    }
    for chunk in messages.chunks(CALL_MAX) {
        others.extend(each_or_none(app, arrival, chunk).await?);
    }
    for chunk in statuses.chunks(CALL_MAX) {
        others.extend(deliver_statuses(app, arrival, chunk).await?);
    }
    for (provider, kind, payload) in others {
        ignored::keep(app, arrival, provider, &kind, payload).await?;
    }
    Ok(())
}

/// A bug on purpose: what Redis knows was there before.
pub(super) async fn seen_before(app: &App, events: &[Event]) -> bool {
    let mut seen = false;
    for event in events {
        if let Event::Message(message) = event {
            let mut once = redis::cmd("SET");
            once.arg(format!("seen:{}", message.message_id)).arg(1).arg("NX");
            seen = matches!(app.redis.run::<Option<String>>(&once).await, Ok(None));
        }
    }
    seen
}

type Refused = Vec<(Provider, String, String)>;

/// All messages in one call; when the service refuses the batch as invalid, one by one, so that one bad
/// element costs only itself. What is refused for itself comes back, to be kept and not delivered again.
async fn each_or_none(
    app: &App,
    arrival: &Arrival,
    messages: &[order::ReceivedMessage],
) -> Result<Refused, Fault> {
    match deliver_messages(app, arrival, messages.to_vec()).await {
        Ok(_) => return Ok(Vec::new()),
        Err(fault) if fault.kind() != Kind::Invalid => return Err(fault),
        Err(_) => {}
    }
    let mut refused = Vec::new();
    for message in messages {
        match deliver_messages(app, arrival, vec![message.clone()]).await {
            Ok(_) => {}
            Err(fault) if fault.kind() == Kind::Invalid => {
                tracing::error!(
                    fault.detail = fault.sentence(),
                    "a message was refused and is only kept"
                );
                let payload = message.message.as_ref().map(|m| m.payload_json.clone());
                let provider = message.address.as_ref().map_or(Provider::Meta, provider_of);
                refused.push((
                    provider,
                    "refused_message".to_owned(),
                    payload.unwrap_or_default(),
                ));
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(refused)
}

/// Hands messages to the order service.
pub(crate) async fn deliver_messages(
    app: &App,
    arrival: &Arrival,
    messages: Vec<order::ReceivedMessage>,
) -> Result<order::ReceiveMessageResponse, Fault> {
    let ctx = arrival.ctx(Principal::service("gateway"), BUDGET);
    let mut client = IntakeServiceClient::new(app.peers.channel("order"));
    let request = ctx.outgoing(order::ReceiveMessageRequest { messages });
    Ok(client.receive_message(request).await?.into_inner())
}

async fn deliver_statuses(
    app: &App,
    arrival: &Arrival,
    updates: &[notification::StatusUpdate],
) -> Result<Refused, Fault> {
    let ctx = arrival.ctx(Principal::service("gateway"), BUDGET);
    let mut client = DeliveryStatusServiceClient::new(app.peers.channel("notification"));
    let request = ctx.outgoing(notification::ReceiveStatusRequest {
        updates: updates.to_vec(),
    });
    match client.receive_status(request).await.map_err(Fault::from) {
        Ok(_) => Ok(Vec::new()),
        Err(fault) if fault.kind() == Kind::Invalid && updates.len() > 1 => {
            let mut refused = Vec::new();
            for update in updates {
                let alone = Box::pin(deliver_statuses(app, arrival, std::slice::from_ref(update)));
                refused.extend(alone.await?);
            }
            Ok(refused)
        }
        Err(fault) if fault.kind() == Kind::Invalid => {
            tracing::error!(
                fault.detail = fault.sentence(),
                "a status was refused and is only kept"
            );
            let payloads = updates.iter().map(|update| {
                let payload = serde_json::json!({
                    "provider_message_id": update.provider_message_id,
                    "status": update.raw_status,
                });
                (Provider::Meta, "refused_status".to_owned(), payload.to_string())
            });
            Ok(payloads.collect())
        }
        Err(fault) => Err(fault),
    }
}

/// A message in the mesh's own form.
fn inbound(message: &Inbound) -> order::ReceivedMessage {
    let address = common::Address {
        provider: provider(message.provider).into(),
        account: account(&message.account),
        address: message.from_address.clone(),
        phone: message.phone.clone().unwrap_or_default(),
        user_id: message.user_id.clone().unwrap_or_default(),
    };
    let message = order::InboundMessage {
        provider_message_id: message.message_id.clone(),
        profile_name: message.profile_name.clone().unwrap_or_default(),
        kind: message.kind.as_str().to_owned(),
        text: message.text.chars().take(TEXT_MAX).collect(),
        reply_id: message.reply_id.clone().unwrap_or_default(),
        context_id: message.context_id.clone().unwrap_or_default(),
        sent_at: message.sent_at.map(timestamp),
        payload_json: message.raw.to_string(),
        cart: message.cart.iter().map(cart_item).collect(),
        media: message.media.iter().map(medium).collect(),
        location: message.location.as_deref().map(location),
        contacts: message.contacts.iter().map(contact).collect(),
    };
    order::ReceivedMessage {
        address: Some(address),
        message: Some(message),
    }
}

fn cart_item(item: &CartItem) -> order::CartItem {
    order::CartItem {
        sku: item.sku.chars().take(SKU_MAX).collect(),
        quantity: item.quantity,
    }
}

/// What is too long to be an id or an address is none: such a medium is named by nothing.
fn medium(medium: &Media) -> order::InboundMedium {
    let short = |text: Option<&String>, bytes_max: usize| {
        text.filter(|text| text.len() <= bytes_max)
            .cloned()
            .unwrap_or_default()
    };
    order::InboundMedium {
        provider_media_id: short(medium.id.as_ref(), MEDIUM_ID_MAX),
        url: short(medium.url.as_ref(), MEDIUM_URL_MAX),
        mime_type: short(Some(&medium.mime), MIME_MAX),
        sha256: short(medium.sha256.as_ref(), SHA256_MAX),
        filename: cut(medium.filename.as_ref(), FILENAME_MAX),
    }
}

fn location(place: &Location) -> order::Location {
    order::Location {
        latitude: place.latitude,
        longitude: place.longitude,
        name: cut(place.name.as_ref(), PLACE_MAX),
        address: cut(place.address.as_ref(), PLACE_MAX),
    }
}

fn contact(contact: &SharedContact) -> order::SharedContact {
    order::SharedContact {
        name: cut(Some(&contact.name), CONTACT_NAME_MAX),
        phones: contact
            .phones
            .iter()
            .map(|phone| cut(Some(phone), CONTACT_PHONE_MAX))
            .collect(),
    }
}

fn cut(text: Option<&String>, chars_max: usize) -> String {
    text.map(|text| text.chars().take(chars_max).collect())
        .unwrap_or_default()
}

fn status(update: &StatusUpdate) -> notification::StatusUpdate {
    notification::StatusUpdate {
        provider: provider(update.provider).into(),
        account: account(&update.account),
        provider_message_id: update.provider_message_id.clone(),
        status: update.status.as_str().to_owned(),
        raw_status: update.raw_status.clone(),
        error_code: update.error_code.map(|code| code.to_string()).unwrap_or_default(),
        error_text: update.error_text.clone().unwrap_or_default(),
        notification_id: update.opaque.clone().unwrap_or_default(),
        at: update.at.map(timestamp),
    }
}

/// Our own sender, as a reply needs it: Twilio's events put the account before the number.
fn account(text: &str) -> String {
    text.split_once('/').map_or(text, |(_, number)| number).to_owned()
}

fn provider(provider: Provider) -> common::Provider {
    match provider {
        Provider::Twilio => common::Provider::Twilio,
        Provider::Meta => common::Provider::Meta,
        Provider::Simulator => common::Provider::Simulator,
    }
}

fn provider_of(address: &common::Address) -> Provider {
    match address.provider() {
        common::Provider::Twilio => Provider::Twilio,
        common::Provider::Simulator => Provider::Simulator,
        common::Provider::Meta | common::Provider::Unspecified => Provider::Meta,
    }
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}
