//! What must stay as it was: the log, the counters of panics, the memory.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::time::{Duration, Instant};

use super::case::Request;
use super::cases::World;
use super::mesh::{self, Mesh};
use super::wire;

/// How long memory may take to come back.
const MEMORY_PATIENCE: Duration = Duration::from_secs(20);
/// Memory may be so much larger than before, in percent.
const MEMORY_PERCENT: u64 = 110;

/// Follows what a mesh writes about itself.
#[derive(Debug)]
pub struct Watch {
    read: u64,
    panics: u64,
    secrets: Vec<String>,
}

impl Watch {
    /// From now on.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn begin(mesh: &Mesh, world: &World) -> anyhow::Result<Self> {
        let key = |key: &str| key.get(17..).unwrap_or(key).to_owned();
        let secrets = vec![
            mesh::MESH_SECRET.to_owned(),
            mesh::META_SECRET.to_owned(),
            mesh::META_VERIFY.to_owned(),
            mesh::TWILIO_TOKEN.to_owned(),
            key(&world.owner),
            key(&world.support),
            key(&world.retailer),
            world.phone.trim_start_matches('+').to_owned(),
            // All phones that cases invent begin so.
            "977984100".to_owned(),
        ];
        let mut watch = Self {
            read: fs::metadata(&mesh.log)?.len(),
            panics: 0,
            secrets,
        };
        watch.panics = panics(mesh).await;
        Ok(watch)
    }

    /// What is wrong with what was written since the last look.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn look(&mut self, mesh: &Mesh) -> anyhow::Result<Vec<String>> {
        let mut file = fs::File::open(&mesh.log)?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        // A line that is being written is looked at next time.
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        self.read += u64::try_from(whole)?;
        let mut wrong = lines(&String::from_utf8_lossy(&bytes[..whole]), &self.secrets);
        let panics = panics(mesh).await;
        if panics != self.panics {
            wrong.push(format!("panics_total went from {} to {panics}", self.panics));
            self.panics = panics;
        }
        Ok(wrong)
    }
}

/// Lines that are no JSON object, or that say what no log may say; at most one example of each.
fn lines(text: &str, secrets: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let shown = |line: &str| line.chars().take(600).collect::<String>();
    let lines = || text.lines().filter(|line| !line.is_empty());
    let torn =
        |line: &&str| !serde_json::from_str::<serde_json::Value>(line).is_ok_and(|value| value.is_object());
    if let Some(line) = lines().find(torn) {
        let count = lines().filter(torn).count();
        wrong.push(format!(
            "{count} log lines are no JSON object, such as {}",
            shown(line)
        ));
    }
    for secret in secrets {
        let tells = |line: &&str| line.contains(secret.as_str());
        if let Some(line) = lines().find(tells) {
            let count = lines().filter(tells).count();
            wrong.push(format!(
                "{count} log lines say {secret:?}, such as {}",
                shown(line)
            ));
        }
    }
    if let Some(line) = lines().find(|line| line.contains("panicked at")) {
        wrong.push(format!("a panic in the log: {}", shown(line)));
    }
    wrong
}

async fn panics(mesh: &Mesh) -> u64 {
    let seen = wire::http(
        mesh.gateway,
        &Request::new("GET", "/metrics"),
        Duration::from_secs(3),
    )
    .await;
    let text = seen
        .replies
        .first()
        .map(|reply| String::from_utf8_lossy(&reply.body).into_owned());
    let count = |line: &str| {
        line.rsplit(' ')
            .next()
            .and_then(|value| value.parse::<u64>().ok())
            .unwrap_or(0)
    };
    text.unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("panics_total"))
        .map(count)
        .sum()
}

/// Waits for memory to come back; a sentence when it does not.
pub async fn memory(mesh: &Mesh, before: u64) -> (u64, Option<String>) {
    let until = Instant::now() + MEMORY_PATIENCE;
    loop {
        let now = mesh.memory_kib();
        if now * 100 <= before * MEMORY_PERCENT {
            return (now, None);
        }
        if Instant::now() >= until {
            let told = format!(
                "memory went from {} to {} MiB and stays there",
                before / 1024,
                now / 1024
            );
            return (now, Some(told));
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_lines_secrets_and_panics_in_a_log_are_seen() {
        let secrets = ["977984100".to_owned()];
        assert!(lines("{\"level\":\"INFO\",\"to\":\"+97798****1\"}\n", &secrets).is_empty());
        assert_eq!(lines("{\"level\":\"INFO\"}\nforged\n", &secrets).len(), 1);
        assert_eq!(lines("{\"to\":\"+9779841000001\"}\n", &secrets).len(), 1);
        assert_eq!(
            lines("{\"message\":\"thread panicked at x\"}\n", &secrets).len(),
            1
        );
    }
}
