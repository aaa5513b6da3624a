//! W1: signed webhooks of Meta, acknowledged once they are stored.

use ring::hmac;
use serde_json::json;

use super::client::{Answer, Connection};
use super::data;
use super::orders::trouble;
use super::pace::Workload;
use super::tally::Outcome;

/// App secret of a measured mesh.
const SECRET: &str = "5b0d8f0e3c6a49d7b1a2c3d4e5f60718";
/// Phone number id of a measured mesh.
const NUMBER: &str = "180000000000022";
/// Every so many webhooks one repeats an earlier one: 5 %.
const DUPLICATE_EVERY: u64 = 20;
/// Every so many webhooks one has a wrong signature: 1 %.
const FORGED_EVERY: u64 = 100;

/// Settings of a mesh that takes these webhooks and sends to a server at `sink` (`http://host:port`).
#[must_use]
pub fn settings(sink: &str) -> Vec<(&'static str, String)> {
    vec![
        ("WHATSAPP_APP_SECRET", SECRET.to_owned()),
        ("WHATSAPP_VERIFY_TOKEN", "measured".to_owned()),
        ("WHATSAPP_ACCESS_TOKEN", "measured".to_owned()),
        ("WHATSAPP_PHONE_NUMBER_ID", NUMBER.to_owned()),
        ("WHATSAPP_API_URL", format!("{sink}/v26.0")),
    ]
}

/// Makes deliveries as Meta makes them.
#[derive(Debug)]
pub struct Meta {
    key: hmac::Key,
    sent_at: String,
}

impl Default for Meta {
    fn default() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a provider's time is wall-clock time")]
        let now = chrono::Utc::now();
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()),
            sent_at: now.timestamp().to_string(),
        }
    }
}

impl Meta {
    /// App secret with which deliveries are signed.
    #[must_use]
    pub const fn secret() -> &'static str {
        SECRET
    }

    /// Body and signature of a text message.
    #[must_use]
    pub fn text(&self, phone: &str, id: &str, text: &str) -> (Vec<u8>, String) {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "19000000011",
            "changes": [{
            "value": {"messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "15550100123", "phone_number_id": NUMBER},
                "contacts": [{"profile": {"name": "Measured"}, "wa_id": phone}],
                "messages": [{"from": phone, "id": id, "timestamp": self.sent_at, "type": "text",
                    "text": {"body": text}}]},
            "field": "messages"}]}]});
        let body = body.to_string().into_bytes();
        let tag = hmac::sign(&self.key, &body);
        let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (body, format!("sha256={digits}"))
    }

    /// Delivers a text message; the answer to it.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn deliver<'a>(
        &self,
        connection: &'a mut Connection,
        phone: &str,
        id: &str,
        text: &str,
    ) -> Result<Answer<'a>, super::client::Broken> {
        let (body, signature) = self.text(phone, id, text);
        post(connection, &body, &signature).await
    }
}

async fn post<'a>(
    connection: &'a mut Connection,
    body: &[u8],
    signature: &str,
) -> Result<Answer<'a>, super::client::Broken> {
    let headers = [
        ("content-type", "application/json"),
        ("x-hub-signature-256", signature),
    ];
    connection.post("/api/v1/whatsapp/webhook", &headers, body).await
}

/// Deliveries of messages from 3,000 phones.
#[derive(Debug)]
pub struct Webhooks {
    meta: Meta,
    tag: String,
}

impl Webhooks {
    /// `tag` makes message ids this run's own.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        Self {
            meta: Meta::default(),
            tag: tag.to_owned(),
        }
    }
}

impl Workload for Webhooks {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        // a repetition comes a little later, as a provider's does
        let repeats = n % DUPLICATE_EVERY == DUPLICATE_EVERY - 1;
        let which = if repeats { n.saturating_sub(16) } else { n };
        let phone = match which % 2 {
            0 => data::shop_phone(which / 2 % data::SHOPS),
            _ => data::stranger_phone(which / 2 % data::SHOPS),
        };
        let id = format!("wamid.{}.{which}", self.tag);
        let (body, mut signature) = self.meta.text(&phone, &id, "status");
        let forged = n % FORGED_EVERY == FORGED_EVERY / 2;
        if forged {
            signature = format!("sha256={}", "0".repeat(64));
        }
        match post(connection, &body, &signature).await {
            Ok(answer) if forged && matches!(answer.status, 401 | 403) => {
                Outcome::Refused("forged".to_owned())
            }
            Ok(_) if forged => Outcome::Bad("took a forged webhook".to_owned()),
            Ok(answer) if answer.status == 200 && repeats => Outcome::Good("acknowledged again"),
            Ok(answer) if answer.status == 200 => Outcome::Good("acknowledged"),
            Ok(answer) => Outcome::Bad(trouble(&answer)),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_signed_with_the_secret() {
        let (body, signature) = Meta::default().text("9779841000000", "wamid.x", "status");
        let digits = signature.strip_prefix("sha256=").expect("Meta's form");
        let tag: Vec<u8> = (0..32)
            .map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).expect("hexadecimal"))
            .collect();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        hmac::verify(&key, &body, &tag).expect("it proves the body");
        let json: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let text = json.pointer("/entry/0/changes/0/value/messages/0/text/body");
        assert_eq!(text.and_then(|t| t.as_str()), Some("status"));
    }
}
