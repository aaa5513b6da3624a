//! The rules of outbound messages, without any input or output: what a message says, how far it came, when to
//! try it again and how fast we may send.

pub mod delivery_state;
pub mod message;
pub mod pacing;
pub mod provider_codes;
pub mod retry;
pub mod template;
