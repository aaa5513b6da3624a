//! The cache and its Redis handle against a real server that is there, stopped, slow, full and back again.

mod full;
mod invalidation;
mod layers;
mod metrics;
mod recovery;
mod scripts;
mod single_flight;
mod slow;
mod stale;
mod stopped;
mod support;
