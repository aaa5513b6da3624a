//! A provider for tests: a real server on loopback that answers as told and remembers what it was asked.

use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use khaacho_ids::NotificationId;
use khaacho_phone::Phone;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Address, Outgoing, http};
use crate::domain::message::Body;

/// What the server does with each request.
#[derive(Clone)]
pub(super) enum Reply {
    /// Answers with this status, these extra header lines (each ended by `\r\n`) and this body.
    Answer(u16, &'static str, String),
    /// Reads the request and never answers.
    Silence,
    /// Reads the request and closes the connection.
    HangUp,
    /// Promises a longer body than it sends, then closes.
    Torn(u16, &'static str),
}

/// A running fake.
pub(super) struct Fake {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub async fn start(reply: Reply) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        let serve = async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if let Some(request) = read(&mut stream).await {
                    seen.lock().expect("nobody panics with it").push(request);
                    respond(&mut stream, &reply).await;
                }
            }
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the test's runtime ends with the test and the server with it"
        )]
        tokio::spawn(serve);
        Fake { url, requests }
    }

    pub async fn json(status: u16, body: serde_json::Value) -> Fake {
        Self::start(Reply::Answer(
            status,
            "Content-Type: application/json\r\n",
            body.to_string(),
        ))
        .await
    }

    /// The one request that came, head and body.
    pub fn request(&self) -> String {
        let requests = self.requests.lock().expect("nobody panics with it");
        assert_eq!(requests.len(), 1, "one request is expected: {requests:?}");
        requests[0].clone()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().expect("nobody panics with it").len()
    }
}

/// Body of a request.
pub(super) fn payload(request: &str) -> &str {
    request.split_once("\r\n\r\n").expect("a head and a body").1
}

/// A client with short patience.
pub(super) fn client() -> reqwest::Client {
    static RING: Once = Once::new();
    RING.call_once(|| {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    http::client_with(Duration::from_millis(400), Duration::from_millis(200))
        .expect("the machine has certificates")
}

/// An address where nobody listens.
pub(super) async fn closed_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has a free port");
    format!("http://{}", listener.local_addr().expect("it is bound"))
}

/// A message to a shop.
pub(super) fn outgoing(body: Body) -> Outgoing {
    let phone = Phone::parse("+9779841234567").expect("a Nepali mobile number");
    Outgoing {
        notification_id: NotificationId::derive(&["a", "test"]),
        from_account: "106540352242922".into(),
        to: Address {
            address: "9779841234567".into(),
            phone: Some(phone),
            user_id: None,
        },
        body,
        service_window_open: true,
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().expect("a number"));
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

async fn respond(stream: &mut TcpStream, reply: &Reply) {
    let text = match reply {
        Reply::Answer(status, headers, body) => {
            let length = body.len();
            format!(
                "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
        }
        Reply::Silence => {
            // Ends when the client has lost patience and closes.
            let _ = stream.read(&mut [0]).await;
            return;
        }
        Reply::HangUp => return,
        Reply::Torn(status, body) => {
            format!("HTTP/1.1 {status} X\r\nContent-Length: 9999\r\nConnection: close\r\n\r\n{body}")
        }
    };
    // The client may have gone; that is its business.
    let _ = stream.write_all(text.as_bytes()).await;
}
