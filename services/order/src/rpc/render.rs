//! This service's nouns as messages of the contract.

use chrono::{DateTime, Datelike as _, Utc};
use khaacho_proto::order::v1 as pb;

use crate::domain::attached::{Medium, SharedContact};
use crate::domain::basket::State;
use crate::domain::quote::Quote;
use crate::domain::route::Candidate;
use crate::domain::{Line, Order, Status};
use crate::store::conversations::{Conversation, Message};
use crate::store::settle_media::Settled;

/// A time as the contracts write it.
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default();
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos,
    }
}

/// A time of the contracts; `None` when it is outside the years 1 to 9999.
pub fn datetime(at: prost_types::Timestamp) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)?;
    (1..=9999).contains(&at.year()).then_some(at)
}

/// A status of the contract.
pub fn status(status: Status) -> pb::OrderStatus {
    match status {
        Status::Placed => pb::OrderStatus::Placed,
        Status::Pending => pb::OrderStatus::Pending,
        Status::Routed => pb::OrderStatus::Routed,
        Status::SentToVendor => pb::OrderStatus::SentToVendor,
        Status::Accepted => pb::OrderStatus::Accepted,
        Status::Packing => pb::OrderStatus::Packing,
        Status::Dispatched => pb::OrderStatus::Dispatched,
        Status::OutForDelivery => pb::OrderStatus::OutForDelivery,
        Status::Delivered => pb::OrderStatus::Delivered,
        Status::Completed => pb::OrderStatus::Completed,
        Status::Cancelled => pb::OrderStatus::Cancelled,
        Status::Refused => pb::OrderStatus::Refused,
    }
}

/// A status from the contract; `None` for unspecified.
pub fn parse_status(status: pb::OrderStatus) -> Option<Status> {
    let name = status.as_str_name().strip_prefix("ORDER_STATUS_")?;
    Status::parse(name)
}

/// A conversation.
pub fn conversation(conversation: Conversation) -> pb::Conversation {
    let (state, question, quote_id) = match &conversation.state {
        State::Idle => ("idle", String::new(), String::new()),
        State::Choosing { open, .. } => {
            let phrase = open.first().map(|open| open.phrase.clone());
            ("choosing", phrase.unwrap_or_default(), String::new())
        }
        State::Confirming { quote_id } => ("confirming", String::new(), quote_id.clone()),
        State::Updating { .. } => ("updating", String::new(), String::new()),
        State::WhichShop(asked) => {
            let kept = asked.kept.iter().map(|kept| kept.words.as_str());
            let waits: Vec<&str> = [asked.waits.as_str()].into_iter().chain(kept).collect();
            ("which_shop", waits.join("\n").trim().to_owned(), String::new())
        }
    };
    pb::Conversation {
        conversation_id: conversation.id,
        address: Some(crate::peers::address(&conversation.contact)),
        party_kind: conversation.party_kind,
        party_id: conversation.party_id,
        state: state.to_owned(),
        question,
        quote_id,
        waits_since: conversation.waits_since.map(timestamp),
        waits_for: conversation.waits_for,
        window_until: Some(timestamp(conversation.window_until)),
        updated_at: Some(timestamp(conversation.updated_at)),
        claimed_by: conversation.claimed_by,
        claimed_at: conversation.claimed_at.map(timestamp),
        newest_message: None,
    }
}

/// A message of a conversation.
pub fn message(message: Message) -> pb::ConversationMessage {
    let attached = message.attached;
    let media = attached.media.into_iter().enumerate();
    let location = attached.location.map(|at| pb::Location {
        latitude: at.latitude,
        longitude: at.longitude,
        name: at.name,
        address: at.address,
    });
    let contact = |contact: SharedContact| pb::SharedContact {
        name: contact.name,
        phones: contact.phones,
    };
    pb::ConversationMessage {
        inbound_id: message.id,
        kind: message.kind,
        text: message.text,
        reply_id: message.reply_id,
        received_at: Some(timestamp(message.received_at)),
        outcome: message.outcome,
        outcome_ref: message.outcome_ref,
        media: media
            .map(|(at, it)| {
                medium(
                    it,
                    message
                        .settled
                        .iter()
                        .find(|s| usize::try_from(s.position) == Ok(at)),
                )
            })
            .collect(),
        location,
        contacts: attached.contacts.into_iter().map(contact).collect(),
    }
}

