//! khaacho-gateway

pub mod accept;
pub mod limits;
pub mod webhooks;
