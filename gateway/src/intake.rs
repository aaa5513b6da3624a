//! Webhooks of the providers: verify → normalise → durable in the services → acknowledge.

mod forward;
mod ignored;

pub(crate) use forward::deliver_messages;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use khaacho_telemetry::{Masked, metrics as names};
use tokio::time::Instant;

use crate::App;
use crate::edge::Arrival;
use crate::problem::Problem;
use crate::webhooks::{self, Call, Event, Inbound, Provider, Rejection, Verified};

/// How long a provider should wait before it delivers again.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// Senders of one delivery whose rate is looked at.
const SENDERS_MAX: usize = 8;

/// When a webhook was last accepted, in milliseconds since 1970; 0 for never.
#[derive(Clone, Default)]
pub(crate) struct LastAccepted(Arc<AtomicI64>);

impl LastAccepted {
    fn note(&self, now: chrono::DateTime<chrono::Utc>) {
        self.0.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// Seconds since then; `None` when there was none since the start.
    pub(crate) fn age_seconds(&self, now: chrono::DateTime<chrono::Utc>) -> Option<i64> {
        let at = self.0.load(Ordering::Relaxed);
        (at > 0).then(|| (now.timestamp_millis() - at).max(0) / 1000)
    }
}

/// The routes.
pub(crate) fn routes() -> Router<App> {
    let hinted = |hint: Option<Provider>| {
        let handler = move |state, arrival, request| receive(hint, state, arrival, request);
        get(handler).post(handler)
    };
    Router::new()
        .route("/api/v1/whatsapp/webhook", hinted(None))
        .route("/webhooks/meta", hinted(Some(Provider::Meta)))
        .route("/webhooks/twilio", hinted(Some(Provider::Twilio)))
        .route("/webhooks/twilio/whatsapp", hinted(Some(Provider::Twilio)))
        .route("/webhooks/twilio/status", hinted(Some(Provider::Twilio)))
}

async fn receive(
    hint: Option<Provider>,
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    request: Request,
) -> Result<Response, Problem> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    // The layer above has the body in memory and has bounded it.
    let body = axum::body::to_bytes(body, Provider::Meta.body_max())
        .await
        .map_err(|_| refusal(Rejection::TooLarge))?;
    let provider = speaker(hint, &head)?;
    let path_and_query = head.uri.path_and_query().map_or("/", |path| path.as_str());
    configured(&app, provider, &head.method)?;
    let call = Call {
        hint: Some(provider),
        method: &head.method,
        headers: &head.headers,
        path_and_query,
        body: &body,
    };
    let settings = match provider {
        Provider::Twilio => &app.twilio_webhooks,
        Provider::Meta | Provider::Simulator => &app.meta_webhooks,
    };
    match webhooks::read(settings, call).map_err(refusal)? {
        Verified::Handshake(challenge) => {
            tracing::info!(webhook.provider = provider.as_str(), "webhook handshake accepted");
            Ok(text("text/plain; charset=utf-8", Bytes::from(challenge)))
        }
        Verified::Events { provider, events } => accept(&app, &arrival, provider, events, started).await,
    }
}

/// Who speaks. A read on the shared path without Twilio's signature is Meta's handshake.
fn speaker(hint: Option<Provider>, head: &http::request::Parts) -> Result<Provider, Problem> {
    let read = head.method == Method::GET || head.method == Method::HEAD;
    let twilio = head.headers.contains_key(webhooks::twilio::SIGNATURE);
    if read && hint != Some(Provider::Twilio) && !twilio {
        return Ok(Provider::Meta);
    }
    webhooks::provider(hint, &head.method, &head.headers).map_err(refusal)
}

/// Without secrets nothing can be proven. That is our own lack, not the caller's: 503, so that a provider
/// tries again after the settings are complete.
fn configured(app: &App, provider: Provider, method: &Method) -> Result<(), Problem> {
    let (complete, missing) = match provider {
        Provider::Twilio => {
            let open = app.config.twilio_verification.is_off();
            (open || app.config.twilio.is_configured(), "TWILIO_AUTH_TOKEN")
        }
        Provider::Meta | Provider::Simulator if method == Method::GET => {
            (app.config.meta.verify_token.is_some(), "WHATSAPP_VERIFY_TOKEN")
        }
        Provider::Meta | Provider::Simulator => (app.config.meta.is_configured(), "WHATSAPP_APP_SECRET"),
    };
    if complete {
        return Ok(());
    }
    metrics::counter!("security_events_total", "kind" => "not_configured").increment(1);
    let fault = Fault::unavailable("webhook secrets are missing")
        .because("WEBHOOK_NOT_CONFIGURED")
        .say(format!(
            "webhooks of this provider are not set up: {missing} is not set"
        ))
        .fact("provider", provider.as_str())
        .fact("missing", missing)
        .retry_after_of(Duration::from_secs(60));
    Err(fault.into())
}

