#![doc = include_str!("../README.md")]

mod answered;
mod check;
mod db;
pub mod embedded;
mod guard;
mod hash;
pub mod migrate;
mod tx;

pub use answered::{answered, answered_within};
pub use check::{Safety, ServerFacts, budget, check_server};
pub use db::{Db, PoolStats, Settings};
pub use guard::Guarding;
pub use tx::{begin, commit, in_tx, in_tx_until};
