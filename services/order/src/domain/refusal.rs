//! Why a verb did nothing.

use super::quote::Obstacle;
use super::status::Status;

/// Why an order verb did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such order, or not one of the caller's.
    OrderUnknown,
    /// No such quote, or not one of the caller's.
    QuoteUnknown,
    /// The quote is too old.
    QuoteExpired,
    /// The quote has become an order already.
    QuoteUsed {
        /// That order's number.
        number: String,
    },
    /// The move is not allowed now.
    WrongStatus {
        /// Order number.
        number: String,
        /// Present status.
        now: Status,
        /// Wanted status.
        wanted: Status,
    },
    /// The order changed after the caller read it.
    StaleVersion {
        /// Order number.
        number: String,
        /// Present version.
        version: i64,
    },
    /// Another vendor is asked now.
    NotYourOffer {
        /// Order number.
        number: String,
    },
    /// The offer is over: answered, expired or withdrawn.
    OfferGone {
        /// Order number.
        number: String,
    },
    /// Something stands in the way of a quote; says what, and by how much.
    InTheWay(Obstacle),
    /// A reason is mandatory.
    ReasonMissing,
    /// The vendor cannot take the order.
    VendorNotEligible {
        /// Why, for people.
        sentence: String,
    },
    /// The lines cannot be ordered.
    BadLines {
        /// Why, for people.
        sentence: String,
    },
    /// The debt of the delivery is not posted yet.
    NotPostedYet,
    /// No such conversation.
    ConversationUnknown,
    /// Another person has the conversation.
    ConversationClaimed {
        /// Who.
        by: String,
    },
    /// Somebody wrote after the caller read the conversation.
    MessageUnread {
        /// The newest message.
        newest: String,
    },
    /// No text may be sent any more.
    WindowClosed {
        /// Since when.
        until: chrono::DateTime<chrono::Utc>,
    },
    /// The conversation moved on while the message was handled; the job sees the new state next time.
    ConversationMoved,
}
