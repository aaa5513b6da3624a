//! Memory and processor, of the container where there is one. Reads files that the kernel keeps in memory; on
//! systems without them the checks say so.

use std::fs;

use serde_json::{Value, json};

const MEGABYTE: u64 = 1024 * 1024;
/// A limit above this is no limit: cgroup 1 writes a number near 2^63 for none.
const LIMIT_MAX: u64 = 1 << 50;
/// Share of memory in per cent above which the check warns.
const MEMORY_WARN: f64 = 85.0;
/// Share of the processors in per cent above which the check warns.
const CPU_WARN: f64 = 80.0;

/// Use in per cent, total and free of the container, else of the machine, and what this process holds.
pub(super) fn memory() -> Value {
    let own = status_kilobytes("/proc/self/status", "VmRSS:").map(|kilobytes| kilobytes * 1024);
    let Some((used, total)) = cgroup_memory().or_else(machine_memory) else {
        return json!({ "status": "unknown" });
    };
    let usage = percent(used, total);
    let mut check = json!({
        "status": if usage < MEMORY_WARN { "healthy" } else { "degraded" },
        "usage": usage,
        "total": megabytes(total),
        "free": megabytes(total.saturating_sub(used)),
    });
    if let Some(own) = own {
        check["process"] = megabytes(own).into();
    }
    check
}

/// Load of the last minute as a share of the processors that we may use, in per cent.
pub(super) fn cpu() -> Value {
    let load = fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    let Some(load) = load else {
        return json!({ "status": "unknown" });
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let cores = f64::from(u32::try_from(cores).unwrap_or(1));
    let usage = (load / cores * 1000.0).round() / 10.0;
    json!({
        "status": if usage < CPU_WARN { "healthy" } else { "degraded" },
        "usage": usage,
        "cores": cores,
        "load": load,
    })
}

/// `45MB`.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{}MB", bytes / MEGABYTE)
}

fn percent(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a percentage with one decimal")]
    let share = part as f64 / whole.max(1) as f64;
    (share * 1000.0).round() / 10.0
}

fn cgroup_memory() -> Option<(u64, u64)> {
    let pairs = [
        (
            "/sys/fs/cgroup/memory.current",
            "/sys/fs/cgroup/memory.max",
            "/sys/fs/cgroup/memory.stat",
        ),
        (
            "/sys/fs/cgroup/memory/memory.usage_in_bytes",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "/sys/fs/cgroup/memory/memory.stat",
        ),
    ];
    pairs.iter().find_map(|(used, limit, stat)| {
        let limit = number(limit).filter(|limit| *limit < LIMIT_MAX)?;
        // Page cache that the kernel gives back at once is not in use.
        let cache = fs::read_to_string(stat)
            .ok()
            .and_then(|text| {
                text.lines()
                    .find_map(|line| line.strip_prefix("inactive_file ")?.parse().ok())
            })
            .unwrap_or(0);
        Some((number(used)?.saturating_sub(cache), limit))
    })
}

fn machine_memory() -> Option<(u64, u64)> {
    let total = status_kilobytes("/proc/meminfo", "MemTotal:")? * 1024;
    let free = status_kilobytes("/proc/meminfo", "MemAvailable:")? * 1024;
    Some((total.saturating_sub(free), total))
}

fn number(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The figure in a line such as `VmRSS:  1234 kB`.
fn status_kilobytes(path: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
