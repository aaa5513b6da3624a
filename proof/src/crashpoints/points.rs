//! Crash points: where they are, and what they are called.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::harness::Role;
use crate::proxy::SyncPoint;

use super::scenario::Chapter;

/// What is done at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub(super) enum Mode {
    /// The process is killed before its statement reaches the database.
    A,
    /// The database has done the statement; the process is killed before it hears of that.
    B,
    /// The database has done the statement; its answer is lost, nobody dies.
    C,
    /// The database has done the statement and is cut off; its answer is lost.
    D,
    /// As B, and the process is killed once more while it recovers.
    Pairs,
    /// A call never arrives.
    LostRequest,
    /// A call is carried out, its answer is lost.
    LostReply,
    /// A call arrives twice at the same time.
    Twice,
    /// A call arrives again when everything is over.
    Later,
}

impl Mode {
    pub(super) const CALLS: [Self; 4] = [Self::LostRequest, Self::LostReply, Self::Twice, Self::Later];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::Pairs => "pairs",
            Self::LostRequest => "lost-request",
            Self::LostReply => "lost-reply",
            Self::Twice => "twice",
            Self::Later => "later",
        }
    }

    pub(super) fn is_call(self) -> bool {
        Self::CALLS.contains(&self)
    }

    /// Whether what it does outlasts the action, so that no other point is played beside it.
    pub(super) fn alone(self) -> bool {
        matches!(self, Self::Pairs | Self::Later)
    }
}

/// What happens at a point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub(super) enum What {
    /// A statement of a session of the role.
    Statement { application: String, statement: String },
    /// A call of the role.
    Call {
        #[serde(serialize_with = "by_name")]
        callee: Role,
        method: String,
    },
}

fn by_name<S: serde::Serializer>(role: &Role, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(role.name())
}

/// A point: the `nth` time that a role does something in an action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Point {
    pub(super) chapter: Chapter,
    /// Place in the chapter's actions.
    pub(super) action: usize,
    pub(super) role: Role,
    pub(super) what: What,
    pub(super) nth: u32,
}

impl Point {
    /// Its name: the same in every run as long as the statement does not change.
    pub(super) fn name(&self) -> String {
        let action = self
            .chapter
            .actions()
            .get(self.action)
            .copied()
            .unwrap_or_default();
        let place = format!("{}:{}.{action}", self.role, self.chapter.name());
        match &self.what {
            What::Statement {
                application,
                statement,
            } => {
                let service = application.rsplit(' ').next().unwrap_or_default();
                format!("{place}:{service}.{}.{}", tag(statement), self.nth)
            }
            What::Call { callee, method } => {
                let method = method.rsplit('/').next().unwrap_or_default();
                format!("{place}:{callee}.{method}.{}", self.nth)
            }
        }
    }

    /// At which of the statements that follow the restart the process is killed once more; another one for each try.
    pub(super) fn second(&self, missed: u32) -> u32 {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.name().as_bytes());
        let drawn = digest.as_ref().first().copied().unwrap_or_default();
        1 + ((u32::from(drawn) % 24) >> missed.min(4))
    }

    /// Its statement or method, cut to be read.
    pub(super) fn says(&self) -> String {
        match &self.what {
            What::Statement { statement, .. } => statement.chars().take(110).collect(),
            What::Call { method, .. } => method.clone(),
        }
    }

    /// Whether a mode makes sense here. What polls works only when it finds something, which is not known before.
    pub(super) fn takes(&self, mode: Mode, background: &HashSet<(String, String)>) -> bool {
        match &self.what {
            What::Call { .. } => mode.is_call(),
            What::Statement {
                application,
                statement,
            } => {
                let polls = background.contains(&(application.clone(), statement.clone()));
                let too_early = mode == Mode::A && polls && !is_frame(statement);
                !mode.is_call() && !too_early
            }
        }
    }
}

/// Whether a statement only begins or ends a transaction.
pub(super) fn is_frame(statement: &str) -> bool {
    let head = statement.get(..5).unwrap_or_default();
    head.eq_ignore_ascii_case("begin")
        || statement.eq_ignore_ascii_case("commit")
        || statement.eq_ignore_ascii_case("rollback")
}

/// A few letters of what a statement does, and enough of a hash to tell it from others.
fn tag(statement: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, statement.as_bytes());
    let hash: String = digest
        .as_ref()
        .iter()
        .take(3)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let verb = statement
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    format!("{}-{hash}", verb.to_lowercase())
}

/// What was seen in one action: how often each role did what.
pub(super) type Seen = BTreeMap<(Role, What), u32>;

/// Counts what worked in a journal. A transaction's beginning works when anything in it does.
pub(super) fn count(role: Role, journal: &[SyncPoint], into: &mut Seen) {
    let working: BTreeSet<u64> = journal
        .iter()
        .filter(|point| point.works && !is_frame(&point.statement))
        .filter_map(|point| point.transaction)
        .collect();
    for point in journal {
        let works = match point.transaction {
            Some(transaction) if is_frame(&point.statement) => working.contains(&transaction),
            _ => point.works,
        };
        if works {
            let what = What::Statement {
                application: point.application.clone(),
                statement: point.statement.clone(),
            };
            *into.entry((role, what)).or_default() += 1;
        }
    }
}

/// The points of an action that both clean plays had.
pub(super) fn common(chapter: Chapter, action: usize, one: &Seen, other: &Seen) -> Vec<Point> {
    let mut points = Vec::new();
    for ((role, what), times) in one {
        let both = other
            .get(&(*role, what.clone()))
            .map_or(0, |second| (*times).min(*second));
        points.extend((1..=both).map(|nth| Point {
            chapter,
            action,
            role: *role,
            what: what.clone(),
            nth,
        }));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(statement: &str, transaction: Option<u64>, works: bool) -> SyncPoint {
        SyncPoint {
            application: "khaacho order".to_owned(),
            statement: statement.to_owned(),
            wrote: None,
            transaction,
            works,
        }
    }

    #[test]
    fn frames_count_with_their_transaction() {
        let journal = [
            seen("begin", Some(1), true),
            seen("poll", Some(1), false),
            seen("commit", Some(1), false),
            seen("begin", Some(2), true),
            seen("insert", Some(2), true),
            seen("commit", Some(2), true),
            seen("select now() = x", None, false),
        ];
        let mut counted = Seen::new();
        count(Role::Order, &journal, &mut counted);
        let counts: Vec<u32> = counted.values().copied().collect();
        assert_eq!(counts, [1, 1, 1]);
        let points = common(Chapter::Rest, 0, &counted, &counted);
        assert_eq!(points.len(), 3);
        assert!((1..=24).contains(&points[0].second(0)) && points[0].second(9) <= 2);
        assert!(points[0].name().starts_with("order:rest.order:order.begin-"));
        assert!(common(Chapter::Rest, 0, &counted, &Seen::new()).is_empty());
    }

    #[test]
    fn polls_are_not_killed_before_it_is_known_whether_they_find_something() {
        let mut counted = Seen::new();
        count(Role::Worker, &[seen("poll", None, true)], &mut counted);
        let point = &common(Chapter::Chat, 1, &counted, &counted)[0];
        let background = HashSet::from([("khaacho order".to_owned(), "poll".to_owned())]);
        assert!(!point.takes(Mode::A, &background) && point.takes(Mode::B, &background));
        assert!(point.takes(Mode::A, &HashSet::new()) && !point.takes(Mode::Twice, &background));
    }
}