async fn accept(
    app: &App,
    arrival: &Arrival,
    provider: Provider,
    events: Vec<Event>,
    started: Instant,
) -> Result<Response, Problem> {
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    let messages = count(|event| matches!(event, Event::Message(_)));
    let statuses = count(|event| matches!(event, Event::Status(_)));
    let sender = events.iter().find_map(|event| match event {
        Event::Message(message) => Some(address(message).to_owned()),
        Event::Status(_) | Event::Ignored { .. } => None,
    });
    let sender = Masked(sender.unwrap_or_default());
    if planted::on(Bug::PhoneInLog) {
        tracing::info!(sender.raw = %sender.0, "webhook accepted");
    }
    tracing::info!(
        request.id = %arrival.id,
        webhook.provider = provider.as_str(),
        webhook.messages = messages,
        webhook.statuses = statuses,
        webhook.ignored = events.len() - messages - statuses,
        sender.phone = %sender,
        "webhook accepted"
    );
    if planted::on(Bug::RedisDedupe) && forward::seen_before(app, &events).await {
        return Ok(acknowledgement(provider));
    }
    let (stored, ()) = tokio::join!(forward::store(app, arrival, &events), notice_rates(app, &events));
    let seconds = started.elapsed().as_secs_f64();
    metrics::histogram!(names::WEBHOOK_ACK, "provider" => provider.as_str()).record(seconds);
    let outcome = stored
        .as_ref()
        .map_or_else(|fault| fault.reason().to_owned(), |()| "stored".to_owned());
    tracing::info!(
        request.id = %arrival.id,
        webhook.provider = provider.as_str(),
        webhook.outcome = %outcome,
        sender.phone = %sender,
        duration.ms = seconds * 1000.0,
        "webhook completed"
    );
    match stored {
        Ok(()) => {
            app.last_accepted.note(app.clock.now());
            Ok(acknowledgement(provider))
        }
        // Whatever the reason: the provider still has the delivery and must bring it again.
        Err(fault) => Err(Fault::unavailable(fault)
            .say("the delivery could not be stored, send it again")
            .outcome_unknown()
            .retry_after_of(RETRY_AFTER)
            .into()),
    }
}

fn acknowledgement(provider: Provider) -> Response {
    match provider {
        Provider::Twilio => {
            let (media, body) = provider.acknowledgement();
            text(media, Bytes::from_static(body.as_bytes()))
        }
        Provider::Meta | Provider::Simulator => {
            text("application/json", Bytes::from_static(b"{\"status\":\"ok\"}"))
        }
    }
}

/// Soft limits: a sender above its rate is counted and logged, its messages are taken all the same.
async fn notice_rates(app: &App, events: &[Event]) {
    let senders = events.iter().filter_map(|event| match event {
        Event::Message(message) => Some(address(message)),
        Event::Status(_) | Event::Ignored { .. } => None,
    });
    for sender in senders.take(SENDERS_MAX) {
        let policy = &app.rates.policies.webhook_sender;
        let decision = app.rates.count(policy, sender).await;
        if decision.is_some_and(|decision| decision.outcome != crate::limits::Outcome::Allowed) {
            tracing::warn!(sender.phone = %Masked(sender), "a sender writes faster than its limit");
        }
    }
}

fn address(message: &Inbound) -> &str {
    message.phone.as_deref().unwrap_or(&message.from_address)
}

fn text(media: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// A rejection as a problem.
fn refusal(rejection: Rejection) -> Problem {
    let fault = match rejection {
        Rejection::Forbidden(kind) => Fault::forbidden()
            .because("WEBHOOK_UNPROVEN")
            .say("the signature does not prove the origin")
            .fact("kind", kind),
        Rejection::UnsupportedMedia => {
            return Problem::unsupported_media("a form or JSON in UTF-8, without compression");
        }
        Rejection::TooLarge => Fault::invalid("body", "is too long").because("BODY_TOO_LARGE"),
        Rejection::Malformed => Fault::invalid("request", "is no webhook of this provider"),
    };
    let status: StatusCode = rejection.status();
    Problem::from(fault).with_status(status)
}
