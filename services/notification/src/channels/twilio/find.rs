//! Twilio takes no idempotency key, so a message whose answer was lost is looked up in the list of messages.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::super::{Class, Lookup, Outgoing, ProviderRef, SendFault, http};
use super::{Twilio, recipient, sender};

/// Messages to one recipient that are looked at; the pair limit lets through fewer than 10 a minute.
const PAGE_SIZE: usize = 100;
/// Difference between Twilio's clock and ours that we allow for.
const SKEW: TimeDelta = TimeDelta::seconds(30);

impl Twilio {
    /// Looks for a message to the same recipient, from the same sender, with the same text, made since
    /// `since`.
    ///
    /// The list is filtered by creation here and not by `DateSent` there: a message that Twilio still queues
    /// has no date of sending yet, and missing it would send it twice.
    pub(super) async fn find(&self, message: &Outgoing, since: DateTime<Utc>) -> Result<Lookup, SendFault> {
        let to = recipient(message)?;
        let mut query = vec![("To", to), ("PageSize", PAGE_SIZE.to_string())];
        // A messaging service chooses the number itself, so the list cannot be asked for it.
        if let ("From", from) = sender(&message.from_account)? {
            query.push(("From", from));
        }
        let request = self.signed_in(self.client.get(self.url()?).query(&query));
        let answer = http::exchange_up_to(request, http::LIST_BODY_MAX)
            .await
            .map_err(harmless)?;
        let json = answer.json();
        if !answer.is_success() {
            return Err(harmless(self.fault(&answer, &json)));
        }
        let Some(listed) = json["messages"].as_array() else {
            return Err(SendFault::ours(
                Class::Retry,
                "the list of messages could not be read",
            ));
        };
        Ok(judge(listed, message, since - SKEW))
    }
}

/// A look-up changes nothing at Twilio, so it can always be repeated.
fn harmless(fault: SendFault) -> SendFault {
    SendFault {
        class: if fault.class == Class::Ambiguous {
            Class::Retry
        } else {
            fault.class
        },
        ..fault
    }
}

fn judge(listed: &[Value], message: &Outgoing, since: DateTime<Utc>) -> Lookup {
    let wanted = squeezed(&message.body.flattened().text);
    let mut candidates = Vec::new();
    let mut reached_older = listed.len() < PAGE_SIZE;
    for entry in listed {
        let created = entry["date_created"]
            .as_str()
            .and_then(|at| DateTime::parse_from_rfc2822(at).ok());
        let Some(created_at) = created.map(|at| at.to_utc()) else {
            continue;
        };
        if created_at < since {
            reached_older = true;
            continue;
        }
        let outbound = entry["direction"]
            .as_str()
            .is_none_or(|direction| direction.starts_with("outbound"));
        let same =
            entry["body"]
                .as_str()
                .map(squeezed)
                .is_some_and(|body| match message.service_window_open {
                    true => body == wanted,
                    // An approved template puts words around ours.
                    false => body.contains(&wanted),
                });
        if let (true, true, Some(sid)) = (outbound, same, entry["sid"].as_str()) {
            candidates.push(ProviderRef {
                provider_message_id: sid.to_owned(),
                created_at,
            });
        }
    }
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.created_at));
    match (candidates.is_empty(), reached_older) {
        (false, _) => Lookup::Candidates(candidates),
        (true, true) => Lookup::Absent,
        // A full page of newer messages: ours may be on the next one.
        (true, false) => Lookup::CannotTell,
    }
}

/// Text without differences that carriers make: white space, and the bars that stand for line breaks in a
/// template.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '|').collect()
}
