//! What somebody saw, in words coarse enough to be the same every time.

use std::time::Duration;

use serde::Serialize;

use crate::harness::{Answer, Lost};

/// Who looks at what. The order is that of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Probe {
    Order,
    OrderWait,
    Ack,
    Talk,
    Accept,
    VendorTalk,
    Orders,
    Accounts,
    Products,
    Messages,
    Jobs,
    Payment,
    Stock,
    Health,
    Ready,
}

impl Probe {
    pub(super) const ALL: [Self; 15] = [
        Self::Order,
        Self::OrderWait,
        Self::Ack,
        Self::Talk,
        Self::Accept,
        Self::VendorTalk,
        Self::Orders,
        Self::Accounts,
        Self::Products,
        Self::Messages,
        Self::Jobs,
        Self::Payment,
        Self::Stock,
        Self::Health,
        Self::Ready,
    ];

    /// First two columns of its row.
    pub(super) fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Order => ("shop", "order by REST"),
            Self::OrderWait => ("shop", "order by REST, `Prefer: wait=3`"),
            Self::Ack => ("provider", "acknowledgement of a message"),
            Self::Talk => ("shop", "order by chat: quote and confirmation"),
            Self::Accept => ("vendor", "acceptance by REST"),
            Self::VendorTalk => ("vendor", "`ORDERS` by chat"),
            Self::Orders => ("operator", "list of orders"),
            Self::Accounts => ("operator", "list of accounts"),
            Self::Products => ("operator", "list of products"),
            Self::Messages => ("operator", "list of messages"),
            Self::Jobs => ("operator", "list of jobs"),
            Self::Payment => ("operator", "payment"),
            Self::Stock => ("operator", "change of stock"),
            Self::Health => ("platform", "`/health`"),
            Self::Ready => ("platform", "`/ready` of every process"),
        }
    }

    /// Whether it is a talk, which may go on until everything is mended.
    pub(super) fn talks(self) -> bool {
        matches!(self, Self::Talk | Self::VendorTalk)
    }

    /// Until when an answer has to be there, whatever is broken.
    pub(super) fn budget(self) -> Duration {
        match self {
            Self::Order | Self::OrderWait => Duration::from_secs(10),
            Self::Ready | Self::Health => Duration::from_secs(1),
            _ => Duration::from_secs(5),
        }
    }
}

/// What a probe saw once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Seen {
    /// Whether it is as if nothing were broken.
    pub(super) normal: bool,
    /// In words.
    pub(super) text: String,
    /// What must never be seen, whatever is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) defect: Option<String>,
    /// A status that a part which is away is no reason for. The table shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) odd: Option<String>,
}

impl Seen {
    pub(super) fn normal() -> Self {
        Self {
            normal: true,
            text: NORMAL.to_owned(),
            defect: None,
            odd: None,
        }
    }

    pub(super) fn other(text: &str) -> Self {
        Self {
            normal: false,
            text: text.to_owned(),
            defect: None,
            odd: None,
        }
    }
}

/// As if nothing were broken.
pub(super) const NORMAL: &str = "normal";

/// A good answer that came late.
pub(super) const LATE: &str = "normal, but after seconds";

/// A good answer later than this is slow.
const QUICK: Duration = Duration::from_secs(1);

/// How long it took, in words; nothing when it was quick.
fn pace(took: Duration) -> &'static str {
    if took < QUICK { "" } else { " after seconds" }
}

/// What an answer looks like to somebody who wants a 2xx. `note` says what is not usual about a 2xx.
pub(super) fn answer(
    probe: Probe,
    answer: &Result<Answer, Lost>,
    took: Duration,
    note: impl Fn(&Answer) -> Option<&'static str>,
) -> Seen {
    let budget = probe.budget();
    let late = took > budget + Duration::from_secs(1);
    let late = late.then(|| {
        format!(
            "an answer after {:.1} s of {:.0} s",
            took.as_secs_f64(),
            budget.as_secs_f64()
        )
    });
    let answer = match answer {
        Ok(answer) => answer,
        Err(lost) => {
            return Seen {
                normal: false,
                text: "no answer".to_owned(),
                odd: None,
                defect: Some(format!("no answer: {lost} after {:.1} s", took.as_secs_f64())),
            };
        }
    };
    let mut seen = match (answer.status, note(answer)) {
        (200..300, None) if took < QUICK => Seen::normal(),
        (200..300, None) => Seen::other(LATE),
        (200..300, Some(note)) => Seen::other(&format!("{note}{}", pace(took))),
        _ => problem(answer, took),
    };
    seen.defect = seen.defect.or(late);
    seen
}

fn problem(answer: &Answer, took: Duration) -> Seen {
    let reason = answer.body["reason"].as_str().unwrap_or("without a reason");
    let again = if answer.header("retry-after").is_empty() {
        ""
    } else {
        ", Retry-After"
    };
    let mut seen = Seen::other(&format!("{} {reason}{again}{}", answer.status, pace(took)));
    // A part that is away or slow is no reason for another status, and never the caller's mistake.
    if !matches!(answer.status, 409 | 429 | 503 | 504) {
        seen.odd = Some(format!("{}: {}", answer.status, answer.text()));
    }
    seen
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;

    fn told(status: u16, reason: &str, again: bool) -> Result<Answer, Lost> {
        let mut headers = HeaderMap::new();
        if again {
            headers.insert("retry-after", http::HeaderValue::from_static("2"));
        }
        Ok(Answer {
            status,
            headers,
            bytes: bytes::Bytes::new(),
            body: json!({ "reason": reason }),
            took: Duration::ZERO,
        })
    }

    fn look(status: u16, reason: &str, again: bool, seconds: f64) -> Seen {
        let took = Duration::from_secs_f64(seconds);
        answer(Probe::Payment, &told(status, reason, again), took, |_| None)
    }

    #[test]
    fn answers_are_put_in_words() {
        assert_eq!(look(202, "", false, 0.2), Seen::normal());
        assert_eq!(look(200, "", false, 4.0).text, "normal, but after seconds");
        assert_eq!(
            look(503, "UNAVAILABLE", true, 0.2).text,
            "503 UNAVAILABLE, Retry-After"
        );
        assert_eq!(
            look(504, "DEADLINE_EXCEEDED", false, 5.1).text,
            "504 DEADLINE_EXCEEDED after seconds"
        );
        let noted = answer(
            Probe::OrderWait,
            &told(202, "", false),
            Duration::from_secs(3),
            |_| Some("accepted"),
        );
        assert_eq!(
            (noted.normal, noted.text.as_str()),
            (false, "accepted after seconds")
        );
        for seen in [
            look(503, "UNAVAILABLE", true, 0.2),
            look(504, "X", false, 5.9),
            look(409, "X", false, 0.1),
        ] {
            assert_eq!((&seen.defect, &seen.odd), (&None, &None), "{seen:?}");
        }
    }

    #[test]
    fn what_must_never_be_is_a_defect() {
        for status in [500, 502, 404, 401] {
            assert!(look(status, "X", false, 0.1).odd.is_some(), "{status}");
        }
        for status in [200, 503] {
            assert!(look(status, "X", false, 6.5).defect.is_some(), "{status}");
        }
        let silent = answer(Probe::Order, &Err(Lost::Timeout), Duration::from_secs(15), |_| {
            None
        });
        assert!(silent.defect.is_some());
    }
}
