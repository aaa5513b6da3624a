//! The smallest server that takes messages as Meta does, and tells whoever waits for one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::client::contains;

/// Larger requests are none of the mesh's.
const REQUEST_MAX: usize = 1024 * 1024;

type Waiting = Mutex<HashMap<String, (&'static str, oneshot::Sender<Instant>)>>;

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Sink {
    /// `http://127.0.0.1:…`.
    pub url: String,
    waiting: Arc<Waiting>,
    _tasks: JoinSet<()>,
}

impl Sink {
    /// Starts it.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let waiting = Arc::new(Waiting::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, waiting.clone()));
        Ok(Self {
            url,
            waiting,
            _tasks: tasks,
        })
    }

    /// The moment at which a message with these words arrives for a phone (digits only). One wait a phone at a time.
    pub fn expect(&self, phone: &str, words: &'static str) -> oneshot::Receiver<Instant> {
        let (tell, told) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(phone.to_owned(), (words, tell));
        told
    }
}

async fn accept(listener: TcpListener, waiting: Arc<Waiting>) {
    let mut connections = JoinSet::new();
    let number = Arc::new(AtomicU64::new(0));
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, waiting.clone(), number.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// One connection, until it ends or sends what is no request.
async fn serve(mut stream: TcpStream, waiting: Arc<Waiting>, number: Arc<AtomicU64>) {
    let mut buffer = Vec::with_capacity(4096);
    if stream.set_nodelay(true).is_err() {
        return;
    }
    loop {
        let whole = loop {
            match length(&buffer) {
                Some(whole) if buffer.len() >= whole => break whole,
                _ if buffer.len() > REQUEST_MAX => return,
                _ => {}
            }
            if !matches!(stream.read_buf(&mut buffer).await, Ok(read) if read > 0) {
                return;
            }
        };
        tell(&buffer[..whole], &waiting);
        buffer.drain(..whole);
        let id = number.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"messaging_product":"whatsapp","messages":[{{"id":"wamid.sink.{id}"}}]}}"#);
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Length of the whole request at the front, once its head is there.
fn length(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&buffer[..head]).ok()?;
    let body = text
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    Some(head + body)
}

fn tell(request: &[u8], waiting: &Waiting) {
    let at = Instant::now();
    let Some(phone) = recipient(request) else {
        return;
    };
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let awaited = waiting
        .get(phone)
        .is_some_and(|(words, _)| contains(request, words.as_bytes()));
    if awaited && let Some((_, tell)) = waiting.remove(phone) {
        // who waited may have given up
        let _ = tell.send(at);
    }
}

/// The digits behind `"to":`.
fn recipient(request: &[u8]) -> Option<&str> {
    let mark = br#""to":""#;
    let at = request.windows(mark.len()).position(|bytes| bytes == mark)? + mark.len();
    let end = request[at..].iter().position(|byte| *byte == b'"')?;
    str::from_utf8(&request[at..at + end]).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::client::Connection;
    use super::*;

    #[tokio::test]
    async fn only_the_awaited_words_to_the_awaited_phone_are_told() {
        let sink = Sink::start().await.expect("a port");
        let mut told = sink.expect("977984", "is placed");
        let mut connection = Connection::new(sink.url.trim_start_matches("http://"));
        for (to, text, heard) in [
            ("977985", "Order is placed", false),
            ("977984", "Reply CONFIRM", false),
            ("977984", "Order ORD1 is placed", true),
        ] {
            let body = serde_json::json!({"to": to, "type": "text", "text": {"body": text}}).to_string();
            let answer = connection.post("/v26.0/1/messages", &[], body.as_bytes()).await;
            let answer = answer.expect("it answers");
            assert!(answer.status == 200 && answer.says("wamid.sink."));
            tokio::time::sleep(Duration::from_millis(5)).await;
            assert_eq!(told.try_recv().is_ok(), heard, "{to} {text}");
        }
    }
}
