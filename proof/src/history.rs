//! The history of a run: one JSON object a line, written while it happens, read by the checker.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// An actor is about to ask.
    Invoke,
    /// It was answered: durable and visible from now on.
    Ok,
    /// It was refused: no effect, ever.
    Fail,
    /// Nobody knows: zero or one effect.
    Info,
    /// The nemesis broke something.
    Fault,
    /// The nemesis mended it.
    Heal,
    /// A milestone such as `quiescent`.
    Mark,
}

/// One line of `history.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Number of the line, from 0.
    pub i: u64,
    /// Nanoseconds since the run began.
    pub t_ns: u64,
    /// Who: `r017`, `v03`, `a02`, `obs`, `nem`, `run`.
    pub p: String,
    /// What kind of line.
    pub ph: Phase,
    /// Operation: `order`, `dup`, `cancel`, `payment`, …, or kind of fault.
    pub f: String,
    /// Id of the operation, the same for all its tries; empty for faults and marks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub op: String,
    /// Which try, from 1; 0 for faults and marks.
    #[serde(default, rename = "try", skip_serializing_if = "is_zero")]
    pub attempt: u32,
    /// HTTP status of the answer; 0 when there was none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub http: u32,
    /// What was asked, answered or broken.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub v: Value,
    /// How the answer failed to come; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub err: String,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Everything of a line but its number and time.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who.
    pub p: String,
    /// What kind of line.
    pub ph: Phase,
    /// Operation or fault.
    pub f: String,
    /// Id of the operation.
    pub op: String,
    /// Which try.
    pub attempt: u32,
    /// HTTP status.
    pub http: u32,
    /// Content.
    pub v: Value,
    /// How the answer failed to come.
    pub err: String,
}

impl Entry {
    /// A line without operation: a fault, its end, or a mark.
    pub fn plain(p: &str, ph: Phase, f: &str, v: Value) -> Self {
        Self {
            p: p.to_owned(),
            ph,
            f: f.to_owned(),
            op: String::new(),
            attempt: 0,
            http: 0,
            v,
            err: String::new(),
        }
    }
}

/// Writes a history. Shared by all actors; every line is in the file before `record` returns.
#[derive(Debug)]
pub struct Recorder {
    began: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    next: u64,
    file: std::fs::File,
}

impl Recorder {
    /// Begins `history.jsonl` in a directory.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("history.jsonl");
        let file =
            std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            began: Instant::now(),
            inner: Mutex::new(Inner { next: 0, file }),
        })
    }

    /// Nanoseconds since the run began.
    pub fn now_ns(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Appends a line; the answer is its number.
    ///
    /// # Panics
    /// When the file cannot be written: a run without a history proves nothing.
    pub fn record(&self, entry: Entry) -> u64 {
        let mut inner = self.inner.lock().expect("no writer panicked");
        let event = Event {
            i: inner.next,
            // under the lock, so that numbers and times grow together
            t_ns: self.now_ns(),
            p: entry.p,
            ph: entry.ph,
            f: entry.f,
            op: entry.op,
            attempt: entry.attempt,
            http: entry.http,
            v: entry.v,
            err: entry.err,
        };
        let mut line = serde_json::to_vec(&event).expect("an event is JSON");
        line.push(b'\n');
        inner.file.write_all(&line).expect("the history can be written");
        inner.next += 1;
        event.i
    }
}

/// Reads a stored history. A last line that was cut by a crash of the tool is left out.
///
/// # Errors
/// When the file is missing or a line in it is no event.
pub fn read(dir: &Path) -> anyhow::Result<Vec<Event>> {
    let path = dir.join("history.jsonl");
    let file = std::fs::File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines: Vec<String> = BufReader::new(file).lines().collect::<Result<_, _>>()?;
    let last = lines.len();
    let mut events = Vec::with_capacity(last);
    for (n, line) in lines.iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(event) => events.push(event),
            Err(_) if n + 1 == last => break,
            Err(error) => anyhow::bail!("line {} of {} is no event: {error}", n + 1, path.display()),
        }
    }
    Ok(events)
}
