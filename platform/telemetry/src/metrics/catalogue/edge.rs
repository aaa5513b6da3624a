//! What the gateway counts and measures.

use super::{META, PLAIN, SECURITY, SIMULATOR, TWILIO, counter, histogram};
use crate::metrics::{API_DURATION, HTTP_DURATION, HTTP_REQUESTS, Metric, WEBHOOK_ACK};

pub(super) const EDGE: &[Metric] = &[
    counter(
        HTTP_REQUESTS,
        "HTTP requests answered",
        &[&[("method", "GET"), ("route", "/live"), ("status", "200")]],
    ),
    histogram(
        HTTP_DURATION,
        "Time to the answer of an HTTP request",
        &[&[("method", "GET"), ("route", "/live")]],
    ),
    histogram(
        API_DURATION,
        "Time to the answer of a request to the API",
        &[&[("method", "GET"), ("route", "/api/v1/orders")]],
    ),
    counter(
        "security_events_total",
        SECURITY,
        &[
            &[("kind", "bad_signature")],
            &[("kind", "bad_verify_token")],
            &[("kind", "wrong_account")],
            &[("kind", "not_configured")],
            &[("kind", "bad_api_key")],
            &[("kind", "forbidden")],
            &[("kind", "rate_limited")],
        ],
    ),
    histogram(
        WEBHOOK_ACK,
        "Time to the acknowledgement of a webhook",
        &[&[TWILIO], &[META], &[SIMULATOR]],
    ),
    counter(
        "webhook_messages_total",
        "Messages that came in",
        &[&[TWILIO, ("kind", "text")], &[META, ("kind", "text")]],
    ),
    counter(
        "webhook_statuses_total",
        "Reports about messages of ours",
        &[
            &[TWILIO, ("status", "delivered")],
            &[META, ("status", "delivered")],
        ],
    ),
    counter(
        "webhook_ignored_total",
        "Deliveries that nobody can read",
        &[&[TWILIO, ("kind", "malformed")], &[META, ("kind", "malformed")]],
    ),
    counter(
        "webhook_escaped_signature_total",
        "Signatures over escaped bodies",
        PLAIN,
    ),
    counter(
        "rate_limited_total",
        "Calls above a limit",
        &[
            &[("policy", "webhook_sender"), ("outcome", "delayed")],
            &[("policy", "admin"), ("outcome", "refused")],
            &[("policy", "public"), ("outcome", "refused")],
            &[("policy", "simulator"), ("outcome", "refused")],
            &[("policy", "login"), ("outcome", "refused")],
        ],
    ),
    counter(
        "rate_limit_fallback_total",
        "Limits counted in the process, for want of Redis",
        &[&[("reason", "open")], &[("reason", "failed")]],
    ),
    counter(
        "rate_limit_evicted_total",
        "Counts of limits that were forgotten early",
        PLAIN,
    ),
    counter(
        "edge_connections_refused_total",
        "Connections closed because their address had too many",
        PLAIN,
    ),
    counter(
        "edge_connections_stalled_total",
        "Connections closed in the middle of a slow request",
        PLAIN,
    ),
    counter(
        "edge_requests_refused_total",
        "Requests refused by head or body",
        &[
            &[("reason", "TOO_MANY_HEADERS")],
            &[("reason", "URI_TOO_LONG")],
            &[("reason", "CONTENT_ENCODING_REFUSED")],
            &[("reason", "BODY_TOO_LARGE")],
            &[("reason", "BODY_TOO_SLOW")],
            &[("reason", "BODY_BROKEN")],
            &[("reason", "UNAVAILABLE")],
            &[("reason", "OVERLOADED")],
        ],
    ),
    counter(
        "edge_requests_shed_total",
        "Requests refused because too many of their kind were in progress",
        &[
            &[("importance", "webhook")],
            &[("importance", "command")],
            &[("importance", "read")],
            &[("importance", "figures")],
        ],
    ),
];
