#![doc = include_str!("../README.md")]

mod cache;
mod debts;
mod generations;
mod link;
mod listen;
mod rate;
mod redis;
mod shelf;
mod state;
mod trouble;

pub use crate::cache::{Cache, Options};
pub use crate::listen::Event;
pub use crate::redis::Redis;
pub use crate::state::{State, Why};
pub use crate::trouble::Trouble;
/// The vocabulary of [`Redis::run`], [`Redis::run_all`] and [`Redis::eval`], so that callers need no client
/// library of their own.
pub use ::redis::{Cmd, FromRedisValue, Pipeline, Script, ToRedisArgs, cmd, pipe};
