//! The outermost layer: request id, trace, span, metrics, security headers, and the body of every refusal. A
//! panic below it is one 500, not a lost connection.

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use khaacho_fault::Fault;
use khaacho_rpc::{Ctx, Deadline, Principal};
use khaacho_telemetry::{Trace, metrics as names};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::App;
use crate::accept::edge::Shed;
use crate::accept::{Importance, Place};
use crate::limits::Decision;
use crate::problem::Problem;
use crate::transcode::{self, Found};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that we take over from a caller.
const REQUEST_ID_MAX: usize = 128;
/// Reason of requests for which there is no room. The log tells of them once a second, not one by one.
pub(crate) const OVERLOADED: &str = "OVERLOADED";
/// Longest refusal of another layer that gets the request id written into it.
const PROBLEM_MAX: usize = 16 * 1024;

/// What is known about a request before anybody looks at what it wants.
#[derive(Clone)]
pub(crate) struct Arrival {
    /// The id that answers, logs and rows quote.
    pub id: Arc<str>,
    /// The point in the trace that the request's work hangs from.
    pub trace: Trace,
    /// The client, as far as our proxies can be believed.
    pub client: Option<IpAddr>,
    /// Whether the client sits on this machine, with no proxy between.
    pub local: bool,
    /// What the request is to us.
    pub importance: Importance,
    /// The rate limit that was looked at, for the answer's headers.
    pub limit: Arc<OnceLock<Decision>>,
    /// The request's place, once it is known who asks. It lasts until the answer is there.
    pub place: Arc<OnceLock<Option<Place>>>,
}

impl Arrival {
    /// The context of a call that this request causes.
    pub(crate) fn ctx(&self, principal: Principal, budget: std::time::Duration) -> Ctx {
        Ctx::new(
            "gateway",
            principal,
            Deadline::after(budget),
            self.trace,
            &self.id,
        )
    }

    /// Who is counted when nobody is signed in: the address, for IPv6 its network.
    pub(crate) fn network(&self) -> String {
        match self.client {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => address.to_string(),
                None => {
                    let [a, b, c, d, ..] = address.segments();
                    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
                }
            },
        }
    }
}

/// `prefix` and 128 random bits, 32 lower-case hexadecimal digits.
pub(crate) fn random_id(prefix: &str) -> String {
    let mut bytes = [0; 16];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        // Not secret, only unlikely to come twice.
        bytes = fastrand::u128(..).to_be_bytes();
    }
    bytes
        .iter()
        .fold(prefix.to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// The layer. It stands outside of everything else.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (label, found) = recognise(&app, &request);
    let method = request.method().clone();
    let id: Arc<str> = request_id(request.headers()).into();
    let parent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(Trace::parse);
    let span = tracing::info_span!(
        "http.server",
        otel.name = %format_args!("{method} {label}"),
        otel.kind = "server",
        http.request.method = %method,
        http.route = %label,
        http.response.status_code = tracing::field::Empty,
        request.id = %id,
    );
    if let Some(parent) = &parent {
        khaacho_telemetry::set_parent(&span, parent);
    }
    let (client, local) = client(&app, &request);
    let importance = importance(request.method(), request.uri().path(), found.as_ref());
    let recorded = span.clone();
    async move {
        let trace = Trace::current().or(parent).unwrap_or_else(Trace::new_root);
        let arrival = Arrival {
            id,
            trace,
            client,
            local,
            importance,
            limit: Arc::default(),
            place: Arc::default(),
        };
        let (limit, place) = (arrival.limit.clone(), arrival.place.clone());
        let id = arrival.id.clone();
        let uri_class = Class::of(request.uri().path());
        request.extensions_mut().insert(arrival);
        if let Some(found) = found {
            request.extensions_mut().insert(found);
        }
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let response = answered.unwrap_or_else(|_panic| {
            metrics::counter!("panics_total", "where" => "http").increment(1);
            Problem::from(Fault::bug("a handler panicked").outcome_unknown()).into_response()
        });
        drop(place);
        let shed = was_shed(&response);
        let mut response = written(response, &id).await;
        dress(&app, uri_class, response.headers_mut(), &id);
        if let Some(decision) = limit.get() {
            decision.write(response.headers_mut());
        }
        let status = response.status().as_u16();
        recorded.record("http.response.status_code", status);
        measure(&method, &label, uri_class, (status, shed), started);
        response
    }
    .instrument(span)
    .await
}

/// The route's template, for spans and metrics: never the path itself, which has no bound.
fn recognise(app: &App, request: &Request) -> (Arc<str>, Option<Found>) {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        return (path.as_str().into(), None);
    }
    let found = app.table.find(request.method(), request.uri().path());
    let label = match &found {
        Found::Route(route, _) => route.template(),
        Found::OtherMethod(..) | Found::Nothing => "unmatched".into(),
    };
    (label, Some(found))
}

