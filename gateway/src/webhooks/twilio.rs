//! Twilio's webhooks: inbound WhatsApp messages and status callbacks, both as forms.

mod parse;
mod verify;

#[cfg(test)]
mod tests;

pub use parse::{account_sid, parse};
pub use verify::verify;

use khaacho_config::Secret;

/// Header with the base64 signature.
pub const SIGNATURE: &str = "x-twilio-signature";
/// Header that says which secret and hash were used, when it is not the Auth Token with SHA-1.
pub const SIGNATURE_SETTINGS: &str = "x-twilio-webhooks-signature-settings";

/// The secrets with which Twilio may sign, and the accounts whose events we take.
#[derive(Debug, Clone, Default)]
pub struct TwilioAuth {
    /// Auth Tokens that are valid now: one, or the old and the new one during a rotation.
    pub auth_tokens: Vec<Secret>,
    /// Shared webhook keys, used with HMAC-SHA256.
    pub shared_keys: Vec<SharedKey>,
    /// Account SIDs (`AC…`) whose events we take. Empty: any account that signs with our secrets.
    pub account_sids: Vec<String>,
}

/// A shared key of Twilio's newer webhook signatures.
#[derive(Debug, Clone)]
pub struct SharedKey {
    /// The key's id, the `key=` of the settings header.
    pub id: String,
    /// The key.
    pub secret: Secret,
}

impl TwilioAuth {
    /// True when there is a secret to check signatures with. Without one every request is refused.
    pub fn is_configured(&self) -> bool {
        !(self.auth_tokens.is_empty() && self.shared_keys.is_empty())
    }
}
