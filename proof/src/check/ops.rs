//! The history as operations with their outcomes, and as windows in which something was broken.

use std::collections::HashMap;

use serde_json::Value;

use crate::history::{Event, Phase};

/// What fails this long after a fault ended is put down to it.
const GRACE_NS: u64 = 10_000_000_000;
const NONE: Value = Value::Null;

/// A text in a JSON object; empty when there is none.
pub(super) fn text<'a>(from: &'a Value, name: &str) -> &'a str {
    from.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A whole number in a JSON object.
pub(super) fn number(from: &Value, name: &str) -> Option<i64> {
    from.get(name).and_then(Value::as_i64)
}

/// What a client knows of an operation's effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Acknowledged.
    Yes,
    /// Refused for certain, at every try.
    No,
    /// It may have happened.
    Maybe,
}

/// One try of an operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try<'a> {
    pub(super) asked: &'a Event,
    pub(super) answer: Option<&'a Event>,
}

/// An operation with all its tries.
#[derive(Debug, Clone)]
pub(super) struct Op<'a> {
    pub(super) id: &'a str,
    pub(super) f: &'a str,
    pub(super) p: &'a str,
    pub(super) tries: Vec<Try<'a>>,
}

impl<'a> Op<'a> {
    /// What was asked, by the first try.
    pub(super) fn asked(&self) -> &'a Value {
        self.tries.first().map_or(&NONE, |first| &first.asked.v)
    }

    /// The first acknowledgement.
    pub(super) fn ok(&self) -> Option<&'a Event> {
        self.oks().next()
    }

    /// All acknowledgements.
    pub(super) fn oks(&self) -> impl Iterator<Item = &'a Event> + '_ {
        self.answers().filter(|event| event.ph == Phase::Ok)
    }

    /// All answers.
    pub(super) fn answers(&self) -> impl Iterator<Item = &'a Event> + '_ {
        self.tries.iter().filter_map(|one| one.answer)
    }

    /// What its client knows.
    pub(super) fn known(&self) -> Known {
        if self.ok().is_some() {
            return Known::Yes;
        }
        let refused = |one: &Try<'_>| one.answer.is_some_and(|event| event.ph == Phase::Fail);
        if self.tries.iter().all(refused) {
            Known::No
        } else {
            Known::Maybe
        }
    }

    /// When it was first asked.
    pub(super) fn began(&self) -> u64 {
        self.tries.first().map_or(0, |first| first.asked.t_ns)
    }
}

/// The products and quantities that were asked for, summed per product.
pub(super) fn lines_of(asked: &Value) -> Vec<(String, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for line in asked.get("lines").and_then(Value::as_array).into_iter().flatten() {
        let sku = line.get(0).and_then(Value::as_str).unwrap_or_default();
        *sums.entry(sku.to_owned()).or_insert(0_i64) +=
            line.get(1).and_then(Value::as_i64).unwrap_or_default();
    }
    sums.into_iter().collect()
}

/// What a text such as `RICE x 2, SUGAR x 1` asks for, in thousandths; nothing when it is no such list.
pub(super) fn list_in(text: &str) -> Option<Vec<(String, i64)>> {
    let mut sums = std::collections::BTreeMap::new();
    for part in text.split(',') {
        let (sku, count) = part.trim().split_once(" x ")?;
        let count: i64 = count
            .parse()
            .ok()
            .filter(|count| (1..=1_000_000).contains(count))?;
        *sums.entry(sku.to_owned()).or_insert(0) += count * 1000;
    }
    Some(sums.into_iter().collect())
}

/// A time in which something was broken.
#[derive(Debug, Clone)]
pub(super) struct Window<'a> {
    pub(super) f: &'a str,
    pub(super) v: &'a Value,
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What an actor wrote that fits nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stray<'a> {
    pub(super) event: &'a Event,
    pub(super) why: &'static str,
}

/// The history, read.
#[derive(Debug, Default)]
pub(super) struct Ops<'a> {
    pub(super) all: Vec<Op<'a>>,
    by_id: HashMap<&'a str, usize>,
    pub(super) windows: Vec<Window<'a>>,
    pub(super) marks: Vec<&'a Event>,
    pub(super) strays: Vec<Stray<'a>>,
}

impl<'a> Ops<'a> {
    /// Reads a history.
    pub(super) fn of(history: &'a [Event]) -> Self {
        let mut ops = Self::default();
        for event in history {
            match event.ph {
                Phase::Invoke => ops.invoke(event),
                Phase::Ok | Phase::Fail | Phase::Info => ops.complete(event),
                Phase::Fault => ops.windows.push(Window {
                    f: &event.f,
                    v: &event.v,
                    from: event.t_ns,
                    to: event.t_ns,
                }),
                Phase::Heal => ops.heal(event),
                Phase::Mark => ops.marks.push(event),
            }
        }
        ops
    }

    fn invoke(&mut self, asked: &'a Event) {
        let place = *self.by_id.entry(&asked.op).or_insert_with(|| {
            self.all.push(Op {
                id: &asked.op,
                f: &asked.f,
                p: &asked.p,
                tries: Vec::new(),
            });
            self.all.len() - 1
        });
        let tries = &mut self.all[place].tries;
        if tries.iter().any(|one| one.asked.attempt == asked.attempt) {
            self.strays.push(Stray {
                event: asked,
                why: "the same try was asked twice",
            });
        }
        tries.push(Try { asked, answer: None });
    }

    fn complete(&mut self, answer: &'a Event) {
        let tries = self
            .by_id
            .get(answer.op.as_str())
            .map(|place| &mut self.all[*place].tries);
        let mut same = tries
            .into_iter()
            .flatten()
            .filter(|one| one.asked.attempt == answer.attempt);
        let stray = match same.next_back() {
            None => Some("an answer to nothing that was asked"),
            Some(one) if one.answer.is_some() => Some("a second answer to the same try"),
            Some(one) => {
                one.answer = Some(answer);
                None
            }
        };
        self.strays.extend(stray.map(|why| Stray { event: answer, why }));
    }

    fn heal(&mut self, healed: &'a Event) {
        let id = healed.v.get("id");
        let same = |window: &&mut Window<'_>| id.is_some() && window.v.get("id") == id;
        if let Some(window) = self.windows.iter_mut().rev().find(same) {
            window.to = healed.t_ns;
        }
    }

    /// The operation with this id.
    pub(super) fn get(&self, id: &str) -> Option<&Op<'a>> {
        self.by_id.get(id).map(|place| &self.all[*place])
    }

    /// All operations of a kind.
    pub(super) fn of_kind<'b>(&'b self, f: &'b str) -> impl Iterator<Item = &'b Op<'a>> {
        self.all.iter().filter(move |op| op.f == f)
    }

    /// All marks of a kind.
    pub(super) fn marks_of<'b>(&'b self, f: &'b str) -> impl Iterator<Item = &'a Event> + 'b {
        self.marks.iter().copied().filter(move |mark| mark.f == f)
    }

    /// Whether something was broken between two times, or had been broken shortly before.
    pub(super) fn excused(&self, from: u64, to: u64) -> bool {
        let overlaps = |window: &Window<'_>| window.from <= to && from <= window.to.saturating_add(GRACE_NS);
        self.windows.iter().any(overlaps)
    }

    /// Whether the run reached its end; a run that says nothing about it is taken at its word.
    pub(super) fn quiescent(&self) -> bool {
        self.marks_of("not_quiescent").next().is_none()
    }
}
