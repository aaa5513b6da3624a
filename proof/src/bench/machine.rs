//! Who used the processors meanwhile, from `/proc`: each part of the mesh, PostgreSQL, the generator, all others.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::harness::{Mesh, Postgres};

/// Ticks a second in `/proc`: what Linux shows to programs, whatever its own timer does.
const TICKS: f64 = 100.0;

/// Processor time that was used up to a moment.
#[derive(Debug, Clone)]
pub struct Moment {
    at: Instant,
    parts: BTreeMap<String, f64>,
    busy: f64,
}

/// Processor time between two moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Processor seconds of each part.
    pub parts: BTreeMap<String, f64>,
    /// Processors that everybody else kept busy, on average.
    pub other_cores: f64,
}

impl Moment {
    /// Reads the clocks. `mesh` is absent while only anchors run.
    #[must_use]
    pub fn now(postgres: &Postgres, mesh: Option<&Mesh>) -> Self {
        let mut parts = BTreeMap::new();
        if let Some(mesh) = mesh {
            for role in mesh.roles() {
                if let Some(pid) = mesh.pid(*role) {
                    parts.insert(role.name().to_owned(), times(pid).map_or(0.0, |t| t.own));
                }
            }
        }
        if let Some(pid) = postgres.pid() {
            parts.insert("postgres".to_owned(), tree(pid));
        }
        let own = times(std::process::id()).unwrap_or_default();
        parts.insert("generator".to_owned(), own.own);
        parts.insert("pgbench".to_owned(), own.reaped);
        Self {
            at: Instant::now(),
            parts,
            busy: busy(),
        }
    }

    /// What was used since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Spent {
        let seconds = (self.at - earlier.at).as_secs_f64().max(1e-9);
        let before = |name: &String| earlier.parts.get(name).copied().unwrap_or(0.0);
        let parts: BTreeMap<String, f64> = self
            .parts
            .iter()
            .map(|(name, after)| (name.clone(), (after - before(name)).max(0.0)))
            .collect();
        let ours: f64 = parts.values().sum();
        Spent {
            seconds,
            other_cores: ((self.busy - earlier.busy - ours) / seconds).max(0.0),
            parts,
        }
    }
}

impl Spent {
    /// Microseconds of processor time for each of `operations`, by part; parts that did nothing are left out.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
    pub fn per_operation(&self, operations: u64) -> BTreeMap<String, f64> {
        let many = operations.max(1) as f64;
        self.parts
            .iter()
            .map(|(name, seconds)| (name.clone(), seconds * 1e6 / many))
            .filter(|(_, micros)| *micros > 0.05)
            .collect()
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Times {
    parent: u32,
    own: f64,
    reaped: f64,
}

fn times(pid: u32) -> Option<Times> {
    parse(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn parse(stat: &str) -> Option<Times> {
    // the name in parentheses may hold spaces; fields count from behind it
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |n: usize| fields.get(n)?.parse::<f64>().ok();
    Some(Times {
        parent: fields.get(1)?.parse().ok()?,
        own: (ticks(11)? + ticks(12)?) / TICKS,
        reaped: (ticks(13)? + ticks(14)?) / TICKS,
    })
}

/// A process, its children, and those of its children that have ended.
fn tree(pid: u32) -> f64 {
    let mut sum = times(pid).map_or(0.0, |t| t.own + t.reaped);
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let child: Option<u32> = entry.file_name().to_string_lossy().parse().ok();
        let found = child.and_then(times).filter(|t| t.parent == pid);
        sum += found.map_or(0.0, |t| t.own + t.reaped);
    }
    sum
}

/// Processor seconds of the whole machine that were spent on anything.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let fields: Vec<f64> = first
        .split_whitespace()
        .skip(1)
        .filter_map(|f| f.parse().ok())
        .collect();
    // user, nice, system, idle, iowait, irq, softirq
    let at = |n: usize| fields.get(n).copied().unwrap_or(0.0);
    (at(0) + at(1) + at(2) + at(5) + at(6)) / TICKS
}

/// Resident memory of each part in megabytes, and of all together, PostgreSQL and generator left out.
#[must_use]
pub fn memory(mesh: &Mesh) -> BTreeMap<String, f64> {
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    for role in mesh.roles() {
        if let Some(usage) = mesh.usage(*role) {
            #[expect(clippy::cast_precision_loss, reason = "megabytes")]
            all.insert(role.name().to_owned(), usage.rss as f64 / 1_048_576.0);
        }
    }
    let sum = all.values().sum();
    all.insert("all".to_owned(), sum);
    all
}

/// Waits for a machine on which nobody else is at work, at most for `patience`; the cores that others use at the end.
pub async fn settle(patience: Duration) -> f64 {
    let began = Instant::now();
    loop {
        let (own, all) = (times(std::process::id()).unwrap_or_default().own, busy());
        tokio::time::sleep(Duration::from_millis(500)).await;
        let used = times(std::process::id()).unwrap_or_default().own - own;
        let other = (busy() - all - used) / 0.5;
        if other < 0.15 || began.elapsed() >= patience {
            return other.max(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        let stat = "7 (a b) c) S 3 7 7 0 -1 4194560 1 0 0 0 150 25 40 2 20 0 1 0 5 0 0";
        let wanted = Times {
            parent: 3,
            own: 1.75,
            reaped: 0.42,
        };
        assert_eq!(parse(stat), Some(wanted));
    }

    #[test]
    fn what_nobody_of_us_used_is_others() {
        let moment = |at: Instant, own: f64, busy: f64| Moment {
            at,
            parts: [("gateway".to_owned(), own)].into(),
            busy,
        };
        let began = Instant::now();
        let spent = moment(began + Duration::from_secs(2), 3.0, 10.0).since(&moment(began, 2.0, 8.0));
        assert!((spent.other_cores - 0.5).abs() < 1e-9, "{spent:?}");
        let each = spent.per_operation(1_000);
        assert!((each["gateway"] - 1_000.0).abs() < 1e-6, "{each:?}");
    }

    #[test]
    fn work_of_this_process_is_seen() {
        let (own, all) = (times(std::process::id()).expect("it runs").own, busy());
        let began = Instant::now();
        let mut sum = 0_u64;
        while began.elapsed() < Duration::from_millis(300) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let used = times(std::process::id()).expect("it runs").own - own;
        assert!(used >= 0.03, "{used}");
        assert!(busy() - all >= 0.03);
    }
}
