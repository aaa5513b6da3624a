//! Explores the scenario, and works off trials on one mesh.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use crate::harness::Role;

use super::points::{Mode, Point, common};
use super::quiet::Watch;
use super::report::{Failure, Report};
use super::scenario::Chapter;
use super::stage::Stage;
use super::trial::{self, Outcome};
use super::{Plan, Shared, Trial};

/// Worlds that are made at a time.
const BATCH: usize = 16;
/// How often a point is tried that is not reached.
const TRIES: u32 = 3;

/// Plays every chapter until its points and its end are known.
///
/// # Errors
/// When a clean play does not work, or two of them end differently.
pub(super) async fn explore(stage: &Stage, dir: &Path) -> anyhow::Result<Plan> {
    let background: HashSet<_> = trial::background(stage).await.into_iter().collect();
    let background = Arc::new(background);
    stage.background(&background);
    let mut points: Vec<Point> = Vec::new();
    let mut canonical = BTreeMap::new();
    for chapter in Chapter::ALL {
        // The first one fills caches.
        let worlds = stage.worlds(number(), &[chapter; 3]).await?;
        let mut plays = Vec::new();
        for world in &worlds {
            plays.push(trial::clean(stage, world, chapter).await?);
        }
        let (Some(last), Some(second)) = (plays.pop(), plays.pop()) else {
            anyhow::bail!("a chapter was not played");
        };
        let name = chapter.name();
        let file = dir.join(format!("canonical-{name}.json"));
        std::fs::write(&file, serde_json::to_vec_pretty(&second.state)?)?;
        let wrong = last.state.differences(&second.state);
        anyhow::ensure!(
            wrong.is_empty(),
            "two clean plays of {name} end differently:\n{}",
            wrong.join("\n")
        );
        anyhow::ensure!(
            second.broken.is_empty(),
            "a clean play of {name} breaks:\n{}",
            second.broken.join("\n")
        );
        for (action, (one, other)) in second.seen.iter().zip(&last.seen).enumerate() {
            points.extend(common(chapter, action, one, other));
        }
        canonical.insert(chapter, second.state);
    }
    Ok(Plan {
        points,
        canonical,
        background,
    })
}

/// Numbers of worlds that no other batch of this process has.
fn number() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(u32::try_from(BATCH).unwrap_or(16), Ordering::Relaxed)
}

/// Works until nothing waits.
///
/// # Errors
/// When a mesh cannot be started.
pub(super) async fn work(shared: Arc<Shared>, mesh: usize, stage: Option<Stage>) -> anyhow::Result<()> {
    let dir = shared.dir.join(format!("mesh{mesh}"));
    let mut stage = match stage {
        Some(stage) => stage,
        None => start(&shared, &dir).await?,
    };
    loop {
        let batch = take(&shared);
        if batch.is_empty() {
            return stage.stop().await;
        }
        let chapters: Vec<Chapter> = batch
            .iter()
            .filter_map(|set| Some(set.first()?.point.chapter))
            .collect();
        let worlds = stage.worlds(number(), &chapters).await?;
        for (done, ((set, world), chapter)) in batch.iter().zip(&worlds).zip(&chapters).enumerate() {
            let (began, logs) = (Instant::now(), sizes(&dir));
            let wanted = &shared.plan.canonical[chapter];
            let outcome = trial::crash(&stage, world, set, wanted)
                .await
                .unwrap_or_else(|error| Outcome::Failed(vec![format!("the stage broke: {error:#}")]));
            let failed = matches!(outcome, Outcome::Failed(_));
            write_down(&shared, set, outcome, began, &dir, &logs);
            if failed && Watch::new(&stage).settle().await.is_err() {
                // What is left over would be counted against the next ones; they get another mesh.
                give_back(&shared, batch.get(done + 1..).unwrap_or_default());
                drop(stage);
                stage = start(&shared, &dir).await?;
                break;
            }
        }
    }
}

async fn start(shared: &Shared, dir: &Path) -> anyhow::Result<Stage> {
    let stage = Stage::start(dir, &shared.binary, shared.with_calls).await?;
    stage.background(&shared.plan.background);
    Ok(stage)
}

