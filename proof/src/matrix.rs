//! `kasauti matrix`: everything that the mesh stands on, broken in every way, one after the other; what shops, vendors,
//! operators and the platform see meanwhile, and how long until all is well again.
//!
//! Meshes of six processes run beside each other, each with its share of the cells, on databases of one PostgreSQL. In
//! front of everything that a mesh calls stands a proxy. Nothing is ever restarted.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::harness::{Postgres, program};
use crate::ledger::{self, Kind, Line};

mod books;
mod cell;
mod collector;
mod diary;
mod doc;
mod fold;
mod parties;
mod play;
mod prober;
mod seen;
mod stage;
mod talk;

use cell::{Cell, Dependency, Fault};
use doc::Places;
use play::Observed;
use stage::Stage;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where data, logs and `matrix.json` go; default: a new directory under the system's temporary one.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// The program to test; default: `khaacho` beside this one.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Only this cell, such as `redis:down`; may be given several times.
    #[arg(long)]
    only: Vec<Cell>,
    /// The document; with `--only` just the places of those cells are written anew.
    #[arg(long, default_value = "docs/degradation.md")]
    doc: PathBuf,
    /// Writes no document; fails when it says anything else than what was observed.
    #[arg(long)]
    check: bool,
    /// Meshes that run beside each other.
    #[arg(long, default_value_t = 3)]
    meshes: usize,
    /// Adds a line to this ledger of proofs.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

/// A cell with a defect, or that differs from the document, is played once more: on a machine that is busy with other
/// things an answer may be late by chance. What is wrong in the books stays wrong.
const TRIES: u64 = 2;

/// Runs the command; the answer is whether everything came back, nothing was lost, doubled or answered in a way that
/// must not be, and, with `--check`, whether the document says what was observed: then a status that should be
/// another is no reason to fail as long as the document shows it.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("kasauti-matrix-{}", std::process::id())),
    };
    anyhow::ensure!(!dir.join("pg").exists(), "{} already has a run", dir.display());
    std::fs::create_dir_all(dir.join("logs"))?;
    let dir = dir.canonicalize()?;
    let documented = if args.check {
        let text = std::fs::read_to_string(&args.doc);
        Some(doc::parse(
            &text.with_context(|| format!("cannot read {}", args.doc.display()))?,
        ))
    } else {
        None
    };
    println!("matrix in {}", dir.display());
    let observed = tokio::select! {
        done = whole(&args, &dir, documented.as_ref()) => done?,
        stop = tokio::signal::ctrl_c() => {
            stop?;
            anyhow::bail!("interrupted");
        }
    };
    std::fs::write(dir.join("matrix.json"), serde_json::to_vec(&observed)?)?;
    let right = report(&args, &observed, documented.as_ref())?;
    let seconds = began.elapsed().as_secs_f64();
    println!("{} cells in {seconds:.0} s", observed.len());
    if let Some(ledger) = &args.ledger {
        ledger::append(ledger, &line(&observed, seconds).whole(args.only.is_empty()))?;
    }
    Ok(right)
}

/// Prints what must not be, and writes the document or compares it.
fn report(args: &Args, observed: &[Observed], documented: Option<&Places>) -> anyhow::Result<bool> {
    let mut right = true;
    for (seen, defect) in observed
        .iter()
        .flat_map(|seen| seen.defects.iter().map(move |defect| (seen, defect)))
    {
        println!("DEFECT {}: {defect}", seen.cell);
        right = false;
    }
    for (seen, odd) in observed
        .iter()
        .flat_map(|seen| seen.odd.iter().map(move |odd| (seen, odd)))
    {
        println!("ODD {}: {odd}", seen.cell);
        // With a document that says the same it is known.
        right &= documented.is_some();
    }
    let places: Places = observed.iter().flat_map(doc::places).collect();
    if let Some(documented) = documented {
        for difference in observed
            .iter()
            .flat_map(|seen| doc::differences(documented, seen))
        {
            println!("DIFFERS {difference}");
            right = false;
        }
    } else {
        let mut all = Places::new();
        if !args.only.is_empty() {
            // What other cells were seen to do stands as it is.
            let text = std::fs::read_to_string(&args.doc);
            all = doc::parse(&text.with_context(|| format!("cannot read {}", args.doc.display()))?);
        }
        all.extend(places);
        std::fs::write(&args.doc, doc::render(&all))?;
        println!("written: {}", args.doc.display());
    }
    Ok(right)
}

