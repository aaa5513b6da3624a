//! WhatsApp Cloud API of Meta: `POST {api_url}/{phone_number_id}/messages`, JSON, bearer token.

mod request;

use chrono::{DateTime, Utc};
use khaacho_config::Secret;
use serde_json::Value;

use super::scrub::scrub;
use super::{Accepted, Channel, Class, Lookup, Outgoing, SendFault, SendResult, Work, check, http};
use crate::domain::message::{self, Limits};
use crate::domain::provider_codes;

/// Address of Meta's API unless the owner names another.
pub const API_URL: &str = "https://graph.facebook.com/v26.0";

/// How Meta is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address with the version, without a slash at the end: `https://graph.facebook.com/v26.0`.
    pub api_url: String,
    /// System user token.
    pub access_token: Secret,
    /// Approved utility template with one text variable, for messages outside the 24 hour window; `None`:
    /// such messages are refused with [`Class::Window`].
    pub window_template: Option<WindowTemplate>,
}

/// A template that Meta has approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowTemplate {
    /// Name at Meta.
    pub name: String,
    /// Language code at Meta: `en`, `ne`, ….
    pub language: String,
}

/// Meta's channel.
#[derive(Debug)]
pub struct Meta {
    client: reqwest::Client,
    settings: Settings,
}

impl Meta {
    /// With a shared client ([`super::client`]).
    pub fn new(client: reqwest::Client, settings: Settings) -> Self {
        Self { client, settings }
    }

    async fn deliver(&self, message: &Outgoing) -> SendResult {
        check(&message.body, self.limits())?;
        let from = &message.from_account;
        if from.is_empty() || !from.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SendFault::ours(
                Class::SenderStopped,
                "the sender's phone number id is not a number",
            ));
        }
        let body = request::body(message, self.settings.window_template.as_ref())?;
        let url = format!("{}/{from}/messages", self.settings.api_url.trim_end_matches('/'));
        let request = self
            .client
            .post(url)
            .bearer_auth(self.settings.access_token.expose())
            .json(&body);
        let answer = http::exchange(request).await?;
        let json = answer.json();
        if !answer.is_success() {
            return Err(self.fault(&answer, &json));
        }
        match json.pointer("/messages/0/id").and_then(Value::as_str) {
            Some(id) => Ok(Accepted {
                provider_message_id: id.to_owned(),
            }),
            // Taken, but under an id that we do not know: its status report carries ours.
            None => Err(SendFault::ours(
                Class::Ambiguous,
                if answer.whole {
                    "answer without a message id"
                } else {
                    "the answer broke off"
                },
            )),
        }
    }

    fn fault(&self, answer: &http::Answer, json: &Value) -> SendFault {
        let error = &json["error"];
        let code = error["code"].as_i64();
        let transient = error["is_transient"].as_bool() == Some(true);
        let class = match code.and_then(provider_codes::meta) {
            Some(class) => class,
            None if transient => Class::Retry,
            None => provider_codes::http(answer.status),
        };
        let message = error["message"].as_str().unwrap_or("no message");
        let text = match error.pointer("/error_data/details").and_then(Value::as_str) {
            Some(details) => format!("{message}: {details}"),
            None => message.to_owned(),
        };
        SendFault {
            class,
            code: code.map(|code| code.to_string()),
            text: scrub(
                &format!("HTTP {}: {text}", answer.status),
                &self.settings.access_token,
            ),
            retry_after: answer.retry_after,
        }
    }
}

impl Channel for Meta {
    fn limits(&self) -> Limits {
        message::META
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Work<'a, SendResult> {
        Box::pin(self.deliver(message))
    }

    /// Meta has no list of sent messages; its status reports carry our id (`biz_opaque_callback_data`).
    fn find_sent<'a>(
        &'a self,
        _message: &'a Outgoing,
        _since: DateTime<Utc>,
    ) -> Work<'a, Result<Lookup, SendFault>> {
        Box::pin(async { Ok(Lookup::CannotTell) })
    }
}

#[cfg(test)]
mod tests;
