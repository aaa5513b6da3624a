//! Properties of what reads other people's words.

mod fingerprint;
mod forms;
mod meta;
mod money;
mod orders;
mod phones;
mod twilio;
