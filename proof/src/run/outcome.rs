//! Which answers are a yes, a no, or nothing at all.

use crate::harness::{Answer, Lost};
use crate::history::Phase;

/// What an answer, or its absence, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) phase: Phase,
    /// Whether the same request, with the same key, may have another answer.
    pub(super) again: bool,
}

const fn outcome(phase: Phase, again: bool) -> Outcome {
    Outcome { phase, again }
}

/// The table. What is not in it counts as unknown, and the checker finds its status.
pub(super) fn classify(answer: &Result<Answer, Lost>) -> Outcome {
    match answer {
        Ok(answer) => of(answer.status, answer.header("x-outcome"), reason(answer)),
        // Never sent, so certainly nothing happened; but a listener that is away may be back soon.
        Err(Lost::Refused(_)) => outcome(Phase::Fail, true),
        Err(Lost::Timeout | Lost::Cut(_)) => outcome(Phase::Info, true),
    }
}

fn of(status: u16, told: &str, reason: &str) -> Outcome {
    match (status, told, reason) {
        (200..=299, ..) => outcome(Phase::Ok, false),
        (409, "not-executed", "CONCURRENT_UPDATE" | "NOT_POSTED_YET") => outcome(Phase::Fail, true),
        (409, _, "CONCURRENT_UPDATE") => outcome(Phase::Info, true),
        (429, ..) | (503 | 504 | 408, "not-executed", _) => outcome(Phase::Fail, true),
        (400 | 401 | 403 | 404 | 405 | 409 | 413 | 414 | 415 | 422 | 431, ..) => outcome(Phase::Fail, false),
        _ => outcome(Phase::Info, true),
    }
}

/// The problem's `reason`; empty when there is none.
pub(super) fn reason(answer: &Answer) -> &str {
    answer.body["reason"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_the_table() {
        let phase = |status, told, reason| of(status, told, reason).phase;
        assert_eq!(phase(202, "", ""), Phase::Ok);
        for status in [400, 401, 403, 404, 409, 413, 415, 422, 429] {
            assert_eq!(phase(status, "not-executed", "X"), Phase::Fail, "{status}");
        }
        assert_eq!(phase(503, "not-executed", ""), Phase::Fail);
        assert_eq!(phase(503, "unknown", ""), Phase::Info);
        assert_eq!(phase(409, "", "CONCURRENT_UPDATE"), Phase::Info);
        assert_eq!(phase(409, "not-executed", "CONCURRENT_UPDATE"), Phase::Fail);
        for status in [500, 502, 503, 504, 599, 302] {
            assert_eq!(phase(status, "", ""), Phase::Info, "{status}");
        }
        assert!(!of(422, "not-executed", "CREDIT_SHORT").again);
        assert!(of(503, "not-executed", "").again && of(500, "", "").again);
    }

    #[test]
    fn a_request_that_was_never_sent_had_no_effect() {
        assert_eq!(
            classify(&Err(Lost::Refused("x".to_owned()))),
            outcome(Phase::Fail, true)
        );
        assert_eq!(classify(&Err(Lost::Timeout)).phase, Phase::Info);
    }
}
