//! The least that HTTP and gRPC cost in Rust on this machine.
//!
//! `floor http PORT` answers `POST /echo`. `floor grpc PORT` echoes over gRPC. `floor edge PORT HOST:PORT` takes
//! `POST /echo` and asks a `floor grpc` for the answer: a gateway and one hop, without any work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};

mod pb {
    include!(concat!(env!("OUT_DIR"), "/floor.v1.Echo.rs"));
}
use pb::echo_client::EchoClient;
use pb::echo_server::{Echo, EchoServer};

/// What is sent to and fro.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Text {
    /// Anything.
    #[prost(string, tag = "1")]
    pub text: String,
}

struct Echoes;

#[tonic::async_trait]
impl Echo for Echoes {
    async fn say(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

async fn ask(State(mut echo): State<EchoClient<Channel>>, text: String) -> Result<String, StatusCode> {
    let answer = echo.say(Text { text }).await;
    answer
        .map(|answer| answer.into_inner().text)
        .map_err(|_| StatusCode::BAD_GATEWAY)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["http", port] => {
            serve(
                port,
                Router::new().route("/echo", post(|text: String| async { text })),
            )
            .await
        }
        ["edge", port, behind] => {
            let channel = Endpoint::from_shared(format!("http://{behind}"))?
                .tcp_nodelay(true)
                .connect_lazy();
            serve(
                port,
                Router::new()
                    .route("/echo", post(ask))
                    .with_state(EchoClient::new(channel)),
            )
            .await
        }
        ["grpc", port] => {
            let address = format!("127.0.0.1:{port}").parse()?;
            Server::builder()
                .tcp_nodelay(true)
                .add_service(EchoServer::new(Echoes))
                .serve(address)
                .await?;
            Ok(())
        }
        _ => Err("floor http PORT | floor grpc PORT | floor edge PORT HOST:PORT".into()),
    }
}

async fn serve(port: &str, router: Router) -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
