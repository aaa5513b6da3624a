//! `Fault` as `google.rpc.Status` in gRPC trailers, and back.

use crate::{Fault, Kind, Outcome, Violation};
use std::{borrow::Cow, error::Error};
use tonic::{Code, Status, TimeoutExpired};
use tonic_types::{ErrorDetails, StatusExt};

/// Domain of our `ErrorInfo`: reasons of other domains are not ours.
const DOMAIN: &str = "khaacho";
/// Metadata key of `ErrorInfo` that carries an unknown outcome.
const OUTCOME: &str = "outcome";
const UNKNOWN: &str = "unknown";

impl From<Fault> for Status {
    fn from(fault: Fault) -> Self {
        let inner = *fault.0;
        let mut metadata: std::collections::HashMap<_, _> = inner.facts.into_iter().collect();
        if inner.outcome == Outcome::Unknown {
            metadata.insert(OUTCOME.to_owned(), UNKNOWN.to_owned());
        }
        let mut details = ErrorDetails::new();
        details.set_error_info(inner.reason, DOMAIN, metadata);
        for violation in inner.violations {
            details.add_bad_request_violation(violation.field, violation.message);
        }
        if let Some(wait) = inner.retry_after {
            details.set_retry_info(Some(wait));
        }
        Status::with_error_details(inner.kind.code(), inner.sentence, details)
    }
}

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let fault = match details.error_info().filter(|info| info.domain == DOMAIN) {
            None => foreign(&status),
            Some(info) => {
                let mut fault = Fault::new(Kind::of_code(status.code()), Cow::Owned(info.reason.clone()))
                    .say(status.message().to_owned());
                fault.0.facts = info
                    .metadata
                    .iter()
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect();
                if fault.0.facts.remove(OUTCOME).is_some() {
                    fault.0.outcome = Outcome::Unknown;
                }
                fault
            }
        };
        let mut fault = fault;
        if let Some(bad) = details.bad_request() {
            fault.0.violations = bad
                .field_violations
                .iter()
                .map(|v| Violation {
                    field: v.field.clone(),
                    message: v.description.clone(),
                })
                .collect();
        }
        fault.0.retry_after = details.retry_info().and_then(|info| info.retry_delay);
        fault.cause(status)
    }
}

/// A status that no `Fault` made: tonic's own, a proxy's, another program's. Its message stays in the cause.
fn foreign(status: &Status) -> Fault {
    let kind = match status.code() {
        // both of tonic's timeouts say CANCELLED; the server's arrives as text only
        Code::Cancelled if timed_out(status) => Kind::Late,
        // a source means that the status was made on this side of the wire: the connection broke
        Code::Unknown | Code::Internal if status.source().is_some() => Kind::Unavailable,
        code => Kind::of_code(code),
    };
    let fault = Fault::new(kind, kind.common_reason());
    match kind {
        // the request may have been on its way
        Kind::Late | Kind::Unavailable | Kind::Bug => fault.outcome_unknown(),
        _ => fault,
    }
}

fn timed_out(status: &Status) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = status.source();
    while let Some(error) = next {
        if error.is::<TimeoutExpired>() {
            return true;
        }
        next = error.source();
    }
    status.message() == TimeoutExpired(()).to_string()
}
