//! `kasauti run`: a seeded crowd against a mesh of its own, while things break; then the proof that it comes to rest,
//! and the checker's verdict on everything that was seen.
//!
//! A run goes through these phases: the world is made (vendors, products, stock, accounts, keys), actors and nemesis
//! work until enough operations were acknowledged and every fault has happened, everything is mended, offers that are
//! still open are answered, the mesh must come to rest, the contract views are dumped, and the history is checked. What
//! stays in the directory is described in [`crate::check`].

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::check;
use crate::fakes::{Fakes, Manners};
use crate::harness::{Mesh, Mode, Plan, Postgres, Redis, program};
use crate::history::Recorder;
use crate::views;

mod actor;
mod admin;
mod basket;
mod chat;
mod database;
mod garbage;
mod kept;
mod message;
mod meta;
mod nemesis;
mod observer;
mod outcome;
mod providers;
mod quiet;
mod retailer;
pub mod scenario;
pub mod schedule;
mod stage;
mod supervisor;
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
    /// Acknowledged operations until actors stop.
    #[arg(long, default_value_t = 6000)]
    pub ops: u64,
    /// Faults.
    #[arg(long, default_value_t = 120)]
    pub faults: u64,
    /// Directory of the run; default: one of its own under the system's temporary directory.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// The program to test; default: `khaacho` beside this one.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Run without Redis.
    #[arg(long)]
    pub no_redis: bool,
}

/// Runs the command; the answer is whether everything held.
///
/// # Errors
/// When it could not be carried out.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("kasauti-run-{}-{}", args.seed, std::process::id())),
    };
    anyhow::ensure!(
        !dir.join("history.jsonl").exists(),
        "{} already has a run",
        dir.display()
    );
    std::fs::create_dir_all(dir.join("logs"))?;
    let dir = dir.canonicalize()?;
    println!("run {} in {}", args.seed, dir.display());
    tokio::select! {
        done = whole(&args, &dir) => done?,
        stop = tokio::signal::ctrl_c() => {
            stop?;
            anyhow::bail!("interrupted; {} has what happened until now", dir.display());
        }
    }
    let verdict = check::check_dir(&dir).await?;
    println!("{}", crate::report::summary(&verdict));
    println!("report: {}", dir.join("report.md").display());
    Ok(verdict.held)
}

/// Everything but the check. When it returns, nothing runs any more.
async fn whole(args: &Args, dir: &Path) -> anyhow::Result<()> {
    let scenario = Scenario::draw(args.seed, args.ops, args.faults);
    let binary = program(args.binary.as_deref())?;
    let stage = Arc::new(set(args, dir, &binary, scenario).await?);
    let outcome = play(&stage, dir, &binary).await;
    if let Err(error) = &outcome {
        stage.mark("aborted", json!({ "error": format!("{error:#}") }));
    }
    for (what, count) in stage.tally() {
        println!("  {count:>6} {what}");
    }
    // Tasks that still hold the stage have been dropped with `play`.
    let stage = Arc::into_inner(stage).context("somebody still acts")?;
    if outcome.is_ok() {
        stage.mesh.stop().await.context("the mesh does not end cleanly")?;
    }
    stage.postgres.stop().await?;
    std::fs::remove_dir_all(dir.join("pg"))?;
    outcome
}

/// Builds the stage: database, Redis, providers, mesh.
async fn set(args: &Args, dir: &Path, binary: &Path, scenario: Scenario) -> anyhow::Result<Stage> {
    let recorder = Arc::new(Recorder::create(dir)?);
    let postgres = Postgres::start(dir).await?;
    postgres.seed(binary).await?;
    let redis = if args.no_redis {
        None
    } else {
        Some(Redis::start(dir).await?)
    };
    let mut plan = Plan::new(dir, binary, Mode::Split, postgres.url("khaacho"));
    let fakes = Fakes::start(dir, recorder.clone(), &plan.http(), scenario.seed).await?;
    for (name, value) in fakes.settings() {
        plan.env_everywhere(name, &value);
    }
    if let Some(redis) = &redis {
        plan.env_everywhere("REDIS_URL", &redis.url());
    }
    let minutes = scenario.limits.vendor_deadline_minutes.to_string();
    plan.env_everywhere("KHAACHO_ORDER_VENDOR_DEADLINE_MINUTES", &minutes);
    plan.env_everywhere("KHAACHO_CREDIT_DRIFT_CHECK_SECONDS", "10");
    plan.env_everywhere("KHAACHO_INVENTORY_DRIFT_SECONDS", "10");
    let mesh = Mesh::start(plan).await?;
    Ok(Stage::new(recorder, scenario, fakes, mesh, redis, postgres))
}

async fn play(stage: &Arc<Stage>, dir: &Path, binary: &Path) -> anyhow::Result<()> {
    let url = stage.postgres.url("khaacho");
    if let Err(error) = views::dump(&url, dir, "start").await {
        anyhow::bail!("the views cannot be dumped: {error:#}");
    }
    world::Builder::new(Actor::new(stage, "a00")).build().await?;
    let planned = schedule::draw(&stage.scenario, stage.mesh.roles().len());
    meta::write(stage, dir, binary, &planned)?;
    stage.acked.store(0, Ordering::Relaxed);
    stage.fakes.behave(stage.scenario.manners.clone());
    stage.mark("baseline", stage.resources().await?);
    println!("  the world is made after {:.1} s", seconds(stage));

    let mut watching = JoinSet::new();
    watching.spawn(supervisor::watch(stage.clone()));
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
    stage.mark("resources", stage.resources().await?);
    views::dump(&url, dir, "final").await?;
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
    let every = (stage.scenario.ops / 6).max(100);
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
    // A mesh that comes to rest too late is a finding; what it is at rest is worth a check all the same.
    let within = Duration::from_secs(stage.scenario.limits.quiesce_s * 3);
    let budget = json!(stage.scenario.limits.quiesce_s * 1000);
    let outcome = if stuck {
        Err(json!("nothing was acknowledged any more"))
    } else {
        quiet::wait(stage, within).await?
    };
    let told = |ms: Value| json!({ "waited_ms": ms, "budget_ms": budget });
    match outcome {
        Ok(waited) => {
            let ms = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
            println!("  at rest after {:.1} s", waited.as_secs_f64());
            stage.mark("quiescent", told(json!(ms)));
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
