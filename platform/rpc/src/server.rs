//! The one layer every gRPC server has. Its steps, outermost first, and why each stands where it does:
//! span (so that everything below is in the trace) → metrics (counts refusals too) → load (cheapest refusal) →
//! identity and allow-list (before any work) → deadline (so that a late answer is ours) → panics (so that one
//! handler's bug is one answer).

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use http::{Request, Response};
use khaacho_fault::Fault;
use khaacho_proto::{Method, method};
use khaacho_telemetry::Trace;
use tokio::sync::Semaphore;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::ctx::Ctx;
use crate::deadline::Deadline;
use crate::token::{HEADER, MeshKeys};

/// tonic's server reads `grpc-timeout` too, starts its timer before ours and answers `CANCELLED`: we are earlier by this.
const TONIC_HEAD_START: Duration = Duration::from_millis(3);

/// When to ask again after a refusal for want of room.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// Metadata key that tells a caller that the answer was given before.
const REPLAYED: &str = "x-khaacho-replayed";

/// Limits of a gRPC server.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Longest budget that a caller may ask for; also the budget of a caller that asks for none.
    pub budget_max: Duration,
    /// Calls in progress; more are refused at once. Those that people make by the API may have four fifths of it, so that
    /// messages of providers and the steps of work that is begun find room behind them.
    pub in_progress_max: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            budget_max: Duration::from_secs(15),
            in_progress_max: 1024,
        }
    }
}

/// Puts a [`Guard`] around every service.
#[derive(Clone)]
pub struct GuardLayer {
    keys: MeshKeys,
    limits: ServerLimits,
    permits: Arc<Semaphore>,
    of_people: Arc<Semaphore>,
}

impl GuardLayer {
    /// A layer that trusts tokens under these keys.
    pub fn new(keys: MeshKeys, limits: ServerLimits) -> Self {
        Self {
            keys,
            limits,
            permits: Arc::new(Semaphore::new(limits.in_progress_max)),
            of_people: Arc::new(Semaphore::new((limits.in_progress_max * 4 / 5).max(1))),
        }
    }

    /// Calls that are being answered now.
    pub fn in_progress(&self) -> usize {
        self.limits
            .in_progress_max
            .saturating_sub(self.permits.available_permits())
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;
    fn layer(&self, inner: S) -> Guard<S> {
        Guard {
            inner,
            layer: self.clone(),
        }
    }
}

/// A gRPC server behind identity, permission, deadline, span, metrics, panic and load checks.
#[derive(Clone)]
pub struct Guard<S> {
    inner: S,
    layer: GuardLayer,
}

type Boxed = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> Service<Request<Body>> for Guard<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Boxed;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Boxed {
        // The clone keeps the readiness of `self.inner`; the ready one is used.
        let fresh = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, fresh);
        let Some(method) = method(request.uri().path()) else {
            return standard(inner, request);
        };
        let layer = self.layer.clone();
        let parent = request
            .headers()
            .get("traceparent")
            .and_then(|v| v.to_str().ok())
            .and_then(Trace::parse);
        let span = tracing::info_span!(
            "grpc.server",
            otel.name = %method.path.trim_start_matches('/'),
            otel.kind = "server",
            rpc.system = "grpc",
            rpc.service = %method.service,
            rpc.method = %method.name,
            rpc.grpc.status_code = tracing::field::Empty,
        );
        if let Some(parent) = &parent {
            khaacho_telemetry::set_parent(&span, parent);
        }
        let recorded = span.clone();
        Box::pin(
            async move {
                let started = started();
                let answer = layer.answer(method, inner, request, parent).await;
                let code = code_of(&answer);
                recorded.record("rpc.grpc.status_code", code as i32);
                measure(method, code, started);
                Ok(answer)
            }
            .instrument(span),
        )
    }
}

/// Health and reflection carry no business and are open inside the private network.
fn standard<S>(mut inner: S, request: Request<Body>) -> Boxed
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
{
    let path = request.uri().path();
    let open = path.starts_with("/grpc.health.v1.Health/")
        || path.starts_with("/grpc.reflection.v1.ServerReflection/")
        || path.starts_with("/grpc.reflection.v1alpha.ServerReflection/");
    if !open {
        let status = Status::unimplemented("no such method");
        return Box::pin(async move { Ok(status.into_http()) });
    }
    let call = inner.call(request);
    Box::pin(call)
}

