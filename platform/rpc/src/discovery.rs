//! Keeps a balanced channel fed with all addresses behind a name, so that one HTTP/2 connection does not pin us to
//! one instance.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;
use tonic::transport::channel::Change;
use tonic::transport::{Channel, Endpoint};

/// How often a name is looked up again.
const RESOLVE_EVERY: Duration = Duration::from_secs(5);
/// How often while nobody answers behind it, and after a call that failed.
const RESOLVE_WHEN_ALONE: Duration = Duration::from_millis(250);
/// How long an address may take to accept a connection before it is not offered.
const PROBE_WITHIN: Duration = Duration::from_millis(500);

fn tuned(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(Duration::from_secs(1))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(3))
        .keep_alive_while_idle(true)
}

/// A channel to one fixed address, connected on first use.
pub(crate) fn fixed(address: SocketAddr) -> Channel {
    let endpoint =
        Endpoint::from_shared(format!("http://{address}")).expect("a socket address is an authority");
    tuned(endpoint).connect_lazy()
}

/// A channel over all addresses behind `authority` (`host:port`, or several with commas between them), and the loop that
/// keeps it fed; the caller runs it. A call that failed tells `trouble`, so that a dead address goes at once.
pub(crate) fn balanced(
    authority: String,
    trouble: Arc<Notify>,
) -> (Channel, impl Future<Output = ()> + Send + 'static) {
    let (channel, changes) = Channel::balance_channel(64);
    (channel, feed(authority, trouble, changes))
}

async fn feed(authority: String, trouble: Arc<Notify>, changes: Sender<Change<SocketAddr, Endpoint>>) {
    let mut known: HashSet<SocketAddr> = HashSet::new();
    let mut pause = Duration::ZERO;
    loop {
        let told = async {
            tokio::time::sleep(RESOLVE_WHEN_ALONE).await;
            trouble.notified().await;
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = told => {}
            () = changes.closed() => return,
        }
        pause = if known.is_empty() {
            RESOLVE_WHEN_ALONE
        } else {
            RESOLVE_EVERY
        };
        // A failed or empty answer keeps the last known set: DNS trouble must not cut working connections.
        let Ok(found) = resolve(&authority).await else {
            continue;
        };
        // The balancer takes a refused connection for a ready one, so only what accepts now is offered.
        let alive: HashSet<_> = join_all(found.into_iter().map(probe))
            .await
            .into_iter()
            .flatten()
            .collect();
        if alive.is_empty() {
            continue;
        }
        for address in alive.difference(&known) {
            let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("socket address");
            let name = authority.split(',').next().unwrap_or_default().trim();
            let origin = format!("http://{name}").parse().expect("the name was resolved");
            if changes
                .send(Change::Insert(*address, tuned(endpoint).origin(origin)))
                .await
                .is_err()
            {
                return;
            }
        }
        for address in known.difference(&alive) {
            if changes.send(Change::Remove(*address)).await.is_err() {
                return;
            }
        }
        known = alive;
        pause = RESOLVE_EVERY;
    }
}

async fn resolve(authority: &str) -> std::io::Result<HashSet<SocketAddr>> {
    let names = authority
        .split(',')
        .map(|name| tokio::net::lookup_host(name.trim().to_owned()));
    let found = try_join_all(names).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn probe(address: SocketAddr) -> Option<SocketAddr> {
    let connected = tokio::time::timeout(PROBE_WITHIN, tokio::net::TcpStream::connect(address)).await;
    matches!(connected, Ok(Ok(_))).then_some(address)
}
