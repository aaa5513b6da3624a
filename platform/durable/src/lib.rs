#![doc = include_str!("../README.md")]

mod command;
mod door;
mod gather;
mod handoff;
mod job;
mod lanes;
mod ops;
mod remembered;
mod run;
mod runner;
mod schedule;
mod sql;
mod together;
mod tx;

pub use command::{Command, Transact};
pub use door::Door;
pub use gather::{Gathered, Item, Verdict, gather};
pub use job::{Finished, JobKind, JobRun, NewJob};
pub use ops::{Depth, JobRow};
pub use run::{Done, run};
pub use runner::Runner;
pub use schedule::Schedule;
pub use together::{Load, Together};
pub use tx::Tx;

/// Tables of the door and the queue, with `{schema}` in place of the schema. The migrator runs it before a service's
/// own steps.
pub const SCHEMA_SQL: &str = include_str!("schema.sql");
