//! The one error type that crosses a service's border. See the crate's README.

use std::{borrow::Cow, collections::BTreeMap, error::Error, fmt, sync::Arc, time::Duration};

mod grpc;
pub mod http;
mod kind;
pub mod reason;
mod sql;
#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use sql::constraint;

/// What a cause may be: any error, or a text.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// Whether the effect that was asked for may have happened in spite of the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    /// Certainly nothing happened: asking again with a new id is safe.
    #[default]
    NotExecuted,
    /// Nobody knows (a commit whose answer was lost). Ask again with the *same* id only.
    Unknown,
}

/// One field of the request that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field as the contract spells it, `lines[0].quantity_milli`.
    pub field: String,
    /// What is wrong with it, one sentence.
    pub message: String,
}

/// A failure with everything that a caller, a person and our own log need. One pointer wide, cheap to move.
#[derive(Clone)]
pub struct Fault(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    reason: Cow<'static, str>,
    sentence: Cow<'static, str>,
    facts: BTreeMap<String, String>,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
    outcome: Outcome,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// Constructors: one per kind.
impl Fault {
    /// A fault of any kind. The named constructors read better; this is for code that computes the kind.
    pub fn new(kind: Kind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            reason: reason.into(),
            sentence: Cow::Borrowed(kind.sentence()),
            facts: BTreeMap::new(),
            violations: Vec::new(),
            retry_after: None,
            outcome: Outcome::NotExecuted,
            cause: None,
        }))
    }

    /// The request itself is wrong: `field` (path in the contract) and what is wrong with it.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self::new(Kind::Invalid, reason::INVALID_ARGUMENT)
            .say(format!("{field}: {message}"))
            .field(field, message)
    }

    /// The thing does not exist, or the caller may not know that it does.
    pub fn not_found(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::NotFound, reason)
    }

    /// The caller's picture of the world is old: read again, then decide again.
    pub fn conflict(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, reason)
    }

    /// A rule of the business says no. Asking again changes nothing until the world changes.
    pub fn refused(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Refused, reason)
    }

    /// Nobody knows who is asking.
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, reason::UNAUTHENTICATED)
    }

    /// We know who is asking, and that they may not.
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, reason::PERMISSION_DENIED)
    }

    /// Too much was asked; `retry_after` is when asking again makes sense.
    pub fn exhausted(retry_after: Duration) -> Self {
        Self::new(Kind::Exhausted, reason::RATE_LIMITED).retry_after_of(retry_after)
    }

    /// The deadline passed.
    pub fn late() -> Self {
        Self::new(Kind::Late, reason::DEADLINE_EXCEEDED)
    }

    /// Something that we need (database, peer, provider) does not answer.
    pub fn unavailable(cause: impl Into<BoxError>) -> Self {
        Self::new(Kind::Unavailable, reason::UNAVAILABLE).cause(cause)
    }

    /// Our own mistake. The caller learns nothing but that.
    pub fn bug(cause: impl Into<BoxError>) -> Self {
        Self::new(Kind::Bug, reason::INTERNAL).cause(cause)
    }
}

/// Builders.
impl Fault {
    /// Replaces the sentence that people outside read. Never put a cause or a secret into it.
    #[must_use]
    pub fn say(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.0.sentence = sentence.into();
        self
    }

    /// Adds a fact for machines, `("available_paisa", 52500)`. Public. The key `outcome` is reserved.
    #[must_use]
    pub fn fact(mut self, key: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.facts.insert(key.into(), value.to_string());
        self
    }

    /// Adds a field violation.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.violations.push(Violation {
            field: field.into(),
            message: message.into(),
        });
        self
    }

    /// Replaces the reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.0.reason = reason.into();
        self
    }

    /// Says when asking again makes sense. Whole milliseconds survive the wire; HTTP rounds up to seconds.
    #[must_use]
    pub fn retry_after_of(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Says that the effect may have happened.
    #[must_use]
    pub fn outcome_unknown(mut self) -> Self {
        self.0.outcome = Outcome::Unknown;
        self
    }

    /// Attaches what caused this, for our own logs only.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<BoxError>) -> Self {
        self.0.cause = Some(Arc::from(cause.into()));
        self
    }
}

/// Readers.
impl Fault {
    /// Which of the ten kinds.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Reason in `SCREAMING_SNAKE`: what programs compare.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The sentence for people.
    pub fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// Facts by key.
    pub fn facts(&self) -> &BTreeMap<String, String> {
        &self.0.facts
    }

    /// Fields of the request that are not as they must be.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// How long to wait before asking again, if the fault knows.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the effect may have happened.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Whether the same request may succeed later without anybody changing anything. A conflict counts only
    /// when it is two transactions in each other's way: a stale version stays stale.
    pub fn retryable(&self) -> bool {
        match self.0.kind {
            Kind::Unavailable | Kind::Late | Kind::Exhausted => true,
            Kind::Conflict => self.0.reason == reason::CONCURRENT_UPDATE,
            Kind::Invalid
            | Kind::NotFound
            | Kind::Refused
            | Kind::Unauthenticated
            | Kind::Forbidden
            | Kind::Bug => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.reason, self.0.sentence)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut out = f.debug_struct("Fault");
        out.field("kind", &inner.kind)
            .field("reason", &inner.reason)
            .field("sentence", &inner.sentence);
        if !inner.facts.is_empty() {
            out.field("facts", &inner.facts);
        }
        if !inner.violations.is_empty() {
            out.field("violations", &inner.violations);
        }
        if let Some(wait) = inner.retry_after {
            out.field("retry_after", &wait);
        }
        if inner.outcome == Outcome::Unknown {
            out.field("outcome", &inner.outcome);
        }
        if let Some(cause) = &inner.cause {
            out.field("cause", cause);
        }
        out.finish()
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .cause
            .as_deref()
            .map(|cause| cause as &(dyn Error + 'static))
    }
}
