//! A stored run, read.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use crate::history::{self, Event};
use crate::views::{self, Views};

/// A send request that reached a fake provider.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sent {
    pub(crate) t_ns: u64,
    pub(crate) prov: String,
    pub(crate) to: String,
    pub(crate) text: String,
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    pub(crate) notice: String,
    pub(crate) verdict: String,
}

impl Sent {
    /// Whether its recipient has it.
    pub(crate) fn accepted(&self) -> bool {
        self.verdict == "accepted"
    }
}

/// Log of one of the product's processes.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// Its file's name.
    pub(crate) name: String,
    from: From,
}

#[derive(Debug, Clone)]
enum From {
    File(PathBuf),
    #[cfg(test)]
    Text(&'static str),
}

impl Log {
    #[cfg(test)]
    pub(crate) fn of(text: &'static str) -> Self {
        Self {
            name: "order.log".to_owned(),
            from: From::Text(text),
        }
    }

    /// Goes through its lines, numbered from 1.
    pub(crate) fn each_line(&self, mut see: impl FnMut(usize, &str)) -> std::io::Result<()> {
        let mut from: Box<dyn BufRead> = match &self.from {
            From::File(path) => Box::new(BufReader::new(std::fs::File::open(path)?)),
            #[cfg(test)]
            From::Text(text) => Box::new(text.as_bytes()),
        };
        let (mut n, mut bytes) = (0, Vec::new());
        loop {
            bytes.clear();
            if from.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(());
            }
            n += 1;
            see(n, String::from_utf8_lossy(&bytes).trim_end());
        }
    }
}

/// Everything that a run left behind.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) dir: PathBuf,
    pub(crate) history: Vec<Event>,
    /// Views before the first actor.
    pub(crate) start: Option<Views>,
    /// Views during the run, oldest first.
    pub(crate) snaps: Vec<Views>,
    /// Views at the end.
    pub(crate) last: Views,
    /// Views of a restored backup.
    pub(crate) restored: Option<Views>,
    /// `None` when the run kept no provider log.
    pub(crate) provider: Option<Vec<Sent>>,
    /// Logs of the product's processes.
    pub(crate) logs: Vec<Log>,
    pub(crate) meta: Value,
}

/// Logs of what is not the product.
const OTHERS: [&str; 5] = ["postgres", "redis", "fake", "proxy", "kasauti"];

impl Run {
    /// Reads a run.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Self> {
        let mut run = Self {
            dir: dir.to_owned(),
            history: history::read(dir)?,
            provider: provider_log(dir)?,
            logs: logs(dir)?,
            meta: meta(dir)?,
            ..Self::default()
        };
        let labels = views::labels(dir)?;
        anyhow::ensure!(
            labels.iter().any(|l| l == "final"),
            "{} has no views/final",
            dir.display()
        );
        for label in labels {
            let views = views::load(dir, &label)?;
            match label.as_str() {
                "start" => run.start = Some(views),
                "final" => run.last = views,
                "restored" => run.restored = Some(views),
                _ => run.snaps.push(views),
            }
        }
        Ok(run)
    }

    /// All views in the order in which they were taken.
    pub(crate) fn stages(&self) -> impl Iterator<Item = &Views> {
        self.start.iter().chain(&self.snaps).chain([&self.last])
    }
}

fn provider_log(dir: &Path) -> anyhow::Result<Option<Vec<Sent>>> {
    let path = dir.join("provider.jsonl");
    if !path.exists() {
        return Ok(None);
    }
    let content = std::fs::read_to_string(&path)?;
    let lines: Vec<&str> = content.lines().collect();
    let mut sent = Vec::with_capacity(lines.len());
    for (n, line) in lines.iter().enumerate() {
        match serde_json::from_str::<Sent>(line) {
            Ok(one) if one.verdict == "status" => {}
            Ok(one) => sent.push(one),
            // the tool may have been killed while it wrote
            Err(_) if n + 1 == lines.len() => {}
            Err(error) => anyhow::bail!("line {} of {}: {error}", n + 1, path.display()),
        }
    }
    Ok(Some(sent))
}

fn logs(dir: &Path) -> anyhow::Result<Vec<Log>> {
    let logs = dir.join("logs");
    let mut found = Vec::new();
    if !logs.exists() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(logs)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_file() && !OTHERS.iter().any(|other| name.starts_with(other)) {
            let from = From::File(path);
            found.push(Log { name, from });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn meta(dir: &Path) -> anyhow::Result<Value> {
    let path = dir.join("meta.json");
    if !path.exists() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&std::fs::read(&path)?).with_context(|| format!("{} is no JSON", path.display()))
}