fn take(shared: &Shared) -> Vec<Vec<Trial>> {
    let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    // The last ones are shared.
    let most = BATCH.min(waiting.len().div_ceil(2).max(1)).min(waiting.len());
    waiting.drain(..most).collect()
}

fn give_back(shared: &Shared, sets: &[Vec<Trial>]) {
    let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    for set in sets.iter().rev() {
        waiting.push_front(set.clone());
    }
}

fn write_down(
    shared: &Shared,
    set: &[Trial],
    outcome: Outcome,
    began: Instant,
    dir: &Path,
    logs: &[(Role, u64)],
) {
    let mut report = shared.report.lock().unwrap_or_else(PoisonError::into_inner);
    let each = began.elapsed().as_millis() / set.len().max(1) as u128;
    for _ in set {
        report.took.push(u64::try_from(each).unwrap_or(u64::MAX));
        if report.took.len().is_multiple_of(100) {
            let (done, failed) = (report.took.len(), report.failures.len());
            println!("  {done} trials done, {failed} failed");
        }
    }
    match outcome {
        Outcome::Survived(reached) => {
            for (trial, reached) in set.iter().zip(reached) {
                survived(shared, &mut report, trial, reached);
            }
        }
        Outcome::Failed(wrong) => {
            for trial in set {
                report.count(&trial.point, trial.mode).failed += 1;
            }
            failed(shared, &mut report, set, wrong, dir, logs);
        }
    }
}

/// A point that was not reached is tried again by itself.
fn survived(shared: &Shared, report: &mut Report, trial: &Trial, reached: bool) {
    if reached {
        report.count(&trial.point, trial.mode).survived += 1;
    } else if trial.missed + 1 < TRIES {
        let again = Trial {
            missed: trial.missed + 1,
            ..trial.clone()
        };
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(vec![again]);
    } else {
        let (mode, name) = (trial.mode.name(), trial.point.name());
        report.count(&trial.point, trial.mode).missed += 1;
        println!("  missed {mode} {name}");
        report
            .missed
            .push(format!("{mode} {name}: {}", trial.point.says()));
    }
}

fn failed(
    shared: &Shared,
    report: &mut Report,
    set: &[Trial],
    wrong: Vec<String>,
    dir: &Path,
    logs: &[(Role, u64)],
) {
    let number = format!("{:03}", report.failures.len() + 1);
    let place = shared.dir.join("failures").join(number);
    keep_logs(dir, logs, &place);
    let mode = set.first().map_or(Mode::B, |trial| trial.mode);
    let names: Vec<String> = set.iter().map(|trial| trial.point.name()).collect();
    let says: Vec<String> = set.iter().map(|trial| trial.point.says()).collect();
    println!(
        "  FAILED {} {}: {}",
        mode.name(),
        names.join(" + "),
        wrong.first().map_or("", String::as_str)
    );
    let only = names.iter().map(|name| format!(" --only {name}"));
    report.failures.push(Failure {
        again: format!(
            "kasauti crashpoints --modes {}{} --jobs 1",
            mode.name(),
            only.collect::<String>()
        ),
        point: names.join(" + "),
        mode: mode.name(),
        statement: says.join("; "),
        wrong,
        logs: place.display().to_string(),
    });
}

fn log(dir: &Path, role: Role) -> std::path::PathBuf {
    dir.join("logs").join(format!("{role}.log"))
}

fn sizes(dir: &Path) -> Vec<(Role, u64)> {
    let roles: BTreeSet<Role> = crate::harness::Mode::Split.roles().iter().copied().collect();
    let size = |role| std::fs::metadata(log(dir, role)).map_or(0, |meta| meta.len());
    roles.into_iter().map(|role| (role, size(role))).collect()
}

/// Keeps what the processes said since then; a log that cannot be copied is still in the mesh's directory.
fn keep_logs(dir: &Path, since: &[(Role, u64)], place: &Path) {
    let _ = std::fs::create_dir_all(place);
    for (role, from) in since {
        let whole = std::fs::read(log(dir, *role)).unwrap_or_default();
        let from = usize::try_from(*from).unwrap_or(0).min(whole.len());
        let _ = std::fs::write(
            place.join(format!("{role}.log")),
            whole.get(from..).unwrap_or_default(),
        );
    }
}
