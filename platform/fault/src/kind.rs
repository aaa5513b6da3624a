//! The ten kinds and what each is called in gRPC and HTTP.

use crate::reason;
use tonic::Code;

/// What sort of failure. Closed on purpose: callers match on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request itself is wrong.
    Invalid,
    /// The thing does not exist.
    NotFound,
    /// The caller's picture of the world is old.
    Conflict,
    /// A rule of the business says no.
    Refused,
    /// Nobody knows who is asking.
    Unauthenticated,
    /// The caller may not.
    Forbidden,
    /// Too much was asked.
    Exhausted,
    /// The deadline passed.
    Late,
    /// Something that we need does not answer.
    Unavailable,
    /// Our own mistake.
    Bug,
}

impl Kind {
    /// All kinds, in the order of the README's table.
    pub const ALL: [Self; 10] = [
        Self::Invalid,
        Self::NotFound,
        Self::Conflict,
        Self::Refused,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::Exhausted,
        Self::Late,
        Self::Unavailable,
        Self::Bug,
    ];

    /// The gRPC status code.
    pub const fn code(self) -> Code {
        match self {
            Self::Invalid => Code::InvalidArgument,
            Self::NotFound => Code::NotFound,
            Self::Conflict => Code::Aborted,
            Self::Refused => Code::FailedPrecondition,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Forbidden => Code::PermissionDenied,
            Self::Exhausted => Code::ResourceExhausted,
            Self::Late => Code::DeadlineExceeded,
            Self::Unavailable => Code::Unavailable,
            Self::Bug => Code::Internal,
        }
    }

    /// The HTTP status.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Refused => 422,
            Self::Exhausted => 429,
            Self::Bug => 500,
            Self::Unavailable => 503,
            Self::Late => 504,
        }
    }

    /// Short title of a problem document.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Invalid => "Invalid request",
            Self::NotFound => "Not found",
            Self::Conflict => "Conflict",
            Self::Refused => "Refused",
            Self::Unauthenticated => "Not signed in",
            Self::Forbidden => "Not allowed",
            Self::Exhausted => "Too many requests",
            Self::Late => "Took too long",
            Self::Unavailable => "Not available",
            Self::Bug => "Internal error",
        }
    }

    /// The sentence for people when nobody gave a better one.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Invalid => "the request is not valid",
            Self::NotFound => "there is no such thing",
            Self::Conflict => "something else changed this in the meantime, read it again",
            Self::Refused => "this is not possible now",
            Self::Unauthenticated => "sign in first",
            Self::Forbidden => "this is not allowed for you",
            Self::Exhausted => "too many requests, try again later",
            Self::Late => "this took too long",
            Self::Unavailable => "a part of the system does not answer, try again later",
            Self::Bug => "something went wrong on our side",
        }
    }

    /// The reason for a status that names none.
    pub(crate) const fn common_reason(self) -> &'static str {
        match self {
            Self::Invalid => reason::INVALID_ARGUMENT,
            Self::NotFound => reason::NOT_FOUND,
            Self::Conflict => reason::CONCURRENT_UPDATE,
            Self::Refused => reason::REFUSED,
            Self::Unauthenticated => reason::UNAUTHENTICATED,
            Self::Forbidden => reason::PERMISSION_DENIED,
            Self::Exhausted => reason::RATE_LIMITED,
            Self::Late => reason::DEADLINE_EXCEEDED,
            Self::Unavailable => reason::UNAVAILABLE,
            Self::Bug => reason::INTERNAL,
        }
    }

    /// The kind of a gRPC code. Codes that we never send ourselves go to the nearest kind.
    pub const fn of_code(code: Code) -> Self {
        match code {
            Code::InvalidArgument | Code::OutOfRange => Self::Invalid,
            Code::NotFound => Self::NotFound,
            Code::Aborted | Code::AlreadyExists => Self::Conflict,
            Code::FailedPrecondition => Self::Refused,
            Code::Unauthenticated => Self::Unauthenticated,
            Code::PermissionDenied => Self::Forbidden,
            Code::ResourceExhausted => Self::Exhausted,
            Code::DeadlineExceeded => Self::Late,
            Code::Unavailable | Code::Cancelled => Self::Unavailable,
            Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => Self::Bug,
        }
    }
}
