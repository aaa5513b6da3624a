//! One cell: everybody at work, something breaks, it is mended, all is well again, and the books are right.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::books::{self, Books, Rest};
use super::cell::{Cell, Dependency, Fault};
use super::diary::{Diary, Sample, again};
use super::fold::{self, Window};
use super::parties::Parties;
use super::prober::{self, Acked, Scene};
use super::seen::{Probe, Seen};
use super::stage::Stage;
use super::talk;

/// Until everybody has found everything normal.
const BEFORE: Duration = Duration::from_secs(45);
/// For how long something is broken at least.
const WINDOW: Duration = Duration::from_secs(5);
/// At most: an answer that takes its whole time has to be seen.
const WINDOW_MAX: Duration = Duration::from_secs(13);
/// Until everything has to be normal again.
const AFTER: Duration = Duration::from_secs(45);
/// Until nothing may be open any more.
const REST: Duration = Duration::from_secs(45);
/// Between two looks of ours.
const LOOK: Duration = Duration::from_millis(40);

/// What was observed of a cell.
#[derive(Debug, Serialize)]
pub(super) struct Observed {
    pub(super) cell: Cell,
    /// Words of the rows.
    pub(super) rows: BTreeMap<Probe, String>,
    pub(super) recovery: &'static str,
    pub(super) after: &'static str,
    /// Bounds of the product that were kept or not, where there are any.
    pub(super) bounds: Option<String>,
    /// What is wrong in the books: never a matter of time.
    pub(super) wrong: Vec<String>,
    /// All that must not be, with evidence.
    pub(super) defects: Vec<String>,
    /// Statuses that should be others; the table shows them.
    pub(super) odd: Vec<String>,
    pub(super) figures: Figures,
    pub(super) samples: Vec<Sample>,
}

/// Figures of a cell, in milliseconds.
#[derive(Debug, Default, Clone, Serialize)]
pub(super) struct Figures {
    pub(super) broken_for: f64,
    /// Nothing when it never was well again.
    pub(super) recovery: Option<f64>,
    /// By probe, for those that were not normal at once.
    pub(super) recoveries: BTreeMap<Probe, f64>,
    pub(super) rest: Option<f64>,
    /// Messages that wait for a report of the provider, after the rest.
    pub(super) unsent: i64,
    /// Middle order while broken less middle order before.
    pub(super) added: Option<f64>,
    /// From the beginning of the fault until the last answer that was not normal.
    pub(super) serving: f64,
    /// Orders, acceptances and messages that were refused while it was broken.
    pub(super) refused: u64,
    /// Times of acknowledgements while broken.
    pub(super) acks: Vec<f64>,
}

/// Plays one cell.
///
/// # Errors
/// When it is not normal beforehand, or the database cannot be read.
pub(super) async fn play(
    stage: &Arc<Stage>,
    cell: Cell,
    parties: Parties,
    tag: String,
    strangers: u64,
) -> anyhow::Result<Observed> {
    let before = Books::read(stage, &parties).await?;
    let scene = Arc::new(Scene {
        stage: stage.clone(),
        cell,
        tag,
        strangers,
        parties,
        diary: Diary::default(),
        stop: CancellationToken::new(),
        healed: OnceLock::new(),
        acked: Acked::default(),
    });
    let mut probing = JoinSet::new();
    prober::start(&scene, &mut probing);
    talk::start(&scene, &mut probing);
    normal(&scene).await?;
    let broken = stage.now();
    let spoiling = stage.spoil(cell);
    broken_for(&scene, broken).await;
    drop(spoiling);
    let window = Window {
        broken,
        healed: stage.now(),
    };
    stage.heal();
    // Nobody else sets it.
    let _ = scene.healed.set(window.healed);
    let recovered = recovered(&scene, window).await;
    let exporting = exporting(&scene, window).await;
    scene.stop.cancel();
    while probing.join_next().await.is_some() {}
    let rested = books::rest(stage, REST).await?;
    let mut wrong = books::oddities(&scene).await?;
    wrong.extend(
        Books::read(stage, &scene.parties)
            .await?
            .against(&before, &scene.acked),
    );
    if let Err(open) = &rested {
        wrong.push(format!("not at rest after {REST:?}: {open}"));
    }
    Ok(observed(
        &scene,
        window,
        (recovered, exporting),
        rested.ok(),
        wrong,
    ))
}

