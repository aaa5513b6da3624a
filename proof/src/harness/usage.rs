//! What a process takes of the machine, from `/proc`.

use std::time::Duration;

/// Ticks of `/proc/<pid>/stat` in a second: what Linux shows to programs, whatever its own timer does.
const TICKS: u64 = 100;

/// What a process takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Memory in use, in bytes.
    pub rss: u64,
    /// The most memory that was ever in use, in bytes.
    pub peak: u64,
    /// Processor time of all its threads, in user and kernel.
    pub cpu: Duration,
    /// Threads.
    pub threads: u64,
    /// Open files and sockets; 0 where they cannot be listed.
    pub files: u64,
}

/// Reads it; `None` when there is no such process.
pub fn usage(pid: u32) -> Option<Usage> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, |dir| dir.count());
    Some(Usage {
        rss: field(&status, "VmRSS:")? * 1024,
        peak: field(&status, "VmHWM:")? * 1024,
        cpu: cpu(&stat)?,
        threads: field(&status, "Threads:")?,
        files: u64::try_from(files).unwrap_or(u64::MAX),
    })
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn cpu(stat: &str) -> Option<Duration> {
    // The name in parentheses may hold spaces; fields count from behind it.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + kernel) * (1000 / TICKS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_this_process_and_no_other() {
        let own = usage(std::process::id()).expect("it runs");
        assert!(own.rss > 100_000 && own.peak >= own.rss && own.threads > 0 && own.files > 2);
        assert_eq!(usage(u32::MAX), None);
    }

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 1 0 5 0 0";
        assert_eq!(cpu(stat), Some(Duration::from_millis(1750)));
    }
}