impl GuardLayer {
    async fn answer<S>(
        &self,
        method: &'static Method,
        mut inner: S,
        mut request: Request<Body>,
        parent: Option<Trace>,
    ) -> Response<Body>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        let of_people = method.http.is_some().then(|| self.of_people.try_acquire());
        let (Ok(_place), None | Some(Ok(_))) = (self.permits.try_acquire(), &of_people) else {
            return refuse(overloaded());
        };
        let ctx = match self.admit(method, request.headers(), parent) {
            Ok(ctx) => ctx,
            Err(fault) => {
                metrics::counter!("security_events_total", "kind" => "mesh_refused").increment(1);
                tracing::warn!(rpc.method = %method.path, fault.reason = fault.reason(), "refused a call");
                return refuse(fault);
            }
        };
        let deadline = ctx.deadline();
        request.extensions_mut().insert(ctx.clone());
        let call = AssertUnwindSafe(inner.call(request)).catch_unwind();
        match tokio::time::timeout_at(deadline.instant().into(), call).await {
            Ok(Ok(Ok(mut response))) => {
                if ctx.was_replayed() {
                    response
                        .headers_mut()
                        .insert(REPLAYED, http::HeaderValue::from_static("1"));
                }
                response
            }
            Ok(Err(_panic)) => {
                metrics::counter!("panics_total", "where" => "rpc").increment(1);
                refuse(Fault::bug("the handler panicked").outcome_unknown())
            }
            // its transaction goes on without us
            Err(_late) => refuse(Fault::late().outcome_unknown()),
        }
    }

    fn admit(&self, method: &Method, headers: &http::HeaderMap, parent: Option<Trace>) -> Result<Ctx, Fault> {
        let token = headers
            .get(HEADER)
            .and_then(|v| v.to_str().ok())
            .ok_or_else(Fault::unauthenticated)?;
        let claims = self.keys.verify(token, &method.service, unix_now())?;
        let principal = claims.principal()?;
        if !method.allows_caller(&claims.iss) {
            return Err(Fault::forbidden());
        }
        // The gateway speaks for people; what a service does for itself is the allow-list's business.
        let routed = claims.iss == "gateway" && method.http.is_some();
        if routed && !method.allows_role(principal.role) {
            return Err(Fault::forbidden());
        }
        let budget = Deadline::asked(headers).map_or(self.limits.budget_max, |asked| {
            asked.saturating_sub(TONIC_HEAD_START).min(self.limits.budget_max)
        });
        let trace = Trace::current().or(parent).unwrap_or_else(Trace::new_root);
        Ok(Ctx::new(
            &claims.iss,
            principal,
            Deadline::after(budget),
            trace,
            &claims.cause,
        ))
    }
}

/// Nothing was begun: whoever asks again loses nothing.
fn overloaded() -> Fault {
    metrics::counter!("grpc_server_shed_total").increment(1);
    Fault::exhausted(RETRY_AFTER)
        .because("OVERLOADED")
        .say("too many calls are in progress, try again in a moment")
}

fn refuse(fault: Fault) -> Response<Body> {
    Status::from(fault).into_http()
}

/// The gRPC code of an answer. Refusals of unary calls travel in the headers; a missing one means success so far.
fn code_of(response: &Response<Body>) -> Code {
    response
        .headers()
        .get("grpc-status")
        .map_or(Code::Ok, |value| Code::from_bytes(value.as_bytes()))
}

fn measure(method: &'static Method, code: Code, started: Instant) {
    let labels = [
        ("grpc_service", method.service.clone()),
        ("grpc_method", method.name.clone()),
        ("grpc_code", format!("{code:?}")),
    ];
    metrics::counter!("grpc_server_handled_total", &labels).increment(1);
    metrics::histogram!("grpc_server_handling_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
}

fn started() -> Instant {
    Instant::now()
}

/// Unix seconds for token windows; the only wall clock in this crate.
#[expect(clippy::disallowed_methods, reason = "token windows are wall-clock time")]
pub(crate) fn unix_now() -> i64 {
    chrono::Utc::now().timestamp()
}
