use std::time::Duration;

use ::redis::RedisError;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::link::{CONNECT, Link, backoff};
use crate::redis::Redis;
use crate::trouble::Trouble;

/// Where invalidations are announced.
pub(crate) const CHANNEL: &str = "khaacho:invalidate";
/// Silence after which the subscription is tested; a dead route reports nothing by itself.
const QUIET: Duration = Duration::from_secs(10);
/// A subscription that lived this long starts the backoff afresh.
const STEADY: Duration = Duration::from_secs(2);

/// What a subscriber sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// The subscription stands, for the first time or again; messages before this moment may have been
    /// missed.
    Joined,
    /// One published message.
    Message(&'a [u8]),
}

/// An invalidation on the wire.
#[derive(Serialize, Deserialize)]
pub(crate) struct Message<'a> {
    pub(crate) from: &'a str,
    pub(crate) cache: &'a str,
    /// `None` = the whole cache. Owned, because a key with an escaped character cannot be borrowed from
    /// JSON.
    #[serde(borrow)]
    pub(crate) key: Option<std::borrow::Cow<'a, str>>,
}

impl Message<'_> {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("three strings always serialise")
    }
}

pub(crate) async fn invalidations(redis: Redis, stop: CancellationToken) {
    let own = redis
        .link
        .as_ref()
        .map_or_else(String::new, |link| link.id.clone());
    let caches = redis.clone();
    let on = move |event: Event<'_>| match event {
        Event::Joined => caches.forget(None, None),
        Event::Message(body) => match serde_json::from_slice::<Message<'_>>(body) {
            Ok(message) if message.from == own => {}
            Ok(message) => caches.forget(Some(message.cache), message.key.as_deref()),
            // Not ours or of another release: forgetting too much is always right.
            Err(error) => {
                tracing::debug!(error = %error, "unreadable invalidation, dropping all memory copies");
                caches.forget(None, None);
            }
        },
    };
    redis.subscribe(CHANNEL, stop, on).await;
}

impl Redis {
    /// Calls `on` for every message published on `channel` until `stop`, over a connection of its own that
    /// is made again whenever it breaks. Without Redis it only waits for `stop`. Delivery is best effort:
    /// messages published while the connection is down are lost, [`Event::Joined`] tells when that may have
    /// happened.
    pub async fn subscribe(
        &self,
        channel: &str,
        stop: CancellationToken,
        mut on: impl FnMut(Event<'_>) + Send,
    ) {
        let Some(link) = &self.link else {
            return stop.cancelled().await;
        };
        let sessions = async {
            let mut failures = 0_u32;
            loop {
                let begun = Instant::now();
                let broken = session(link, channel, &mut on).await;
                failures = if begun.elapsed() > STEADY + CONNECT {
                    1
                } else {
                    failures.saturating_add(1)
                };
                tracing::debug!(redis.channel = channel, redis.error = ?broken, "redis subscription ended");
                tokio::time::sleep(backoff(failures)).await;
            }
        };
        let _stopped: Option<()> = stop.run_until_cancelled(sessions).await;
    }
}

/// One subscription from connecting to its end; `Ok` = the server closed it.
async fn session(link: &Link, channel: &str, on: &mut (impl FnMut(Event<'_>) + Send)) -> Result<(), Trouble> {
    let connection = limited(link.client()?.get_async_pubsub()).await?;
    let (mut sink, mut stream) = connection.split();
    limited(sink.subscribe(channel)).await?;
    on(Event::Joined);
    loop {
        match timeout(QUIET, stream.next()).await {
            Ok(Some(message)) => on(Event::Message(message.get_payload_bytes())),
            Ok(None) => return Ok(()),
            Err(_) => limited(sink.ping::<::redis::Value>()).await.map(drop)?,
        }
    }
}

async fn limited<T>(call: impl Future<Output = Result<T, RedisError>>) -> Result<T, Trouble> {
    match timeout(CONNECT, call).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Trouble::Timeout),
    }
}
