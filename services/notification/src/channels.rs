//! Providers that carry messages over the network: one trait, two implementations. A channel sends one
//! message once and says what became of it; pacing, retries and states are the caller's. The simulator is no
//! channel: its phones are a table of ours.

mod http;
pub(crate) mod media;
pub mod meta;
mod scrub;
pub mod twilio;

#[cfg(test)]
mod fake;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_ids::NotificationId;
use khaacho_phone::Phone;

use crate::domain::message::{Body, Limits};
pub use crate::domain::retry::Class;
pub use http::client;
pub use scrub::without_phones;

/// A future of a channel; boxed, because channels are chosen at run time.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One provider.
pub trait Channel: Send + Sync {
    /// How much one message takes; the caller makes numbered parts ([`Body::parts`]) before it stores them.
    fn limits(&self) -> Limits;

    /// Sends one message, once. Never retries and never cuts text off: a body over the limits is refused.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Work<'a, SendResult>;

    /// After an [`Class::Ambiguous`] send: what the provider knows about it, looking at messages made since
    /// `since`.
    fn find_sent<'a>(
        &'a self,
        message: &'a Outgoing,
        since: DateTime<Utc>,
    ) -> Work<'a, Result<Lookup, SendFault>>;
}

/// One message to one recipient, ready to send. `Debug` shows neither the text nor the whole phone number.
#[derive(Clone)]
pub struct Outgoing {
    /// Our id. Goes to the provider where it can carry one and comes back in status reports.
    pub notification_id: NotificationId,
    /// The business number that sends: Meta's phone number id, Twilio's `whatsapp:+…` or `MG…`.
    pub from_account: String,
    /// Who gets it.
    pub to: Address,
    /// What it says; fits [`Channel::limits`].
    pub body: Body,
    /// Whether the recipient wrote to us in the last 24 hours. When not, only an approved template may carry
    /// the text.
    pub service_window_open: bool,
}

/// Where a recipient can be reached. At least one of phone and user id is there for a real provider. `Debug`
/// masks.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The provider's own address, as it stood on the recipient's messages to us.
    pub address: String,
    /// Phone number, when known.
    pub phone: Option<Phone>,
    /// Meta's business-scoped user id (`NP.4308…`), when known; people with a username may have no phone for
    /// us.
    pub user_id: Option<String>,
}

/// The provider took the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The provider's id of it: `wamid…`, `SM…`.
    pub provider_message_id: String,
}

/// What became of one send.
pub type SendResult = Result<Accepted, SendFault>;

/// A send that did not go through, or may not have. Holds no secret and no full phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendFault {
    /// What happens next.
    pub class: Class,
    /// The provider's code, when it gave one.
    pub code: Option<String>,
    /// The provider's words, or ours when there was no answer; at most 500 characters.
    pub text: String,
    /// Wait that the provider asked for.
    pub retry_after: Option<Duration>,
}

/// What a provider knows about a message whose answer we lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Messages with the same sender, recipient and text, newest first. The caller takes the first that
    /// belongs to no other notification, as the same words may have been sent twice on purpose.
    Candidates(Vec<ProviderRef>),
    /// The provider does not have it: it is safe to send.
    Absent,
    /// The provider cannot be asked. Wait for its status report, which carries our id.
    CannotTell,
}

/// A message that a provider has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRef {
    /// The provider's id of it.
    pub provider_message_id: String,
    /// When the provider made it.
    pub created_at: DateTime<Utc>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outgoing {
            notification_id,
            from_account,
            to,
            ..
        } = self;
        write!(
            f,
            "Outgoing {{ {notification_id} from {from_account} to {to:?} }}"
        )
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phone = self.phone.as_ref().map(Phone::masked);
        let user_id = self.user_id.as_deref().map(khaacho_phone::mask);
        let known = phone
            .or(user_id)
            .unwrap_or_else(|| khaacho_phone::mask(&self.address));
        f.write_str(&known)
    }
}

impl SendFault {
    /// A fault that we found before or without an answer.
    fn ours(class: Class, text: impl Into<String>) -> Self {
        Self {
            class,
            code: None,
            text: text.into(),
            retry_after: None,
        }
    }
}

impl fmt::Display for SendFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.class.as_str())?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        write!(f, ": {}", self.text)
    }
}

impl std::error::Error for SendFault {}

/// Refuses a body that the provider would refuse, so that a bug of ours costs no request.
fn check(body: &Body, limits: Limits) -> Result<(), SendFault> {
    let max = limits
        .interactive
        .filter(|_| body.is_interactive())
        .unwrap_or(limits.text);
    if let Some(misfit) = body.misfit() {
        return Err(SendFault::ours(Class::Permanent, misfit));
    }
    if body.text.chars().count() > max {
        return Err(SendFault::ours(
            Class::Permanent,
            format!("text is longer than {max} characters: make parts"),
        ));
    }
    Ok(())
}

/// Longest text that we put into the one variable of an approved template; Meta allows 1,024 with the words
/// around it.
const TEMPLATE_VARIABLE_MAX: usize = 900;

/// The text as the variable of an approved template, which takes no line breaks.
fn template_variable(body: &Body) -> Result<String, SendFault> {
    let text = body.flattened().text;
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let text = lines
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" | ");
    if text.chars().count() > TEMPLATE_VARIABLE_MAX {
        return Err(SendFault::ours(
            Class::Window,
            format!(
                "the 24 hour window is closed and the text does not fit a template ({TEMPLATE_VARIABLE_MAX})"
            ),
        ));
    }
    Ok(text)
}
