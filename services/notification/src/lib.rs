//! khaacho-notification: outbound messages, from a template and its variables to a terminal state.

pub mod channels;
pub mod domain;
