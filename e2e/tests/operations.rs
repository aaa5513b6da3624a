//! What operators and platforms see and do.

mod commands;
mod endpoints;
mod jobs;
mod lifecycle;
