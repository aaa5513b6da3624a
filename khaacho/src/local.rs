//! What `khaacho up` keeps in its data directory, and how other commands on this machine find it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ring::rand::SecureRandom as _;
use serde::{Deserialize, Serialize};

/// The file of the mesh secret.
const MESH_SECRET: &str = "mesh-secret";

/// Where a running `khaacho up` is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// Its process.
    pub pid: i32,
    /// Gateway, `http://…`.
    pub http: String,
    /// gRPC address.
    pub grpc: String,
    /// Database address; a private one has no password.
    pub database_url: String,
}

/// A data directory.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The directory, made if it is not there. An absolute path afterwards.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
        let path = path
            .canonicalize()
            .with_context(|| format!("cannot reach {}", path.display()))?;
        Ok(Self(path))
    }

    /// The directory of an earlier `khaacho up`, for commands that only look: nothing is made.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        anyhow::ensure!(
            path.is_dir(),
            "there is no data directory {}; `khaacho up` makes one",
            path.display()
        );
        Self::open(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The mesh secret of this directory, made at the first call. Readable by its owner only.
    pub fn mesh_secret(&self) -> anyhow::Result<String> {
        if let Some(found) = self.known_mesh_secret() {
            return Ok(found);
        }
        let mut bytes = [0u8; 32];
        ring::rand::SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| anyhow::anyhow!("no random numbers"))?;
        let secret: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        private_file(&self.0.join(MESH_SECRET))?.write_all(secret.as_bytes())?;
        Ok(secret)
    }

    /// The mesh secret, if there is one already.
    pub fn known_mesh_secret(&self) -> Option<String> {
        let found = fs::read_to_string(self.0.join(MESH_SECRET)).ok()?;
        Some(found.trim().to_owned())
    }

    /// Tells other commands where we are.
    pub fn announce(&self, running: &Running) -> anyhow::Result<()> {
        let file = self.0.join("running.json");
        private_file(&file)?.write_all(&serde_json::to_vec_pretty(running)?)?;
        Ok(())
    }

    /// We are not running any more.
    pub fn withdraw(&self) {
        let _ = fs::remove_file(self.0.join("running.json"));
    }

    /// The `khaacho up` that uses this directory now, if one does.
    pub fn running(&self) -> Option<Running> {
        let text = fs::read_to_string(self.0.join("running.json")).ok()?;
        let running: Running = serde_json::from_str(&text).ok()?;
        let pid = rustix::process::Pid::from_raw(running.pid)?;
        rustix::process::test_kill_process(pid).is_ok().then_some(running)
    }
}

fn private_file(path: &Path) -> anyhow::Result<fs::File> {
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_only_looks_makes_nothing() {
        let path = std::env::temp_dir().join(format!("khaacho-local-{}", std::process::id()));
        let error = DataDir::existing(&path).expect_err("it is not there").to_string();
        assert!(error.contains(&path.display().to_string()), "{error}");
        assert!(!path.exists());

        DataDir::open(&path).expect("it is made");
        let data = DataDir::existing(&path).expect("it is there");
        assert!(data.running().is_none() && data.known_mesh_secret().is_none());
        assert_eq!(fs::read_dir(&path).expect("readable").count(), 0);
        let made = data.mesh_secret().expect("a secret");
        assert_eq!(data.known_mesh_secret(), Some(made));
        fs::remove_dir_all(&path).expect("it is ours");
    }
}
