//! A notification as people see it.

use chrono::{DateTime, Utc};
use khaacho_ids::{NotificationId, OrderId};
use serde::{Deserialize, Serialize};

use super::{Provider, State};

/// A notification; phones are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Id.
    pub id: NotificationId,
    /// Place in the order of storing.
    pub seq: i64,
    /// Template.
    pub template: String,
    /// State.
    pub state: State,
    /// Who carries it.
    pub provider: Provider,
    /// Recipient, masked.
    pub to_masked: String,
    /// Order.
    pub order_id: Option<OrderId>,
    /// The provider's id.
    pub provider_message_id: Option<String>,
    /// The provider's code of the failure.
    pub error_code: Option<String>,
    /// The provider's text of the failure.
    pub error_text: Option<String>,
    /// Tries, oldest first; empty in lists.
    pub attempts: Vec<AttemptView>,
    /// What caused it.
    pub cause: String,
    /// Trace that stored it.
    pub trace_id: String,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// When it is given up.
    pub deadline_at: DateTime<Utc>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    /// Number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Result, empty while unknown.
    pub result: String,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's text.
    pub text: Option<String>,
}
