//! What each reason means, from the contracts' comments.

use crate::openapi::comments;

/// Reasons that every service shares, and the edge's own.
const COMMON: [(&str, &str); 23] = [
    (
        "INVALID_ARGUMENT",
        "The request is not well formed; `errors` names the fields.",
    ),
    (
        "REQUEST_ID_REUSED",
        "The idempotency key was used before with another body. Take a new key.",
    ),
    (
        "STALE_VERSION",
        "The thing was changed after you read it. Read it again, then decide again.",
    ),
    (
        "CONCURRENT_UPDATE",
        "Two changes were in each other's way. Try again.",
    ),
    (
        "DEADLINE_EXCEEDED",
        "It took too long. Ask again with the same idempotency key.",
    ),
    (
        "UNAVAILABLE",
        "Something that is needed does not answer. Try again with the same idempotency key.",
    ),
    ("INTERNAL", "Our own mistake. Quote the request id to us."),
    ("UNAUTHENTICATED", "No valid API key was sent."),
    ("PERMISSION_DENIED", "The API key's role does not allow this."),
    (
        "RATE_LIMITED",
        "Too many requests. Wait as long as Retry-After says.",
    ),
    (
        "OVERLOADED",
        "Too many requests are in progress. Nothing was done; wait as long as Retry-After says.",
    ),
    ("NOT_FOUND", "There is no such thing."),
    ("REFUSED", "A rule says no."),
    ("ROUTE_UNKNOWN", "There is nothing at this address."),
    (
        "METHOD_NOT_ALLOWED",
        "The address takes the methods of the Allow header.",
    ),
    (
        "UNSUPPORTED_MEDIA_TYPE",
        "The body is of a type that this address does not read.",
    ),
    ("CONTENT_ENCODING_REFUSED", "Send the body without compression."),
    ("BODY_TOO_LARGE", "The body is longer than this address takes."),
    ("BODY_TOO_SLOW", "The body did not come in time."),
    ("URI_TOO_LONG", "The address is too long."),
    ("API_KEY_UNKNOWN", "There is no such API key."),
    (
        "WEBHOOK_UNPROVEN",
        "The signature of a webhook does not prove its origin.",
    ),
    (
        "WEBHOOK_NOT_CONFIGURED",
        "The secrets of this provider are not set.",
    ),
];

/// One or two sentences about a reason; `None` for a word that is none.
pub(super) fn meaning(reason: &str) -> Option<String> {
    let common = COMMON.iter().find(|(word, _)| *word == reason);
    if let Some((_, text)) = common {
        return Some((*text).to_owned());
    }
    let pool = khaacho_proto::descriptor_pool();
    pool.all_enums()
        .filter(|reasons| reasons.name().ends_with("Reason"))
        .find_map(|reasons| {
            let suffix = format!("_REASON_{reason}");
            let value = reasons
                .values()
                .find(|value| value.number() != 0 && value.name().ends_with(&suffix))?;
            comments::of(reasons.parent_file(), value.path())
        })
}
