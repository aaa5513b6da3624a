//! Pages about the platform itself: what it is, how it is set up, its metrics, its documentation.

mod exposition;
mod reasons;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use khaacho_fault::Fault;
use khaacho_proto::Role;
use serde_json::{Value, json};

use crate::App;
use crate::auth::Credential;
use crate::edge::Arrival;
use crate::problem::{self, Problem};

/// What the viewer's page may load: its own files, nothing inline, nothing from elsewhere.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes.
pub(crate) fn routes() -> Router<App> {
    let asset = |media: &'static str, body: &'static str| get(move || async move { page(media, body) });
    Router::new()
        .route("/", get(platform))
        .route("/api/v1/whatsapp/test", get(webhooks))
        .route("/metrics", get(metrics))
        .route("/metrics/cache", get(cache))
        .route("/openapi.json", get(openapi))
        .route(
            "/docs",
            asset("text/html; charset=utf-8", include_str!("../static/docs.html")),
        )
        .route(
            "/docs/docs.js",
            asset(
                "text/javascript; charset=utf-8",
                include_str!("../static/docs.js"),
            ),
        )
        .route(
            "/docs/docs.css",
            asset("text/css; charset=utf-8", include_str!("../static/docs.css")),
        )
        .route("/docs/reasons/{reason}", get(reason))
}

fn page(media: &'static str, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(DOCS_POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn platform(State(app): State<App>) -> Response {
    let body = json!({
        "name": "khaacho",
        "description": "Orders by WhatsApp, on credit, from message to ledger",
        "version": &*app.version,
        "environment": app.config.environment,
        "links": {
            "docs": "/docs",
            "openapi": "/openapi.json",
            "health": "/health",
            "ready": "/ready",
            "live": "/live",
            "metrics": "/metrics",
            "webhook": "/api/v1/whatsapp/webhook",
        },
    });
    problem::json(StatusCode::OK, &body)
}

/// What is set up for webhooks. Never a secret, never a message.
async fn webhooks(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
) -> Result<Response, Problem> {
    app.rates
        .take(&app.rates.policies.public, &arrival.network(), &arrival)
        .await?;
    let config = &app.config;
    let skip = config.twilio_verification.is_off();
    let missing = |pairs: &[(&'static str, bool)]| -> Vec<&'static str> {
        pairs
            .iter()
            .filter(|(_, there)| !there)
            .map(|(name, _)| *name)
            .collect()
    };
    let twilio = missing(&[("TWILIO_AUTH_TOKEN", config.twilio.is_configured() || skip)]);
    let meta = missing(&[
        ("WHATSAPP_APP_SECRET", config.meta.is_configured()),
        ("WHATSAPP_VERIFY_TOKEN", config.meta.verify_token.is_some()),
    ]);
    let depth = exposition::sum(&(app.metrics_text)(), "queue_depth", |_| true);
    let body = json!({
        "status": "ok",
        "webhook_url": crate::webhooks::public_url(&config.public_base, "/api/v1/whatsapp/webhook"),
        "providers": {
            "twilio": { "configured": twilio.is_empty(), "missing": twilio, "signature": !skip },
            "meta": { "configured": meta.is_empty(), "missing": meta, "signature": true },
            "simulator": { "configured": app.simulator },
        },
        "queue_depth": depth,
        "last_accepted_seconds_ago": app.last_accepted.age_seconds(app.clock.now()),
    });
    Ok(problem::json(StatusCode::OK, &without_nulls(body)))
}

async fn metrics(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    operator(&app, &arrival, &headers).await?;
    let mut response = Response::new(Body::from((app.metrics_text)()));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    Ok(response)
}

async fn cache(
    State(app): State<App>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    operator(&app, &arrival, &headers).await?;
    let text = (app.metrics_text)();
    let hits = exposition::sum(&text, "redis_cache_hits_total", |_| true).unwrap_or(0.0);
    // A look-up that memory missed and Redis answered is a hit: only what went to the loader counts as
    // missed.
    let loaded = |labels: &str| labels.contains("layer=\"redis\"");
    let misses = exposition::sum(&text, "redis_cache_misses_total", loaded).unwrap_or(0.0);
    let all = hits + misses;
    let connections = u8::from(app.redis.state() == khaacho_cache::State::Up);
    let body = json!({
        "hit_rate": if all > 0.0 { (hits / all * 10_000.0).round() / 10_000.0 } else { 0.0 },
        "total_hits": exposition::whole(hits),
        "total_misses": exposition::whole(misses),
        "connection_pool_size": connections,
    });
    Ok(problem::json(StatusCode::OK, &body))
}

/// In production figures are for the holder of the metrics token or for people of the platform; elsewhere
/// open.
async fn operator(app: &App, arrival: &Arrival, headers: &HeaderMap) -> Result<(), Problem> {
    if !app.config.is_production() {
        return Ok(());
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if let (Some(token), Some(expected)) = (token, &app.config.metrics_token)
        && Credential::same(token, expected.expose())
    {
        return Ok(());
    }
    let principal = app.signed_in(arrival, headers).await?;
    if matches!(principal.role, Role::Vendor | Role::Retailer) {
        return Err(Fault::forbidden().into());
    }
    Ok(())
}

async fn openapi(State(app): State<App>) -> Response {
    let mut response = Response::new(Body::from(app.openapi.clone()));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// What a reason means; problem documents point here.
async fn reason(Path(reason): Path<String>) -> Result<Response, Problem> {
    let text = reasons::meaning(&reason).ok_or_else(Problem::no_route)?;
    let mut response = Response::new(Body::from(format!("{reason}\n\n{text}\n")));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    Ok(response)
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}
