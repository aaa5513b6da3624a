#![doc = include_str!("../README.md")]

mod breaker;
mod clock;
mod readiness;
mod tasks;
mod unit;

pub use breaker::Breaker;
pub use clock::{Clock, Hand};
pub use readiness::{Readiness, State};
pub use tasks::{Kind, Tasks};
pub use unit::{Background, Part, Unit};

/// Tells everything to stop; cloned into every task.
pub type Stop = tokio_util::sync::CancellationToken;