/// Starts everything, plays all cells, ends everything.
async fn whole(args: &Args, dir: &Path, documented: Option<&Places>) -> anyhow::Result<Vec<Observed>> {
    let binary = program(args.binary.as_deref())?;
    let cells = if args.only.is_empty() {
        Cell::all()
    } else {
        args.only.clone()
    };
    let postgres = Arc::new(Postgres::start(dir).await?);
    postgres.seed(&binary).await?;
    let shares = shares(&cells, args.meshes.max(1));
    let mut playing = JoinSet::new();
    for (n, share) in shares.into_iter().enumerate() {
        let database = format!("matrix{n}");
        postgres.copy(&database, "demo").await?;
        let own = dir.join(format!("mesh{n}"));
        let (binary, postgres, documented) = (binary.clone(), postgres.clone(), documented.cloned());
        playing.spawn(async move {
            let stage = Stage::start(&own, &binary, postgres, database).await?;
            share_of(stage, &share, documented.as_ref()).await
        });
    }
    let mut observed = Vec::new();
    while let Some(share) = playing.join_next().await {
        observed.extend(share??);
    }
    postgres.stop().await?;
    observed.sort_by_key(|seen| seen.cell);
    Ok(observed)
}

/// Cells go round, so that every mesh has some of every length.
fn shares(cells: &[Cell], meshes: usize) -> Vec<Vec<Cell>> {
    let meshes = meshes.min(cells.len());
    let of = |n: usize| {
        // Cells of one fault take about as long: every mesh has some of each.
        let own = cells
            .iter()
            .enumerate()
            .filter(|(place, _)| (place % 4 + place / 4) % meshes == n);
        own.map(|(_, cell)| *cell).collect()
    };
    let all: Vec<Vec<Cell>> = (0..meshes).map(of).collect();
    all.into_iter().filter(|share| !share.is_empty()).collect()
}

/// One mesh with its cells.
async fn share_of(
    stage: Stage,
    cells: &[Cell],
    documented: Option<&Places>,
) -> anyhow::Result<Vec<Observed>> {
    let stage = Arc::new(stage);
    let tags: Vec<String> = (0..cells.len()).map(|n| format!("{n:02}")).collect();
    let parties = parties::make(&stage, &tags).await?;
    let mut all = Vec::new();
    for (n, (cell, parties)) in cells.iter().zip(parties).enumerate() {
        let strangers = 61_000_000 + u64::try_from(n)? * 10_000;
        let cell = Again {
            stage: &stage,
            cell: *cell,
            parties,
            strangers,
        };
        all.push(cell.play(documented).await?);
    }
    let stage = Arc::into_inner(stage).context("somebody still looks")?;
    stage.mesh.stop().await.context("the mesh does not end cleanly")?;
    Ok(all)
}

/// A cell that is played until it is as it should be, or [`TRIES`] times.
struct Again<'a> {
    stage: &'a Arc<Stage>,
    cell: Cell,
    parties: parties::Parties,
    strangers: u64,
}

impl Again<'_> {
    /// What was seen at last. What was wrong in the books at any time stays wrong.
    async fn play(&self, documented: Option<&Places>) -> anyhow::Result<Observed> {
        let mut wrong = Vec::new();
        let mut n = 0;
        loop {
            n += 1;
            let tag = format!("{}-{n}", self.cell);
            let strangers = self.strangers + n * 1000;
            let mut parties = self.parties.clone();
            parties.vendor.offered = parties::offer(self.stage, &parties).await?;
            let seen = play::play(self.stage, self.cell, parties, tag, strangers).await;
            let mut seen = match seen {
                Err(error) if n < TRIES => {
                    println!("{}: {error:#}", self.cell);
                    continue;
                }
                seen => seen?,
            };
            told(&seen);
            let differs = documented.map(|documented| doc::differences(documented, &seen));
            let differs = differs.unwrap_or_default();
            if n == TRIES || seen.defects.is_empty() && differs.is_empty() {
                seen.defects.extend(wrong);
                return Ok(seen);
            }
            for why in seen.defects.iter().chain(&differs) {
                println!("  played again: {why}");
            }
            wrong.extend(seen.wrong);
        }
    }
}

