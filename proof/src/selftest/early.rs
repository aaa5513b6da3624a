//! Looks for a bug while the run still goes on, so that a search ends as soon as the bug has shown itself.
//!
//! The observer of a run stores all views now and then. What is judged here is the last of those with the history so
//! far; only by invariants that hold of every prefix, because everything else waits for the end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::check::{self, Verdict};

/// Invariants that look at rows which only grow, at logs, or at answers that nothing later can excuse.
const OF_EVERY_PREFIX: [&str; 9] = ["I4", "I5", "I6", "I7", "I8", "I9", "I15", "I20", "I26"];
const LOOK: Duration = Duration::from_secs(3);

/// Whether an invariant can be judged before the end.
pub(super) fn knows(invariant: &str) -> bool {
    OF_EVERY_PREFIX.contains(&invariant)
}

/// Waits until one of these invariants is broken; never ends where it is not, or where none can be judged early.
pub(super) async fn finds(dir: &Path, wanted: &[&'static str]) -> (&'static str, Verdict) {
    let wanted: Vec<&'static str> = wanted.iter().copied().filter(|one| knows(one)).collect();
    let mut seen: Option<PathBuf> = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let newest = newest(dir);
        if wanted.is_empty() || newest.is_none() || newest == seen {
            continue;
        }
        seen = newest;
        let Some(views) = &seen else { continue };
        let aside = dir.join("early");
        let judged = match lay_aside(dir, views, &aside) {
            Ok(()) => check::check_dir(&aside).await,
            Err(error) => Err(error),
        };
        // A dump that is being written, or a line that is, cannot be read; the next one can.
        let Ok(verdict) = judged else {
            seen = None;
            continue;
        };
        let broken = verdict.broken();
        if let Some(found) = wanted.iter().find(|one| broken.contains(one)) {
            return (found, verdict);
        }
    }
}

/// The newest stored views of a run that is not at its end.
fn newest(dir: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(dir.join("views")).ok()?;
    let numbered = entries.flatten().filter_map(|entry| {
        let number: u64 = entry.file_name().to_str()?.strip_prefix("at-")?.parse().ok()?;
        Some((number, entry.path()))
    });
    numbered.max().map(|(_, path)| path)
}

/// A copy of the run as it stands, with these views as its last ones.
fn lay_aside(dir: &Path, views: &Path, aside: &Path) -> anyhow::Result<()> {
    if aside.exists() {
        std::fs::remove_dir_all(aside)?;
    }
    let last = aside.join("views/final");
    std::fs::create_dir_all(&last)?;
    std::fs::create_dir_all(aside.join("logs"))?;
    let copy = |from: &Path, to: &Path| -> anyhow::Result<()> {
        for entry in std::fs::read_dir(from)?.flatten() {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    };
    copy(views, &last)?;
    copy(dir, aside)?;
    copy(&dir.join("logs"), &aside.join("logs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_views_are_laid_aside_as_the_last_ones() {
        let dir = std::env::temp_dir().join(format!("kasauti-early-{}", std::process::id()));
        for (views, text) in [("at-2", "two"), ("at-10", "ten"), ("start", "none")] {
            std::fs::create_dir_all(dir.join("views").join(views)).expect("a directory");
            std::fs::write(dir.join("views").join(views).join("stock.jsonl"), text).expect("a file");
        }
        std::fs::create_dir_all(dir.join("logs")).expect("a directory");
        std::fs::write(dir.join("history.jsonl"), "{}").expect("a file");
        let newest = newest(&dir).expect("there are some");
        assert!(newest.ends_with("at-10"), "by number, not by letters");
        let aside = dir.join("early");
        lay_aside(&dir, &newest, &aside).expect("it can be copied");
        let last = std::fs::read_to_string(aside.join("views/final/stock.jsonl")).expect("there");
        assert_eq!(last, "ten");
        assert!(aside.join("history.jsonl").exists());
        std::fs::remove_dir_all(&dir).expect("gone");
    }

    #[test]
    fn what_only_the_end_can_tell_is_not_judged_before() {
        assert!(knows("I8") && knows("I6"));
        assert!(!knows("I1") && !knows("I2") && !knows("I24"));
    }
}
