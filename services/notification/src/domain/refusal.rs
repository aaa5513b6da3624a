//! Every way in which this service says no.

use super::State;

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such notification.
    NotificationUnknown,
    /// No such medium.
    MediaUnknown,
    /// No such template, or its variables do not fit.
    TemplateUnknown {
        /// Place of the notice in the request, from 0.
        notice: usize,
        /// What does not fit.
        problem: String,
    },
    /// No address, phone or user id was given.
    RecipientMissing {
        /// Place of the notice in the request, from 0.
        notice: usize,
    },
    /// The notification is still being tried, or has arrived.
    StillUnderWay {
        /// Where it stands.
        state: State,
    },
}
