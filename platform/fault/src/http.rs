//! `Fault` as an RFC 9457 problem document.

use crate::Fault;
use serde_json::{Value, json};

/// Media type of a problem document.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// HTTP status and body. `request_id` is what the caller can quote to us. The cause is not in it.
///
/// The `Retry-After` and `X-Outcome` headers are the caller's to set, from [`retry_after_seconds`] and
/// [`Fault::outcome`].
pub fn problem(fault: &Fault, request_id: &str) -> (u16, Value) {
    let status = fault.kind().http_status();
    let errors: Vec<_> = fault
        .violations()
        .iter()
        .map(|violation| json!({"field": violation.field, "message": violation.message}))
        .collect();
    let body = json!({
        "type": format!("/docs/reasons/{}", fault.reason()),
        "title": fault.kind().title(),
        "status": status,
        "detail": fault.sentence(),
        "reason": fault.reason(),
        "facts": fault.facts(),
        "errors": errors,
        "request_id": request_id,
    });
    (status, body)
}

/// Value of the `Retry-After` header: whole seconds, rounded up, at least one.
pub fn retry_after_seconds(fault: &Fault) -> Option<u64> {
    let wait = fault.retry_after()?;
    let up = u64::from(wait.subsec_nanos() > 0);
    Some(wait.as_secs().saturating_add(up).max(1))
}
