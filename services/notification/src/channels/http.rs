//! One HTTP exchange with a provider: what was certainly not sent, what may have been, and what came back.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;

use super::{Class, SendFault};

/// Whole exchange, answer read.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// Name look-up, TCP and TLS.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Providers' answers to a send take about 1 kB; the rest of a longer one is not read.
const SEND_BODY_MAX: usize = 64 * 1024;
/// A page of Twilio's message list takes about 150 kB.
pub(super) const LIST_BODY_MAX: usize = 2 * 1024 * 1024;
/// Longest wait that we believe a provider.
pub(super) const RETRY_AFTER_MAX: Duration = Duration::from_secs(3_600);

/// The client that all channels share. Needs rustls' process-wide provider, which `main` installs first.
///
/// Redirects are not followed: they would carry a token to a place that nobody configured.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    client_with(TIMEOUT, CONNECT_TIMEOUT)
}

pub(super) fn client_with(
    timeout: Duration,
    connect_timeout: Duration,
) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .timeout(timeout)
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        // Shorter than the idle time of both providers' servers: a request on a connection that is just being
        // closed would be an ambiguous send for nothing.
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("khaacho/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// What came back.
pub(super) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// The body, or what of it arrived; see `whole`.
    pub body: Vec<u8>,
    /// Whether the body arrived in full and under the limit.
    pub whole: bool,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON, or `Null` when it is something else.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Sends a message's request and reads the answer's first 64 KiB.
pub(super) async fn exchange(request: reqwest::RequestBuilder) -> Result<Answer, SendFault> {
    exchange_up_to(request, SEND_BODY_MAX).await
}

pub(super) async fn exchange_up_to(
    request: reqwest::RequestBuilder,
    body_max: usize,
) -> Result<Answer, SendFault> {
    let mut response = request.send().await.map_err(|error| unanswered(&error))?;
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX));
    let mut answer = Answer {
        status: response.status().as_u16(),
        retry_after,
        body: Vec::new(),
        whole: false,
    };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= body_max => {
                answer.body.extend_from_slice(&chunk)
            }
            // Too long, or broken off: the status line still counts.
            Ok(Some(_)) | Err(_) => return Ok(answer),
            Ok(None) => {
                answer.whole = true;
                return Ok(answer);
            }
        }
    }
}

/// The fault of a request that has no answer. Whatever fails before the connection stands was certainly not
/// sent.
fn unanswered(error: &reqwest::Error) -> SendFault {
    let (class, what) = if error.is_builder() {
        (
            Class::SenderStopped,
            "the request could not be built, check the provider's address",
        )
    } else if error.is_connect() {
        (Class::Retry, "could not connect")
    } else if error.is_timeout() {
        (Class::Ambiguous, "no answer in time")
    } else {
        (Class::Ambiguous, "the connection broke before an answer came")
    };
    // The outer errors repeat the address; the innermost one says what happened.
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(|cause| cause.source()) {
        cause = Some(deeper);
    }
    let cause = cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
    SendFault::ours(class, format!("{what}{cause}"))
}