fn request_id(headers: &HeaderMap) -> String {
    let sane = |text: &&str| {
        (1..=REQUEST_ID_MAX).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(sane)
        .map_or_else(|| random_id("req_"), str::to_owned)
}

/// The client's address. Each proxy of ours appends the address it saw, so with `n` of them the `n`-th entry
/// from the right is the last one that a client could not invent.
fn client(app: &App, request: &Request) -> (Option<IpAddr>, bool) {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_canonical());
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let direct = forwarded.is_empty() && !request.headers().contains_key(header::FORWARDED);
    let local = direct && peer.is_some_and(|address| address.is_loopback());
    let hops = usize::from(app.config.proxy_hops);
    let told = hops
        .checked_sub(1)
        .and_then(|_| forwarded.len().checked_sub(hops))
        .and_then(|at| forwarded[at].parse().ok());
    (told.or(peer), local)
}

/// Writes the bodies of refusals, which only now can quote the request id.
async fn written(mut response: Response, id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let fault = problem.fault();
        if response.status().is_server_error() && fault.reason() != OVERLOADED {
            tracing::warn!(fault.reason = fault.reason(), error = ?fault, request.id = id, "a request failed");
        }
        let mut rendered = problem.render(id);
        // What inner layers wrote stays: CORS, `Allow`.
        for (name, value) in response.headers() {
            if name != header::CONTENT_LENGTH && !rendered.headers().contains_key(name) {
                rendered.headers_mut().append(name, value.clone());
            }
        }
        return rendered;
    }
    let of_another_layer = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == khaacho_fault::http::CONTENT_TYPE);
    if !of_another_layer {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, PROBLEM_MAX).await.unwrap_or_default();
    let Ok(mut problem) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Response::from_parts(head, Body::from(bytes));
    };
    problem["request_id"] = id.into();
    if let Some(members) = problem.as_object_mut() {
        members.entry("facts").or_insert_with(|| serde_json::json!({}));
        members.entry("errors").or_insert_with(|| serde_json::json!([]));
    }
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(problem.to_string()))
}

fn was_shed(response: &Response) -> bool {
    let extensions = response.extensions();
    let problem = extensions.get::<Problem>();
    extensions.get::<Shed>().is_some()
        || problem.is_some_and(|problem| problem.fault().reason() == OVERLOADED)
}

/// Reading is whatever does not change anything; everything that is neither it nor a provider's message is a command.
fn importance(method: &http::Method, path: &str, found: Option<&Found>) -> Importance {
    if path.starts_with("/webhooks/") || path == "/api/v1/whatsapp/webhook" {
        return Importance::Webhook;
    }
    // What a simulated phone says is a provider's message too.
    if path == "/api/v1/simulator/messages" && !method.is_safe() {
        return Importance::Webhook;
    }
    if Class::of(path) == Class::Probe && method.is_safe() {
        return if path.starts_with("/metrics") {
            Importance::Figures
        } else {
            Importance::Probe
        };
    }
    let shows = match found {
        Some(Found::Route(route, _)) => !route.changes(),
        _ => method.is_safe(),
    };
    if shows {
        Importance::Read
    } else {
        Importance::Command
    }
}

/// What kind of address it is, for headers and metrics.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Api,
    Probe,
    Page,
}

impl Class {
    fn of(path: &str) -> Self {
        match path {
            "/health" | "/api/health" | "/api/v1/health" | "/ready" | "/live" | "/metrics" => Self::Probe,
            path if path.starts_with("/health/") || path.starts_with("/metrics/") => Self::Probe,
            path if path.starts_with("/api/") => Self::Api,
            _ => Self::Page,
        }
    }
}

fn dress(app: &App, class: Class, headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    let mut absent = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    absent(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    absent(header::X_FRAME_OPTIONS, "DENY");
    absent(header::REFERRER_POLICY, "no-referrer");
    if app.config.csp {
        absent(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        );
    }
    if class != Class::Page {
        absent(header::CACHE_CONTROL, "no-store");
    }
    if app.config.is_production() {
        absent(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn measure(
    method: &http::Method,
    label: &Arc<str>,
    class: Class,
    (status, shed): (u16, bool),
    started: Instant,
) {
    let seconds = started.elapsed().as_secs_f64();
    let method = transcode::method_label(method);
    let route = label.to_string();
    metrics::counter!(names::HTTP_REQUESTS, "method" => method, "route" => route.clone(),
        "status" => status.to_string())
    .increment(1);
    metrics::histogram!(names::HTTP_DURATION, "method" => method, "route" => route.clone()).record(seconds);
    if class == Class::Api {
        metrics::histogram!(names::API_DURATION, "method" => method, "route" => route).record(seconds);
    }
    let millis = seconds * 1000.0;
    if StatusCode::from_u16(status).is_ok_and(|status| status.is_server_error())
        && class != Class::Probe
        && !shed
    {
        tracing::warn!(http.route = %label, http.status = status, duration.ms = millis, "request ended");
    } else {
        tracing::debug!(http.route = %label, http.status = status, duration.ms = millis, "request ended");
    }
}
