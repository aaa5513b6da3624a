//! Twilio and Meta: their signatures on what they deliver, and servers that take what we send.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::background::Background;
use crate::wait::eventually;

/// `X-Twilio-Signature` of a form that Twilio posts to `url`.
pub fn twilio_signature(token: &str, url: &str, fields: &[(&str, &str)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text = sorted
        .iter()
        .fold(url.to_owned(), |text, (name, value)| text + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

/// `X-Hub-Signature-256` of a body that Meta posts.
pub fn meta_signature(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, body);
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// A form as it travels.
pub fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
        .into_bytes()
}

/// A message that a provider was given.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The provider's id for it.
    pub id: String,
    /// Phone, digits only.
    pub to: String,
    /// Its text.
    pub text: String,
    /// The whole request.
    pub request: Value,
}

/// A server that takes messages as Twilio and Meta do.
#[derive(Debug)]
pub struct Provider {
    /// `http://127.0.0.1:…`.
    pub url: String,
    inner: Arc<Inner>,
    _task: Background,
}

#[derive(Debug, Default)]
struct Inner {
    sent: Mutex<Vec<Sent>>,
    /// Requests that are refused as overload before one is taken.
    refusals: Mutex<u32>,
    /// What lies at a path.
    held: Mutex<BTreeMap<String, Held>>,
}

/// Something to fetch.
#[derive(Debug, Clone)]
enum Held {
    Content(Vec<u8>),
    Elsewhere(String),
}

impl Provider {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let inner = Arc::new(Inner::default());
        let router = Router::new().fallback(take).with_state(inner.clone());
        let task = Background::start(async move {
            axum::serve(listener, router)
                .await
                .expect("it serves until the end");
        });
        Self {
            url,
            inner,
            _task: task,
        }
    }

    /// Refuses the next requests with 503.
    pub fn refuse(&self, requests: u32) {
        *self.inner.refusals.lock().unwrap_or_else(PoisonError::into_inner) = requests;
    }

    /// From now on this content lies at a path.
    pub fn hold(&self, path: &str, content: &[u8]) {
        self.put(path, Held::Content(content.to_vec()));
    }

    /// From now on a path leads to this address.
    pub fn redirect(&self, path: &str, to: &str) {
        self.put(path, Held::Elsewhere(to.to_owned()));
    }

    fn put(&self, path: &str, held: Held) {
        let mut all = self.inner.held.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(path.to_owned(), held);
    }

    /// Everything that was taken.
    pub fn sent(&self) -> Vec<Sent> {
        self.inner
            .sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits for a message to anybody with these words.
    pub async fn expect_any(&self, containing: &str, within: Duration) -> Sent {
        eventually(&format!("{containing:?} to anybody"), within, async || {
            let sent = self.sent();
            let found = sent.iter().find(|sent| sent.text.contains(containing)).cloned();
            found.ok_or_else(|| format!("{sent:#?}"))
        })
        .await
    }

    /// Waits for a message to `phone` with these words.
    pub async fn expect(&self, phone: &str, containing: &str, within: Duration) -> Sent {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        eventually(&format!("{containing:?} to {phone}"), within, async || {
            let sent = self.sent();
            let found = sent
                .iter()
                .find(|sent| sent.to == digits && sent.text.contains(containing))
                .cloned();
            found.ok_or_else(|| format!("{sent:#?}"))
        })
        .await
    }
}

async fn take(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    body: String,
) -> axum::response::Response {
    if method == Method::GET {
        let held = inner.held.lock().unwrap_or_else(PoisonError::into_inner);
        return match held.get(uri.path()) {
            Some(Held::Content(content)) => content.clone().into_response(),
            Some(Held::Elsewhere(to)) => {
                let location = [(header::LOCATION, to.clone())];
                (StatusCode::TEMPORARY_REDIRECT, location).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    {
        let mut refusals = inner.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if *refusals > 0 {
            *refusals -= 1;
            return (StatusCode::SERVICE_UNAVAILABLE, "try later").into_response();
        }
    }
    let mut all = inner.sent.lock().unwrap_or_else(PoisonError::into_inner);
    let number = all.len();
    let twilio = uri.path().ends_with("/Messages.json");
    let (sent, status, answer) = if twilio {
        to_twilio(&body, number)
    } else {
        to_meta(&body, number)
    };
    all.push(sent);
    (status, axum::Json(answer)).into_response()
}

fn to_twilio(body: &str, number: usize) -> (Sent, StatusCode, Value) {
    let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let id = format!("SM{number:032x}");
    let to = field("To").chars().filter(char::is_ascii_digit).collect();
    let request = fields
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    let sent = Sent {
        id: id.clone(),
        to,
        text: field("Body").to_owned(),
        request,
    };
    (
        sent,
        StatusCode::CREATED,
        json!({ "sid": id, "status": "queued" }),
    )
}

fn to_meta(body: &str, number: usize) -> (Sent, StatusCode, Value) {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let id = format!("wamid.test{number}");
    let text = request
        .pointer("/text/body")
        .or_else(|| request.pointer("/interactive/body/text"));
    let text = text.and_then(Value::as_str).unwrap_or_default().to_owned();
    let to = request["to"].as_str().unwrap_or_default().to_owned();
    let sent = Sent {
        id: id.clone(),
        to,
        text,
        request,
    };
    let answer = json!({ "messaging_product": "whatsapp", "messages": [{ "id": id }] });
    (sent, StatusCode::OK, answer)
}
