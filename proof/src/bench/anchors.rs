//! What PostgreSQL alone can do, by pgbench, in a database of its own on the mesh's cluster.

use std::collections::BTreeMap;
use std::process::Stdio;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::machine::Moment;
use super::stage::{ANCHOR, Stage, programs, write};

const SCHEMA: &str = include_str!("../../anchors/schema.sql");
/// Name, script, orders in a transaction.
const SCRIPTS: [(&str, &str, u32); 12] = [
    ("order_spread", include_str!("../../anchors/order_spread.sql"), 1),
    (
        "order_fn_spread",
        include_str!("../../anchors/order_fn_spread.sql"),
        1,
    ),
    ("order_saga", include_str!("../../anchors/order_saga.sql"), 1),
    (
        "order_batch20",
        include_str!("../../anchors/order_batch20.sql"),
        20,
    ),
    ("order_hot", include_str!("../../anchors/order_hot.sql"), 1),
    (
        "order_hot_last",
        include_str!("../../anchors/order_hot_last.sql"),
        1,
    ),
    ("order_fn_hot", include_str!("../../anchors/order_fn_hot.sql"), 1),
    (
        "order_batch20_hot",
        include_str!("../../anchors/order_batch20_hot.sql"),
        20,
    ),
    ("insert1", include_str!("../../anchors/insert1.sql"), 1),
    ("post2", include_str!("../../anchors/post2.sql"), 1),
    ("select1", include_str!("../../anchors/select1.sql"), 1),
    ("page_keyset", include_str!("../../anchors/page_keyset.sql"), 1),
];
/// Before each measurement, in seconds.
const WARM_UP: u32 = 2;

/// What an anchor came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// Script.
    pub name: String,
    /// Connections.
    pub clients: u32,
    /// Operations a second.
    pub rate: f64,
    /// Latencies of transactions, in milliseconds.
    pub p50: f64,
    /// See `p50`.
    pub p99: f64,
    /// See `p50`.
    pub max: f64,
    /// Transactions that failed.
    pub failed: u64,
    /// Microseconds of processor time for each operation, by part.
    pub cpu: BTreeMap<String, f64>,
    /// Processors that everybody else kept busy.
    pub other_cores: f64,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cpu: f64 = self.cpu.values().sum();
        write!(
            f,
            "{} {}: {:.0}/s, p50 {:.2} p99 {:.2} max {:.1} ms, {cpu:.0} µs each, other {:.2}",
            self.name, self.clients, self.rate, self.p50, self.p99, self.max, self.other_cores
        )?;
        if self.failed > 0 {
            write!(f, ", {} FAILED", self.failed)?;
        }
        Ok(())
    }
}

/// Names of all anchors.
#[must_use]
pub fn names() -> Vec<&'static str> {
    SCRIPTS.iter().map(|(name, ..)| *name).collect()
}

/// Runs one on an empty schema, after a checkpoint and a warm-up.
///
/// # Errors
/// When there is no such anchor, or pgbench fails.
pub async fn run(stage: &Stage, name: &str, clients: u32, seconds: u32) -> anyhow::Result<Anchor> {
    prepare(stage).await?;
    if name == "page_keyset" {
        fill(stage).await?;
    }
    stage.postgres.execute(ANCHOR, "checkpoint").await?;
    pgbench(stage, name, clients, WARM_UP).await?;
    pgbench(stage, name, clients, seconds).await
}

/// Makes the schema anew.
///
/// # Errors
/// When the server refuses it.
pub async fn prepare(stage: &Stage) -> anyhow::Result<()> {
    stage.postgres.execute(ANCHOR, SCHEMA).await?;
    for table in ["shop", "goods"] {
        let vacuum = format!("vacuum analyze anchor.{table}");
        stage.postgres.execute(ANCHOR, &vacuum).await?;
    }
    Ok(())
}

/// A million past orders for the list pages, in pieces that each end in time. Foreign keys hold by construction;
/// checking them a million times would take longer than the measurement.
async fn fill(stage: &Stage) -> anyhow::Result<()> {
    for from in (0..1_000_000).step_by(50_000) {
        let piece = format!(
            "set session_replication_role = replica;
             insert into anchor.purchase (shop, vendor, request, status, total_paisa, placed_at)
             select 1 + n % 1500, n % 300, gen_random_uuid(), 1, 5000, now() - n * interval '1 minute'
             from generate_series({from} + 1, {from} + 50000) as n"
        );
        stage.postgres.execute(ANCHOR, &piece).await?;
    }
    stage
        .postgres
        .execute(ANCHOR, "vacuum analyze anchor.purchase")
        .await
}

async fn pgbench(stage: &Stage, name: &str, clients: u32, seconds: u32) -> anyhow::Result<Anchor> {
    let (_, script, orders) = SCRIPTS
        .iter()
        .find(|(known, ..)| *known == name)
        .with_context(|| format!("there is no anchor {name}; there are {}", names().join(", ")))?;
    let dir = stage.dir.join("pgbench");
    // logs of the run before
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir)?;
    let file = write(&dir, "script.sql", script)?;
    let address = stage.postgres.address();
    let (host, port) = address.split_once(':').context("a server has an address")?;
    let (clients_text, seconds_text) = (clients.to_string(), seconds.to_string());
    let prefix = dir.join("log").display().to_string();
    let before = Moment::now(&stage.postgres, None);
    let told = tokio::process::Command::new(programs()?.join("pgbench"))
        .args([
            "-h", host, "-p", port, "-U", "khaacho", "-n", "-M", "prepared", "-l", "-j", "2",
        ])
        .args([
            "-c",
            &clients_text,
            "-T",
            &seconds_text,
            "--log-prefix",
            &prefix,
            "-f",
        ])
        .arg(&file)
        .arg(ANCHOR)
        .current_dir(&dir)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let spent = Moment::now(&stage.postgres, None).since(&before);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    anyhow::ensure!(
        told.status.success(),
        "pgbench {name} failed: {}",
        String::from_utf8_lossy(&told.stderr)
    );
    let times = latencies(&dir)?;
    let done = u64::try_from(times.len())? * u64::from(*orders);
    let at = |share: f64| quantile(&times, share);
    Ok(Anchor {
        name: name.to_owned(),
        clients,
        rate: said(&text, "tps = ").context("pgbench told no rate")? * f64::from(*orders),
        p50: at(0.5),
        p99: at(0.99),
        max: at(1.0),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        failed: said(&text, "failed transactions: ").unwrap_or(0.0) as u64,
        cpu: spent.per_operation(done),
        other_cores: spent.other_cores,
    })
}

/// The number behind these words.
fn said(text: &str, words: &str) -> Option<f64> {
    let (_, rest) = text.split_once(words)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// Latencies of all transactions in milliseconds, sorted: the third column of pgbench's logs is microseconds.
fn latencies(dir: &std::path::Path) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let log = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("log."));
        if log {
            let text = std::fs::read_to_string(&path)?;
            let micros = text
                .lines()
                .filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
            times.extend(micros.map(|us| us / 1000.0));
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an index into a list"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let index = (last as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_what_pgbench_says() {
        let text =
            "number of failed transactions: 3 (0.000%)\ntps = 2275.125 (without initial connection time)";
        assert_eq!(said(text, "tps = "), Some(2275.125));
        assert_eq!(said(text, "failed transactions: "), Some(3.0));
        assert_eq!(said(text, "nothing "), None);
    }

    #[test]
    fn quantiles_are_values_of_the_list() {
        let list: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(
            (quantile(&list, 0.5), quantile(&list, 0.99), quantile(&list, 1.0)),
            (50.0, 99.0, 100.0)
        );
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}
