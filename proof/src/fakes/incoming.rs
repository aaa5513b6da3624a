//! What providers deliver to us.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lost};

use super::sign::{form, meta_signature, twilio_signature};
use super::{
    META_NUMBER_ID, META_PATH, META_SECRET, PUBLIC_BASE, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_PATH,
    TWILIO_TOKEN,
};

/// A provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// WhatsApp Cloud API. Delivers until it gets a 2xx.
    Meta,
    /// Twilio. Delivers once, and once more when nobody answers.
    Twilio,
}

impl Provider {
    /// `meta` or `twilio`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Twilio => "twilio",
        }
    }
}

/// A message of a phone.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Who delivers it.
    pub provider: Provider,
    /// The provider's id of the message.
    pub mid: String,
    /// Sender, E.164.
    pub phone: String,
    /// Text; the title of a tapped button.
    pub text: String,
    /// Id of the tapped button; empty for a written text.
    pub tapped: String,
}

/// A request to the gateway, signed.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Path at the gateway.
    pub path: String,
    /// Headers with the signature.
    pub headers: Vec<(&'static str, String)>,
    /// Body, exactly as it was signed.
    pub body: Bytes,
}

impl Incoming {
    /// The request that delivers it; the same message always gives the same bytes.
    pub fn webhook(&self) -> Webhook {
        match self.provider {
            Provider::Meta => self.meta(),
            Provider::Twilio => self.twilio(),
        }
    }

    fn meta(&self) -> Webhook {
        let digits = self.phone.trim_start_matches('+');
        let mut message = json!({ "from": digits, "id": self.mid, "timestamp": "1762934401" });
        if self.tapped.is_empty() {
            message["type"] = json!("text");
            message["text"] = json!({ "body": self.text });
        } else {
            message["type"] = json!("interactive");
            let reply = json!({ "id": self.tapped, "title": self.text });
            message["interactive"] = json!({ "type": "button_reply", "button_reply": reply });
        }
        Webhook::meta(&json!({
            "contacts": [{ "wa_id": digits, "profile": { "name": "Shop" } }],
            "messages": [message],
        }))
    }

    fn twilio(&self) -> Webhook {
        let from = format!("whatsapp:{}", self.phone);
        let to = format!("whatsapp:{TWILIO_NUMBER}");
        let mut fields = vec![
            ("AccountSid", TWILIO_ACCOUNT),
            ("ApiVersion", "2010-04-01"),
            ("Body", self.text.as_str()),
            ("From", from.as_str()),
            ("MessageSid", self.mid.as_str()),
            ("NumMedia", "0"),
            ("SmsMessageSid", self.mid.as_str()),
            ("SmsStatus", "received"),
            ("To", to.as_str()),
            ("WaId", self.phone.trim_start_matches('+')),
        ];
        if !self.tapped.is_empty() {
            fields.extend([
                ("ButtonText", self.text.as_str()),
                ("ButtonPayload", self.tapped.as_str()),
            ]);
        }
        Webhook::twilio(&format!("{PUBLIC_BASE}{TWILIO_PATH}"), TWILIO_PATH, &fields)
    }
}

impl Webhook {
    /// A batch of Meta's, of messages or statuses.
    pub fn meta(value: &Value) -> Self {
        let mut value = value.clone();
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] =
            json!({ "display_phone_number": "15550100123", "phone_number_id": META_NUMBER_ID });
        let changes = json!([{ "field": "messages", "value": value }]);
        let entry = json!([{ "id": "190000000000011", "changes": changes }]);
        let body = json!({ "object": "whatsapp_business_account", "entry": entry }).to_string();
        let signature = meta_signature(META_SECRET, body.as_bytes());
        Self {
            path: META_PATH.to_owned(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-hub-signature-256", signature),
            ],
            body: Bytes::from(body),
        }
    }

    /// A form of Twilio's for the address `url`, whose path at the gateway is `path`.
    pub fn twilio(url: &str, path: &str, fields: &[(&str, &str)]) -> Self {
        let signature = twilio_signature(TWILIO_TOKEN, url, fields);
        let media = "application/x-www-form-urlencoded; charset=UTF-8".to_owned();
        Self {
            path: path.to_owned(),
            headers: vec![("content-type", media), ("x-twilio-signature", signature)],
            body: Bytes::from(form(fields)),
        }
    }

    /// The same with a signature that somebody guessed.
    #[must_use]
    pub fn forged(mut self) -> Self {
        for (name, value) in &mut self.headers {
            match *name {
                "x-hub-signature-256" => *value = meta_signature("guessed", &self.body),
                "x-twilio-signature" => *value = twilio_signature("guessed", &self.path, &[]),
                _ => {}
            }
        }
        self
    }

    /// Delivers it once, under a request id of ours.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn deliver(&self, gateway: &Client, request_id: &str) -> Result<Answer, Lost> {
        let mut headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        if !request_id.is_empty() {
            headers.push(("x-request-id", request_id));
        }
        gateway
            .send(Method::POST, &self.path, &headers, self.body.clone())
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(provider: Provider, tapped: &str) -> Incoming {
        Incoming {
            provider,
            mid: "m1".to_owned(),
            phone: "+9779841000001".to_owned(),
            text: "KAS-001 x 2 & मैदा".to_owned(),
            tapped: tapped.to_owned(),
        }
    }

    #[test]
    fn the_same_message_is_the_same_bytes_and_a_forged_one_has_another_signature() {
        for provider in [Provider::Meta, Provider::Twilio] {
            let (one, two) = (message(provider, "").webhook(), message(provider, "").webhook());
            assert_eq!((&one.body, &one.headers), (&two.body, &two.headers));
            let forged = two.forged();
            assert_eq!(one.body, forged.body);
            assert_ne!(one.headers, forged.headers);
        }
    }

    #[test]
    fn meta_signs_the_bytes_that_travel() {
        let webhook = message(Provider::Meta, "CONFIRM quo_1").webhook();
        assert_eq!(webhook.headers[1].1, meta_signature(META_SECRET, &webhook.body));
        let body: Value = serde_json::from_slice(&webhook.body).expect("JSON");
        let reply = body.pointer("/entry/0/changes/0/value/messages/0/interactive/button_reply/id");
        assert_eq!(reply, Some(&json!("CONFIRM quo_1")));
    }
}
