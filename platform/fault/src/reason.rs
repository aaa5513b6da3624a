//! Reasons that every service shares. All others are values of a service's `<Service>Reason` enum.

/// The request is not well formed.
pub const INVALID_ARGUMENT: &str = "INVALID_ARGUMENT";
/// The request id was used before with another body.
pub const REQUEST_ID_REUSED: &str = "REQUEST_ID_REUSED";
/// The thing was changed after the caller read it.
pub const STALE_VERSION: &str = "STALE_VERSION";
/// Two transactions were in each other's way and the database chose the other one.
pub const CONCURRENT_UPDATE: &str = "CONCURRENT_UPDATE";
/// The deadline passed.
pub const DEADLINE_EXCEEDED: &str = "DEADLINE_EXCEEDED";
/// Something that is needed does not answer.
pub const UNAVAILABLE: &str = "UNAVAILABLE";
/// Our own mistake.
pub const INTERNAL: &str = "INTERNAL";
/// No valid credential.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// A valid credential that does not allow this.
pub const PERMISSION_DENIED: &str = "PERMISSION_DENIED";
/// Too many requests.
pub const RATE_LIMITED: &str = "RATE_LIMITED";
/// The thing does not exist; for statuses of others that give no reason of their own.
pub const NOT_FOUND: &str = "NOT_FOUND";
/// A rule said no; for statuses of others that give no reason of their own.
pub const REFUSED: &str = "REFUSED";
