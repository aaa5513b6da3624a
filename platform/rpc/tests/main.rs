//! Calls between services: real servers on loopback behind the guard, real channels in front of it.

mod balance;
mod broken;
mod context;
mod deadline;
mod deny;
mod load;
mod panics;
mod retry;
mod standard;
mod support;
