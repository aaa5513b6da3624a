//! A collector of traces: takes what processes send over OTLP/gRPC and looks at none of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A running collector. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Shared {
    junk: AtomicBool,
    taken: AtomicU64,
}

impl Collector {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, shared.clone()));
        Ok(Self {
            address,
            shared,
            _accepting: accepting,
        })
    }

    /// From now on answers are junk, or what they should be.
    pub(super) fn junk(&self, junk: bool) {
        self.shared.junk.store(junk, Ordering::Relaxed);
    }

    /// Exports that were taken and answered well.
    pub(super) fn taken(&self) -> u64 {
        self.shared.taken.load(Ordering::Relaxed)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve(stream, shared.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // An error is a connection that somebody cut.
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    let mut exports = JoinSet::new();
    loop {
        tokio::select! {
            accepted = connection.accept() => match accepted {
                Some(Ok((request, respond))) => {
                    exports.spawn(answer(request.into_body(), respond, shared.clone()));
                }
                _ => return,
            },
            Some(_) = exports.join_next() => {}
        }
    }
}

async fn answer(
    mut body: h2::RecvStream,
    mut respond: h2::server::SendResponse<Bytes>,
    shared: Arc<Shared>,
) -> Option<()> {
    while let Some(piece) = body.data().await {
        let piece = piece.ok()?;
        // What was read may be sent again by the other side's window.
        body.flow_control().release_capacity(piece.len()).ok()?;
    }
    if shared.junk.load(Ordering::Relaxed) {
        let head = Response::builder()
            .status(500)
            .header("content-type", "text/html")
            .body(())
            .ok()?;
        let mut sent = respond.send_response(head, false).ok()?;
        return sent.send_data(Bytes::from_static(b"<html>\0\xff no"), true).ok();
    }
    let head = Response::builder()
        .header("content-type", "application/grpc")
        .body(())
        .ok()?;
    let mut sent = respond.send_response(head, false).ok()?;
    // An empty message: everything was taken.
    sent.send_data(Bytes::from_static(&[0; 5]), false).ok()?;
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    sent.send_trailers(trailers).ok()?;
    shared.taken.fetch_add(1, Ordering::Relaxed);
    Some(())
}
