//! Channels to peers: token, trace, deadline and retry around tonic's own channel.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use khaacho_fault::Fault;
use khaacho_planted::{self as planted, Bug};
use khaacho_proto::method;
use khaacho_telemetry::Trace;
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::transport::Channel;
use tonic::{Code, ConnectError, Status, TimeoutExpired};
use tower::retry::budget::{Budget as _, TpsBudget};
use tower::{Service, ServiceExt as _};
use tracing::Instrument as _;

use crate::ctx::{Ctx, Outgoing};
use crate::deadline::Deadline;
use crate::token::{HEADER, MeshKeys};

/// Budget of a call whose context carries none.
const BUDGET_DEFAULT: Duration = Duration::from_secs(5);
/// Repeats of one call; more would only add load to a peer that is in trouble.
const RETRIES_MAX: u32 = 2;

/// A channel to one peer that any generated client can be made from.
#[derive(Clone)]
pub struct MeshChannel {
    channel: Channel,
    shared: Arc<Shared>,
}

struct Shared {
    caller: String,
    callee: String,
    keys: MeshKeys,
    /// At most 10 % of the calls are repeats, and one a second in any case.
    budget: TpsBudget,
    /// Told when the peer was not available, for discovery.
    trouble: Arc<Notify>,
}

impl MeshChannel {
    pub(crate) fn new(
        channel: Channel,
        caller: &str,
        callee: &str,
        keys: MeshKeys,
        trouble: Arc<Notify>,
    ) -> Self {
        let budget = TpsBudget::new(Duration::from_secs(10), 1, 0.1);
        let shared = Shared {
            caller: caller.to_owned(),
            callee: callee.to_owned(),
            keys,
            budget,
            trouble,
        };
        Self {
            channel,
            shared: Arc::new(shared),
        }
    }
}

type Boxed = Pin<Box<dyn Future<Output = Result<Response<Body>, tonic::transport::Error>> + Send>>;

impl Service<Request<Body>> for MeshChannel {
    type Response = Response<Body>;
    type Error = tonic::transport::Error;
    type Future = Boxed;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        // Readiness is awaited inside the call, under its deadline: an empty balancer is never ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Boxed {
        let this = self.clone();
        Box::pin(async move { Ok(this.run(request).await) })
    }
}

impl MeshChannel {
    async fn run(self, mut request: Request<Body>) -> Response<Body> {
        let ctx = request
            .extensions_mut()
            .remove::<Outgoing>()
            .map_or_else(|| self.own_context(), |outgoing| outgoing.0);
        let path = request.uri().path().to_owned();
        let budget = Deadline::asked(request.headers()).unwrap_or(BUDGET_DEFAULT);
        let deadline = Deadline::after(budget);
        let span = tracing::info_span!(
            "grpc.client",
            otel.name = %path.trim_start_matches('/'),
            otel.kind = "client",
            rpc.system = "grpc",
            peer.service = %self.shared.callee,
            rpc.grpc.status_code = tracing::field::Empty,
        );
        let recorded = span.clone();
        async move {
            let response = if budget.is_zero() {
                refuse(Fault::late())
            } else {
                let call = self.attempts(&path, request, &ctx, deadline);
                match tokio::time::timeout_at(deadline.instant().into(), call).await {
                    Ok(response) => response,
                    // the peer may have got it, and may go on without us
                    Err(_late) => refuse(Fault::late().outcome_unknown()),
                }
            };
            recorded.record("rpc.grpc.status_code", code_of(&response) as i32);
            response
        }
        .instrument(span)
        .await
    }

    fn own_context(&self) -> Ctx {
        let trace = Trace::current().unwrap_or_else(Trace::new_root);
        Ctx::for_job(&self.shared.caller, BUDGET_DEFAULT, trace, "none")
    }

    async fn attempts(
        self,
        path: &str,
        request: Request<Body>,
        ctx: &Ctx,
        deadline: Deadline,
    ) -> Response<Body> {
        let (parts, body) = request.into_parts();
        // A unary request is one message; holding it makes a repeat possible.
        let body = match body.collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(status) => return status.into_http(),
        };
        let idempotent = method(path).is_some_and(|m| m.idempotent);
        self.shared.budget.deposit();
        let mut tried = 0;
        loop {
            let response = self.once(&parts, body.clone(), ctx, deadline).await;
            let away = code_of(&response) == Code::Unavailable;
            if away {
                self.shared.trouble.notify_one();
            }
            let ever = planted::on(Bug::RetriesWithoutBudget) && tried < 20;
            let may = ever || tried < RETRIES_MAX && self.shared.budget.withdraw();
            let again = idempotent && away && may;
            if !again {
                return response;
            }
            tried += 1;
            metrics::counter!("grpc_client_retries_total", "peer" => self.shared.callee.clone()).increment(1);
            let pause = 20 * (1 << tried.min(RETRIES_MAX)) as u64;
            tokio::time::sleep(Duration::from_millis(pause / 2 + fastrand::u64(..=pause / 2))).await;
        }
    }

    async fn once(
        &self,
        parts: &http::request::Parts,
        body: Bytes,
        ctx: &Ctx,
        deadline: Deadline,
    ) -> Response<Body> {
        let shared = &self.shared;
        let mut request = Request::new(Body::new(Full::new(body)));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.version_mut() = parts.version;
        *request.headers_mut() = parts.headers.clone();
        let token = shared.keys.sign(
            &shared.caller,
            &shared.callee,
            ctx.principal(),
            ctx.cause(),
            crate::server::unix_now(),
        );
        let trace = Trace::current().unwrap_or(*ctx.trace());
        let headers = request.headers_mut();
        headers.insert(HEADER, ascii(&token));
        headers.insert("traceparent", ascii(&trace.traceparent()));
        headers.insert("grpc-timeout", Deadline::header(deadline.left()));
        let mut channel = self.channel.clone();
        let answer = async { channel.ready().await?.call(request).await }.await;
        let answer = answer.unwrap_or_else(|error| refuse(broken(error)));
        if code_of(&answer) != Code::Unauthenticated {
            return answer;
        }
        // It is this process that is not believed (its clock, its secret), not whoever it works for: a person who gave
        // the right key must not be told that it is wrong, and a job must not be given up for it.
        let callee = &shared.callee;
        metrics::counter!("grpc_client_disbelieved_total", "peer" => callee.clone()).increment(1);
        tracing::error!(peer.service = %callee, "the peer does not accept this process's token: clock or secret differ");
        refuse(Fault::unavailable(format!(
            "{callee} does not accept this process's token"
        )))
    }
}

/// What a call without an answer means. The peer may have carried it out, unless no connection was made.
fn broken(error: tonic::transport::Error) -> Fault {
    let mut next: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(error_now) = next {
        if error_now.is::<TimeoutExpired>() {
            // tonic reads `grpc-timeout` too, and its timer may be a moment before ours
            return Fault::late().outcome_unknown();
        }
        if error_now.is::<ConnectError>() {
            return Fault::unavailable(error);
        }
        next = error_now.source();
    }
    Fault::unavailable(error).outcome_unknown()
}

fn refuse(fault: Fault) -> Response<Body> {
    Status::from(fault).into_http()
}

fn ascii(text: &str) -> http::HeaderValue {
    http::HeaderValue::from_str(text).expect("base64, hexadecimal digits and dashes are a header value")
}

fn code_of(response: &Response<Body>) -> Code {
    response
        .headers()
        .get("grpc-status")
        .map_or(Code::Ok, |value| Code::from_bytes(value.as_bytes()))
}
