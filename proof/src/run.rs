//! `kasauti run`: a seeded crowd against a mesh of its own, while things break; then the proof that it comes to rest,
//! and the checker's verdict on everything that was seen.
//!
//! A run goes through these phases: the world is made (vendors, products, stock, accounts, keys), actors and nemesis
//! work until enough operations were acknowledged and every fault has happened, everything is mended, offers that are
//! still open are answered, the mesh must come to rest, the contract views are dumped, a backup that was taken meanwhile
//! is restored and dumped too, and the history is checked. What stays in the directory is described in [`crate::check`].

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::check;
use crate::fakes::Manners;
use crate::harness::program;
use crate::ledger;
use crate::views;

mod actor;
mod admin;
mod backup;
mod basket;
mod calls;
mod chat;
mod clock;
mod database;
mod disk;
mod edges;
mod garbage;
mod kept;
mod late;
mod message;
mod meta;
mod nemesis;
mod network;
mod observer;
mod outcome;
mod processes;
mod providers;
mod quiet;
mod repairs;
mod retailer;
pub mod scenario;
pub mod schedule;
mod series;
mod servers;
mod setup;
mod stage;
pub mod staging;
mod statements;
mod supervisor;
mod traffic;
mod vendor;
mod world;

use actor::Actor;
use scenario::Scenario;
use stage::Stage;

/// An actor ends what it is at; a message of Meta's may have to be repeated until everything is mended.
const LAST_WORDS: Duration = Duration::from_secs(90);

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where every random number comes from.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Several runs, one after the other: `1..=20` or `3,5,8`.
    #[arg(long, value_parser = series::seeds, conflicts_with = "seed")]
    pub seeds: Option<series::Seeds>,
    /// Acknowledged operations until actors stop.
    #[arg(long, default_value_t = 6000)]
    pub ops: u64,
    /// Faults.
    #[arg(long, default_value_t = 120)]
    pub faults: u64,
    /// Only faults of these kinds, such as `kill,net_cut`; default: of all.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Directory of the run; default: one of its own under the system's temporary directory.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// The program to test; default: `khaacho` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Run without Redis.
    #[arg(long)]
    pub no_redis: bool,
    /// Adds a line to this ledger of proofs.
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// Runs the command; the answer is whether everything held.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let Some(seeds) = &args.seeds else {
        let dir = args.dir.clone().unwrap_or_else(|| own_dir(args.seed));
        return Ok(one(&args, args.seed, &dir).await?.held);
    };
    let base = args.dir.clone().unwrap_or_else(|| own_dir(args.seed));
    let mut rows = Vec::new();
    for seed in seeds.clone() {
        let dir = base.join(format!("seed-{seed}"));
        let row = match one(&args, seed, &dir).await {
            Ok(verdict) => series::Row::of(seed, &dir, &verdict)?,
            Err(error) => series::Row::failed(seed, &format!("{error:#}")),
        };
        println!("{}", serde_json::to_string(&row)?);
        rows.push(row);
    }
    println!("{}", series::table(&rows));
    Ok(rows.iter().all(series::Row::held))
}

fn own_dir(seed: u64) -> PathBuf {
    std::env::temp_dir().join(format!("kasauti-run-{seed}-{}", std::process::id()))
}

/// One run from its beginning to its verdict.
async fn one(args: &Args, seed: u64, dir: &Path) -> anyhow::Result<check::Verdict> {
    anyhow::ensure!(
        !dir.join("history.jsonl").exists(),
        "{} already has a run",
        dir.display()
    );
    std::fs::create_dir_all(dir.join("logs"))?;
    let dir = dir.canonicalize()?;
    println!("run {seed} in {}", dir.display());
    let began = std::time::Instant::now();
    let mut scenario = Scenario::draw(seed, args.ops, args.faults).crowded();
    scenario.narrow(&args.only)?;
    tokio::select! {
        done = whole(args, scenario, &dir) => done?,
        stop = tokio::signal::ctrl_c() => {
            stop?;
            anyhow::bail!("interrupted; {} has what happened until now", dir.display());
        }
    }
    let verdict = check::check_dir(&dir).await?;
    println!("{}", crate::report::summary(&verdict));
    println!("report: {}", dir.join("report.md").display());
    if let Some(ledger) = &args.ledger {
        let line = ledger::of_run(&dir, seed, &verdict, began.elapsed().as_secs_f64())?;
        ledger::append(ledger, &line)?;
    }
    Ok(verdict)
}

