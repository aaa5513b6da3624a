//! A place that media are fetched from: a real server on loopback that answers as told and remembers what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the place does with a request.
#[derive(Clone)]
pub enum Say {
    /// Answers with this status, these header lines and this body.
    Answer(u16, String, Vec<u8>),
    /// Reads the request and never answers.
    Silence,
    /// Answers 200, promises a body and sends nothing of it.
    Stall,
    /// Answers 200 and sends a byte now and then, for ever.
    Drip,
    /// Answers 200 and sends without an end, as fast as it is taken.
    Flood,
    /// Promises more than it sends, then closes.
    Torn,
}

impl Say {
    pub fn body(body: &[u8]) -> Self {
        Self::Answer(200, String::new(), body.to_vec())
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Answer(status, String::new(), body.to_string().into_bytes())
    }

    pub fn redirect(to: &str) -> Self {
        Self::Answer(307, format!("Location: {to}\r\n"), b"moved".to_vec())
    }
}

/// A running place.
pub struct Site {
    pub url: String,
    seen: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
    _server: JoinSet<()>,
}

impl Site {
    /// Answers by path.
    pub async fn start(answers: impl Fn(&str, &str) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (seen, sent) = (
            Arc::<Mutex<Vec<String>>>::default(),
            Arc::<AtomicUsize>::default(),
        );
        let mut server = JoinSet::new();
        let own = (url.clone(), seen.clone(), sent.clone());
        server.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(request) = read(&mut stream).await else {
                    continue;
                };
                let path = request.split(' ').nth(1).unwrap_or_default();
                let say = answers(path, &own.0);
                own.1.lock().expect("nobody panics with it").push(request);
                connections.spawn(speak(stream, say, own.2.clone()));
            }
        });
        Self {
            url,
            seen,
            sent,
            _server: server,
        }
    }

    /// The requests that came, in lower case.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("nobody panics with it");
        seen.iter().map(|request| request.to_lowercase()).collect()
    }

    /// Bytes of floods that were taken.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Errors are the client's business: it may go whenever it likes.
async fn speak(mut stream: TcpStream, say: Say, sent: Arc<AtomicUsize>) {
    let (status, headers, body) = match &say {
        Say::Answer(status, headers, body) => (
            *status,
            format!("{headers}Content-Length: {}\r\n", body.len()),
            body.as_slice(),
        ),
        Say::Silence => {
            let _ = stream.read(&mut [0]).await;
            return;
        }
        Say::Stall | Say::Torn => (200, "Content-Length: 1000\r\n".to_owned(), &b""[..]),
        Say::Drip | Say::Flood => (200, String::new(), &b""[..]),
    };
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Connection: close\r\n\r\n");
    let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
    let chunk = [7; 64 * 1_024];
    match say {
        Say::Stall => drop(stream.read(&mut [0]).await),
        Say::Drip => {
            while stream.write_all(b"\xff").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Say::Flood => {
            while stream.write_all(&chunk).await.is_ok() {
                sent.fetch_add(chunk.len(), Ordering::Relaxed);
            }
        }
        Say::Answer(..) | Say::Torn | Say::Silence => {}
    }
}
