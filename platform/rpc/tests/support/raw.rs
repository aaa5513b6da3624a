//! A call without tonic's client, which has timers of its own.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tonic::Code;

/// Sends an empty message and returns the code of the answer.
pub async fn raw_call(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Code {
    let stream = TcpStream::connect(address).await.expect("connects");
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .expect("speaks HTTP/2");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { drop(connection.await) });
    let mut request = http::Request::post(format!("http://{address}{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::from_static(&[0; 5])))
        .expect("a request");
    let response = sender.send_request(request).await.expect("an answer");
    let code = |headers: &http::HeaderMap| {
        headers
            .get("grpc-status")
            .map(|value| Code::from_bytes(value.as_bytes()))
    };
    if let Some(code) = code(response.headers()) {
        return code;
    }
    let body = response.into_body().collect().await.expect("a body");
    body.trailers().and_then(code).expect("a code")
}
