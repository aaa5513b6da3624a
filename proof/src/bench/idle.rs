//! W8: what the mesh takes while nobody asks anything, and how long it needs to be ready.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::machine::memory;
use crate::harness::{Mesh, Role};

/// A start that takes longer is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// Before memory is read: what a start allocates for a moment is not what an idle process keeps.
const REST: Duration = Duration::from_secs(3);

/// Sizes and times.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Idle {
    /// Resident megabytes by part, and `all`.
    pub rss_mb: BTreeMap<String, f64>,
    /// Proportional megabytes by part, and `all`: pages that processes share count once.
    pub pss_mb: BTreeMap<String, f64>,
    /// Milliseconds from the start of a process to its first `/ready`, the others running.
    pub start_ms: BTreeMap<String, f64>,
    /// Milliseconds from the start of the first process until all are ready, on a migrated database.
    pub whole_ms: f64,
    /// Megabytes of the program.
    pub binary_mb: f64,
}

impl std::fmt::Display for Idle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |all: &BTreeMap<String, f64>| {
            let parts: Vec<String> = all.iter().map(|(name, n)| format!("{name} {n:.0}")).collect();
            parts.join(", ")
        };
        writeln!(f, "idle resident MB: {}", list(&self.rss_mb))?;
        writeln!(f, "idle proportional MB: {}", list(&self.pss_mb))?;
        writeln!(f, "start to ready, ms: {}", list(&self.start_ms))?;
        write!(
            f,
            "whole mesh {:.0} ms, program {:.1} MB",
            self.whole_ms, self.binary_mb
        )
    }
}

/// Measures a mesh that is running and idle; its parts are started again one by one, then all together.
///
/// # Errors
/// When one does not come back.
pub async fn measure(mesh: &Mesh) -> anyhow::Result<Idle> {
    tokio::time::sleep(REST).await;
    let mut idle = Idle {
        rss_mb: memory(mesh),
        pss_mb: proportional(mesh),
        ..Idle::default()
    };
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let size = std::fs::metadata(&mesh.plan().binary)?.len() as f64;
    idle.binary_mb = size / 1_048_576.0;
    let running: Vec<Role> = mesh
        .roles()
        .iter()
        .copied()
        .filter(|role| mesh.pid(*role).is_some())
        .collect();
    for role in &running {
        let took = mesh.restart(*role, PATIENCE).await?;
        idle.start_ms.insert(role.name().to_owned(), ms(took));
    }
    for role in &running {
        mesh.kill(*role)?;
    }
    let began = Instant::now();
    for role in &running {
        mesh.spawn(*role)?;
    }
    for role in &running {
        mesh.ready(*role, PATIENCE).await?;
    }
    idle.whole_ms = ms(began.elapsed());
    Ok(idle)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn proportional(mesh: &Mesh) -> BTreeMap<String, f64> {
    let of = |pid: u32| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = text.lines().find(|line| line.starts_with("Pss:"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    let mut all = BTreeMap::new();
    for role in mesh.roles() {
        if let Some(kb) = mesh.pid(*role).and_then(of) {
            all.insert(role.name().to_owned(), kb / 1024.0);
        }
    }
    let sum = all.values().sum();
    all.insert("all".to_owned(), sum);
    all
}
