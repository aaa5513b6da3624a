//! What the error codes of Meta and Twilio mean for us. The same code can come in the answer to a send or
//! later in a status report; codes that are not listed are judged by their HTTP status.

use super::retry::Class;

/// Class of a Meta error code (`error.code`), or `None` for a code we do not know.
pub fn meta(code: i64) -> Option<Class> {
    let class = match code {
        // Token, permission, restricted or locked account, payment, registration, display name, test number.
        0 | 3 | 10 | 190 | 200..=299 => Class::SenderStopped,
        368 | 130_497 | 131_005 | 131_030 | 131_031 | 131_037 | 131_042 | 131_045 => Class::SenderStopped,
        131_048 | 131_064 | 133_010 => Class::SenderStopped,
        // Unknown or temporary on their side; 131057: maintenance or a throughput upgrade of about a minute.
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => Class::Retry,
        4 | 80_007 | 130_429 => Class::RateLimited,
        131_056 => Class::PairLimited,
        131_047 => Class::Window,
        // Bad parameter, undeliverable, unsupported type, identity, experiment, marketing caps and opt-outs
        // (they outlast every deadline of ours), media.
        33 | 100 | 130_472 | 131_008 | 131_009 | 131_021 | 131_026 => Class::Permanent,
        131_049..=131_053 | 131_062 | 131_063 | 135_000 | 137_000 => Class::Permanent,
        // A template is wrong, paused or blocked: other messages still go, so the sender is not stopped.
        132_000..=132_099 => Class::Permanent,
        _ => return None,
    };
    Some(class)
}

/// Class of a Twilio error code, or `None` for a code we do not know.
pub fn twilio(code: i64) -> Option<Class> {
    let class = match code {
        // Authentication, no such sender on the channel, daily limit of a trial, account restricted by Meta.
        20_003 | 63_007 | 63_038 | 63_051 => Class::SenderStopped,
        20_429 | 30_001 | 63_018 => Class::RateLimited,
        // Their side failed after the request was written: it may have been queued.
        20_500 | 20_503 => Class::Ambiguous,
        30_008 | 63_012 => Class::Retry,
        63_016 => Class::Window,
        // Bad or unreachable number, opted out, no permission for the region, sender and channel do not fit,
        // body too long, content or template refused, recipient blocked, marketing cap (outlasts every
        // deadline of ours).
        20_404 | 21_211 | 21_212 | 21_408 | 21_606 | 21_610 | 21_617 | 21_655 | 21_656 | 21_910 => {
            Class::Permanent
        }
        30_003 | 30_005 | 30_006 | 30_007 => Class::Permanent,
        63_003 | 63_005 | 63_013 | 63_019..=63_021 | 63_024 | 63_030..=63_033 | 63_049 => Class::Permanent,
        // 112xx, 121xx and 123xx are about our webhooks and come in the debugger, never for a send.
        _ => return None,
    };
    Some(class)
}

/// Class of an HTTP status that came without a code we know.
pub fn http(status: u16) -> Class {
    match status {
        // The request was not processed: too slow to arrive, or shed before any work.
        408 | 503 => Class::Retry,
        429 => Class::RateLimited,
        // Wrong credentials, or not the API we think it is (a redirect, an unknown path).
        300..=399 | 401 | 403 | 404 | 405 => Class::SenderStopped,
        400..=499 => Class::Permanent,
        // The request was written; what became of it is not known.
        _ => Class::Ambiguous,
    }
}

/// Class of a failure that a provider reports later, in a status report. `None` code or unknown code:
/// permanent, because the provider has already given up on its own retries.
pub fn reported(class: Option<Class>) -> Class {
    match class {
        // "May have been sent" is settled by the report itself: it was not.
        Some(Class::Ambiguous) => Class::Retry,
        Some(class) => class,
        None => Class::Permanent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_matter_have_their_class() {
        let meta_cases = [
            (190, Class::SenderStopped),
            (131_000, Class::Retry),
            (130_429, Class::RateLimited),
            (131_056, Class::PairLimited),
            (131_047, Class::Window),
            (131_026, Class::Permanent),
            (131_049, Class::Permanent),
            (132_015, Class::Permanent),
        ];
        for (code, class) in meta_cases {
            assert_eq!(meta(code), Some(class), "meta {code}");
        }
        let twilio_cases = [
            (20_003, Class::SenderStopped),
            (20_429, Class::RateLimited),
            (20_500, Class::Ambiguous),
            (63_012, Class::Retry),
            (63_016, Class::Window),
            (63_018, Class::RateLimited),
            (21_610, Class::Permanent),
            (63_003, Class::Permanent),
        ];
        for (code, class) in twilio_cases {
            assert_eq!(twilio(code), Some(class), "twilio {code}");
        }
    }

    #[test]
    fn unknown_codes_are_judged_by_status() {
        assert_eq!((meta(999_999), twilio(999_999)), (None, None));
        let by_status = [400, 401, 404, 408, 429, 500, 502, 503, 302].map(http);
        let expected = [
            Class::Permanent,
            Class::SenderStopped,
            Class::SenderStopped,
            Class::Retry,
            Class::RateLimited,
            Class::Ambiguous,
            Class::Ambiguous,
            Class::Retry,
            Class::SenderStopped,
        ];
        assert_eq!(by_status, expected);
    }

    #[test]
    fn a_reported_failure_is_never_ambiguous() {
        assert_eq!(reported(twilio(20_500)), Class::Retry);
        assert_eq!(reported(twilio(63_018)), Class::RateLimited);
        assert_eq!(reported(None), Class::Permanent);
    }
}
