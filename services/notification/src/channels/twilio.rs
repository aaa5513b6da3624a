//! Twilio's Messages API: `POST {api_url}/2010-04-01/Accounts/{sid}/Messages.json`, form, basic
//! authentication.

mod find;

use chrono::{DateTime, Utc};
use khaacho_config::Secret;
use serde_json::Value;

use super::scrub::scrub;
use super::{
    Accepted, Channel, Class, Lookup, Outgoing, SendFault, SendResult, Work, check, http, template_variable,
};
use crate::domain::message::{self, Limits};
use crate::domain::provider_codes;

/// Address of Twilio's API unless the owner names another.
pub const API_URL: &str = "https://api.twilio.com";

/// How Twilio is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address without a slash at the end: `https://api.twilio.com`.
    pub api_url: String,
    /// Account, `AC…`.
    pub account_sid: String,
    /// User of the basic authentication: the account again, or an API key `SK…`.
    pub user: String,
    /// Auth token, or the API key's secret.
    pub secret: Secret,
    /// Our webhook for status reports, a full URL; `None`: Twilio does not report.
    pub status_callback: Option<String>,
    /// Approved content (`HX…`) with one text variable `{{1}}`, for messages outside the 24 hour window;
    /// `None`: such messages are refused with [`Class::Window`].
    pub window_content_sid: Option<String>,
}

/// Twilio's channel.
#[derive(Debug)]
pub struct Twilio {
    client: reqwest::Client,
    settings: Settings,
}

impl Twilio {
    /// With a shared client ([`super::client`]).
    pub fn new(client: reqwest::Client, settings: Settings) -> Self {
        Self { client, settings }
    }

    async fn deliver(&self, message: &Outgoing) -> SendResult {
        let form = self.form(message)?;
        let request = self.client.post(self.url()?).form(&form);
        let answer = http::exchange(self.signed_in(request)).await?;
        let json = answer.json();
        if !answer.is_success() {
            return Err(self.fault(&answer, &json));
        }
        let refused = matches!(
            json["status"].as_str(),
            Some("failed" | "undelivered" | "canceled")
        );
        match (
            refused.then(|| number(&json["error_code"])).flatten(),
            json["sid"].as_str(),
        ) {
            (Some(code), _) => Err(SendFault {
                class: provider_codes::reported(provider_codes::twilio(code)),
                code: Some(code.to_string()),
                text: self.scrubbed(json["error_message"].as_str().unwrap_or("refused at once")),
                retry_after: None,
            }),
            (None, Some(sid)) => Ok(Accepted {
                provider_message_id: sid.to_owned(),
            }),
            (None, None) => Err(SendFault::ours(
                Class::Ambiguous,
                if answer.whole {
                    "answer without a message id"
                } else {
                    "the answer broke off"
                },
            )),
        }
    }

    fn form(&self, message: &Outgoing) -> Result<Vec<(&'static str, String)>, SendFault> {
        let body = message.body.flattened();
        check(
            &message.body,
            Limits {
                interactive: Some(self.limits().text),
                ..self.limits()
            },
        )?;
        check(&body, self.limits())?;
        let (sender, from) = sender(&message.from_account)?;
        let mut form = vec![("To", recipient(message)?), (sender, from)];
        match (message.service_window_open, &self.settings.window_content_sid) {
            (true, _) => form.push(("Body", body.text)),
            (false, Some(content_sid)) => {
                let variables = serde_json::json!({ "1": template_variable(&body)? });
                form.push(("ContentSid", content_sid.clone()));
                form.push(("ContentVariables", variables.to_string()));
            }
            (false, None) => {
                return Err(SendFault::ours(
                    Class::Window,
                    "the 24 hour window is closed and no approved content is configured",
                ));
            }
        }
        form.extend(
            self.settings
                .status_callback
                .iter()
                .map(|url| ("StatusCallback", url.clone())),
        );
        Ok(form)
    }

    fn url(&self) -> Result<String, SendFault> {
        let Settings {
            api_url, account_sid, ..
        } = &self.settings;
        if account_sid.is_empty() || !account_sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(SendFault::ours(
                Class::SenderStopped,
                "the account sid is not one",
            ));
        }
        Ok(format!(
            "{}/2010-04-01/Accounts/{account_sid}/Messages.json",
            api_url.trim_end_matches('/')
        ))
    }

    fn signed_in(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.basic_auth(&self.settings.user, Some(self.settings.secret.expose()))
    }

    /// Both shapes of errors: `{code, message}`, and RFC 9457's `{code, title, detail}`.
    fn fault(&self, answer: &http::Answer, json: &Value) -> SendFault {
        let code = number(&json["code"]);
        let class = code
            .and_then(provider_codes::twilio)
            .unwrap_or_else(|| provider_codes::http(answer.status));
        let words = [&json["message"], &json["detail"], &json["title"]];
        let text = words.into_iter().find_map(Value::as_str).unwrap_or("no message");
        SendFault {
            class,
            code: code.map(|code| code.to_string()),
            text: self.scrubbed(&format!("HTTP {}: {text}", answer.status)),
            retry_after: answer.retry_after,
        }
    }

    fn scrubbed(&self, text: &str) -> String {
        scrub(text, &self.settings.secret)
    }
}

impl Channel for Twilio {
    fn limits(&self) -> Limits {
        message::TWILIO
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Work<'a, SendResult> {
        Box::pin(self.deliver(message))
    }

    fn find_sent<'a>(
        &'a self,
        message: &'a Outgoing,
        since: DateTime<Utc>,
    ) -> Work<'a, Result<Lookup, SendFault>> {
        Box::pin(self.find(message, since))
    }
}

/// Field and value that name the sender: a messaging service, or a number with its channel.
fn sender(from: &str) -> Result<(&'static str, String), SendFault> {
    if from.is_empty() {
        return Err(SendFault::ours(
            Class::SenderStopped,
            "no sender number is configured",
        ));
    }
    if from.starts_with("MG") {
        return Ok(("MessagingServiceSid", from.to_owned()));
    }
    Ok(("From", on_whatsapp(from)))
}

fn recipient(message: &Outgoing) -> Result<String, SendFault> {
    match &message.to.phone {
        Some(phone) => Ok(on_whatsapp(phone.as_str())),
        None if message.to.address.starts_with("whatsapp:") => Ok(message.to.address.clone()),
        None => Err(SendFault::ours(
            Class::Permanent,
            "the recipient has no phone, and Twilio needs one",
        )),
    }
}

fn on_whatsapp(number: &str) -> String {
    if number.starts_with("whatsapp:") {
        number.to_owned()
    } else {
        format!("whatsapp:{number}")
    }
}

/// A code, which Twilio writes as a number or as text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests;
