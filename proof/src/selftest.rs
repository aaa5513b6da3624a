//! `kasauti selftest`: does the checker find what is wrong? A build of the mesh with bugs on purpose
//! (`cargo build --features khaacho/planted`) is started with one of them at a time, and the invariant that it breaks has
//! to say so. A clean run says as much as this score.
//!
//! Every bug has a profile: a short run with the crowd and the faults in which such a bug shows. Each profile is run
//! without a bug first, and must be clean: a checker that complains about everything finds everything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::harness::program;
use crate::ledger::{self, Kind, Line};

mod bugs;
mod chase;
mod early;
mod profile;
mod report;
#[cfg(test)]
mod tests;

use bugs::{BUGS, Bug, NOT_APPLICABLE};
use chase::{Found, Outcome};
use report::{Row, Summary};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Program of the mesh, built with the feature `planted`; default: `khaacho` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Where the runs and `selftest.md` and `selftest.json` go; default: a new directory under the system's temporary one.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Only these bugs: `pb04,pb06`.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Runs at once.
    #[arg(long, default_value_t = 2)]
    pub jobs: usize,
    /// Seconds for one bug.
    #[arg(long, default_value_t = 600)]
    pub seconds: u64,
    /// Leaves the runs without a bug away: a finding says less then.
    #[arg(long)]
    pub no_clean: bool,
    /// Keeps the directories of all runs, not only of those that were no success.
    #[arg(long)]
    pub keep: bool,
    /// Adds a line to this ledger of proofs.
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// Runs the command; the answer is whether every bug was found and no clean run complained.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let chosen = chosen(&args.only)?;
    let binary = program(args.binary.as_deref())?;
    planted(&binary)?;
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("kasauti-selftest-{}", std::process::id())),
    };
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let dir = dir.canonicalize()?;
    let limit = Duration::from_secs(args.seconds);
    let mut controls = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut waiting: VecDeque<Search> = searches(&chosen, !args.no_clean).into();
    let mut searching = JoinSet::new();
    loop {
        while searching.len() < args.jobs.max(1)
            && let Some(search) = waiting.pop_front()
        {
            searching.spawn(search.run(binary.clone(), dir.clone(), limit, args.keep));
        }
        let Some(ended) = searching.join_next().await else {
            break;
        };
        match ended? {
            Told::Control(name, control) => {
                println!("{name}, without a bug: {}", told(&control));
                controls.insert(name, control);
            }
            Told::Bug(bug, outcome) => {
                println!("{} {}: {}", bug.name, bug.says, said(&outcome));
                rows.push(Row::of(bug, &outcome));
                rows.sort_by_key(|row| BUGS.iter().position(|bug| bug.name == row.bug));
            }
        }
        // What is known so far is worth having when the rest is interrupted.
        Summary::of(&rows, &controls, began.elapsed()).write(&dir)?;
    }
    let summary = Summary::of(&rows, &controls, began.elapsed());
    summary.write(&dir)?;
    println!("{}", summary.markdown());
    println!("written to {}", dir.join("selftest.md").display());
    if let Some(ledger) = &args.ledger {
        ledger::append(ledger, &line(&summary, args.only.is_empty() && !args.no_clean))?;
    }
    Ok(summary.holds())
}

/// One thing to run.
enum Search {
    /// The runs of a profile without a bug.
    Control(&'static Bug),
    /// Those with this one.
    Bug(&'static Bug),
}

/// What came of it.
enum Told {
    Control(String, Result<Vec<String>, String>),
    Bug(&'static Bug, Outcome),
}

/// Every bug, and before the first one of each profile its control.
fn searches(bugs: &[&'static Bug], clean: bool) -> Vec<Search> {
    let mut profiles = BTreeSet::new();
    let mut all = Vec::new();
    for bug in bugs {
        if clean && profiles.insert(bug.profile()) {
            all.push(Search::Control(bug));
        }
        all.push(Search::Bug(bug));
    }
    all
}

impl Search {
    async fn run(self, binary: PathBuf, dir: PathBuf, limit: Duration, keep: bool) -> Told {
        match self {
            Self::Control(bug) => Told::Control(bug.profile(), chase::control(&bug.how, &binary, &dir).await),
            Self::Bug(bug) => Told::Bug(bug, chase::chase(bug, &binary, &dir, limit, keep).await),
        }
    }
}

fn line(summary: &Summary, whole: bool) -> Line {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Line::new(Kind::Selftest, summary.seconds)
        .whole(whole)
        .violations(count(summary.planted - summary.found))
        .count("planted", count(summary.planted))
        .count("found", count(summary.found))
        .count("slowest_seconds", summary.slowest() as u64)
}

/// The bugs of these names, in the order of the list; all of them without names.
fn chosen(only: &[String]) -> anyhow::Result<Vec<&'static Bug>> {
    for name in only {
        if let Some((_, why)) = NOT_APPLICABLE.iter().find(|(there, _)| there == name) {
            anyhow::bail!("{name} is not applicable: {why}");
        }
        anyhow::ensure!(BUGS.iter().any(|bug| bug.name == name), "there is no bug {name}");
    }
    let wanted = |bug: &&Bug| only.is_empty() || only.iter().any(|name| name == bug.name);
    Ok(BUGS.iter().filter(wanted).collect())
}

/// Whether the program can have bugs at all: one that cannot would look healthy whatever it was told.
fn planted(binary: &Path) -> anyhow::Result<()> {
    let marker = b"KHAACHO_PLANTED";
    let program = std::fs::read(binary)?;
    let there = program.windows(marker.len()).any(|part| part == marker);
    anyhow::ensure!(
        there,
        "{} has no bugs on purpose: build it with `--features khaacho/planted`",
        binary.display()
    );
    Ok(())
}

fn told(control: &Result<Vec<String>, String>) -> String {
    match control {
        Ok(broken) if broken.is_empty() => "clean".to_owned(),
        Ok(broken) => format!("BROKEN: {}", broken.join(", ")),
        Err(error) => format!("could not be carried out: {error}"),
    }
}

fn said(outcome: &Outcome) -> String {
    let Outcome {
        found,
        seconds,
        ops,
        rounds,
        ..
    } = outcome;
    match found {
        Found::By(invariant) => {
            format!("found by {invariant} after {seconds:.0} s, {ops} operations, {rounds} run(s)")
        }
        Found::Otherwise(others) => format!("NOT found as it should be, but by {}", others.join(", ")),
        Found::Not => format!("NOT found in {seconds:.0} s, {ops} operations, {rounds} run(s)"),
        Found::Failed(error) => format!("NOT found: {error}"),
    }
}
