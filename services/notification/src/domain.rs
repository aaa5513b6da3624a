//! The rules of outbound messages, without any input or output: what a message says, how far it came, when to
//! try it again and how fast we may send.

pub mod begin_attempt;
pub mod deliver_simulated;
pub mod delivery_state;
pub mod end_line;
pub mod enqueue;
pub mod fetch_media;
pub mod finish_attempt;
pub mod finish_look;
pub mod keep_transcript;
pub mod media;
pub mod message;
pub mod outbound;
pub mod pacing;
pub mod provider_codes;
pub mod receive_status;
pub mod recipient;
pub mod refusal;
pub mod resend_notification;
pub mod retry;
pub mod revive_lines;
pub mod set_consent;
pub mod settle_overdue;
pub mod simulated;
pub mod template;
pub mod view;

pub use delivery_state::State;
pub use outbound::{Change, Moved, Outbound, Queue};
pub use recipient::{Provider, Recipient};
pub use refusal::Refusal;
