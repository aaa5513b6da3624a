//! The composition root: the only crate that knows all services. `up`, `serve`, `work`, the tests and the proof start
//! their processes through [`compose::compose`].

pub mod cli;
pub mod commands;
pub mod compose;
pub mod demo;
pub mod local;
pub mod migrate;
pub mod ops;
pub mod parse;
pub mod probes;
pub mod roles;
pub mod settings;
