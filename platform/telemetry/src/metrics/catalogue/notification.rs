//! What the notification service counts and measures.

use super::{CONFLICTS, META, Metric, PLAIN, REPLAYED, SHARED, SIMULATOR, SIZES, SPLIT, TWILIO};
use super::{counter, gauge, histogram};

const PLACED: (&str, &str) = ("template", "order_placed");
const STOPPED: (&str, &str) = ("class", "sender_stopped");

pub(super) const METRICS: &[Metric] = &[
    counter(
        "consents_total",
        "Who said that messages shall end, or come again",
        &[&[("to", "out")], &[("to", "in")]],
    ),
    counter(
        "notifications_total",
        "Steps of messages to people",
        &[
            &[PLACED, ("state", "SENT")],
            &[PLACED, ("state", "FAILED")],
            &[PLACED, ("state", "ESCALATED")],
            &[PLACED, ("state", "DELIVERED")],
            &[PLACED, ("state", "READ")],
        ],
    ),
    gauge("notifications_unresolved", "Messages whose fate is open"),
    counter(
        "notification_lines_revived_total",
        "Lines of messages that had no job and got one",
        PLAIN,
    ),
    histogram(
        "notification_send_seconds",
        "Time to a provider's answer",
        &[&[TWILIO], &[META], &[SIMULATOR]],
    ),
    counter(
        "notification_provider_errors_total",
        "Refusals and failures of providers",
        &[&[TWILIO, STOPPED], &[META, STOPPED]],
    ),
    counter(
        "notification_statuses_total",
        "Reports about messages, by what they changed",
        &[
            &[("outcome", "stored")],
            &[("outcome", "duplicate")],
            &[("outcome", "unmatched")],
        ],
    ),
    counter(
        "media_fetches_total",
        "Media of messages that were asked for, by how that ended",
        &[
            &[TWILIO, ("outcome", "stored")],
            &[META, ("outcome", "stored")],
            &[TWILIO, ("outcome", "later")],
            &[META, ("outcome", "later")],
            &[TWILIO, ("outcome", "PLACE_NOT_ALLOWED")],
            &[META, ("outcome", "PLACE_NOT_ALLOWED")],
        ],
    ),
    histogram(
        "media_fetch_seconds",
        "Time until a provider had given a medium, or had not",
        &[&[TWILIO], &[META]],
    ),
    counter(
        "media_transcripts_total",
        "Voices that a program listened to, by how that ended",
        &[
            &[("outcome", "written")],
            &[("outcome", "failed")],
            &[("outcome", "late")],
            &[("outcome", "too_much")],
            &[("outcome", "missing")],
        ],
    ),
    histogram(
        "media_transcript_seconds",
        "Time that a program listened to a voice",
        PLAIN,
    ),
    counter(CONFLICTS.0, CONFLICTS.1, &[&[("command", "ResendNotification")]]),
    histogram(SIZES.0, SIZES.1, &[&[("command", "Enqueue")]]),
    histogram(SHARED.0, SHARED.1, &[&[("statement", "first_of_line")]]),
    counter(SPLIT.0, SPLIT.1, &[&[("command", "Enqueue")]]),
    counter(REPLAYED.0, REPLAYED.1, &[&[("command", "ResendNotification")]]),
];
