//! How well the providers behave.

use std::ops::RangeInclusive;
use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Taken and answered.
    Accepted,
    /// Taken; the answer never comes in time.
    Stalled,
    /// Taken; the connection ends instead of an answer.
    CutAfter,
    /// Taken; the answer is ten mebibytes long.
    Giant,
    /// Taken; the answer is 200 and a page of HTML.
    Junk,
    /// 429.
    TooMany,
    /// 500.
    Broken,
    /// 302 to somewhere else.
    Redirected,
    /// The connection ends before anything was done.
    CutBefore,
    /// 400, never to be taken.
    Never,
}

impl Verdict {
    /// Whether the recipient has the message.
    pub fn taken(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Stalled | Self::CutAfter | Self::Giant | Self::Junk
        )
    }

    /// As written to `provider.jsonl`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted | Self::Stalled | Self::CutAfter | Self::Giant | Self::Junk => "accepted",
            Self::TooMany => "too_many",
            Self::Broken => "broken",
            Self::Redirected => "redirected",
            Self::CutBefore => "cut",
            Self::Never => "never",
        }
    }
}

/// Shares of requests in thousandths; what is left is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manners {
    /// Taken, and the answer withheld until the sender has given up.
    pub stalled: u32,
    /// Taken, and the connection cut.
    pub cut_after: u32,
    /// Taken, with a giant answer.
    pub giant: u32,
    /// Taken, with an answer that is none.
    #[serde(default)]
    pub junk: u32,
    /// 429.
    pub too_many: u32,
    /// 500.
    pub broken: u32,
    /// 302.
    pub redirected: u32,
    /// Cut before anything was done.
    pub cut_before: u32,
    /// 400 for good.
    pub never: u32,
    /// How long an answer takes, in milliseconds.
    pub delay_ms: (u64, u64),
    /// Status reports that come before the answer.
    pub early: u32,
    /// Status reports that come twice.
    pub twice: u32,
    /// Messages whose status reports come in another order.
    pub shuffled: u32,
}

impl Manners {
    /// Everything is taken and answered at once, reports come in order.
    pub fn good() -> Self {
        Self {
            stalled: 0,
            cut_after: 0,
            giant: 0,
            junk: 0,
            too_many: 0,
            broken: 0,
            redirected: 0,
            cut_before: 0,
            never: 0,
            delay_ms: (0, 2),
            early: 0,
            twice: 0,
            shuffled: 0,
        }
    }

    /// As providers are: mostly fine, reports in any order and often twice.
    pub fn usual() -> Self {
        Self {
            cut_after: 2,
            too_many: 10,
            broken: 10,
            delay_ms: (0, 30),
            early: 100,
            twice: 150,
            shuffled: 150,
            ..Self::good()
        }
    }

    /// What becomes of the next request.
    pub fn judge(&self, random: &mut Rng) -> Verdict {
        let shares = [
            (self.stalled, Verdict::Stalled),
            (self.cut_after, Verdict::CutAfter),
            (self.giant, Verdict::Giant),
            (self.junk, Verdict::Junk),
            (self.too_many, Verdict::TooMany),
            (self.broken, Verdict::Broken),
            (self.redirected, Verdict::Redirected),
            (self.cut_before, Verdict::CutBefore),
            (self.never, Verdict::Never),
        ];
        let mut drawn = random.u32(0..1000);
        for (share, verdict) in shares {
            if drawn < share {
                return verdict;
            }
            drawn -= share;
        }
        Verdict::Accepted
    }

    /// How long its answer takes.
    pub fn delay(&self, random: &mut Rng) -> Duration {
        let range: RangeInclusive<u64> = self.delay_ms.0..=self.delay_ms.1.max(self.delay_ms.0);
        Duration::from_millis(random.u64(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let mut random = Rng::with_seed(7);
        let bad = Manners {
            stalled: 250,
            never: 250,
            ..Manners::good()
        };
        let drawn: Vec<Verdict> = (0..4000).map(|_| bad.judge(&mut random)).collect();
        let share = |wanted| drawn.iter().filter(|verdict| **verdict == wanted).count();
        for (verdict, wanted) in [
            (Verdict::Stalled, 1000),
            (Verdict::Never, 1000),
            (Verdict::Accepted, 2000),
        ] {
            assert!(
                share(verdict).abs_diff(wanted) < 200,
                "{verdict:?}: {}",
                share(verdict)
            );
        }
        assert!((0..1000).all(|_| Manners::good().judge(&mut random) == Verdict::Accepted));
    }
}
