//! A provider: a real server on loopback that answers as told and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the server does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Answers with this status, these extra header lines and this body.
    Answer(u16, &'static str, Value),
    /// Reads the request and never answers.
    Silence,
    /// Reads the request and closes the connection.
    HangUp,
    /// Answers with this status, these extra header lines and these bytes.
    Bytes(u16, String, Vec<u8>),
}

/// A running provider.
pub struct Fake {
    pub url: String,
    state: Arc<Mutex<State>>,
    _server: JoinSet<()>,
}

#[derive(Default)]
struct State {
    /// Replies to sends, in order; then every send is accepted under a new id.
    replies: VecDeque<Reply>,
    accepted: usize,
    sends: Vec<String>,
    /// Twilio's list of messages.
    listed: Vec<Value>,
    /// What lies at a path.
    held: BTreeMap<String, Reply>,
    /// Paths of what lay there and was asked for.
    asked: Vec<String>,
}

impl Fake {
    /// Accepts everything after these replies.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let state = Arc::new(Mutex::new(State {
            replies: replies.into_iter().collect(),
            ..State::default()
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
            url,
            state,
            _server: server,
        }
    }

    /// Bodies of the sends, in order, as the provider would show them.
    pub fn sends(&self) -> Vec<String> {
        self.state.lock().expect("nobody panics with it").sends.clone()
    }

    /// What the next send gets.
    pub fn reply(&self, reply: Reply) {
        self.state
            .lock()
            .expect("nobody panics with it")
            .replies
            .push_back(reply);
    }

    /// From now on this lies at a path.
    pub fn hold(&self, path: &str, reply: Reply) {
        let mut state = self.state.lock().expect("nobody panics with it");
        state.held.insert(path.to_owned(), reply);
    }

    /// Paths of what lies here and was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().expect("nobody panics with it").asked.clone()
    }

    /// Puts a message into Twilio's list.
    pub fn list(&self, entry: Value) {
        self.state
            .lock()
            .expect("nobody panics with it")
            .listed
            .push(entry);
    }
}

/// An error of Twilio.
pub fn twilio_error(status: u16, headers: &'static str, code: i64) -> Reply {
    Reply::Answer(
        status,
        headers,
        json!({ "code": code, "message": format!("error {code}") }),
    )
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let reply = decide(&mut state.lock().expect("nobody panics with it"), &request);
    match reply {
        Reply::HangUp => {}
        // Ends when the client has lost patience and closes.
        Reply::Silence => drop(stream.read(&mut [0]).await),
        Reply::Answer(status, headers, body) => {
            let headers = format!("{headers}Content-Type: application/json\r\n");
            answer(&mut stream, status, &headers, body.to_string().as_bytes()).await;
        }
        Reply::Bytes(status, headers, body) => answer(&mut stream, status, &headers, &body).await,
    }
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    // The client may have gone; that is its business.
    let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
}

fn decide(state: &mut State, request: &str) -> Reply {
    let path = request.split(' ').nth(1).unwrap_or_default();
    if let Some(held) = state.held.get(path).cloned() {
        state.asked.push(path.to_owned());
        return held;
    }
    if request.starts_with("GET ") {
        return Reply::Answer(
            200,
            "",
            json!({ "messages": state.listed, "next_page_uri": null }),
        );
    }
    let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    state.sends.push(words(body));
    if let Some(reply) = state.replies.pop_front() {
        return reply;
    }
    state.accepted += 1;
    let id = format!("M{}", state.accepted);
    // Both providers' answers in one: each reads its own part.
    Reply::Answer(
        200,
        "",
        json!({ "sid": id, "status": "queued", "messages": [{ "id": id }] }),
    )
}

/// The text of a send: Meta's JSON or Twilio's form.
fn words(body: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        let template = json
            .pointer("/template/components/0/parameters/0/text")
            .and_then(Value::as_str);
        let text = json
            .pointer("/text/body")
            .or(json.pointer("/interactive/body/text"))
            .and_then(Value::as_str);
        return template
            .map(|text| format!("template: {text}"))
            .or(text.map(str::to_owned))
            .unwrap_or_default();
    }
    let url = reqwest::Url::parse(&format!("http://x/?{body}")).expect("a query");
    let text = url.query_pairs().find(|(name, _)| name == "Body");
    text.map(|(_, text)| text.into_owned()).unwrap_or_default()
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
