//! A language model: a real server on loopback that answers as told and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, Once};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Says that these phrases may be called so.
    Says(Vec<(&'static str, &'static str)>),
    /// The model's words as they are.
    Talks(String),
    /// This status, these extra header lines (each ended by `\r\n`) and this body.
    Answer(u16, String, String),
    /// Reads the request and never answers.
    Silence,
    /// Sends the head and never the rest.
    Stalls,
    /// Reads the request and closes the connection.
    HangUp,
    /// Waits until the test says so, then says the first.
    Waits(Arc<Notify>, Vec<(&'static str, &'static str)>),
}

/// A running model.
pub(crate) struct Model {
    url: String,
    state: Arc<Mutex<State>>,
    _server: JoinSet<()>,
}

struct State {
    /// In order; the last one goes on.
    replies: VecDeque<Reply>,
    requests: Vec<String>,
}

impl Model {
    /// Answers so, one request after the other; the last reply is repeated.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        static RING: Once = Once::new();
        RING.call_once(|| {
            rustls::crypto::ring::default_provider()
                .install_default()
                .expect("nobody else installs one");
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(Mutex::new(State {
            replies: replies.into_iter().collect(),
            requests: Vec::new(),
        }));
        let mut server = JoinSet::new();
        let seen = state.clone();
        server.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, seen.clone()));
            }
        });
        Self {
            url: format!("http://{address}/v1/chat/completions"),
            state,
            _server: server,
        }
    }

    /// One that says this and nothing else.
    pub(crate) async fn saying(said: &[(&'static str, &'static str)]) -> Self {
        Self::start([Reply::Says(said.to_vec())]).await
    }

    /// Settings of a service that asks it.
    pub(crate) fn settings(&self) -> [(&str, &str); 3] {
        [
            ("KHAACHO_ORDER_ASSIST_URL", &self.url),
            ("KHAACHO_ORDER_ASSIST_MODEL", "test-model"),
            ("KHAACHO_ORDER_ASSIST_KEY", "sk-test"),
        ]
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.state().requests.len()
    }

    /// Its requests, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// What the n-th request showed of the shop's words, from 0.
    pub(crate) fn shown(&self, n: usize) -> Value {
        let request = self.requests().swap_remove(n);
        let (_, body) = request.split_once("\r\n\r\n").expect("a head and a body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        let content = body["messages"][1]["content"].as_str().expect("a question");
        serde_json::from_str(content).expect("JSON in it")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }
}

/// A completion with these words.
pub(crate) fn completion(content: &str) -> String {
    json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] }).to_string()
}

fn proposals(said: &[(&str, &str)]) -> String {
    let all = said
        .iter()
        .map(|(phrase, name)| json!({ "phrase": phrase, "products": [name] }));
    completion(&json!({ "proposals": all.collect::<Vec<_>>() }).to_string())
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let reply = {
        let mut state = state.lock().expect("nobody panics with it");
        state.requests.push(request);
        match state.replies.len() {
            0 | 1 => state.replies.front().cloned(),
            _ => state.replies.pop_front(),
        }
    };
    let ok = |body: String| (200, String::new(), body);
    let (status, headers, body) = match reply.expect("a reply") {
        Reply::Says(said) => ok(proposals(&said)),
        Reply::Talks(content) => ok(completion(&content)),
        Reply::Answer(status, headers, body) => (status, headers, body),
        Reply::HangUp => return,
        // Ends when the client has lost patience and closes.
        Reply::Silence => return drop(stream.read(&mut [0]).await),
        Reply::Stalls => {
            let head = b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\n{";
            let _ = stream.write_all(head).await;
            return drop(stream.read(&mut [0]).await);
        }
        Reply::Waits(until, said) => {
            until.notified().await;
            ok(proposals(&said))
        }
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    // The client may have gone; that is its business.
    let _ = stream.write_all(answer.as_bytes()).await;
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
