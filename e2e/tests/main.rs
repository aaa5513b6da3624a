//! The whole mesh, met from outside.

mod assay;
mod chat;
mod checks;
mod crash;
mod journey;
mod operations;
mod redis;
mod refusals;
mod regressions;
mod rest;
mod routing;
mod traces;
mod webhooks;
