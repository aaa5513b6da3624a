//! Twilio's forms to events. Twilio adds fields without notice; unknown ones are kept in `raw` and not looked at.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::webhooks::event::MEDIA_MAX;
use crate::webhooks::{
    Event, Inbound, Location, Malformed, Media, MessageKind, Provider, Status, StatusUpdate, scrub,
};

/// Reads a form body (or the query of a webhook that is configured for GET).
///
/// A form that is neither a message nor a status is [`Event::Ignored`], for instance a voice call or a debugger
/// event. [`Malformed`] is a body without a single field.
pub fn parse(raw_body: &[u8]) -> Result<Event, Malformed> {
    let form = Form::read(raw_body);
    if form.0.is_empty() {
        return Err(Malformed);
    }
    // `receiving` and `received` are states of an inbound message, so such a form may still be the message.
    let state = form.get("MessageStatus").or(form.get("SmsStatus"));
    Ok(match state {
        Some(state) if !matches!(state, "receiving" | "received") => status(&form, state),
        _ => message(&form),
    })
}

/// `AccountSid` of a form, to compare with the configured accounts once the signature is known to be good.
pub fn account_sid(raw_body: &[u8]) -> Option<String> {
    Form::read(raw_body).get("AccountSid").map(str::to_owned)
}

fn message(form: &Form<'_>) -> Event {
    let Some(message_id) = form.message_id() else {
        return form.ignored("no_message_id");
    };
    let (Some(from), Some(to)) = (form.get("From"), form.get("To")) else {
        return form.ignored("no_sender");
    };
    let media: Vec<Media> = (0..MEDIA_MAX).map_while(|index| form.media(index)).collect();
    let text = [form.get("Body"), form.get("ButtonText"), form.get("ListTitle")]
        .into_iter()
        .flatten()
        .next();
    let phone = e164(from).or_else(|| form.get("WaId").and_then(|digits| e164(&format!("+{digits}"))));
    let user_id = form.get("ExternalUserId").unwrap_or(from);
    Event::Message(Inbound {
        provider: Provider::Twilio,
        account: form.account(to),
        message_id: scrub::text(message_id),
        from_address: scrub::text(from),
        phone,
        user_id: business_scoped(user_id).map(scrub::text),
        profile_name: form.get("ProfileName").map(scrub::text),
        kind: kind(form, &media),
        text: scrub::text(text.unwrap_or_default()),
        reply_id: form.get("ListId").or(form.get("ButtonPayload")).map(scrub::text),
        context_id: form.get("OriginalRepliedMessageSid").map(scrub::text),
        sent_at: None,
        media,
        location: form.location().map(Box::new),
        // Twilio delivers contacts as a medium of the type `text/vcard`.
        contacts: Vec::new(),
        cart: Vec::new(),
        raw: form.raw(),
    })
}

fn status(form: &Form<'_>, raw_status: &str) -> Event {
    let Some(message_id) = form.message_id() else {
        return form.ignored("no_message_id");
    };
    let Some(status) = Status::of(raw_status) else {
        return form.ignored("unknown_status");
    };
    Event::Status(StatusUpdate {
        provider: Provider::Twilio,
        account: form.account(form.get("From").unwrap_or_default()),
        provider_message_id: scrub::text(message_id),
        status,
        raw_status: raw_status.to_owned(),
        error_code: form.get("ErrorCode").and_then(|code| code.parse().ok()),
        error_text: form
            .get("ErrorMessage")
            .or(form.get("ChannelStatusMessage"))
            .map(scrub::text),
        recipient: form.get("To").map(scrub::text),
        opaque: None,
        at: None,
    })
}

