//! The call context: who, for whom, until when, in which trace, caused by what.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_telemetry::Trace;
use tonic::{Request, Status};

use crate::deadline::Deadline;
use crate::principal::Principal;

/// Kept back from the budget of a peer call, so that we can still answer after it.
const REPLY_RESERVE: Duration = Duration::from_millis(20);
/// Longest accepted idempotency key.
const REQUEST_ID_CHARS_MAX: usize = 128;

/// Who calls, on whose behalf, until when, in which trace, and what caused it.
#[derive(Debug, Clone)]
pub struct Ctx {
    caller: Arc<str>,
    principal: Arc<Principal>,
    deadline: Deadline,
    trace: Trace,
    cause: Arc<str>,
    request_id: Option<Arc<str>>,
    replayed: Arc<AtomicBool>,
}

impl Ctx {
    /// A context from its parts; the server layer and the job runner make them.
    pub fn new(caller: &str, principal: Principal, deadline: Deadline, trace: Trace, cause: &str) -> Self {
        Self {
            caller: caller.into(),
            principal: Arc::new(principal),
            deadline,
            trace,
            cause: cause.into(),
            request_id: None,
            replayed: Arc::default(),
        }
    }

    /// The context of a job of `service`.
    pub fn for_job(service: &str, budget: Duration, trace: Trace, cause: &str) -> Self {
        Self::new(
            service,
            Principal::service(service),
            Deadline::after(budget),
            trace,
            cause,
        )
    }

    /// A context for tests: the service `test`, ten seconds, a fresh trace.
    pub fn for_test() -> Self {
        Self::for_job("test", Duration::from_secs(10), Trace::new_root(), "test")
    }

    /// The same context with an idempotency key. Errors with a field violation when the key is empty, longer than 128
    /// characters or not printable ASCII.
    pub fn requested(mut self, request_id: &str) -> Result<Self, Fault> {
        if request_id.is_empty() {
            return Err(Fault::invalid("request_id", "is mandatory"));
        }
        if request_id.len() > REQUEST_ID_CHARS_MAX || !request_id.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Fault::invalid(
                "request_id",
                "must be 1 to 128 printable ASCII characters",
            ));
        }
        self.request_id = Some(request_id.into());
        Ok(self)
    }

    /// The same context on behalf of another principal.
    pub fn on_behalf_of(mut self, principal: Principal) -> Self {
        self.principal = Arc::new(principal);
        self
    }

    /// The same context with another cause.
    pub fn caused_by(mut self, cause: &str) -> Self {
        self.cause = cause.into();
        self
    }

    /// The same context in another trace, or under another span of it.
    pub fn in_trace(mut self, trace: Trace) -> Self {
        self.trace = trace;
        self
    }

    /// Calling service.
    pub fn caller(&self) -> &str {
        &self.caller
    }

    /// On whose behalf.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Until when somebody waits.
    pub fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// The trace that the work belongs to.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Id of the message, job or request that caused the work.
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// Idempotency key, when one was given.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Notes that the answer was given before, for all clones of this context; the server layer tells the caller.
    pub fn mark_replayed(&self) {
        self.replayed.store(true, Ordering::Relaxed);
    }

    /// Whether the answer was given before.
    pub fn was_replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }

    /// Wraps a message for a peer: what is left of the budget less a reserve, the principal, the trace and the cause.
    pub fn outgoing<T>(&self, body: T) -> Request<T> {
        let mut request = Request::new(body);
        request.set_timeout(self.deadline.left().saturating_sub(REPLY_RESERVE));
        request.extensions_mut().insert(Outgoing(self.clone()));
        request
    }
}

/// Carries the context from [`Ctx::outgoing`] to the channel.
#[derive(Clone)]
pub(crate) struct Outgoing(pub(crate) Ctx);

/// Takes a request apart into its context and message. The server layer has put the context there; a request that came
/// past it is refused.
pub fn open<T>(mut request: Request<T>) -> Result<(Ctx, T), Status> {
    let ctx = request
        .extensions_mut()
        .remove::<Ctx>()
        .ok_or_else(|| Status::from(Fault::unauthenticated()))?;
    Ok((ctx, request.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_mandatory_printable_and_short() {
        assert!(Ctx::for_test().requested("").is_err());
        assert!(Ctx::for_test().requested("a b").is_err());
        assert!(Ctx::for_test().requested(&"x".repeat(129)).is_err());
        assert_eq!(
            Ctx::for_test().requested("a-1").expect("fine").request_id(),
            Some("a-1")
        );
    }
}
