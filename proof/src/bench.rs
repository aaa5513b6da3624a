//! `kasauti bench`: the mesh against what this machine's PostgreSQL can do in the same minute.

pub mod anchors;
pub mod cases;
pub mod counts;
pub mod drain;
pub mod goals;
pub mod idle;
pub mod machine;
pub mod metrics;
pub mod node;
pub mod report;
pub mod stage;
pub mod statements;
pub mod suite;
pub mod wal;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use crate::ledger::{self, Kind, Line};
use cases::Runner;
use counts::{Limits, counts_per_order};
use report::About;
use stage::{Stage, StageArgs};
use suite::Extent;

/// Pairs of a case without which its figures do not count, and seconds of each.
const PAIRS_MIN: usize = 7;
const SECONDS_MIN: f64 = 10.0;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One pair of each case and short runs: whether it works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Pairs of each case.
    #[arg(long, default_value_t = 7)]
    pairs: usize,
    /// Counted part of a run, in seconds.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// How long an anchor runs, in seconds.
    #[arg(long, default_value_t = 5)]
    anchor_seconds: u32,
    /// Numbers of connections of which the best is kept for order placement.
    #[arg(long, value_delimiter = ',', default_value = "8,16,32,64")]
    clients: Vec<usize>,
    /// Only cases with one of these words in their name: idle, single, orders, overload, hot, webhooks, chats, payments,
    /// pages, node, counts.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Another program that takes part in every pair.
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Directory of the peer in Node; it is measured when its packages are installed.
    #[arg(long, default_value = "proof/anchors/node-best")]
    node: PathBuf,
    /// Directory of `report.md` and `history.jsonl`.
    #[arg(long, default_value = "bench")]
    out: PathBuf,
    /// A word that stands in the report.
    #[arg(long, default_value = "")]
    label: String,
    /// Adds a line to this ledger of proofs; not for `--counts`.
    #[arg(long, value_name = "FILE", conflicts_with = "counts")]
    ledger: Option<PathBuf>,
    /// Counts statements, commits, gRPC calls and WAL of an order instead, compares them with the limits and prints
    /// JSON.
    #[arg(long)]
    counts: bool,
    /// Limits of the counts.
    #[arg(long, default_value = "proof/counts.json")]
    limits: PathBuf,
    /// Writes what was counted as the new limits.
    #[arg(long, requires = "counts")]
    update: bool,
    /// Orders that are counted.
    #[arg(long, default_value_t = 100)]
    orders: u64,
    #[command(flatten)]
    stage: StageArgs,
}

/// Runs the command; the answer is whether every operation ended as it should and every count kept its limit. How
/// fast it was decides nothing.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    until_told(async {
        if args.counts {
            count(&args).await
        } else {
            measure(&args).await
        }
    })
    .await
}

async fn count(args: &Args) -> anyhow::Result<bool> {
    let stage = Stage::start(&args.stage).await?;
    let counts = counts_per_order(&stage, args.stage.topology(), args.orders).await;
    stage.stop().await?;
    let counts = counts?;
    println!("{}", serde_json::to_string_pretty(&counts)?);
    if args.update {
        let text = serde_json::to_string_pretty(&Limits::of(&counts))?;
        std::fs::write(&args.limits, text + "\n")?;
        return Ok(true);
    }
    let exceeded = Limits::read(&args.limits)?.exceeded(&counts);
    for sentence in &exceeded {
        eprintln!("{sentence}");
    }
    Ok(exceeded.is_empty())
}

async fn measure(args: &Args) -> anyhow::Result<bool> {
    let began = std::time::Instant::now();
    let mut extent = Extent {
        pairs: args.pairs.max(1),
        seconds: args.seconds,
        connections: args.clients.clone(),
        only: args.only.clone(),
        node: args.node.clone(),
    };
    let mut anchor_seconds = args.anchor_seconds;
    if args.quick {
        (extent.pairs, extent.seconds, anchor_seconds) = (1, 3.0, 2);
        extent.connections = vec![16];
    }
    let about = about(args).await?;
    let stage = Stage::start(&args.stage).await?;
    let other = machine::settle(Duration::from_secs(5)).await;
    if other > cases::OTHER_MAX {
        eprintln!("others use {other:.2} cores: pairs will be dropped");
    }
    let runner = Runner {
        stage: &stage,
        topology: args.stage.topology(),
        anchor_seconds,
        against: args.against.as_deref(),
    };
    let outcome = suite::all(&runner, &extent).await;
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            stage.stop().await?;
            return Err(error);
        }
    };
    stage.stop().await?;
    report::write(&args.out, &about, &outcome)?;
    for row in &outcome.rows {
        let v = row.value;
        println!(
            "{:<5} {:<60} {:>9.3}  {:<8} kept {} dropped {}",
            row.id, row.what, v.median, row.reached, v.kept, v.dropped
        );
    }
    println!("{}", args.out.join("report.md").display());
    let bad: u64 = outcome
        .cases
        .iter()
        .flat_map(|case| &case.pairs)
        .map(|pair| pair.mesh.ran.summary.bad)
        .sum();
    if let Some(ledger) = &args.ledger {
        let mut line = Line::new(Kind::Bench, began.elapsed().as_secs_f64())
            // Cases know nothing of each other: what a line has was measured in full, whatever it leaves out.
            .whole(!args.quick && args.pairs >= PAIRS_MIN && args.seconds >= SECONDS_MIN)
            .violations(bad)
            .count("bad", bad);
        for row in &outcome.rows {
            line = line.figure(&format!("goal.{}", row.id), row.value.median);
        }
        ledger::append(ledger, &line)?;
    }
    Ok(bad == 0)
}

async fn about(args: &Args) -> anyhow::Result<About> {
    let binary = crate::harness::program(args.stage.binary.as_deref())?;
    let told = tokio::process::Command::new(&binary)
        .arg("--version")
        .output()
        .await;
    let told = told.with_context(|| format!("cannot run {}", binary.display()))?;
    #[expect(clippy::disallowed_methods, reason = "the report says when it was measured")]
    let now = chrono::Utc::now();
    Ok(About {
        at: now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        version: String::from_utf8_lossy(&told.stdout).trim().to_owned(),
        label: args.label.clone(),
        topology: format!("{:?}", args.stage.topology()).to_lowercase(),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        settings: args
            .stage
            .settings
            .iter()
            .chain(&args.stage.postgres)
            .cloned()
            .collect(),
    })
}

/// Carries on until the work is done or the tool is told to stop; whatever was started ends with the work.
///
/// # Errors
/// When it was told to stop, and those of the work.
pub async fn until_told<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("told to stop"),
        _ = terminate.recv() => anyhow::bail!("told to stop"),
    }
}
