//! Errors as HTTP answers: RFC 9457 problem documents with reason, facts and request id.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use khaacho_fault::{Fault, Kind, Outcome};
use serde_json::Value;

/// A refusal on its way out. The outermost layer writes its body, because only that layer knows the request
/// id.
#[derive(Debug, Clone)]
pub struct Problem {
    fault: Fault,
    status: Option<StatusCode>,
    headers: HeaderMap,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let mut headers = HeaderMap::new();
        if fault.kind() == Kind::Unauthenticated {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"khaacho\""),
            );
        }
        Self {
            fault,
            status: None,
            headers,
        }
    }
}

impl Problem {
    /// 404: no route has this path.
    pub fn no_route() -> Self {
        Fault::not_found("ROUTE_UNKNOWN")
            .say("there is nothing at this address")
            .into()
    }

    /// 405: the path exists with other methods, which `allow` lists as the header does.
    pub fn method_not_allowed(allow: &str) -> Self {
        let fault = Fault::new(Kind::Invalid, "METHOD_NOT_ALLOWED")
            .say(format!("this address takes {allow}"))
            .fact("allow", allow);
        Self::from(fault)
            .with_status(StatusCode::METHOD_NOT_ALLOWED)
            .with_header(header::ALLOW, allow)
    }

    /// 405 of a hand-written route, whose router writes the `Allow` header.
    pub fn other_method() -> Self {
        let fault = Fault::new(Kind::Invalid, "METHOD_NOT_ALLOWED").say("this address takes other methods");
        Self::from(fault).with_status(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// 415: the body is not what the route reads.
    pub fn unsupported_media(expected: &str) -> Self {
        let fault = Fault::new(Kind::Invalid, "UNSUPPORTED_MEDIA_TYPE").say(format!("send {expected}"));
        Self::from(fault).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// The same problem with a status that the fault's kind does not have.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The same problem with one more header; a value that no header can hold is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The fault behind it.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The whole answer, quoting `request_id`.
    pub fn render(self, request_id: &str) -> Response {
        let (status, mut body) = khaacho_fault::http::problem(&self.fault, request_id);
        let status = self
            .status
            .or(StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(chosen) = self.status {
            body["status"] = chosen.as_u16().into();
            body["title"] = chosen.canonical_reason().unwrap_or_default().into();
        }
        let mut response = json(status, &body);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(khaacho_fault::http::CONTENT_TYPE),
        );
        let outcome = match self.fault.outcome() {
            Outcome::NotExecuted => "not-executed",
            Outcome::Unknown => "unknown",
        };
        headers.insert("x-outcome", HeaderValue::from_static(outcome));
        let wait = khaacho_fault::http::retry_after_seconds(&self.fault)
            .or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(1));
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, wait.into());
        }
        headers.extend(self.headers);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self
            .status
            .or(StatusCode::from_u16(self.fault.kind().http_status()).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
