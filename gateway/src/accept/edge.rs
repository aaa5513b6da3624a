//! The first middleware: what no route should have to think about.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, StatusCode, Version, header, request};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::memory::{Memory, Portion};
use super::room::{Importance, Room};

/// Longest JSON body of the API, in bytes.
pub const JSON_BODY_MAX: usize = 64 * 1024;

/// What [`guard`] enforces. Cheap to clone; clones share the memory for bodies and the room for requests.
#[derive(Clone)]
pub struct Guard {
    room: Room,
    importance: Arc<dyn Fn(&request::Parts) -> Importance + Send + Sync>,
    body_max: Arc<dyn Fn(&request::Parts) -> usize + Send + Sync>,
    body_timeout: Duration,
    header_count: usize,
    uri_bytes: usize,
    memory: Memory,
}

/// Marks the refusal of a request for which there was no room; a crowd of them is not to be told one by one.
#[derive(Debug, Clone, Copy)]
pub struct Shed;

impl Guard {
    /// A guard for a router whose longest body and importance depend on the request's head.
    pub fn new(
        limits: &Limits,
        room: Room,
        importance: impl Fn(&request::Parts) -> Importance + Send + Sync + 'static,
        body_max: impl Fn(&request::Parts) -> usize + Send + Sync + 'static,
    ) -> Self {
        Self {
            room,
            importance: Arc::new(importance),
            body_max: Arc::new(body_max),
            body_timeout: limits.body_timeout,
            header_count: limits.header_count,
            uri_bytes: limits.uri_bytes,
            memory: Memory::new(limits.bodies_bytes),
        }
    }

    /// The same guard with another limit for bodies, out of the same memory.
    pub fn with_body_max(&self, body_max: impl Fn(&request::Parts) -> usize + Send + Sync + 'static) -> Self {
        Self {
            body_max: Arc::new(body_max),
            ..self.clone()
        }
    }

    /// The refusal of a head, if there is a reason for one.
    fn judge(&self, head: &request::Parts) -> Result<(), Refusal> {
        if head.headers.len() > self.header_count {
            return Err(Refusal::Headers);
        }
        if head
            .uri
            .path_and_query()
            .is_some_and(|path| path.as_str().len() > self.uri_bytes)
        {
            return Err(Refusal::Uri);
        }
        // A body that unpacks to a thousand times its size cannot be sent here at all.
        if head
            .headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .any(|coding| coding != "identity")
        {
            return Err(Refusal::Encoding);
        }
        Ok(())
    }

    /// The whole body, and the memory it holds.
    async fn collect(
        &self,
        mut body: Body,
        max: usize,
        importance: Importance,
    ) -> Result<(Bytes, Portion), Refusal> {
        let max_hint = u64::try_from(max).unwrap_or(u64::MAX);
        if body.size_hint().lower() > max_hint {
            return Err(Refusal::BodyTooLarge);
        }
        let deadline = Instant::now() + self.body_timeout;
        let mut portion = self.memory.portion(importance);
        let mut bytes = Vec::new();
        loop {
            let frame = match timeout_at(deadline, body.frame()).await {
                Err(_) => return Err(Refusal::BodyTooSlow),
                Ok(None) => return Ok((bytes.into(), portion)),
                Ok(Some(Err(_))) => return Err(Refusal::BodyBroken),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            let length = bytes.len() + data.len();
            if length > max {
                return Err(Refusal::BodyTooLarge);
            }
            if !portion.grow(length) {
                return Err(Refusal::NoMemory);
            }
            bytes.extend_from_slice(&data);
        }
    }
}

/// Lets a request through when its head is within bounds and there is room for it, after its whole body has come: no
/// handler ever waits for a slow sender, and no slow sender takes room. Otherwise answers 408, 413, 414, 415, 431 or,
/// when too many bodies are in memory or too many requests in progress, 503. Commands and reads get their place only
/// when it is known who asks. A probe's body is nobody's business and is not read.
///
/// `.layer(axum::middleware::from_fn_with_state(guard_state, edge::guard))`
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let version = head.version;
    if let Err(refusal) = guard.judge(&head) {
        return refusal.answer(version);
    }
    let importance = (guard.importance)(&head);
    let (body, portion) = if body.is_end_stream() {
        (body, None)
    } else if importance == Importance::Probe {
        (Body::empty(), None)
    } else {
        let max = (guard.body_max)(&head);
        match guard.collect(body, max, importance).await {
            Ok((bytes, portion)) => (Body::from(bytes), Some(portion)),
            Err(refusal) => return refusal.answer(version),
        }
    };
    let place = if importance.signs_in() {
        None
    } else {
        let Ok(place) = guard.room.enter(importance) else {
            return Refusal::Overloaded.answer(version);
        };
        place
    };
    let response = next.run(Request::from_parts(head, body)).await;
    drop((place, portion));
    response
}

/// Why a request does not reach the routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Headers,
    Uri,
    Encoding,
    BodyTooLarge,
    BodyTooSlow,
    BodyBroken,
    NoMemory,
    Overloaded,
}

impl Refusal {
    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Headers => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "TOO_MANY_HEADERS",
                "The request has too many header fields.",
            ),
            Self::Uri => (
                StatusCode::URI_TOO_LONG,
                "URI_TOO_LONG",
                "The address is too long.",
            ),
            Self::Encoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "CONTENT_ENCODING_REFUSED",
                "Send the body without compression.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "BODY_TOO_LARGE",
                "The body is too long.",
            ),
            Self::BodyTooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "BODY_TOO_SLOW",
                "The body did not come in time.",
            ),
            Self::BodyBroken => (StatusCode::BAD_REQUEST, "BODY_BROKEN", "The body ended early."),
            Self::NoMemory => (
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "Too many requests are being received. Try again in a moment.",
            ),
            Self::Overloaded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "OVERLOADED",
                "Too many requests are in progress. Try again in a moment, with the same idempotency key.",
            ),
        }
    }

    /// The refusal as problem details (RFC 9457).
    fn answer(self, version: Version) -> Response {
        let (status, reason, detail) = self.parts();
        metrics::counter!("edge_requests_refused_total", "reason" => reason).increment(1);
        let problem = serde_json::json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": detail,
            "reason": reason,
        });
        let mut response = Response::new(Body::from(problem.to_string()));
        *response.status_mut() = status;
        if self == Self::Overloaded {
            response.extensions_mut().insert(Shed);
        }
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert("x-outcome", HeaderValue::from_static("not-executed"));
        if matches!(self, Self::NoMemory | Self::Overloaded) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // The rest of the body is not wanted. HTTP/2 resets the stream instead. Who is shed has sent it all.
        if version < Version::HTTP_2 && self != Self::Overloaded {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