fn told(seen: &Observed) {
    let figures = &seen.figures;
    println!(
        "{:<22} broken {:>5.1} s  normal again {:>7}  rest {:>5.1} s  {}{}{}",
        seen.cell.to_string(),
        figures.broken_for / 1000.0,
        figures
            .recovery
            .map_or("never".to_owned(), |ms| format!("{:.1} s", ms / 1000.0)),
        figures.rest.unwrap_or(f64::NAN) / 1000.0,
        seen.after,
        match figures.unsent {
            0 => String::new(),
            n => format!("  {n} messages wait for a report"),
        },
        if seen.defects.is_empty() { "" } else { "  DEFECTS" }
    );
}

/// For the ledger of proofs.
fn line(observed: &[Observed], seconds: f64) -> Line {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let of = |wanted: fn(&Cell) -> bool| observed.iter().filter(move |seen| wanted(&seen.cell));
    let slowest = |wanted: fn(&Cell) -> bool| {
        of(wanted)
            .filter_map(|seen| seen.figures.recovery)
            .max_by(f64::total_cmp)
    };
    let mut line = Line::new(Kind::Matrix, seconds)
        .violations(number(
            observed
                .iter()
                .map(|seen| seen.defects.len() + seen.odd.len())
                .sum(),
        ))
        .count("cells", number(observed.len()))
        .count(
            "recovered",
            number(
                observed
                    .iter()
                    .filter(|seen| seen.figures.recovery.is_some())
                    .count(),
            ),
        );
    for seen in observed {
        line = line.fault(&seen.cell.to_string(), 1);
    }
    if let Some(ms) = slowest(|_| true) {
        line = line.figure("slowest_recovery_ms", ms);
    }
    if let Some(ms) = slowest(|cell| cell.dependency == Dependency::Postgresql) {
        line = line.figure("postgresql.recovery_ms", ms);
    }
    let redis = of(|cell| cell.dependency == Dependency::Redis && cell.fault == Fault::Down).next();
    if let Some(seen) = redis {
        let figures = &seen.figures;
        line = line
            .figure("redis.added_ms", figures.added.unwrap_or(f64::NAN))
            .figure("redis.serving_ms", figures.serving)
            .count("redis.errors", figures.refused);
    }
    let services = [
        Dependency::Credit,
        Dependency::Inventory,
        Dependency::Notification,
    ];
    let down = observed
        .iter()
        .filter(|seen| services.contains(&seen.cell.dependency) && seen.cell.fault == Fault::Down);
    let mut acks: Vec<f64> = down.flat_map(|seen| seen.figures.acks.clone()).collect();
    acks.sort_by(f64::total_cmp);
    if let Some(ms) = acks.get((acks.len() * 99 / 100).min(acks.len().saturating_sub(1))) {
        line = line.figure("ack.down_p99_ms", *ms);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_one_mesh() {
        for meshes in 1..=5 {
            let shares = shares(&Cell::all(), meshes);
            assert_eq!(shares.len(), meshes);
            let mut all: Vec<Cell> = shares.concat();
            all.sort();
            let mut wanted = Cell::all();
            wanted.sort();
            assert_eq!(all, wanted);
            let sizes: Vec<usize> = shares.iter().map(Vec::len).collect();
            let (least, most) = (sizes.iter().min(), sizes.iter().max());
            assert!(
                most.zip(least).is_some_and(|(most, least)| most - least <= 3),
                "{sizes:?}"
            );
        }
    }
}
