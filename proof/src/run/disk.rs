//! A disk that fills up: the database's directory on a small file system of its own, where mounting is permitted.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;

use super::nemesis::Hand;
use super::servers::serving_again;

/// Size of the file system: a run needs less than half of it.
const SIZE: &str = "768m";
/// More than fits.
const BALLAST: u64 = 1 << 30;
const PIECE: usize = 1 << 20;
/// How long the database may stay without room, in milliseconds.
const HOLD_MAX: u64 = 2500;
/// How long a server may take to its first answer before it is looked at again.
const AGAIN: Duration = Duration::from_secs(5);
/// How often.
const TRIES: u32 = 12;

/// A small file system in memory. Dropping it unmounts it.
#[derive(Debug)]
pub(super) struct Disk {
    at: PathBuf,
}

impl Disk {
    /// Mounts one at a directory, where that is permitted.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub(super) fn mount(at: &Path) -> anyhow::Result<Option<Self>> {
        std::fs::create_dir_all(at)?;
        let options = format!("size={SIZE},mode=0700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(at)
            .output();
        let mounted = mounted.is_ok_and(|done| done.status.success());
        Ok(mounted.then(|| Self { at: at.to_owned() }))
    }

    /// Settings of a PostgreSQL that lives on it.
    pub(super) const SETTINGS: [(&str, &str); 2] = [("max_wal_size", "160MB"), ("min_wal_size", "32MB")];

    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }

    /// Writes until nothing more fits.
    fn fill(&self) -> anyhow::Result<()> {
        let mut file = std::fs::File::create(self.ballast()).context("no ballast on the disk")?;
        let piece = vec![0_u8; PIECE];
        let (mut written, mut size) = (0_u64, PIECE);
        while written < BALLAST {
            match file.write(&piece[..size]) {
                Ok(0) => break,
                Ok(n) => written += n as u64,
                Err(_) if size > 4096 => size = 4096,
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Makes room again.
    pub(super) fn free(&self) {
        // It may not be there.
        let _ = std::fs::remove_file(self.ballast());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).output();
    }
}

/// The database has no room for a while.
pub(super) async fn fill(hand: &Hand) -> anyhow::Result<()> {
    if hand.stage.disk.is_none() {
        return Ok(());
    }
    hand.broken(json!({ "svc": "postgres", "what": "no room on the disk" }));
    let stage = hand.stage.clone();
    let filled = tokio::task::spawn_blocking(move || stage.disk.as_ref().map_or(Ok(()), Disk::fill));
    let filled = filled.await?;
    tokio::time::sleep(Duration::from_millis(hand.fault.hold_ms.min(HOLD_MAX))).await;
    if let Some(disk) = &hand.stage.disk {
        disk.free();
    }
    filled?;
    let freed = hand.stage.recorder.now_ns();
    let postgres = &hand.stage.postgres;
    let mut tries = 0;
    loop {
        // A server that could not write what it had to has ended, or ends in its recovery, or goes on.
        postgres.spawn()?;
        match postgres.ready(AGAIN).await {
            Ok(()) => return serving_again(hand, freed).await,
            Err(error) if tries == TRIES => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_takes_nothing_until_it_is_freed() {
        let at = std::env::temp_dir().join(format!("kasauti-disk-{}", std::process::id()));
        let Some(disk) = Disk::mount(&at).expect("a directory") else {
            println!("mounting is not permitted here");
            return;
        };
        disk.fill().expect("it fills");
        let more = std::fs::write(at.join("more"), [7; 8192]);
        assert!(more.is_err());
        disk.free();
        std::fs::write(at.join("more"), [7; 8192]).expect("there is room");
        drop(disk);
        assert!(!at.join("more").exists());
        std::fs::remove_dir_all(&at).expect("ours");
    }
}
