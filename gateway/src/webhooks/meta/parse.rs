//! A delivery of Meta to events: entries × changes × messages and statuses.
//!
//! One request can hold several of each, for several of our numbers and many senders. An element that cannot be
//! read becomes an ignored event of its own and never costs the others. Messages come before statuses, so that a
//! shop's order does not wait behind a pile of receipts.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{list, message, text};
use crate::webhooks::{Event, Malformed, Provider, Status, StatusUpdate, scrub};

/// Reads a whole delivery. [`Malformed`] only when the body is no JSON object; whatever else is unknown becomes
/// [`Event::Ignored`], so at least one event comes back.
pub fn parse(raw_body: &[u8]) -> Result<Vec<Event>, Malformed> {
    let body = scrub::json(raw_body)?;
    if !body.is_object() {
        return Err(Malformed);
    }
    let object = text(&body, "object").unwrap_or("missing");
    if object != "whatsapp_business_account" {
        let kind = format!("object_{object}");
        return Ok(vec![ignored(&kind, body)]);
    }
    let mut found = Found::default();
    for entry in list(&body, "entry") {
        let changes = list(entry, "changes");
        for change in changes {
            found.change(entry, change);
        }
        if changes.is_empty() {
            found.others.push(ignored("empty_entry", entry.clone()));
        }
    }
    if found.is_empty() {
        found.others.push(ignored("empty", body));
    }
    Ok(found.in_order())
}

#[derive(Default)]
struct Found {
    messages: Vec<Event>,
    statuses: Vec<Event>,
    others: Vec<Event>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.statuses.is_empty() && self.others.is_empty()
    }

    fn in_order(self) -> Vec<Event> {
        [self.messages, self.statuses, self.others]
            .into_iter()
            .flatten()
            .collect()
    }

    fn change(&mut self, entry: &Value, change: &Value) {
        let field = text(change, "field").unwrap_or("missing_field");
        let nothing = Value::Null;
        let value = change.get("value").unwrap_or(&nothing);
        let (messages, statuses) = (list(value, "messages"), list(value, "statuses"));
        let errors = list(value, "errors");
        let empty = messages.is_empty() && statuses.is_empty() && errors.is_empty();
        if field != "messages" || empty {
            self.others.push(ignored(field, change.clone()));
            return;
        }
        let lists = ["messages", "statuses", "errors"];
        if lists
            .iter()
            .filter_map(|list| value.get(list))
            .any(|list| !list.is_array())
        {
            self.others.push(ignored("malformed_change", change.clone()));
        }
        let account = account(entry, value);
        for element in messages {
            match message::read(&account, value, element) {
                Ok(inbound) => self.messages.push(Event::Message(inbound)),
                Err(kind) => self
                    .others
                    .push(ignored(kind, message::raw(value, element, None))),
            }
        }
        for element in statuses {
            match status(&account, element) {
                Ok(update) => self.statuses.push(Event::Status(update)),
                Err(kind) => self
                    .others
                    .push(ignored(kind, message::raw(value, element, None))),
            }
        }
        for error in errors {
            self.others
                .push(ignored("errors", message::raw(value, error, None)));
        }
    }
}

/// The number that the change is about; the account's own id when Meta leaves the number out.
fn account(entry: &Value, value: &Value) -> String {
    let metadata = value.get("metadata").unwrap_or(value);
    let id = text(metadata, "phone_number_id").or(text(metadata, "display_phone_number"));
    id.or(text(entry, "id")).unwrap_or_default().to_owned()
}

fn status(account: &str, element: &Value) -> Result<StatusUpdate, &'static str> {
    let id = text(element, "id").ok_or("status_without_id")?;
    let raw_status = text(element, "status").ok_or("status_without_state")?;
    let status = Status::of(raw_status).ok_or("unknown_status")?;
    let error = list(element, "errors").first();
    let recipient = text(element, "recipient_id").or(text(element, "recipient_user_id"));
    Ok(StatusUpdate {
        provider: Provider::Meta,
        account: account.to_owned(),
        provider_message_id: id.to_owned(),
        status,
        raw_status: raw_status.to_owned(),
        error_code: error.and_then(|error| error.get("code")).and_then(whole_number),
        error_text: error.and_then(sentence),
        recipient: recipient.map(str::to_owned),
        opaque: text(element, "biz_opaque_callback_data").map(str::to_owned),
        at: time(element),
    })
}

/// What the error says, the most precise wording first.
fn sentence(error: &Value) -> Option<String> {
    let details = error.get("error_data").and_then(|data| text(data, "details"));
    details
        .or(text(error, "message"))
        .or(text(error, "title"))
        .map(str::to_owned)
}

/// `timestamp`: seconds since 1970, as a string or a number.
pub(super) fn time(element: &Value) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(whole_number(element.get("timestamp")?)?, 0)
}

fn whole_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn ignored(kind: &str, raw: Value) -> Event {
    Event::Ignored {
        provider: Provider::Meta,
        kind: kind.to_owned(),
        raw,
    }
}
