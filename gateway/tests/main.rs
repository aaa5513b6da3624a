//! The whole edge over fake peers and a real database.

mod apikeys;
mod headers;
mod health;
mod limits;
mod openapi;
mod pages;
mod permissions;
mod problems;
mod replies;
mod requests;
mod room;
mod serving;
mod simulator;
mod support;
mod webhooks_meta;
mod webhooks_twilio;
