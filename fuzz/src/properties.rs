//! What holds for every input, by subject.

pub(crate) mod fingerprint;
mod forms;
pub(crate) mod meta;
pub(crate) mod money;
pub(crate) mod orders;
pub(crate) mod phones;
pub(crate) mod twilio;
