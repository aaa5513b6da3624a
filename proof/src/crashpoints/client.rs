//! A client that repeats until it has a definite answer, always under the same request id, as real ones do.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::Value;

use crate::fakes::Webhook;
use crate::harness::{Answer, Client, Lost};

/// One try.
const PATIENCE: Duration = Duration::from_secs(4);
/// All tries.
const ENOUGH: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(25);
const PAUSE_MAX: Duration = Duration::from_millis(200);

/// A definite answer.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Told {
    pub(super) fn reason(&self) -> &str {
        self.body["reason"].as_str().unwrap_or_default()
    }

    /// What of it has to be the same whatever was broken.
    pub(super) fn short(&self) -> String {
        match (self.status, self.reason()) {
            (200..=299, _) => "yes".to_owned(),
            (status, reason) => format!("{status} {reason}"),
        }
    }
}

/// A request of a client.
pub(super) struct Ask<'a> {
    pub(super) id: &'a str,
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) body: &'a Value,
}

/// Asks until there is a definite answer.
///
/// # Errors
/// When there is none for too long: what was seen last.
pub(super) async fn ask(client: &Client, ask: &Ask<'_>) -> anyhow::Result<Told> {
    let client = client.patient(PATIENCE);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", ask.id),
        ("x-request-id", ask.id),
    ];
    let body = bytes::Bytes::from(ask.body.to_string());
    let answer = repeat(ask.path, || {
        client.send(ask.method.clone(), ask.path, &headers, body.clone())
    })
    .await?;
    Ok(Told {
        status: answer.status,
        body: answer.body,
    })
}

/// Delivers a message until it is taken.
///
/// # Errors
/// When it is refused, or nobody takes it for too long.
pub(super) async fn deliver(client: &Client, id: &str, webhook: &Webhook) -> anyhow::Result<()> {
    let client = client.patient(PATIENCE);
    let answer = repeat("a webhook", || webhook.deliver(&client, id)).await?;
    anyhow::ensure!(
        answer.status < 300,
        "a webhook was refused: {} {}",
        answer.status,
        answer.text()
    );
    Ok(())
}

async fn repeat<F>(what: &str, mut send: impl FnMut() -> F) -> anyhow::Result<Answer>
where
    F: Future<Output = Result<Answer, Lost>>,
{
    let began = Instant::now();
    let mut pause = PAUSE;
    loop {
        let seen = match send().await {
            Ok(answer) if is_definite(&answer) => return Ok(answer),
            Ok(answer) => format!("{} {}", answer.status, answer.text()),
            Err(lost) => lost.to_string(),
        };
        anyhow::ensure!(
            began.elapsed() < ENOUGH,
            "{what} has no definite answer for {ENOUGH:?}; at last: {seen}"
        );
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

fn is_definite(answer: &Answer) -> bool {
    let reason = answer.body["reason"].as_str().unwrap_or_default();
    match answer.status {
        409 => !matches!(
            reason,
            "CONCURRENT_UPDATE" | "NOT_POSTED_YET" | "REQUEST_IN_PROGRESS"
        ),
        408 | 429 => false,
        status => status < 500,
    }
}