/// The kind, from what the form holds; `MessageType` only decides where the contents do not.
fn kind(form: &Form<'_>, media: &[Media]) -> MessageKind {
    use MessageKind::{Button, Contacts, Interactive, Location, Sticker, Text, Unsupported};
    let stated = form.get("MessageType");
    let hint = stated.and_then(MessageKind::named);
    if form.get("ListId").is_some() {
        return Interactive;
    }
    if form.get("ButtonPayload").is_some() || form.get("ButtonText").is_some() {
        return if hint == Some(Button) { Button } else { Interactive };
    }
    if let Some(medium) = media.first() {
        return match hint {
            Some(kind @ (Sticker | Contacts)) => kind,
            _ => kind_of_mime(&medium.mime),
        };
    }
    if form.get("Latitude").is_some() && form.get("Longitude").is_some() {
        return Location;
    }
    match (hint, form.get("Body"), stated) {
        (Some(Text) | None, Some(_), _) | (None, None, None) => Text,
        (Some(kind), _, _) => kind,
        (None, None, Some(_)) => Unsupported,
    }
}

fn kind_of_mime(mime: &str) -> MessageKind {
    let mime = mime.to_ascii_lowercase();
    match mime.split('/').next() {
        Some("image") => MessageKind::Image,
        Some("audio") => MessageKind::Audio,
        Some("video") => MessageKind::Video,
        _ if mime.starts_with("text/vcard") || mime.starts_with("text/x-vcard") => MessageKind::Contacts,
        _ => MessageKind::Document,
    }
}

/// The phone number of an address such as `whatsapp:+9779841234567`. The provider's numbers are E.164 already,
/// so only the shape is checked here.
fn e164(address: &str) -> Option<String> {
    let number = address.strip_prefix("whatsapp:").unwrap_or(address);
    let digits = number.strip_prefix('+')?;
    let shaped = (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    shaped.then(|| number.to_owned())
}

/// The user id in an address such as `whatsapp:NP.7301144820195566012`: a country, a full stop, letters or digits.
fn business_scoped(address: &str) -> Option<&str> {
    let id = address.strip_prefix("whatsapp:").unwrap_or(address);
    let (country, rest) = id.split_once('.')?;
    let shaped = country.len() == 2
        && country.bytes().all(|letter| letter.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    shaped.then_some(id)
}

/// The decoded fields in the order in which they came.
struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    fn read(raw: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(raw).collect())
    }

    /// The first value of a field, `None` when it is missing or empty.
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value)
    }

    fn message_id(&self) -> Option<&str> {
        self.get("MessageSid")
            .or(self.get("SmsMessageSid"))
            .or(self.get("SmsSid"))
    }

    fn account(&self, number: &str) -> String {
        scrub::text(&format!(
            "{}/{number}",
            self.get("AccountSid").unwrap_or_default()
        ))
    }

    fn media(&self, index: usize) -> Option<Media> {
        let url = self.get(&format!("MediaUrl{index}"))?;
        let mime = self
            .get(&format!("MediaContentType{index}"))
            .unwrap_or("application/octet-stream");
        Some(Media {
            id: None,
            url: Some(scrub::text(url)),
            mime: scrub::text(mime),
            sha256: None,
            filename: None,
        })
    }

    fn location(&self) -> Option<Location> {
        let degrees = |name: &str| self.get(name)?.trim().parse().ok();
        let place = Location::at(degrees("Latitude")?, degrees("Longitude")?)?;
        Some(Location {
            name: self.get("Label").map(scrub::text),
            address: self.get("Address").map(scrub::text),
            ..place
        })
    }

    fn ignored(&self, kind: &str) -> Event {
        Event::Ignored {
            provider: Provider::Twilio,
            kind: kind.to_owned(),
            raw: self.raw(),
        }
    }

    /// All fields as one JSON object; a repeated field becomes an array.
    fn raw(&self) -> Value {
        let mut fields = Map::new();
        for (key, value) in &self.0 {
            let value = Value::String(scrub::text(value));
            match fields.get_mut(&scrub::text(key)) {
                None => {
                    fields.insert(scrub::text(key), value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Value::Object(fields)
    }
}
