//! Calls of gRPC with every byte in the caller's hand.

pub mod pb;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use tokio::net::TcpStream;

use super::case::Call;
use super::sign;
use super::wire::{End, Reply, Seen};

/// Metadata key of the mesh token.
const TOKEN: &str = "x-khaacho-mesh";

/// Makes a call and waits for its end.
pub async fn play(address: SocketAddr, call: &Call, patience: Duration) -> Seen {
    let began = Instant::now();
    match tokio::time::timeout(patience, attempt(address, call)).await {
        Ok(Ok(reply)) => Seen {
            took: began.elapsed(),
            replies: vec![reply],
            ..Seen::nothing(End::Open)
        },
        Ok(Err(error)) => Seen {
            took: began.elapsed(),
            note: format!("{error:#}"),
            reset: true,
            ..Seen::nothing(End::Closed)
        },
        Err(_late) => Seen {
            took: began.elapsed(),
            note: "no answer".to_owned(),
            ..Seen::nothing(End::Open)
        },
    }
}

async fn attempt(address: SocketAddr, call: &Call) -> anyhow::Result<Reply> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut client, connection) = h2::client::handshake(stream).await?;
    let talking = async {
        futures_util::future::poll_fn(|cx| client.poll_ready(cx)).await?;
        let request = head(call)?;
        let (answer, mut body) = client.send_request(request, call.data.is_empty() && !call.reset)?;
        for (at, data) in call.data.iter().enumerate() {
            let last = at + 1 == call.data.len() && !call.reset;
            send(&mut body, Bytes::from(data.clone()), last).await?;
        }
        if call.reset {
            body.send_reset(h2::Reason::CANCEL);
        }
        receive(answer.await?).await
    };
    // The connection's own task: it drives reading and writing while the call waits.
    tokio::select! {
        done = talking => done,
        ended = connection => {
            ended?;
            anyhow::bail!("the connection ended before the answer")
        }
    }
}

/// Sends as fast as the server's window allows. A server that has answered already may not want the rest.
async fn send(body: &mut h2::SendStream<Bytes>, mut data: Bytes, last: bool) -> anyhow::Result<()> {
    if data.is_empty() {
        body.send_data(data, last)?;
        return Ok(());
    }
    while !data.is_empty() {
        body.reserve_capacity(data.len());
        let Some(room) = futures_util::future::poll_fn(|cx| body.poll_capacity(cx)).await else {
            return Ok(());
        };
        let Ok(room) = room else { return Ok(()) };
        let part = data.split_to(room.min(data.len()));
        let end = last && data.is_empty();
        if body.send_data(part, end).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn head(call: &Call) -> anyhow::Result<http::Request<()>> {
    let method = if call.method.is_empty() {
        "POST"
    } else {
        &call.method
    };
    let uri: Uri = format!("http://localhost{}", call.path)
        .parse()
        .context("the path is no path")?;
    let mut headers = HeaderMap::new();
    for (name, value) in &call.metadata {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        headers.append(name, HeaderValue::from_bytes(value)?);
    }
    for token in call.token.iter().flat_map(sign::token) {
        headers.append(TOKEN, HeaderValue::from_str(&token)?);
    }
    for (name, value) in [("content-type", "application/grpc"), ("te", "trailers")] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // An empty value stands for leaving the field away.
    let empty: Vec<HeaderName> = ["content-type", "te"]
        .into_iter()
        .filter(|name| headers.get(*name).is_some_and(HeaderValue::is_empty))
        .map(HeaderName::from_static)
        .collect();
    for name in empty {
        headers.remove(name);
    }
    let mut request = http::Request::new(());
    *request.method_mut() = Method::from_bytes(method.as_bytes())?;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

async fn receive(answer: http::Response<h2::RecvStream>) -> anyhow::Result<Reply> {
    let (head, mut body) = answer.into_parts();
    let mut reply = Reply {
        status: head.status.as_u16(),
        headers: texts(&head.headers),
        code: code(&head.headers),
        ..Reply::default()
    };
    while let Some(data) = body.data().await {
        let data = data?;
        let _ = body.flow_control().release_capacity(data.len());
        reply.body.extend_from_slice(&data);
    }
    if let Some(trailers) = body.trailers().await? {
        reply.code = reply.code.or(code(&trailers));
        reply.headers.extend(texts(&trailers));
    }
    Ok(reply)
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

fn code(headers: &HeaderMap) -> Option<u8> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}
