//! Meta and Twilio on one port, without any chance in them: what they answer and report depends on the message alone,
//! so that two plays of the scenario differ only by what was broken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::fakes::{TWILIO_NUMBER, Webhook};
use crate::harness::Client;

/// Messages with these words are reported as delivered; the others stay as sent.
const REPORTED: &str = "is placed";

/// A message that a phone has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) text: String,
    pub(super) reference: String,
    /// Meta's: the id of it that we were given.
    pub(super) notice: String,
    pub(super) twilio: bool,
}

/// Both providers. Dropping it ends them.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) url: String,
    inner: Arc<Inner>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Inner {
    gateway: Client,
    state: Mutex<State>,
    reporting: Mutex<JoinSet<()>>,
}

#[derive(Debug, Default)]
struct State {
    heard: HashMap<String, Vec<Heard>>,
    /// Requests for a phone that are still to be answered with 500.
    broken: HashMap<String, u32>,
    count: u64,
}

/// What a send request asks for.
struct Asked {
    to: String,
    text: String,
    notice: String,
    twilio: bool,
}

impl Provider {
    /// Starts both; reports go to the gateway.
    pub(super) async fn start(gateway: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let inner = Arc::new(Inner {
            gateway: Client::new(gateway, None).patient(Duration::from_secs(3)),
            state: Mutex::default(),
            reporting: Mutex::default(),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, inner.clone()));
        Ok(Self {
            url,
            inner,
            _accepting: accepting,
        })
    }

    /// The next requests for a phone are answered with 500.
    pub(super) fn break_for(&self, phone: &str, times: u32) {
        self.inner.state().broken.insert(phone.to_owned(), times);
    }

    /// What a phone has.
    pub(super) fn heard(&self, phone: &str) -> Vec<Heard> {
        self.inner.state().heard.get(phone).cloned().unwrap_or_default()
    }

    /// Whether no report is on its way.
    pub(super) fn idle(&self) -> bool {
        let mut tasks = self.inner.reporting();
        while tasks.try_join_next().is_some() {}
        tasks.is_empty()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reporting(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.reporting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, asked: Asked) -> Response<Full<Bytes>> {
        let mut state = self.state();
        if let Some(times) = state.broken.get_mut(&asked.to).filter(|times| **times > 0) {
            *times -= 1;
            let wrong =
                json!({ "error": { "message": "something went wrong", "code": 131_000 }, "code": 20_500 });
            return told(500, &wrong);
        }
        state.count += 1;
        let (reference, taken, status) = if asked.twilio {
            let sid = format!("SM{:032x}", state.count);
            (sid.clone(), json!({ "sid": sid, "status": "queued" }), 201)
        } else {
            let id = format!("wamid.out.{}", state.count);
            let taken = json!({ "messaging_product": "whatsapp", "messages": [{ "id": id }] });
            (id, taken, 200)
        };
        let heard = Heard {
            text: asked.text,
            reference,
            notice: asked.notice,
            twilio: asked.twilio,
        };
        if heard.text.contains(REPORTED) && !heard.twilio {
            let report = report(&heard, &asked.to);
            let gateway = self.gateway.clone();
            self.reporting().spawn(deliver(gateway, report));
        }
        state.heard.entry(asked.to).or_default().push(heard);
        told(status, &taken)
    }

    /// Twilio's list of messages to one recipient, newest first.
    fn list(&self, query: &str) -> Response<Full<Bytes>> {
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let to = asked
            .get("To")
            .map_or("", String::as_str)
            .trim_start_matches("whatsapp:");
        let state = self.state();
        let own = state.heard.get(to).into_iter().flatten().rev();
        let messages: Vec<Value> = own
            .filter(|heard| heard.twilio)
            .map(|heard| {
                json!({
                    "sid": heard.reference, "status": "sent", "direction": "outbound-api", "body": heard.text,
                    "date_created": now(), "from": format!("whatsapp:{TWILIO_NUMBER}"), "to": format!("whatsapp:{to}"),
                })
            })
            .collect();
        told(200, &json!({ "messages": messages, "next_page_uri": null }))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "Twilio's list shows the time of the day"
)]
fn now() -> String {
    chrono::Utc::now().to_rfc2822()
}

fn report(heard: &Heard, to: &str) -> Webhook {
    let mut status = json!({
        "id": heard.reference, "status": "delivered", "timestamp": "1762934410",
        "recipient_id": to.trim_start_matches('+'),
    });
    if !heard.notice.is_empty() {
        status["biz_opaque_callback_data"] = json!(heard.notice);
    }
    Webhook::meta(&json!({ "statuses": [status] }))
}

/// Meta repeats until it is acknowledged.
async fn deliver(gateway: Client, report: Webhook) {
    // After the answer to the request: what comes before it is another scenario.
    tokio::time::sleep(Duration::from_millis(15)).await;
    while !report
        .deliver(&gateway, "")
        .await
        .is_ok_and(|answer| answer.status < 300)
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve(stream, inner.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, inner: Arc<Inner>) {
    let answering = service_fn(move |request| answer(inner.clone(), request));
    // An error is a connection that the mesh left.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await;
}

async fn answer(
    inner: Arc<Inner>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let path = head.uri.path();
    let twilio = path.ends_with("/Messages.json");
    if twilio && head.method == Method::GET {
        return Ok(inner.list(head.uri.query().unwrap_or_default()));
    }
    let asked = if twilio {
        from_twilio(&body)
    } else {
        from_meta(&body)
    };
    Ok(asked.map_or_else(
        || told(400, &json!({ "error": { "message": "no message", "code": 100 } })),
        |asked| inner.take(asked),
    ))
}

fn from_twilio(body: &[u8]) -> Option<Asked> {
    let fields: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    let variables: Value =
        serde_json::from_str(fields.get("ContentVariables").map_or("null", String::as_str))
            .unwrap_or_default();
    let text = fields
        .get("Body")
        .map(String::as_str)
        .or_else(|| variables["1"].as_str())?;
    Some(Asked {
        to: fields.get("To")?.trim_start_matches("whatsapp:").to_owned(),
        text: text.to_owned(),
        notice: String::new(),
        twilio: true,
    })
}

fn from_meta(body: &[u8]) -> Option<Asked> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let places = [
        "/text/body",
        "/interactive/body/text",
        "/template/components/0/parameters/0/text",
    ];
    let text = places.iter().find_map(|place| asked.pointer(place)?.as_str())?;
    Some(Asked {
        to: format!("+{}", asked["to"].as_str()?),
        text: text.to_owned(),
        notice: asked["biz_opaque_callback_data"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        twilio: false,
    })
}

fn told(status: u16, body: &Value) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a known status and header")
}
