//! Webhooks of the message providers: proof of origin over the raw bytes, then one normalised shape for all.
//!
//! Nothing here waits, stores or calls a service. [`read()`] takes a complete request and says what it was: a
//! handshake to answer, events to hand on, or a refusal with its HTTP status. Both providers deliver at least
//! once and in no order, so every event carries the provider's own id and the receiver makes it idempotent.

pub mod meta;
pub mod twilio;

mod event;
mod proof;
mod read;
mod scrub;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;

pub use event::{
    CartItem, Event, Inbound, Location, Media, MessageKind, SharedContact, Status, StatusUpdate,
};
pub use read::{Call, Settings, Verified, body_max, provider, public_url, read};

use http::StatusCode;

/// Who delivers messages to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Twilio Programmable Messaging: form bodies, `X-Twilio-Signature`.
    Twilio,
    /// Meta WhatsApp Cloud API: JSON bodies, `X-Hub-Signature-256`.
    Meta,
    /// Our own simulator. It speaks through its own route, never through a webhook.
    Simulator,
}

impl Provider {
    /// Lower-case name: the `provider` label of metrics and the stored column.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Meta => "meta",
            Self::Simulator => "simulator",
        }
    }

    /// Longest request body in bytes. Meta documents batches of up to 3 MB and drops a batch for good after a
    /// week of refusals, so its limit is generous; a Twilio form is never larger than a few kilobytes.
    pub const fn body_max(self) -> usize {
        match self {
            Self::Twilio => 256 * 1024,
            Self::Meta => 4 * 1024 * 1024,
            Self::Simulator => 64 * 1024,
        }
    }

    /// `Content-Type` and body of the 200 that acknowledges a webhook. Twilio warns (12300) about anything that
    /// is not TwiML, and an empty `Response` means that no reply is sent in band.
    pub const fn acknowledgement(self) -> (&'static str, &'static str) {
        match self {
            Self::Twilio => ("text/xml", r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#),
            Self::Meta | Self::Simulator => ("text/plain; charset=utf-8", ""),
        }
    }
}

/// Why a webhook request is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// 403: the origin is not proven. The word is the `kind` label of `security_events_total`.
    Forbidden(&'static str),
    /// 415: neither a form nor JSON, another charset than UTF-8, or a compressed body.
    UnsupportedMedia,
    /// 413: longer than the provider's limit.
    TooLarge,
    /// 400: an incomplete handshake, another method, or a body nobody can read. After a good signature a body is
    /// never malformed: it is acknowledged and kept as [`Event::Ignored`].
    Malformed,
}

impl Rejection {
    /// The HTTP status of the refusal.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }

    /// A refusal for want of proof, counted.
    fn forbidden(kind: &'static str) -> Self {
        metrics::counter!("security_events_total", "kind" => kind).increment(1);
        Self::Forbidden(kind)
    }
}

/// A body that is not what its media type says. Carries no part of the body: bodies are personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Whether signatures are checked. The handshake wants its token either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    off: bool,
}

impl Verification {
    /// Every request must prove its origin. The only choice in production.
    pub const ON: Self = Self { off: false };

    /// Takes requests without proof, for work on a developer's machine. `None` in production, where
    /// `environment` is the value of `ENVIRONMENT`.
    pub fn off(environment: &str) -> Option<Self> {
        let production = environment.trim().eq_ignore_ascii_case("production");
        (!production).then_some(Self { off: true })
    }

    /// True when requests are taken without proof.
    pub const fn is_off(self) -> bool {
        self.off
    }
}
