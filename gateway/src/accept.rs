//! The edge's own accept loop.
//!
//! `axum::serve` sets no timer, so a request that never ends keeps its connection for ever; and there is no bound
//! on connections. Here every wait has an end: for the first request, for each head, for a body, for an idle
//! connection and for the last answers at shutdown.

pub mod edge;

mod activity;
mod connection;
mod memory;
mod peers;
mod room;

#[cfg(test)]
mod tests;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use peers::Peers;
pub use room::{Full, Importance, Place, Room};

/// Pause after an error of the listener itself, such as too many open files: trying again at once would only spin.
const LISTENER_PAUSE: Duration = Duration::from_millis(200);

/// For how long after the stop connections are still taken: they are in the kernel's queue already, and closing the
/// listener would reset them.
const LAST_CALL: Duration = Duration::from_millis(50);

/// What one client may cost us. [`Default`] holds the figures of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time for the head of a request, and on a new connection for the first request to be there.
    pub header_timeout: Duration,
    /// Time for a whole body.
    pub body_timeout: Duration,
    /// Time that a connection may be kept without a request. Longer than a proxy keeps its side: if we closed
    /// first, a request that is just on its way would be lost.
    pub idle_timeout: Duration,
    /// The same while all connections are taken and others wait.
    pub crowded_idle_timeout: Duration,
    /// Connections at once. Above it new ones wait in the kernel's queue, and idle ones are closed sooner.
    pub connections_max: usize,
    /// Connections at once from one address (IPv6: one /64). Above it new ones are closed. Behind a proxy all
    /// clients share the proxy's addresses: set it to `connections_max` there.
    pub per_ip_max: usize,
    /// Header fields per request.
    pub header_count: usize,
    /// Bytes of a request's head; at least 8 KiB.
    pub header_bytes: usize,
    /// Bytes of path and query.
    pub uri_bytes: usize,
    /// Bodies in memory at once, in bytes, over all connections.
    pub bodies_bytes: usize,
    /// Requests at once on one HTTP/2 connection.
    pub streams_max: u32,
    /// Webhooks in progress at once; more are refused with 503.
    pub webhooks_max: usize,
    /// Requests in progress at once that change something; more are refused with 503. The four fifths
    /// of them that may wait for an outcome are no more than the places for work that is handed on: whoever has none
    /// waits for the next look at the queue.
    pub commands_max: usize,
    /// Requests in progress at once that only read; more are refused with 503.
    pub reads_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(120),
            crowded_idle_timeout: Duration::from_secs(5),
            connections_max: 512,
            per_ip_max: 64,
            header_count: 64,
            header_bytes: 16 * 1024,
            uri_bytes: 4 * 1024,
            bodies_bytes: 64 * 1024 * 1024,
            streams_max: 100,
            webhooks_max: 512,
            commands_max: 160,
            reads_max: 128,
        }
    }
}

/// What a finished accept loop did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// Connections taken.
    pub accepted: u64,
    /// Connections closed at once because their address had too many.
    pub refused: u64,
    /// Connections that were still busy when the drain time was over, and were cut.
    pub cut: usize,
}

/// Serves `app` until `stop`, then lets running requests finish for at most `drain`.
///
/// HTTP/1.1 and HTTP/2 without TLS. Handlers find the client's address as `ConnectInfo<SocketAddr>` in the
/// request's extensions. Dropping the future cuts all connections.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stop: CancellationToken,
    drain: Duration,
) -> Served {
    let slots = Arc::new(Semaphore::new(limits.connections_max));
    let peers = Peers::new(limits.per_ip_max);
    let server = Arc::new(connection::Server::new(app, limits, slots.clone(), stop.clone()));
    let mut connections = JoinSet::new();
    let mut served = Served::default();
    let mut closed = pin!(async {
        stop.cancelled().await;
        tokio::time::sleep(LAST_CALL).await;
    });
    loop {
        while connections.try_join_next().is_some() {}
        let slot = tokio::select! {
            biased;
            () = &mut closed => break,
            slot = slots.clone().acquire_owned() => slot.expect("the semaphore is never closed"),
        };
        let (stream, address) = tokio::select! {
            biased;
            () = &mut closed => break,
            accepted = next(&listener) => accepted,
        };
        let Some(peer) = peers.enter(address.ip()) else {
            served.refused += 1;
            metrics::counter!("edge_connections_refused_total").increment(1);
            continue;
        };
        served.accepted += 1;
        let server = server.clone();
        connections.spawn(async move {
            server.run(stream, address).await;
            drop((slot, peer));
        });
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(drain, drained).await.is_err() {
        served.cut = connections.len();
        connections.shutdown().await;
    }
    served
}

/// The next connection. Errors of a single connection are its client's business.
async fn next(listener: &TcpListener) -> (TcpStream, std::net::SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections, trying again");
                tokio::time::sleep(LISTENER_PAUSE).await;
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
