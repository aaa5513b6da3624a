//! One element of `messages`.
//!
//! Since 2026 a user can hide the phone number: `from` and `wa_id` are then missing and only the business-scoped
//! user id says who wrote. Either of the two must be there.

use serde_json::{Value, json};

use super::{list, parse, text};
use crate::webhooks::event::{CART_MAX, CONTACTS_MAX, PHONES_MAX};
use crate::webhooks::{CartItem, Inbound, Location, Media, MessageKind, Provider, SharedContact};

/// Reads one message; the error is the `kind` under which it is ignored. `value` is the change it came in.
pub(super) fn read(account: &str, value: &Value, message: &Value) -> Result<Inbound, &'static str> {
    let message_id = text(message, "id").ok_or("message_without_id")?;
    let contact = contact_of(value, message);
    let digits = text(message, "from").or(contact.and_then(|contact| text(contact, "wa_id")));
    let user_id = text(message, "from_user_id").or(contact.and_then(|contact| text(contact, "user_id")));
    let from_address = digits.or(user_id).ok_or("message_without_sender")?;
    let kind_name = text(message, "type").unwrap_or("unsupported");
    let kind = MessageKind::named(kind_name).unwrap_or(MessageKind::Unsupported);
    let contents = Contents::of(kind, message.get(kind_name).unwrap_or(&Value::Null));
    let context = message.get("context").and_then(|context| text(context, "id"));
    Ok(Inbound {
        provider: Provider::Meta,
        account: account.to_owned(),
        message_id: message_id.to_owned(),
        from_address: from_address.to_owned(),
        phone: digits.and_then(e164),
        user_id: user_id.map(str::to_owned),
        profile_name: contact.and_then(name_of),
        kind,
        text: contents.text.unwrap_or_default().to_owned(),
        reply_id: contents.reply_id.map(str::to_owned),
        context_id: context.or(contents.about).map(str::to_owned),
        sent_at: parse::time(message),
        media: contents.media.into_iter().collect(),
        location: contents.location.map(Box::new),
        contacts: contents.contacts,
        cart: contents.cart,
        raw: raw(value, message, contact),
    })
}

/// What is stored of one element: itself, whose it is, and the number it belongs to. Not the whole delivery,
/// which may hold other people's messages.
pub(super) fn raw(value: &Value, element: &Value, contact: Option<&Value>) -> Value {
    json!({ "metadata": value.get("metadata"), "contact": contact, "element": element })
}

/// The contact with the sender's number or id. Never by position: one change can hold several senders.
fn contact_of<'a>(value: &'a Value, message: &Value) -> Option<&'a Value> {
    let (number, user) = (text(message, "from"), text(message, "from_user_id"));
    list(value, "contacts").iter().find(|contact| {
        let same_number = number.is_some() && text(contact, "wa_id") == number;
        let same_user = user.is_some() && text(contact, "user_id") == user;
        same_number || same_user
    })
}

fn name_of(contact: &Value) -> Option<String> {
    let profile = contact.get("profile")?;
    text(profile, "name")
        .or(text(profile, "username"))
        .map(str::to_owned)
}

/// Meta's numbers are the digits of E.164, without the plus sign.
fn e164(digits: &str) -> Option<String> {
    let shaped = (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    shaped.then(|| format!("+{digits}"))
}

/// What a message says, whatever its kind.
#[derive(Default)]
struct Contents<'a> {
    text: Option<&'a str>,
    reply_id: Option<&'a str>,
    /// The message that a reaction is about.
    about: Option<&'a str>,
    media: Option<Media>,
    location: Option<Location>,
    contacts: Vec<SharedContact>,
    cart: Vec<CartItem>,
}

impl<'a> Contents<'a> {
    /// `body` is the part of the message that is named like its kind.
    fn of(kind: MessageKind, body: &'a Value) -> Self {
        match kind {
            MessageKind::Text | MessageKind::System => Self::saying(text(body, "body")),
            MessageKind::Interactive => Self::of_interactive(body),
            MessageKind::Button => Self {
                reply_id: text(body, "payload"),
                ..Self::saying(text(body, "text"))
            },
            MessageKind::Order => Self {
                cart: list(body, "product_items")
                    .iter()
                    .take(CART_MAX)
                    .map(cart_item)
                    .collect(),
                ..Self::saying(text(body, "text"))
            },
            MessageKind::Reaction => Self {
                about: text(body, "message_id"),
                ..Self::saying(text(body, "emoji"))
            },
            MessageKind::Image
            | MessageKind::Audio
            | MessageKind::Video
            | MessageKind::Document
            | MessageKind::Sticker => Self {
                media: medium(body),
                ..Self::saying(text(body, "caption"))
            },
            MessageKind::Location => Self {
                location: location(body),
                ..Self::default()
            },
            MessageKind::Contacts => Self {
                contacts: cards(body),
                ..Self::default()
            },
            MessageKind::RequestWelcome | MessageKind::Unsupported => Self::default(),
        }
    }

    fn of_interactive(body: &'a Value) -> Self {
        for choice in ["button_reply", "list_reply"] {
            if let Some(reply) = body.get(choice) {
                return Self {
                    reply_id: text(reply, "id"),
                    ..Self::saying(text(reply, "title"))
                };
            }
        }
        // A form of a Flow: the answers stay in `raw`, the text is what the chat shows.
        Self::saying(body.get("nfm_reply").and_then(|reply| text(reply, "body")))
    }

    fn saying(text: Option<&'a str>) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

/// What a thing does not say, its key or a proper number, is asked about: none is left out.
fn cart_item(item: &Value) -> CartItem {
    let whole = item.get("quantity").and_then(|quantity| match quantity {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    CartItem {
        sku: text(item, "product_retailer_id").unwrap_or_default().to_owned(),
        quantity: whole.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
    }
}

fn medium(body: &Value) -> Option<Media> {
    let (id, url) = (text(body, "id"), text(body, "url"));
    id.or(url)?;
    let mime = text(body, "mime_type").unwrap_or("application/octet-stream");
    Some(Media {
        id: id.map(str::to_owned),
        url: url.map(str::to_owned),
        mime: mime.to_owned(),
        sha256: text(body, "sha256").map(str::to_owned),
        filename: text(body, "filename").map(str::to_owned),
    })
}

/// Degrees come as numbers, and as texts from some senders.
fn location(body: &Value) -> Option<Location> {
    let degrees = |name: &str| {
        let value = body.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
    };
    let place = Location::at(degrees("latitude")?, degrees("longitude")?)?;
    Some(Location {
        name: text(body, "name").map(str::to_owned),
        address: text(body, "address").map(str::to_owned),
        ..place
    })
}

/// Contacts; the part of the message that is named like its kind is a list here.
fn cards(body: &Value) -> Vec<SharedContact> {
    let card = |card: &Value| {
        let nobody = Value::Null;
        let name = card.get("name").unwrap_or(&nobody);
        let name = text(name, "formatted_name").or(text(name, "first_name"));
        let phones = list(card, "phones").iter();
        let phones = phones.filter_map(|phone| text(phone, "phone").or(text(phone, "wa_id")));
        SharedContact {
            name: name.unwrap_or_default().to_owned(),
            phones: phones.take(PHONES_MAX).map(str::to_owned).collect(),
        }
    };
    let all = body.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().take(CONTACTS_MAX).map(card).collect()
}
