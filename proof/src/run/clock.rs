//! Clocks that jump: each role reads the time of the day through libfaketime, where that is installed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::harness::{Plan, Role};

use super::nemesis::Hand;

/// Where packages put it.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// Jumps, in seconds. A day is the largest: whoever is off by more is noticed before he is started.
const JUMPS: [i64; 14] = [
    -86_400, -3600, -300, -60, -20, -5, -1, 1, 5, 20, 60, 300, 3600, 86_400,
];

/// Clocks of roles, each a file that libfaketime reads.
#[derive(Debug)]
pub(super) struct Clocks {
    dir: PathBuf,
    library: &'static Path,
}

impl Clocks {
    /// Clocks in a directory, when libfaketime is installed.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub(super) fn find(dir: &Path) -> anyhow::Result<Option<Self>> {
        let Some(library) = LIBRARIES.iter().map(Path::new).find(|path| path.exists()) else {
            return Ok(None);
        };
        let dir = dir.join("clocks");
        std::fs::create_dir_all(&dir)?;
        Ok(Some(Self { dir, library }))
    }

    /// Makes the roles of a mesh that is not started yet read their clocks.
    ///
    /// # Errors
    /// When a clock cannot be written.
    pub(super) fn wind(&self, plan: &mut Plan) -> anyhow::Result<()> {
        for role in plan.mode.roles() {
            self.set(*role, 0)?;
            plan.env(*role, "LD_PRELOAD", &self.library.display().to_string());
            plan.env(
                *role,
                "FAKETIME_TIMESTAMP_FILE",
                &self.file(*role).display().to_string(),
            );
            // Seconds after which the file is read again.
            plan.env(*role, "FAKETIME_CACHE_DURATION", "1");
            // Only the time of the day jumps; how long something takes does not.
            plan.env(*role, "FAKETIME_DONT_FAKE_MONOTONIC", "1");
            plan.env(*role, "DONT_FAKE_MONOTONIC", "1");
            plan.env(*role, "FAKETIME_DONT_RESET", "1");
        }
        Ok(())
    }

    /// Moves a role's clock to so many seconds beside the true time.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn set(&self, role: Role, seconds: i64) -> anyhow::Result<()> {
        let file = self.file(role);
        // Renamed into its place, so that nobody reads half of it.
        let next = file.with_extension("next");
        std::fs::write(&next, format!("{seconds:+}\n"))?;
        Ok(std::fs::rename(next, file)?)
    }

    fn file(&self, role: Role) -> PathBuf {
        self.dir.join(role.name())
    }
}

/// A role's clock jumps, and back.
pub(super) async fn jump(hand: &Hand) -> anyhow::Result<()> {
    let Some(clocks) = &hand.stage.clocks else {
        return Ok(());
    };
    let seconds = *hand.random().choice(&JUMPS).unwrap_or(&-60);
    let svc = hand.role.name();
    hand.broken(json!({ "svc": svc, "seconds": seconds, "ms": hand.fault.hold_ms }));
    clocks.set(hand.role, seconds)?;
    // Until the file is read a second may pass.
    tokio::time::sleep(Duration::from_secs(1)).await;
    hand.hold().await;
    clocks.set(hand.role, 0)?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    hand.mended(svc);
    Ok(())
}
