//! Connections and calls of the gRPC proxy.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use h2::client::SendRequest;
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderMap, request, response};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::{CallFault, Shared};
use crate::proxy::tcp::reset;

/// A whole call.
#[derive(Debug, Clone)]
pub(super) struct Request {
    head: request::Parts,
    body: Bytes,
    trailers: Option<HeaderMap>,
}

/// A whole answer.
struct Reply {
    head: response::Parts,
    body: Bytes,
    trailers: Option<HeaderMap>,
}

/// What becomes of the connection after a call.
#[derive(PartialEq, Eq)]
enum After {
    Go,
    Cut,
}

/// Serves one client until either side goes away or a call wants the connection cut.
pub(super) async fn serve(client: TcpStream, shared: Arc<Shared>) {
    let upstream = shared.state().upstream;
    let Ok(server) = TcpStream::connect(upstream).await else {
        reset(client);
        return;
    };
    // Failing to ask for speed costs speed.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (Ok((send, upward)), Ok(mut downward)) =
        tokio::join!(h2::client::handshake(server), h2::server::handshake(client))
    else {
        return;
    };
    let mut upward = std::pin::pin!(upward);
    let mut calls = JoinSet::new();
    loop {
        tokio::select! {
            next = downward.accept() => match next {
                Some(Ok((call, respond))) => {
                    calls.spawn(handle(call, respond, send.clone(), shared.clone()));
                }
                _ => return,
            },
            _ = &mut upward => return,
            Some(done) = calls.join_next() => if !matches!(done, Ok(After::Go)) { return },
        }
    }
}

async fn handle(
    call: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    send: SendRequest<Bytes>,
    shared: Arc<Shared>,
) -> After {
    let (head, body) = call.into_parts();
    let Ok((body, trailers)) = whole(body).await else {
        return After::Go;
    };
    let request = Request { head, body, trailers };
    let (fault, tell) = shared.fate(request.head.uri.path());
    match fault {
        Some(CallFault::LoseRequest) => {
            told(tell);
            return After::Cut;
        }
        Some(CallFault::Delay(by)) => tokio::time::sleep(by).await,
        Some(CallFault::Keep) => shared.state().kept.push(request.clone()),
        Some(CallFault::Again(by)) => {
            let (upstream, copy) = (shared.state().upstream, request.clone());
            shared.later(async move {
                tokio::time::sleep(by).await;
                // Nobody waits for its answer.
                let _ = alone(upstream, copy).await;
            });
        }
        _ => {}
    }
    let reply = if fault == Some(CallFault::Twice) {
        let (first, _second) = tokio::join!(forward(send.clone(), request.clone()), forward(send, request));
        first
    } else if fault == Some(CallFault::LoseReply) {
        forward(send, request).await
    } else {
        tokio::select! {
            reply = forward(send, request) => reply,
            // The callee is left too.
            _ = std::future::poll_fn(|cx| respond.poll_reset(cx)) => {
                told(tell);
                return After::Go;
            }
        }
    };
    told(tell);
    match reply {
        Ok(_) if fault == Some(CallFault::LoseReply) => After::Cut,
        Ok(reply) => {
            // A caller that has gone away needs no answer.
            let _ = answer(respond, reply);
            After::Go
        }
        Err(error) => refuse(respond, &error),
    }
}

/// Whoever set the trap may have gone.
fn told(tell: Option<oneshot::Sender<()>>) {
    if let Some(tell) = tell {
        let _ = tell.send(());
    }
}

fn refuse(mut respond: SendResponse<Bytes>, error: &h2::Error) -> After {
    match error.reason() {
        Some(reason) if error.is_reset() => {
            respond.send_reset(reason);
            After::Go
        }
        _ => {
            respond.send_reset(Reason::REFUSED_STREAM);
            After::Cut
        }
    }
}

/// Makes a call on a connection of its own.
pub(super) async fn alone(upstream: SocketAddr, request: Request) -> anyhow::Result<()> {
    let server = TcpStream::connect(upstream).await?;
    let (send, connection) = h2::client::handshake(server).await?;
    tokio::select! {
        ended = connection => ended?,
        reply = forward(send, request) => drop(reply?),
    }
    Ok(())
}

async fn forward(send: SendRequest<Bytes>, request: Request) -> Result<Reply, h2::Error> {
    let mut send = send.ready().await?;
    let head = http::Request::from_parts(request.head, ());
    let (response, stream) = send.send_request(head, false)?;
    send_body(stream, request.body, request.trailers)?;
    let (head, body) = response.await?.into_parts();
    let (body, trailers) = whole(body).await?;
    Ok(Reply { head, body, trailers })
}

fn answer(mut respond: SendResponse<Bytes>, reply: Reply) -> Result<(), h2::Error> {
    let head = http::Response::from_parts(reply.head, ());
    let nothing_more = reply.body.is_empty() && reply.trailers.is_none();
    let stream = respond.send_response(head, nothing_more)?;
    if nothing_more {
        return Ok(());
    }
    send_body(stream, reply.body, reply.trailers)
}

fn send_body(
    mut stream: SendStream<Bytes>,
    body: Bytes,
    trailers: Option<HeaderMap>,
) -> Result<(), h2::Error> {
    stream.send_data(body, trailers.is_none())?;
    match trailers {
        Some(trailers) => stream.send_trailers(trailers),
        None => Ok(()),
    }
}

async fn whole(mut body: RecvStream) -> Result<(Bytes, Option<HeaderMap>), h2::Error> {
    let mut all = BytesMut::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        all.extend_from_slice(&piece);
    }
    Ok((all.freeze(), body.trailers().await?))
}
