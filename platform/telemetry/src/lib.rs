//! Logs, traces and metrics of one process. See the crate's README.

mod init;
mod json;
mod masked;
pub mod metrics;
#[cfg(test)]
mod tests;
mod trace;

pub use init::{Options, Telemetry, init, is_log_filter};
pub use masked::{Masked, mask_phone};
pub use trace::{Trace, link, set_parent};