/// A run of a scenario that somebody else made, in a directory that has none yet.
///
/// # Errors
/// When it could not be carried out.
pub async fn directed(binary: &Path, dir: &Path, scenario: Scenario) -> anyhow::Result<check::Verdict> {
    std::fs::create_dir_all(dir.join("logs"))?;
    let dir = dir.canonicalize()?;
    let args = Args {
        seed: scenario.seed,
        seeds: None,
        ops: scenario.ops,
        faults: scenario.faults,
        only: Vec::new(),
        dir: Some(dir.clone()),
        binary: Some(binary.to_owned()),
        no_redis: false,
        ledger: None,
    };
    whole(&args, scenario, &dir).await?;
    check::check_dir(&dir).await
}

/// Everything but the check. When it returns, nothing runs any more.
async fn whole(args: &Args, scenario: Scenario, dir: &Path) -> anyhow::Result<()> {
    let binary = program(args.binary.as_deref())?;
    let stage = Arc::new(setup::set(args, dir, &binary, scenario).await?);
    let outcome = play(&stage, dir, &binary).await;
    if let Err(error) = &outcome {
        stage.mark("aborted", json!({ "error": format!("{error:#}") }));
    }
    for (what, count) in stage.tally() {
        println!("  {count:>6} {what}");
    }
    let ground = match alone(stage).await {
        Some(stage) => stage.ground,
        None => return outcome.and_then(|()| anyhow::bail!("somebody still acts")),
    };
    if outcome.is_ok() {
        ground
            .mesh
            .stop()
            .await
            .context("the mesh does not end cleanly")?;
    }
    ground.postgres.stop().await?;
    drop(ground.disk);
    std::fs::remove_dir_all(dir.join("pg"))?;
    outcome
}

