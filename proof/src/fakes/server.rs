//! The server that takes what the mesh sends.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use fastrand::Rng;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming as Body;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::harness::Client;
use crate::history::Recorder;

use super::incoming::Provider;
use super::manners::{Manners, Verdict};
use super::phones::{Heard, Phones};
use super::reports::{self, Subject};
use super::settings;
use super::wire::{Sent, from_meta, from_twilio, reply, told};

/// Longer than the mesh waits for a provider.
const STALL: Duration = Duration::from_secs(14);

/// Both providers. Dropping it ends them.
#[derive(Debug)]
pub struct Fakes {
    /// `http://127.0.0.1:port`.
    pub url: String,
    inner: Arc<Inner>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Inner {
    recorder: Arc<Recorder>,
    gateway: Client,
    phones: Phones,
    state: Mutex<State>,
    reporting: Mutex<JoinSet<()>>,
}

#[derive(Debug)]
struct State {
    manners: Manners,
    random: Rng,
    count: u64,
    log: std::fs::File,
    /// Twilio's list: recipient, the time as Twilio writes it, reference, body.
    listed: Vec<[String; 4]>,
}

impl Fakes {
    /// Starts both on one port of loopback. Requests go to `provider.jsonl` in the directory, timed by the recorder;
    /// status reports go to the gateway. Manners are good until told otherwise.
    ///
    /// # Errors
    /// When there is no port or the file cannot be made.
    pub async fn start(
        dir: &Path,
        recorder: Arc<Recorder>,
        gateway: &str,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let path = dir.join("provider.jsonl");
        let log = std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let inner = Arc::new(Inner {
            recorder,
            gateway: Client::new(gateway, None).patient(Duration::from_secs(5)),
            phones: Phones::default(),
            state: Mutex::new(State {
                manners: Manners::good(),
                random: Rng::with_seed(seed),
                count: 0,
                log,
                listed: Vec::new(),
            }),
            reporting: Mutex::new(JoinSet::new()),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, inner.clone()));
        Ok(Self {
            url,
            inner,
            _accepting: accepting,
        })
    }

    /// Settings that make a mesh use them.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        settings(&self.url)
    }

    /// From now on they behave like this.
    pub fn behave(&self, manners: Manners) {
        self.inner.state().manners = manners;
    }

    /// Messages that a phone has by now.
    pub fn count(&self, phone: &str) -> usize {
        self.inner.phones.count(phone)
    }

    /// Messages on a phone from the given place on.
    pub fn since(&self, phone: &str, from: usize) -> Vec<Heard> {
        self.inner.phones.since(phone, from)
    }

    /// The first message on a phone, from the given place on, that is wanted.
    pub async fn hear(
        &self,
        phone: &str,
        from: usize,
        within: Duration,
        wanted: impl Fn(&Heard) -> bool,
    ) -> Option<Heard> {
        self.inner.phones.hear(phone, from, within, wanted).await
    }

