//! The service from outside: its gRPC services and its runner, on a real database, against providers on
//! loopback.

mod consents;
mod deadlines;
mod enqueue;
mod lines;
mod media;
mod providers;
mod statuses;
mod support;
mod unknown_outcomes;