/// Waits until every probe has found everything normal.
async fn normal(scene: &Scene) -> anyhow::Result<()> {
    let began = scene.stage.now();
    loop {
        let samples = scene.diary.samples();
        let waits = |probe: &Probe| {
            let wanted = if probe.talks() { 1 } else { 3 };
            let own = samples.iter().rev().filter(|sample| sample.probe == *probe);
            own.take_while(|sample| sample.seen.normal).count() < wanted
        };
        let waiting: Vec<Probe> = Probe::ALL.into_iter().filter(waits).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        if scene.stage.now() - began > BEFORE {
            scene.stop.cancel();
            let last = samples
                .iter()
                .rev()
                .find(|sample| waiting.contains(&sample.probe));
            anyhow::bail!("{} begins while {waiting:?} are not normal: {last:?}", scene.cell);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Lets it be broken until everybody has seen it.
async fn broken_for(scene: &Scene, broken: Duration) {
    loop {
        tokio::time::sleep(LOOK).await;
        let healed = scene.stage.now();
        let window = Window { broken, healed };
        if healed - broken < WINDOW {
            continue;
        }
        let samples = scene.diary.samples();
        let seen =
            |probe: &Probe| probe.talks() || !window.counted(&samples, *probe, scene.cell.fault).is_empty();
        if Probe::ALL.iter().all(seen) || healed - broken > WINDOW_MAX {
            return;
        }
    }
}

/// Waits until every probe is normal again; how long that took of each.
async fn recovered(scene: &Scene, window: Window) -> BTreeMap<Probe, Option<Duration>> {
    loop {
        tokio::time::sleep(LOOK).await;
        let samples = scene.diary.samples();
        let of = |probe: Probe| {
            let at = if probe.talks() {
                talked(&samples, probe, window)
            } else {
                again(&samples, probe, window.healed)
            };
            (probe, at.map(|at| at - window.healed))
        };
        let found: BTreeMap<_, _> = Probe::ALL.into_iter().map(of).collect();
        let all = found.values().all(Option::is_some);
        if all || scene.stage.now() - window.healed > AFTER {
            return found;
        }
    }
}

/// Waits until traces reach their collector again, where it was broken; how long that took since the mend.
///
/// Nothing comes back when they never do.
async fn exporting(scene: &Scene, window: Window) -> Option<Duration> {
    if scene.cell.dependency != Dependency::Collector {
        return Some(Duration::ZERO);
    }
    let collector = &scene.stage.collector;
    let taken = collector.taken();
    while collector.taken() == taken {
        if scene.stage.now() - window.healed > AFTER {
            return None;
        }
        tokio::time::sleep(LOOK).await;
    }
    Some(scene.stage.now() - window.healed)
}

/// A talk is over its trouble when a whole one that began afterwards was normal.
fn talked(samples: &[Sample], probe: Probe, window: Window) -> Option<Duration> {
    let own = samples.iter().filter(|sample| sample.probe == probe);
    let fresh = own.filter(|sample| sample.began >= window.healed);
    fresh
        .filter(|sample| sample.seen.normal)
        .map(|sample| sample.ended)
        .next()
}

fn observed(
    scene: &Scene,
    window: Window,
    (recovered, exporting): (BTreeMap<Probe, Option<Duration>>, Option<Duration>),
    rested: Option<Rest>,
    wrong: Vec<String>,
) -> Observed {
    let samples = scene.diary.samples();
    let cell = scene.cell;
    let open = scene.diary.open();
    let word = |probe: Probe| (probe, fold::word(&samples, &open, probe, cell, window));
    let after = if wrong.is_empty() {
        "all once"
    } else {
        "LOST OR DOUBLED"
    };
    let all = recovered.values().copied().chain([exporting]);
    let took = all.collect::<Option<Vec<Duration>>>();
    let took = took.and_then(|all| all.into_iter().max());
    let figures = figures(&samples, window, &recovered, took, rested);
    let mut defects = wrong.clone();
    defects.extend(kinds(&samples, |seen| seen.defect.as_deref()));
    for (probe, at) in &recovered {
        if at.is_none() {
            let own = samples.iter().rev().find(|sample| sample.probe == *probe);
            let last = own.map_or("nothing", |sample| sample.seen.text.as_str());
            defects.push(format!(
                "{probe:?} is not normal {AFTER:?} after the fault; last: {last}"
            ));
        }
    }
    if exporting.is_none() {
        defects.push(format!("no traces reach the collector {AFTER:?} after the fault"));
    }
    let bounds = bounds(cell, &figures, took);
    if let Some(broken) = bounds.as_ref().filter(|told| told.starts_with("NOT")) {
        defects.push(broken.clone());
    }
    Observed {
        cell,
        rows: Probe::ALL.into_iter().map(word).collect(),
        recovery: fold::recovery(took),
        after,
        bounds,
        wrong,
        defects,
        odd: kinds(&samples, |seen| seen.odd.as_deref()),
        figures,
        samples,
    }
}

/// One of each kind, with how many there were.
fn kinds(samples: &[Sample], of: impl Fn(&Seen) -> Option<&str>) -> Vec<String> {
    let mut kinds: BTreeMap<(Probe, &str), (usize, &str)> = BTreeMap::new();
    for sample in samples {
        if let Some(told) = of(&sample.seen) {
            kinds
                .entry((sample.probe, &sample.seen.text))
                .or_insert((0, told))
                .0 += 1;
        }
    }
    let told = kinds.into_iter();
    told.map(|((probe, _), (times, told))| format!("{probe:?}, {times} times: {told}"))
        .collect()
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

fn figures(
    samples: &[Sample],
    window: Window,
    recovered: &BTreeMap<Probe, Option<Duration>>,
    took: Option<Duration>,
    rested: Option<Rest>,
) -> Figures {
    let took_of = |sample: &&Sample| sample.ended - sample.began;
    let before = samples.iter().filter(|sample| sample.ended < window.broken);
    let before = before.filter(|sample| sample.probe == Probe::Order);
    let during = samples
        .iter()
        .filter(|sample| sample.began >= window.broken && sample.ended <= window.healed);
    let orders = during.clone().filter(|sample| sample.probe == Probe::Order);
    let added = fold::median_ms(orders.map(|sample| took_of(&sample)).collect())
        .zip(fold::median_ms(before.map(|sample| took_of(&sample)).collect()))
        .map(|(during, before)| ((during - before) * 10.0).round() / 10.0);
    let people = |sample: &&Sample| !matches!(sample.probe, Probe::Health | Probe::Ready);
    let refused = during.clone().filter(people).filter(|sample| !sample.seen.normal);
    let last = refused.clone().map(|sample| sample.ended).max();
    let slow = recovered
        .iter()
        .filter_map(|(probe, took)| Some((*probe, ms((*took)?))));
    Figures {
        broken_for: ms(window.healed - window.broken),
        recovery: took.map(ms),
        recoveries: slow.filter(|(_, took)| *took > 1500.0).collect(),
        rest: rested.map(|rest| ms(rest.after)),
        unsent: rested.map_or(0, |rest| rest.unsent),
        added,
        serving: last.map_or(0.0, |last| ms(last - window.broken)),
        refused: u64::try_from(refused.count()).unwrap_or(u64::MAX),
        acks: during
            .filter(|sample| sample.probe == Probe::Ack && sample.seen.normal)
            .map(|sample| ms(took_of(&sample)))
            .collect(),
    }
}

/// What is promised of this cell beyond coming back.
fn bounds(cell: Cell, figures: &Figures, took: Option<Duration>) -> Option<String> {
    let kept = |kept: bool, words: &str| {
        Some(if kept {
            words.to_owned()
        } else {
            format!("NOT {words}: {figures:?}")
        })
    };
    match (cell.dependency, cell.fault) {
        (Dependency::Redis, Fault::Down) => kept(
            figures.added.is_some_and(|added| added <= 60.0) && figures.serving <= 5000.0,
            "serving ≤ 5 s, added latency ≤ 60 ms",
        ),
        (Dependency::Postgresql, _) => kept(
            took.is_some_and(|took| took <= Duration::from_secs(30)),
            "serving ≤ 30 s after it is back",
        ),
        _ => None,
    }
}