/// The stage, once the tasks that `play` has dropped are gone.
async fn alone(mut stage: Arc<Stage>) -> Option<Stage> {
    for _ in 0..200 {
        match Arc::try_unwrap(stage) {
            Ok(stage) => return Some(stage),
            Err(shared) => stage = shared,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

async fn play(stage: &Arc<Stage>, dir: &Path, binary: &Path) -> anyhow::Result<()> {
    let url = stage.postgres.url("khaacho");
    if let Err(error) = views::dump(&url, dir, "start").await {
        anyhow::bail!("the views cannot be dumped: {error:#}");
    }
    world::Builder::new(Actor::new(stage, "a00")).build().await?;
    let roles = stage.mesh.roles().len();
    let planned = schedule::draw(&stage.scenario, roles, |kind| setup::able(stage, kind));
    meta::write(stage, dir, binary, &planned)?;
    stage.acked.store(0, Ordering::Relaxed);
    stage.fakes.behave(stage.scenario.manners.clone());
    let before = stage.resources().await?;
    stage.mark("baseline", before.clone());
    println!("  the world is made after {:.1} s", seconds(stage));

    let mut watching = JoinSet::new();
    watching.spawn(supervisor::watch(stage.clone()));
    let mut saving = JoinSet::new();
    saving.spawn(backup::take(stage.clone()));
    let mut actors = cast(stage);
    let broken = nemesis::Nemesis::new(stage.clone(), planned);
    let mut breaking = JoinSet::new();
    breaking.spawn(broken.run());
    let stuck = until_enough(stage, &mut breaking, &mut watching).await?;
    stage.ending.cancel();
    println!(
        "  {} operations acknowledged after {:.1} s",
        stage.acked(),
        seconds(stage)
    );
    // Faults that are under way end by themselves.
    while let Some(mended) = breaking.join_next().await {
        mended??;
    }
    mend(stage).await?;
    let waited =
        tokio::time::timeout(LAST_WORDS, async { while actors.join_next().await.is_some() {} }).await;
    if waited.is_err() {
        stage.mark("mute", json!({ "actors": actors.len() }));
    }
    drop(actors);
    answer_all(stage).await;
    rest(stage, stuck).await?;
    stage.mark("resources", stage.resources_given_back(&before).await?);
    stage.mark("calls", traffic::calls(stage).await);
    // One that is under way ends before the last views are read: it has nothing that they do not have.
    while let Some(saved) = saving.join_next().await {
        saved??;
    }
    views::dump(&url, dir, "final").await?;
    backup::restore(stage).await;
    watching.shutdown().await;
    Ok(())
}

fn seconds(stage: &Stage) -> f64 {
    Duration::from_nanos(stage.recorder.now_ns()).as_secs_f64()
}

/// Starts all actors.
fn cast(stage: &Arc<Stage>) -> JoinSet<()> {
    let world = stage.world();
    let actors = &stage.scenario.actors;
    let mut all = JoinSet::new();
    for (n, shops) in world.shops.chunks(actors.shops_each).enumerate() {
        let actor = Actor::new(stage, &format!("r{:03}", n + 1));
        all.spawn(retailer::Retailer::new(actor, shops.to_vec()).run());
    }
    for vendor in vendors(stage, "v") {
        all.spawn(vendor.run());
    }
    for n in 1..=actors.admins {
        all.spawn(admin::Admin::new(Actor::new(stage, &format!("a{n:02}"))).run());
    }
    let every = (stage.scenario.ops / 6).max(if stage.scenario.ops < 1000 { 25 } else { 100 });
    if stage.scenario.staging.late_releases {
        all.spawn(late::Late::new(Actor::new(stage, "late")).run());
    }
    all.spawn(observer::Observer::new(Actor::new(stage, "obs"), every).run());
    all
}

/// Stores go round, so that each person has some of every group.
fn vendors(stage: &Arc<Stage>, prefix: &str) -> Vec<vendor::Vendor> {
    let world = stage.world();
    let people = stage.scenario.actors.vendors;
    let of = |n: usize| world.stores.iter().skip(n).step_by(people).cloned().collect();
    let actor = |n: usize| Actor::new(stage, &format!("{prefix}{:02}", n + 1));
    (0..people)
        .map(|n| vendor::Vendor::new(actor(n), of(n)))
        .collect()
}

/// Until enough was acknowledged and all faults have begun, or nothing moves any more; the second is the answer.
async fn until_enough(
    stage: &Stage,
    breaking: &mut JoinSet<anyhow::Result<()>>,
    watching: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<bool> {
    let enough = async {
        while stage.acked() < stage.scenario.ops {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // The nemesis ends once everything it broke is mended; actors go on until then.
        match breaking.join_next().await {
            Some(mended) => mended?,
            None => Ok(()),
        }
    };
    tokio::select! {
        done = enough => done.map(|()| false),
        Some(failed) = watching.join_next() => {
            failed??;
            anyhow::bail!("nobody watches the processes any more")
        }
        acked = supervisor::stuck(stage) => {
            stage.mark("stuck", json!({ "acked": acked }));
            Ok(true)
        }
    }
}

/// From now on nothing is broken.
async fn mend(stage: &Stage) -> anyhow::Result<()> {
    stage.fakes.behave(Manners::good());
    stage.edges.clear();
    stage.calls.clear();
    for role in stage.mesh.roles() {
        if let Some(clocks) = &stage.clocks {
            clocks.set(*role, 0)?;
        }
    }
    if let Some(disk) = &stage.disk {
        disk.free();
    }
    stage.postgres.spawn()?;
    stage.postgres.ready(Duration::from_secs(60)).await?;
    if let Some(redis) = &stage.redis {
        redis.spawn()?;
        redis.ready().await?;
    }
    for role in stage.mesh.roles() {
        stage.mesh.spawn(*role)?;
        stage.mesh.ready(*role, Duration::from_secs(60)).await?;
    }
    stage.mark("mended", json!({}));
    Ok(())
}

/// Offers that nobody answered would change the state when their time is over.
async fn answer_all(stage: &Arc<Stage>) {
    let mut last = JoinSet::new();
    for mut vendor in vendors(stage, "w") {
        last.spawn(async move { vendor.answer_all().await });
    }
    while last.join_next().await.is_some() {}
}

/// Proves that nothing is left to do, or writes down what is.
async fn rest(stage: &Stage, stuck: bool) -> anyhow::Result<()> {
    let limit = Duration::from_secs(stage.scenario.limits.quiesce_s);
    let limit = limit.max(quiet::pace(stage).await?);
    // A mesh that comes to rest too late is a finding; what it is at rest is worth a check all the same.
    let within = limit * 3 / 2;
    let budget = json!(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    let outcome = if stuck {
        Err(json!("nothing was acknowledged any more"))
    } else {
        quiet::wait(stage, within).await?
    };
    let ms = |time: Duration| json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let told = |waited: Value| json!({ "waited_ms": waited, "budget_ms": budget });
    match outcome {
        Ok(rest) => {
            let (own, all) = (rest.own.as_secs_f64(), rest.all.as_secs_f64());
            println!(
                "  at rest after {own:.1} s, with the last message's turn at the provider after {all:.1} s"
            );
            let mut v = told(ms(rest.all));
            v["own_ms"] = ms(rest.own);
            stage.mark("quiescent", v);
        }
        Err(pending) => {
            println!("  not at rest: {pending}");
            let mut v = told(json!(within.as_secs() * 1000));
            v["pending"] = pending;
            stage.mark("not_quiescent", v);
        }
    }
    Ok(())
}
