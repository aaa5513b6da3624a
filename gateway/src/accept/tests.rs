use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::edge::{Guard, guard};
use super::*;

mod requests;
mod shutdown;

/// Time-outs of the tests: long enough for a busy machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);
/// When something has still not happened, it does not.
const PATIENCE: Duration = Duration::from_secs(10);
const BODY_MAX: usize = 1000;

fn limits() -> Limits {
    Limits {
        header_timeout: SHORT,
        body_timeout: SHORT,
        ..Limits::default()
    }
}

/// `/probe` is one, what is read gets its place at the door, the rest is commands.
fn importance(head: &http::request::Parts) -> Importance {
    match head.uri.path() {
        "/probe" => Importance::Probe,
        _ if head.method.is_safe() => Importance::Webhook,
        _ => Importance::Command,
    }
}

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<Served>,
    /// Told when a request waits in `/wait`.
    waiting: Arc<Notify>,
    /// Lets the request in `/wait` go on.
    release: Arc<Notify>,
}

#[expect(clippy::disallowed_methods, reason = "the test owns the task and awaits it")]
async fn start(limits: Limits, drain: Duration) -> Running {
    let (waiting, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (waiting.clone(), release.clone());
    let routes = Router::new()
        .route(
            "/who",
            get(|ConnectInfo(address): ConnectInfo<SocketAddr>| async move { address.to_string() }),
        )
        .route("/probe", get(|| async { "well" }))
        .route("/size", post(|body: Bytes| async move { body.len().to_string() }))
        .route(
            "/wait",
            get(move || async move {
                tell.notify_one();
                wait.notified().await;
                "done"
            }),
        )
        .route(
            "/endless",
            get(|| async { Body::from_stream(futures_util::stream::pending::<Result<Bytes, io::Error>>()) }),
        )
        .layer(from_fn_with_state(
            Guard::new(&limits, Room::new(&limits), importance, |_| BODY_MAX),
            guard,
        ));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    let stop = CancellationToken::new();
    let served = tokio::spawn(serve(listener, routes, limits, stop.clone(), drain));
    Running {
        address,
        stop,
        served,
        waiting,
        release,
    }
}

impl Running {
    async fn connect(&self) -> Client {
        Client(
            TcpStream::connect(self.address)
                .await
                .expect("the server listens"),
        )
    }

    async fn stop(self) -> Served {
        self.stop.cancel();
        self.served.await.expect("the loop does not panic")
    }
}

struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0
            .write_all(bytes.as_ref())
            .await
            .expect("the connection is open");
    }

    /// Everything until the server closes, and how long that took.
    async fn until_closed(&mut self) -> (String, Duration) {
        let (mut bytes, started) = (Vec::new(), Instant::now());
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        // A reset is also an end: it comes when we had sent more than the server wanted to read.
        read.expect("the server closes").ok();
        (String::from_utf8_lossy(&bytes).into_owned(), started.elapsed())
    }

    /// The next answer; its body must have a stated length.
    async fn answer(&mut self) -> String {
        let mut bytes = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&bytes);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let stated = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= stated.expect("a length").parse::<usize>().expect("a number") {
                    return text.into_owned();
                }
            }
            let read = tokio::time::timeout(PATIENCE, self.0.read_buf(&mut bytes)).await;
            assert!(
                read.expect("the server answers").expect("the connection is open") > 0,
                "closed after {bytes:?}"
            );
        }
    }

    /// True when the server keeps the connection open for this long without a byte.
    async fn is_kept_for(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.0.read_u8()).await.is_err()
    }
}

fn closed_in_time(took: Duration) -> bool {
    took >= SHORT / 2 && took < PATIENCE / 2
}

#[tokio::test]
async fn a_request_is_answered_and_knows_its_client() {
    let server = start(limits(), SHORT).await;
    let mut client = server.connect().await;
    client.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let answer = client.answer().await;
    let own = client.0.local_addr().expect("connected").to_string();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(&own),
        "{answer}"
    );
    drop(client);
    assert_eq!(
        server.stop().await,
        Served {
            accepted: 1,
            refused: 0,
            cut: 0
        }
    );
}

#[tokio::test]
async fn connections_that_never_finish_a_head_are_closed() {
    let server = start(limits(), SHORT).await;
    for begun in [
        "",
        "G",
        "GET /who HTTP/1.1\r\nhost: x\r\nx-slow: ",
        "PRI * HT",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = server.connect().await;
        client.send(begun).await;
        let (answer, took) = client.until_closed().await;
        assert!(closed_in_time(took), "{begun:?} after {took:?}: {answer:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_kept_but_a_begun_head_on_it_is_not() {
    let server = start(limits(), SHORT).await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
        client.answer().await;
        assert!(client.is_kept_for(SHORT * 3).await);
    }
    client.send("GET /who HTTP/1.1\r\n").await;
    let (_, took) = client.until_closed().await;
    assert!(closed_in_time(took), "{took:?}");
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_the_end_but_a_long_answer_is_not() {
    let server = start(
        Limits {
            idle_timeout: SHORT,
            ..limits()
        },
        SHORT,
    )
    .await;
    let mut idle = server.connect().await;
    idle.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    idle.answer().await;
    let (_, took) = idle.until_closed().await;
    assert!(took < PATIENCE / 2, "{took:?}");
    let mut live = server.connect().await;
    live.send("GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut head = [0; 15];
    live.0
        .read_exact(&mut head)
        .await
        .expect("the head of the answer");
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let mut rest = vec![0; 4096];
    let _ = live.0.read(&mut rest).await.expect("the rest of the head");
    assert!(live.is_kept_for(SHORT * 4).await);
}

#[tokio::test]
async fn an_address_has_a_share_and_connections_in_all_are_bounded() {
    let server = start(
        Limits {
            per_ip_max: 2,
            header_timeout: PATIENCE,
            ..limits()
        },
        SHORT,
    )
    .await;
    let mut kept = [server.connect().await, server.connect().await];
    for client in &mut kept {
        client.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
        client.answer().await;
    }
    let (answer, _) = server.connect().await.until_closed().await;
    assert_eq!(answer, "");
    drop(kept);
    assert_eq!(server.stop().await.refused, 1);

    let server = start(
        Limits {
            connections_max: 1,
            header_timeout: PATIENCE,
            ..limits()
        },
        SHORT,
    )
    .await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    for client in [&mut first, &mut second] {
        client.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    }
    first.answer().await;
    assert!(second.is_kept_for(SHORT).await);
    drop(first);
    assert!(second.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn who_is_idle_makes_room_when_others_wait() {
    let server = start(
        Limits {
            connections_max: 1,
            crowded_idle_timeout: SHORT,
            header_timeout: SHORT,
            ..limits()
        },
        SHORT,
    )
    .await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    for client in [&mut first, &mut second] {
        client.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    }
    first.answer().await;
    let (rest, took) = first.until_closed().await;
    assert!(rest.is_empty() && took < PATIENCE / 2, "{rest:?} after {took:?}");
    assert!(second.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn http2_is_spoken_to_those_who_ask_for_it() {
    let server = start(limits(), SHORT).await;
    let mut client = server.connect().await;
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    client
        .send([b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &settings].concat())
        .await;
    let mut frame = [0; 9];
    tokio::time::timeout(PATIENCE, client.0.read_exact(&mut frame))
        .await
        .expect("in time")
        .expect("a frame");
    assert_eq!(frame[3], 4, "the server's settings come first");
}