fn medium(medium: Medium, settled: Option<&Settled>) -> pb::ConversationMedium {
    let (media_id, state, reason) = match settled {
        Some(settled) => (
            settled.media_id.clone(),
            settled.state.clone(),
            settled.reason.clone(),
        ),
        None => (String::new(), "FETCHING".to_owned(), String::new()),
    };
    pb::ConversationMedium {
        media_id,
        state,
        reason,
        mime_type: medium.mime_type,
        filename: medium.filename,
        transcript: String::new(),
    }
}

/// Lines, numbered from 1.
pub fn lines(lines: &[Line]) -> Vec<pb::OrderLine> {
    (1..)
        .zip(lines)
        .map(|(number, l)| pb::OrderLine {
            number,
            sku: l.sku.clone(),
            name: l.name.clone(),
            quantity: l.quantity.clone(),
            unit: l.unit.clone(),
            quantity_milli: l.quantity_milli,
            unit_price_paisa: l.unit_price.paisa(),
            amount_paisa: l.amount.paisa(),
            vat_bp: l.vat_bp,
        })
        .collect()
}

/// An order.
pub fn order(order: &Order) -> pb::Order {
    pb::Order {
        order_id: order.order_id.clone(),
        order_number: order.number.clone(),
        status: status(order.status).into(),
        version: order.version,
        account_id: order.buyer.account_id.clone(),
        shop_name: order.buyer.shop_name.clone(),
        vendor_id: order
            .vendor
            .as_ref()
            .map(|v| v.vendor_id.clone())
            .unwrap_or_default(),
        vendor_name: order.vendor.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
        lines: lines(&order.lines),
        subtotal_paisa: order.subtotal.paisa(),
        vat_paisa: order.vat.paisa(),
        total_paisa: order.total.paisa(),
        placed_at: Some(timestamp(order.placed_at)),
        updated_at: Some(timestamp(order.updated_at)),
        delivered_at: order.delivered_at.map(timestamp),
        invoice_number: order.invoice_number.clone().unwrap_or_default(),
        due_at: order.due_at.map(timestamp),
        vendor_deadline_at: order.vendor_deadline_at.map(timestamp),
        reason: order.reason.clone().unwrap_or_default(),
        reason_text: order.reason_text.clone().unwrap_or_default(),
        needs_operator: order.needs_operator,
        settled: order.status != Status::Placed,
    }
}

/// A quote.
pub fn quote(quote: &Quote) -> pb::Quote {
    pb::Quote {
        quote_id: quote.quote_id.clone(),
        account_id: quote.buyer.account_id.clone(),
        lines: lines(&quote.lines),
        subtotal_paisa: quote.subtotal.paisa(),
        vat_paisa: quote.vat.paisa(),
        total_paisa: quote.total.paisa(),
        credit_left_paisa: quote.credit_left_paisa,
        expires_at: Some(timestamp(quote.expires_at)),
        placeable: quote.obstacle.is_none(),
        refusal_reason: quote
            .obstacle
            .as_ref()
            .map(|o| o.reason().to_owned())
            .unwrap_or_default(),
        refusal: quote
            .obstacle
            .as_ref()
            .map(crate::domain::quote::Obstacle::sentence)
            .unwrap_or_default(),
    }
}

/// A vendor with his score.
pub fn candidate(candidate: &Candidate) -> pb::RoutingCandidate {
    pb::RoutingCandidate {
        vendor_id: candidate.vendor.vendor_id.clone(),
        vendor_name: candidate.vendor.name.clone(),
        failed: candidate.failed.clone(),
        score: candidate.score,
        components: candidate
            .components
            .iter()
            .map(|c| pb::ScoreComponent {
                name: c.name.clone(),
                weight: c.weight,
                value: c.value,
                because: c.because.clone(),
            })
            .collect(),
        vendor_total_paisa: candidate.vendor_paisa,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::ALL;

    #[test]
    fn statuses_survive_the_contract() {
        for it in ALL {
            assert_eq!(parse_status(status(it)), Some(it));
        }
        assert_eq!(parse_status(pb::OrderStatus::Unspecified), None);
    }
}