    /// Status reports that are still on their way.
    pub fn reporting(&self) -> usize {
        let mut tasks = self
            .inner
            .reporting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.len()
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
    // An error is a connection that we cut, or that the mesh left.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await;
}

/// An error cuts the connection.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

async fn answer(inner: Arc<Inner>, request: Request<Body>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Err(Cut);
    };
    let body = body.to_bytes();
    let path = head.uri.path();
    let twilio = path.ends_with("/Messages.json");
    if twilio && head.method == Method::GET {
        return Ok(inner.list(head.uri.query().unwrap_or_default()));
    }
    let sent = match (twilio, path.ends_with("/messages")) {
        (true, _) => from_twilio(&body),
        (false, true) => from_meta(&body),
        (false, false) => {
            return Ok(told(
                404,
                &json!({ "error": { "message": "no such thing", "code": 100 } }),
            ));
        }
    };
    let Some(sent) = sent else {
        return Ok(told(
            400,
            &json!({ "error": { "message": "no message", "code": 100 }, "code": 21211 }),
        ));
    };
    let (verdict, delay, reference) = inner.take(&sent);
    tokio::time::sleep(delay).await;
    match verdict {
        Verdict::CutBefore | Verdict::CutAfter => return Err(Cut),
        Verdict::Stalled => tokio::time::sleep(STALL).await,
        _ => {}
    }
    Ok(reply(sent.provider, verdict, &reference))
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a request, writes it down and, when it is taken, shows it to its phone and reports it.
    fn take(self: &Arc<Self>, sent: &Sent) -> (Verdict, Duration, String) {
        let mut state = self.state();
        let State { manners, random, .. } = &mut *state;
        let verdict = manners.judge(random);
        let delay = manners.delay(random);
        let reports = reports::plan(manners, random);
        let early = random.u32(0..1000) < manners.early;
        let own = random.fork();
        state.count += 1;
        let reference = match (verdict.taken(), sent.provider) {
            (false, _) => String::new(),
            (true, Provider::Meta) => format!("wamid.out.{}", state.count),
            (true, Provider::Twilio) => format!("SM{:032x}", state.count),
        };
        let line = json!({
            "t_ns": self.recorder.now_ns(), "prov": sent.provider.name(), "to": sent.to, "text": sent.text,
            "ref": reference, "notice": sent.notice, "verdict": verdict.name(),
            "lost": verdict.taken() && verdict != Verdict::Accepted,
        });
        // A full disk ends the run by the recorder; here it may only cost a line.
        let _ = writeln!(state.log, "{line}");
        if verdict.taken() {
            if sent.provider == Provider::Twilio {
                let at = now().to_rfc2822();
                state
                    .listed
                    .push([sent.to.clone(), at, reference.clone(), sent.text.clone()]);
            }
            drop(state);
            let heard = Heard {
                reference: reference.clone(),
                text: sent.text.clone(),
                buttons: sent.buttons.clone(),
            };
            self.phones.show(&sent.to, heard);
            self.report(
                sent,
                &reference,
                reports,
                if early { Duration::ZERO } else { delay },
                own,
            );
        }
        (verdict, delay, reference)
    }

    fn report(
        self: &Arc<Self>,
        sent: &Sent,
        reference: &str,
        reports: Vec<&'static str>,
        first: Duration,
        mut random: Rng,
    ) {
        if sent.provider == Provider::Twilio && sent.callback.is_empty() {
            return;
        }
        let subject = Subject {
            provider: sent.provider,
            reference: reference.to_owned(),
            notice: sent.notice.clone(),
            phone: sent.to.clone(),
            callback: sent.callback.clone(),
        };
        let gateway = self.gateway.clone();
        let mut tasks = self.reporting.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            tokio::time::sleep(first).await;
            for status in reports {
                reports::deliver(&gateway, subject.provider, &reports::webhook(&subject, status)).await;
                tokio::time::sleep(Duration::from_millis(random.u64(0..300))).await;
            }
        });
    }

    /// Twilio's list of messages to one recipient, newest first.
    fn list(&self, query: &str) -> Response<Full<Bytes>> {
        let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |name: &str| {
            asked
                .iter()
                .find(|(key, _)| key == name)
                .map_or("", |(_, value)| value)
        };
        let to = value("To").trim_start_matches("whatsapp:");
        let size = value("PageSize").parse().unwrap_or(50);
        let state = self.state();
        let own = state
            .listed
            .iter()
            .rev()
            .filter(|[phone, ..]| phone == to)
            .take(size);
        let messages: Vec<Value> = own
            .map(|[phone, at, sid, body]| {
                json!({
                    "sid": sid, "status": "sent", "direction": "outbound-api", "date_created": at,
                    "body": body, "to": format!("whatsapp:{phone}"),
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
fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

#[cfg(test)]
mod tests;
