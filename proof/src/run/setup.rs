//! Builds what a run needs: database, Redis, providers, proxies, clocks, mesh.

use std::path::Path;
use std::sync::Arc;

use crate::fakes::Fakes;
use crate::harness::{Mesh, Mode, Plan, Postgres, Redis, Role};
use crate::history::Recorder;

use super::Args;
use super::calls::Calls;
use super::clock::Clocks;
use super::disk::Disk;
use super::edges::Edges;
use super::scenario::Scenario;
use super::schedule::Kind;
use super::stage::{Ground, Stage};
use super::statements::Sessions;

/// Starts everything that a run needs.
///
/// # Errors
/// When something does not start; what was started is ended.
pub(super) async fn set(args: &Args, dir: &Path, binary: &Path, scenario: Scenario) -> anyhow::Result<Stage> {
    let recorder = Arc::new(Recorder::create(dir)?);
    let disk = if scenario.small_disk {
        Disk::mount(&dir.join("pg"))?
    } else {
        None
    };
    let staging = scenario.staging.clone();
    let own = staging.postgres.iter();
    let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
    let settings: Vec<(&str, &str)> = match &disk {
        Some(_) => Disk::SETTINGS.into_iter().chain(own).collect(),
        None => own.collect(),
    };
    let postgres = Postgres::start_with(dir, &settings).await?;
    postgres.seed(binary).await?;
    for statement in &staging.statements {
        postgres.execute("khaacho", statement).await?;
    }
    let redis = if args.no_redis {
        None
    } else {
        Some(Redis::start(dir).await?)
    };
    let mode = if staging.one_process {
        Mode::AllInOne
    } else {
        Mode::Split
    };
    let mut plan = Plan::new(dir, binary, mode, postgres.url("khaacho"));
    let fakes = Fakes::start(dir, recorder.clone(), &plan.http(), scenario.seed).await?;
    for (name, value) in fakes.settings() {
        plan.env_everywhere(name, &value);
    }
    let minutes = scenario.limits.vendor_deadline_minutes.to_string();
    plan.env_everywhere("KHAACHO_ORDER_VENDOR_DEADLINE_MINUTES", &minutes);
    plan.env_everywhere("KHAACHO_CREDIT_DRIFT_CHECK_SECONDS", "10");
    plan.env_everywhere("KHAACHO_INVENTORY_DRIFT_SECONDS", "10");
    for (name, value) in &staging.settings {
        plan.env_everywhere(name, value);
    }
    if staging.jobs_everywhere {
        for role in Role::SERVICES {
            plan.env(role, "ENABLE_BACKGROUND_JOBS", "true");
        }
    }
    let sessions = Sessions::of(plan.mode.roles(), &postgres)?;
    let calls = Calls::to(&plan)?;
    let edges = Edges::between(
        &mut plan,
        &|role| sessions.address(role),
        &|service| calls.address(service),
        redis.as_ref().map(Redis::address).as_deref(),
        fakes.url.trim_start_matches("http://"),
    )?;
    let clocks = Clocks::find(dir)?;
    if let Some(clocks) = &clocks {
        clocks.wind(&mut plan)?;
    }
    let mesh = Mesh::start(plan).await?;
    let ground = Ground {
        fakes,
        mesh,
        edges,
        calls,
        sessions,
        clocks,
        redis,
        postgres,
        disk,
    };
    Ok(Stage::new(recorder, scenario, ground))
}

/// Whether a kind of fault can be done in this run.
pub(super) fn able(stage: &Stage, kind: Kind) -> bool {
    let only = &stage.scenario.nemesis.only;
    if !(only.is_empty() || only.contains(&kind)) {
        return false;
    }
    match kind {
        Kind::DiskFull => stage.disk.is_some(),
        Kind::ClockJump => stage.clocks.is_some(),
        Kind::RedisKill | Kind::RedisFlush | Kind::RedisStop | Kind::NetGarble => stage.redis.is_some(),
        _ => true,
    }
}
