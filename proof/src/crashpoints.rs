//! `kasauti crashpoints`: a crash at every point at which anything can become durable.
//!
//! A fixed scenario is played twice and every sync point of every process is written down (see
//! [`crate::proxy::PgProxy`]), with every call between processes. Then each point is played again in a fresh world: the
//! process is killed before its statement is done (A), or after it and before its answer (B), or only the answer is
//! lost (C), or the database is cut off (D); a call is lost, or its answer, or it arrives twice, at once or much later;
//! or the process is killed once more while it recovers (pairs). Clients repeat like real ones, the killed process comes
//! back, everything has to come to rest, the invariants that hold of rows must hold, and the state must be the one that
//! the clean play had.
//!
//! A point is called by process, action, statement and how often the statement was seen in the action: what polls in
//! the background does not shift it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::harness::program;

mod client;
mod judge;
mod names;
mod points;
mod provider;
mod quiet;
mod report;
mod runner;
mod scenario;
mod stage;
mod state;
mod trial;
mod world;

use points::{Mode, Point};
use report::Report;
use scenario::Chapter;
use stage::Stage;
use state::State;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is done at the points: `A`, `B`, `C`, `D`, `calls`, `pairs`.
    #[arg(long, value_delimiter = ',', default_value = "B")]
    pub modes: Vec<String>,
    /// Directory of the run; default: one of its own under the system's temporary directory.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// The program to test; default: `khaacho` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Only points whose name contains one of these texts.
    #[arg(long)]
    pub only: Vec<String>,
    /// At most so many trials.
    #[arg(long)]
    pub limit: Option<usize>,
    /// Every so many-th trial of each mode.
    #[arg(long, default_value_t = 1)]
    pub every: usize,
    /// Meshes at once.
    #[arg(long, default_value_t = 2)]
    pub jobs: usize,
    /// File to which a line of what came out is appended; see [`crate::ledger`].
    #[arg(long)]
    pub ledger: Option<PathBuf>,
    /// Only names the points.
    #[arg(long)]
    pub list: bool,
}

/// What the clean plays showed.
#[derive(Debug)]
struct Plan {
    points: Vec<Point>,
    canonical: BTreeMap<Chapter, State>,
    background: Arc<HashSet<(String, String)>>,
}

/// A point in a mode, and how often it was missed.
#[derive(Debug, Clone)]
struct Trial {
    point: Point,
    mode: Mode,
    missed: u32,
}

/// What all meshes share.
#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    binary: PathBuf,
    with_calls: bool,
    plan: Plan,
    /// Trials that are played together: of one chapter and mode, each at another action.
    waiting: Mutex<VecDeque<Vec<Trial>>>,
    report: Mutex<Report>,
}

/// Runs the command; the answer is whether every point survived.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("kasauti-crashpoints-{}", std::process::id())),
    };
    std::fs::create_dir_all(&dir)?;
    let dir = dir.canonicalize()?;
    println!("crash points in {}", dir.display());
    tokio::select! {
        done = whole(&args, &dir, began) => done,
        stop = tokio::signal::ctrl_c() => {
            stop?;
            anyhow::bail!("interrupted")
        }
    }
}

async fn whole(args: &Args, dir: &Path, began: Instant) -> anyhow::Result<bool> {
    let binary = program(args.binary.as_deref())?;
    let modes = modes(&args.modes)?;
    let with_calls = modes.iter().any(|mode| mode.is_call());
    let stage = Stage::start(&dir.join("mesh0"), &binary, with_calls).await?;
    let plan = runner::explore(&stage, dir).await?;
    let trials = trials(args, &plan, &modes);
    println!(
        "  {} points, {} trials; {:.1} s",
        plan.points.len(),
        trials.len(),
        began.elapsed().as_secs_f64()
    );
    if args.list {
        for trial in &trials {
            println!(
                "{} {}  {}",
                trial.mode.name(),
                trial.point.name(),
                trial.point.says()
            );
        }
        stage.stop().await?;
        return Ok(true);
    }
    let mut report = Report {
        jobs: args.jobs,
        ..Report::default()
    };
    for point in &plan.points {
        *report.found.entry(point.role.name().to_owned()).or_default() += 1;
    }
    for trial in &trials {
        report.count(&trial.point, trial.mode).points += 1;
    }
    let shared = Arc::new(Shared {
        dir: dir.to_owned(),
        binary,
        with_calls,
        plan,
        waiting: Mutex::new(together(trials)),
        report: Mutex::new(report),
    });
    let mut meshes = JoinSet::new();
    meshes.spawn(runner::work(shared.clone(), 0, Some(stage)));
    for n in 1..args.jobs.max(1) {
        meshes.spawn(runner::work(shared.clone(), n, None));
    }
    while let Some(done) = meshes.join_next().await {
        done??;
    }
    let shared = Arc::into_inner(shared).context("somebody still works")?;
    let mut report = shared.report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.finish(began.elapsed().as_secs_f64());
    report.write(dir)?;
    if let Some(path) = &args.ledger {
        let whole = args.only.is_empty() && args.limit.is_none() && args.every <= 1;
        crate::ledger::append(path, &report.line(whole))?;
    }
    println!(
        "{}\nreport: {}",
        report.summary(),
        dir.join("report.md").display()
    );
    Ok(report.held())
}

/// Sets of trials that one play has room for: an action ends at rest, so what broke before it is no longer there, and
/// each action can have a crash of its own.
fn together(trials: Vec<Trial>) -> VecDeque<Vec<Trial>> {
    let mut sets = VecDeque::new();
    let mut actions: BTreeMap<(Mode, Chapter), BTreeMap<usize, VecDeque<Trial>>> = BTreeMap::new();
    for trial in trials {
        if trial.mode.alone() {
            sets.push_back(vec![trial]);
        } else {
            let of = actions.entry((trial.mode, trial.point.chapter)).or_default();
            of.entry(trial.point.action).or_default().push_back(trial);
        }
    }
    for mut queues in actions.into_values() {
        loop {
            let set: Vec<Trial> = queues.values_mut().filter_map(VecDeque::pop_front).collect();
            if set.is_empty() {
                break;
            }
            sets.push_back(set);
        }
    }
    sets
}

fn modes(asked: &[String]) -> anyhow::Result<Vec<Mode>> {
    let mut modes = Vec::new();
    for name in asked {
        match name.as_str() {
            "A" => modes.push(Mode::A),
            "B" => modes.push(Mode::B),
            "C" => modes.push(Mode::C),
            "D" => modes.push(Mode::D),
            "pairs" => modes.push(Mode::Pairs),
            "calls" => modes.extend(Mode::CALLS),
            other => {
                let one = Mode::CALLS.into_iter().find(|mode| mode.name() == other);
                modes.push(one.with_context(|| format!("there is no mode {other}"))?);
            }
        }
    }
    Ok(modes)
}

fn trials(args: &Args, plan: &Plan, modes: &[Mode]) -> Vec<Trial> {
    let mut trials = Vec::new();
    for mode in modes {
        let meant = |point: &&Point| {
            let name = point.name();
            point.takes(*mode, &plan.background)
                && (args.only.is_empty() || args.only.iter().any(|part| name.contains(part.as_str())))
        };
        let every = args.every.max(1);
        let points = plan.points.iter().filter(meant).step_by(every);
        trials.extend(points.map(|point| Trial {
            point: point.clone(),
            mode: *mode,
            missed: 0,
        }));
    }
    trials.truncate(args.limit.unwrap_or(usize::MAX));
    trials
}
