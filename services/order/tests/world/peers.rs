//! What the peers do with a call when nothing else is scripted.

mod credit;
mod inventory;

use khaacho_fault::Fault;
use khaacho_ids::MediaId;
use khaacho_proto::notification::v1 as notes;

pub(crate) use credit::{Accounts, Holds, Ledger};
pub(crate) use inventory::{Catalog, Offers, Quotes, Reservations, Stocks, Vendors};

use super::books::Books;
use super::stage::peer;

peer!(
    Notifications,
    "khaacho.notification.v1.NotificationService",
    "Enqueue" => enqueue,
    "ExplainNotifications" => explain_notifications,
    "ListTold" => list_told,
);

peer!(Consents, "khaacho.notification.v1.ConsentService", "SetConsent" => set_consent);

fn set_consent(
    books: &mut Books,
    asked: notes::SetConsentRequest,
) -> Result<notes::SetConsentResponse, Fault> {
    let phone = asked.address.map(|address| address.phone).unwrap_or_default();
    books.consents.push((phone, asked.opted_out));
    Ok(notes::SetConsentResponse::default())
}

peer!(
    Media,
    "khaacho.notification.v1.MediaService",
    "FetchMedia" => fetch_media,
    "ListMedia" => list_media,
);

/// The id of a medium says what becomes of it: `late` comes only when nobody would ask again, `large` is refused.
fn fetch_media(
    books: &mut Books,
    asked: notes::FetchMediaRequest,
) -> Result<notes::FetchMediaResponse, Fault> {
    let parts = [asked.provider_message_id.as_str(), &asked.index.to_string()];
    let media_id = MediaId::derive(&parts).to_string();
    let (state, reason) = match asked.provider_media_id.as_str() {
        "late" if !asked.last_try => (notes::MediaState::Later, "UNREACHABLE"),
        "late" => (notes::MediaState::Refused, "UNREACHABLE"),
        "large" => (notes::MediaState::Refused, "TOO_LARGE"),
        _ => (notes::MediaState::Stored, ""),
    };
    if state != notes::MediaState::Later {
        books.media.insert(media_id.clone(), asked);
    }
    Ok(notes::FetchMediaResponse {
        media_id,
        state: state.into(),
        reason: reason.to_owned(),
        retry_after_seconds: 0,
    })
}

fn list_media(books: &mut Books, asked: notes::ListMediaRequest) -> Result<notes::ListMediaResponse, Fault> {
    let known = |id: &&String| books.media.contains_key(*id);
    let heard = |id: &String| notes::Media {
        id: id.clone(),
        transcript: "dui bora chamal".to_owned(),
        ..Default::default()
    };
    let media = asked.media_ids.iter().filter(known).map(heard).collect();
    Ok(notes::ListMediaResponse { media })
}

/// Replies are caused by the message with which their key begins.
fn explain_notifications(
    books: &mut Books,
    asked: notes::ExplainNotificationsRequest,
) -> Result<notes::ExplainNotificationsResponse, Fault> {
    let cause = |n: &notes::Notice| n.dedup_key.split(':').next().unwrap_or_default().to_owned();
    let told = |n: &&notes::Notice| {
        n.order_id == asked.order_id || (n.order_id.is_empty() && asked.cause_ids.contains(&cause(n)))
    };
    let event = |n: &notes::Notice| notes::NotificationEvent {
        kind: "message_out".to_owned(),
        summary: format!("{} to somebody", n.template),
        cause_id: cause(n),
        ..Default::default()
    };
    let events = books.notices.iter().filter(told).map(event).collect();
    Ok(notes::ExplainNotificationsResponse { events })
}

/// What was handed over for a phone; the words are those of the template's name.
fn list_told(books: &mut Books, asked: notes::ListToldRequest) -> Result<notes::ListToldResponse, Fault> {
    let to = asked.to.unwrap_or_default().phone;
    let of = |n: &&notes::Notice| n.recipient.as_ref().is_some_and(|r| r.phone == to);
    let told = |n: &notes::Notice| notes::Told {
        template: n.template.clone(),
        text: n.data_json.clone(),
        state: notes::NotificationState::Delivered.into(),
        cause_id: n.dedup_key.split(':').next().unwrap_or_default().to_owned(),
        order_id: n.order_id.clone(),
        ..Default::default()
    };
    let newest = books.notices.iter().rev().filter(of).take(asked.limit as usize);
    Ok(notes::ListToldResponse {
        messages: newest.map(told).collect(),
    })
}

fn enqueue(books: &mut Books, asked: notes::EnqueueRequest) -> Result<notes::EnqueueResponse, Fault> {
    for notice in asked.notices {
        let known = books.notices.iter().find(|n| n.dedup_key == notice.dedup_key);
        match known {
            Some(known) => assert_eq!(*known, notice, "a key names one message"),
            None => books.notices.push(notice),
        }
    }
    Ok(notes::EnqueueResponse::default())
}
