//! Bugs on purpose: what `kasauti selftest` must find. See the crate's README.

mod bug;
#[cfg(feature = "planted")]
mod live;
#[cfg(not(feature = "planted"))]
mod none;
#[cfg(test)]
mod tests;

pub use bug::Bug;
#[cfg(feature = "planted")]
pub use live::{era, highest, on, sql, stale};
#[cfg(not(feature = "planted"))]
pub use none::{era, highest, on, sql, stale};

#[cfg(all(feature = "planted", not(debug_assertions)))]
compile_error!("a release build must not contain planted bugs");
