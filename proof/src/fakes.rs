//! Meta and Twilio, as far as the mesh sees them: servers that take what it sends, and senders of webhooks that repeat
//! like the real ones.
//!
//! [`Fakes`] serves the Graph API's `POST /v26.0/{phone number id}/messages` and Twilio's `Messages.json` (with its
//! list) on one port, writes every request to `provider.jsonl`, shows phones what they were sent, and reports statuses
//! to the gateway. How well it behaves is [`Manners`]. [`Incoming`] is a message or tap that a provider delivers,
//! signed.

mod incoming;
mod manners;
mod phones;
mod reports;
mod server;
mod sign;
mod wire;

pub use incoming::{Incoming, Provider, Webhook};
pub use manners::{Manners, Verdict};
pub use phones::Heard;
pub use server::Fakes;
pub use sign::{form, meta_signature, twilio_signature};

/// Twilio's Auth Token.
pub const TWILIO_TOKEN: &str = "6f1d2c3b4a5968778695a4b3c2d1e0f9";
/// Meta's app secret.
pub const META_SECRET: &str = "5d41402abc4b2a76b9719d911017c592";
/// Token of Meta's handshake.
pub const META_VERIFY: &str = "a-token-of-the-touchstone";
/// Bearer token of the Graph API.
pub const META_ACCESS: &str = "EAAGtouchstone0123456789";
/// Our account at Twilio.
pub const TWILIO_ACCOUNT: &str = "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
/// Our number at Twilio.
pub const TWILIO_NUMBER: &str = "+14155238886";
/// Our phone number id at Meta.
pub const META_NUMBER_ID: &str = "180000000000022";
/// Under which providers believe to reach us.
pub const PUBLIC_BASE: &str = "https://orders.touchstone.example";
/// Where Twilio delivers.
pub const TWILIO_PATH: &str = "/webhooks/twilio";
/// Where Meta delivers.
pub const META_PATH: &str = "/webhooks/meta";

/// Settings that make a mesh use the fakes at `url`.
pub fn settings(url: &str) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = [
        ("TWILIO_ACCOUNT_SID", TWILIO_ACCOUNT),
        ("TWILIO_AUTH_TOKEN", TWILIO_TOKEN),
        ("TWILIO_WHATSAPP_NUMBER", TWILIO_NUMBER),
        (
            "KHAACHO_NOTIFICATION_TWILIO_CONTENT_SID",
            "HX0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
        ),
        ("WHATSAPP_APP_SECRET", META_SECRET),
        ("WHATSAPP_VERIFY_TOKEN", META_VERIFY),
        ("WHATSAPP_PHONE_NUMBER_ID", META_NUMBER_ID),
        ("WHATSAPP_ACCESS_TOKEN", META_ACCESS),
        ("KHAACHO_NOTIFICATION_META_TEMPLATE", "notice"),
        ("KHAACHO_NOTIFICATION_PROVIDER", "meta"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    all.push(("PUBLIC_BASE_URL", PUBLIC_BASE.to_owned()));
    all.push(("TWILIO_API_URL", url.to_owned()));
    all.push(("WHATSAPP_API_URL", format!("{url}/v26.0")));
    all
}
