//! All cases. They are the same in every run; only keys differ.

mod amounts;
mod bodies;
mod chat;
mod http1;
mod http2;
mod idempotency;
mod injection;
mod keys;
mod limits;
mod meta;
mod rpc;
mod strings;
mod tokens;
mod twilio;
mod unicode;
mod webhooks;

use serde_json::Value;

use super::case::{Case, Class, Request};

pub use limits::with_limits;

/// Rows that a proven message may lead to: itself, a price, an answer.
pub const CHAT: &[&str] = &[
    "orders.inbound_message",
    "orders.conversation",
    "orders.quote",
    "orders.request_log",
    "notification.notification",
    "notification.status_event",
];

/// Rows that a proven webhook may lead to.
pub const HOOK: &[&str] = &[
    "orders.inbound_message",
    "orders.conversation",
    "orders.quote",
    "orders.request_log",
    "notification.notification",
    "notification.status_event",
    "gateway.ignored_event",
];

/// Where a delivery that nobody acts upon is kept.
pub const KEPT: &[&str] = &["gateway.ignored_event"];

/// A shop, a vendor and a product of the demonstration.
pub const SHOP: &str = "R004";
/// A vendor of the demonstration.
pub const VENDOR: &str = "V01";
/// A product that the vendor offers.
pub const SKU: &str = "RICE-JEERA-25KG";

/// What is only known once a mesh runs.
#[derive(Debug, Clone)]
pub struct World {
    /// Key of the owner.
    pub owner: String,
    /// Key of a support person: may read.
    pub support: String,
    /// Key of the shop.
    pub retailer: String,
    /// A key that was revoked.
    pub revoked: String,
    /// Phone of the shop.
    pub phone: String,
}

impl World {
    /// A read as the owner.
    pub fn get(&self, target: &str) -> Request {
        Request::new("GET", target).with("Authorization", &format!("Bearer {}", self.owner))
    }

    /// A change as the owner.
    pub fn post(&self, target: &str, body: impl Into<Vec<u8>>) -> Request {
        Request::new("POST", target)
            .with("Authorization", &format!("Bearer {}", self.owner))
            .with("Content-Type", "application/json")
            .body(body)
    }

    /// A change as the owner, with JSON that is well formed.
    pub fn json(&self, target: &str, body: &Value) -> Request {
        self.post(target, body.to_string())
    }
}

/// A message from a simulated phone.
pub fn simulated(from: &str, text: &str) -> Request {
    let body = serde_json::json!({ "from": from, "text": text });
    Request::new("POST", "/api/v1/simulator/messages")
        .with("Content-Type", "application/json")
        .body(body.to_string())
}

/// A proven delivery of 3 MB, as large as Meta makes them: notices that nobody acts upon.
pub fn large_delivery(number: usize) -> Request {
    let notices: Vec<Value> = (0..300)
        .map(|n| serde_json::json!({"id": format!("{number}-{n}"), "text": "x".repeat(10_000)}))
        .collect();
    let change = serde_json::json!({"field": "account_alerts", "value": {"alerts": notices}});
    let body = serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]});
    meta::proven(body.to_string())
}

/// The cases of a class.
pub fn of(class: Class, world: &World) -> Vec<Case> {
    match class {
        Class::B1 => http1::cases(world),
        Class::B2 => http2::cases(),
        Class::B3 => bodies::cases(world),
        Class::B4 => rpc::cases(),
        Class::B5 => webhooks::cases(),
        Class::B6 => keys::cases(world),
        Class::B9 => injection::cases(world),
        Class::B10 => unicode::cases(world),
        Class::B11 => amounts::cases(world),
        Class::B12 => idempotency::cases(world),
        Class::B13 => chat::cases(world),
    }
}

#[cfg(test)]
mod tests;
