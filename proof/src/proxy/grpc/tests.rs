use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use tokio::net::TcpStream;

use super::*;

/// A method that gives no answer, and what is counted when its caller leaves.
const NEVER: &str = "/a.B/Never";
const LEFT: u32 = 100;

/// A server that counts calls and answers with the request's body and trailers.
async fn server() -> (SocketAddr, Arc<AtomicU32>, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.spawn(echo(stream, counted.clone()));
        }
    });
    (address, calls, tasks)
}

async fn echo(stream: TcpStream, calls: Arc<AtomicU32>) {
    let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
    let mut answering = JoinSet::new();
    while let Some(Ok((call, mut respond))) = connection.accept().await {
        calls.fetch_add(1, Ordering::SeqCst);
        let counted = calls.clone();
        answering.spawn(async move {
            if call.uri().path() == NEVER {
                // Until the caller leaves.
                let _ = std::future::poll_fn(|cx| respond.poll_reset(cx)).await;
                counted.fetch_add(LEFT, Ordering::SeqCst);
                return;
            }
            let mut body = call.into_body();
            let mut all = Vec::new();
            while let Some(Ok(piece)) = body.data().await {
                all.extend_from_slice(&piece);
            }
            let head = http::Response::new(());
            let mut stream = respond.send_response(head, false).expect("open");
            stream.send_data(Bytes::from(all), false).expect("open");
            let mut trailers = http::HeaderMap::new();
            trailers.insert("grpc-status", http::HeaderValue::from_static("0"));
            stream.send_trailers(trailers).expect("open");
        });
    }
}

/// Calls once, on a connection of its own; the answer's body and status.
async fn call(address: SocketAddr, method: &str) -> anyhow::Result<(Bytes, String)> {
    let stream = TcpStream::connect(address).await?;
    let (send, connection) = h2::client::handshake(stream).await?;
    let request = http::Request::post(format!("http://x{method}")).body(())?;
    let talk = async {
        let mut send = send.ready().await?;
        let (response, mut body) = send.send_request(request, false)?;
        body.send_data(Bytes::from_static(b"hello"), true)?;
        let mut body = response.await?.into_body();
        let mut all = bytes::BytesMut::new();
        while let Some(piece) = body.data().await {
            all.extend_from_slice(&piece?);
        }
        let trailers = body.trailers().await?.unwrap_or_default();
        let status = trailers
            .get("grpc-status")
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        anyhow::Ok((all.freeze(), status.unwrap_or_default()))
    };
    tokio::select! {
        ended = connection => anyhow::bail!("the connection ended: {ended:?}"),
        answer = talk => answer,
    }
}

#[tokio::test]
async fn calls_pass_and_each_fault_does_what_it_says() {
    let (address, calls, _tasks) = server().await;
    let proxy = GrpcProxy::start(address).expect("a port");
    let made = || calls.load(Ordering::SeqCst);
    proxy.record();
    let (body, status) = call(proxy.addr(), "/a.B/C").await.expect("an answer");
    assert_eq!((&body[..], status.as_str(), made()), (&b"hello"[..], "0", 1));
    assert_eq!(proxy.recorded(), ["/a.B/C"]);

    let struck = proxy.trap("/a.B/C", 2, CallFault::LoseRequest);
    call(proxy.addr(), "/a.B/D").await.expect("another method");
    call(proxy.addr(), "/a.B/C").await.expect("the first");
    call(proxy.addr(), "/a.B/C")
        .await
        .expect_err("the second is lost");
    struck.await.expect("it was sprung");
    assert_eq!(made(), 3);

    let struck = proxy.trap("/a.B/C", 1, CallFault::LoseReply);
    call(proxy.addr(), "/a.B/C")
        .await
        .expect_err("its answer is lost");
    struck.await.expect("it was sprung");
    assert_eq!(made(), 4);

    let struck = proxy.trap("/a.B/C", 1, CallFault::Twice);
    call(proxy.addr(), "/a.B/C").await.expect("an answer");
    struck.await.expect("it was sprung");
    assert_eq!(made(), 6);

    let struck = proxy.trap("/a.B/C", 1, CallFault::Keep);
    call(proxy.addr(), "/a.B/C").await.expect("an answer");
    struck.await.expect("it was sprung");
    assert_eq!(made(), 7);
    proxy.send_kept().await;
    proxy.send_kept().await;
    assert_eq!(made(), 8);
    let (all, struck) = proxy.counts();
    assert_eq!((all, struck), (7, 4));
}

#[tokio::test]
async fn who_leaves_a_call_leaves_its_server_too() {
    let (address, calls, _tasks) = server().await;
    let proxy = GrpcProxy::start(address).expect("a port");
    let stream = TcpStream::connect(proxy.addr()).await.expect("connected");
    let (send, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    let mut driving = JoinSet::new();
    driving.spawn(connection);
    let counted = |wanted: u32| {
        let calls = calls.clone();
        async move {
            while calls.load(Ordering::SeqCst) != wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    let mut send = send.ready().await.expect("open");
    let request = http::Request::post(format!("http://x{NEVER}"))
        .body(())
        .expect("a request");
    let (response, body) = send.send_request(request, true).expect("open");
    let limit = Duration::from_secs(5);
    tokio::time::timeout(limit, counted(1))
        .await
        .expect("it is called");
    drop((response, body));
    tokio::time::timeout(limit, counted(1 + LEFT))
        .await
        .expect("it is left");
}

#[tokio::test]
async fn shares_delays_and_later_copies() {
    let (address, calls, _tasks) = server().await;
    let proxy = GrpcProxy::start(address).expect("a port");
    let wait = Duration::from_millis(40);
    proxy.every(Some((2, CallFault::Delay(wait))));
    let began = std::time::Instant::now();
    call(proxy.addr(), "/a.B/C").await.expect("an answer");
    assert!(began.elapsed() < wait);
    call(proxy.addr(), "/a.B/C").await.expect("an answer");
    assert!(began.elapsed() >= wait);
    proxy.every(Some((1, CallFault::Again(wait))));
    call(proxy.addr(), "/a.B/C").await.expect("an answer");
    proxy.every(None);
    tokio::time::timeout(Duration::from_secs(5), async {
        while calls.load(Ordering::SeqCst) < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("the copy arrives");
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    proxy.upstream(nobody.local_addr().expect("bound"));
    drop(nobody);
    call(proxy.addr(), "/a.B/C").await.expect_err("nobody there");
}
