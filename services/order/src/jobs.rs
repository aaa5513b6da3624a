//! Durable jobs: everything that calls a peer. Each makes its calls without a transaction and ends in a command.

mod complete_order;
mod expire_offer;
mod fetch_media;
mod handle_message;
mod language;
mod notify;
mod rehome_order;
mod release_order;
mod route_order;
mod secure_order;
mod set_consent;
mod settle_delivery;
mod shop_message;
mod teach_catalogue;
mod vendor_message;
mod which_shop;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_durable::{JobKind, JobRun};
use serde::{Deserialize, Serialize};

use crate::domain::lessons::Lessons;
use crate::domain::quote::Choice;
use crate::domain::{Contact, Notice, Order};
use crate::service::Service;

/// Kinds of jobs.
pub mod kinds {
    /// Understands one message and answers it.
    pub const HANDLE_MESSAGE: &str = "handle_message";
    /// Holds credit and reserves stock for a placed order.
    pub const SECURE_ORDER: &str = "secure_order";
    /// Chooses the next vendor.
    pub const ROUTE_ORDER: &str = "route_order";
    /// Moves the stock to the next vendor.
    pub const REHOME_ORDER: &str = "rehome_order";
    /// Gives credit and stock back.
    pub const RELEASE_ORDER: &str = "release_order";
    /// Posts the debt and consumes the stock of a delivered order.
    pub const SETTLE_DELIVERY: &str = "settle_delivery";
    /// Closes an offer at its deadline.
    pub const EXPIRE_OFFER: &str = "expire_offer";
    /// Completes an order that nobody disputed.
    pub const COMPLETE_ORDER: &str = "complete_order";
    /// Tells the catalogue what a shop calls its products.
    pub const TEACH_CATALOGUE: &str = "teach_catalogue";
    /// Notes that somebody wants no more messages, or wants them again.
    pub const SET_CONSENT: &str = "set_consent";
    /// Has a medium of a message fetched.
    pub const FETCH_MEDIA: &str = "fetch_media";
    /// Hands messages to the notification service.
    pub const NOTIFY: &str = "notify";
}

/// Body of `handle_message`.
#[derive(Debug, Serialize, Deserialize)]
pub struct HandleBody {
    /// The message.
    pub inbound_id: String,
    /// It was answered with a question before, and the question is answered now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// Body of jobs about an order as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrderBody {
    /// The order.
    pub order_id: String,
}

/// What `secure_order` is given in memory by the transaction that placed the order.
#[derive(Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Vendors that may take it, best first.
    pub choices: Vec<Choice>,
}

/// Body of `rehome_order`.
#[derive(Debug, Serialize, Deserialize)]
pub struct RehomeBody {
    /// The order.
    pub order_id: String,
    /// Which offer, from 1.
    pub offer: i32,
}

/// Body of `expire_offer`.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireBody {
    /// The order.
    pub order_id: String,
    /// Which offer, from 1.
    pub offer: i32,
}

/// Body of `release_order`.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReleaseBody {
    /// The order.
    pub order_id: String,
    /// Whether the hold is given back too.
    pub hold: bool,
    /// Reservation attempts to give back.
    pub attempts: Vec<i32>,
    /// Reason code.
    pub reason: String,
}

/// Body of `teach_catalogue`.
#[derive(Debug, Serialize, Deserialize)]
pub struct TeachBody {
    /// The message that it was.
    pub inbound_id: String,
    /// What there is to learn.
    pub lessons: Lessons,
}

/// Body of `set_consent`.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConsentBody {
    /// The message that said so.
    pub inbound_id: String,
    /// Who.
    pub contact: Contact,
    /// Whether messages end.
    pub opted_out: bool,
    /// When it was said.
    pub said_at: DateTime<Utc>,
}

/// Body of `fetch_media`.
#[derive(Debug, Serialize, Deserialize)]
pub struct MediaBody {
    /// The message.
    pub inbound_id: String,
    /// Place of the medium in it, from 0.
    pub position: u8,
}

/// Body of `notify`.
#[derive(Debug, Serialize, Deserialize)]
pub struct NotifyBody {
    /// The messages.
    pub notices: Vec<Notice>,
}

/// All kinds with their limits.
pub fn all(service: &Arc<Service>) -> Vec<JobKind> {
    macro_rules! kind {
        ($kind:expr, $run:path) => {{
            let service = service.clone();
            JobKind::new($kind, move |job: Arc<JobRun>| {
                let service = service.clone();
                async move { $run(&service, &job).await }
            })
        }};
    }
    vec![
        // Somebody waits for these two with a phone in the hand.
        kind!(kinds::HANDLE_MESSAGE, handle_message::run).pause_max(Duration::from_secs(5)),
        kind!(kinds::SECURE_ORDER, secure_order::run).pause_max(Duration::from_secs(5)),
        kind!(kinds::ROUTE_ORDER, route_order::run),
        kind!(kinds::REHOME_ORDER, rehome_order::run),
        kind!(kinds::RELEASE_ORDER, release_order::run),
        kind!(kinds::SETTLE_DELIVERY, settle_delivery::run),
        kind!(kinds::EXPIRE_OFFER, expire_offer::run),
        kind!(kinds::COMPLETE_ORDER, complete_order::run),
        kind!(kinds::TEACH_CATALOGUE, teach_catalogue::run),
        kind!(kinds::SET_CONSENT, set_consent::run),
        kind!(kinds::FETCH_MEDIA, fetch_media::run),
        kind!(kinds::NOTIFY, notify::run),
    ]
}

pub use route_order::asked;
