//! Plays a chapter, cleanly or with a crash at one point.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::harness::Role;
use crate::proxy::{At, CallFault, Which};

use super::Trial;
use super::judge;
use super::points::{Mode, Point, Seen, What, count};
use super::quiet::Watch;
use super::scenario::{Chapter, Play};
use super::stage::{BACK, Stage};
use super::state::{self, State};
use super::world::World;

/// How long a mesh without work is watched for what it does all the same: ticks come every five seconds.
const IDLE: Duration = Duration::from_millis(6500);

/// How a play ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The state is the canonical one; by trial, whether its point was reached.
    Survived(Vec<bool>),
    /// It is not, or the mesh did not come to rest, or an invariant is broken.
    Failed(Vec<String>),
}

/// What a clean play shows.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) state: State,
    /// By action.
    pub(super) seen: Vec<Seen>,
    /// Invariants that it breaks.
    pub(super) broken: Vec<String>,
}

/// What the processes of a mesh ask the database for without being asked.
pub(super) async fn background(stage: &Stage) -> Vec<(String, String)> {
    for proxy in stage.sessions.values() {
        proxy.record();
    }
    tokio::time::sleep(IDLE).await;
    let seen = stage.sessions.values().flat_map(|proxy| proxy.recorded());
    seen.filter(|point| !super::points::is_frame(&point.statement))
        .map(|point| (point.application, point.statement))
        .collect()
}

/// Plays a chapter and writes down every point of every action.
///
/// # Errors
/// When an action has no answer or nothing comes to rest.
pub(super) async fn clean(stage: &Stage, world: &World, chapter: Chapter) -> anyhow::Result<Clean> {
    let mut watch = Watch::new(stage);
    let since = now(&mut watch).await?;
    let mut play = Play::new(stage, world, chapter);
    let mut seen = Vec::new();
    for action in chapter.actions() {
        for proxy in stage.sessions.values() {
            proxy.record();
        }
        for proxy in stage.calls.values() {
            proxy.record();
        }
        play.act(action).await?;
        watch.settle().await?;
        seen.push(recorded(stage));
    }
    let rows = state::read(watch.connection().await?, world, since).await?;
    Ok(Clean {
        state: state::of(stage, &play, &rows),
        broken: judge::broken(&rows)?,
        seen,
    })
}

fn recorded(stage: &Stage) -> Seen {
    let mut seen = Seen::new();
    for (role, proxy) in &stage.sessions {
        count(*role, &proxy.recorded(), &mut seen);
    }
    for ((caller, callee), proxy) in &stage.calls {
        for method in proxy.recorded() {
            let what = What::Call {
                callee: *callee,
                method,
            };
            *seen.entry((*caller, what)).or_default() += 1;
        }
    }
    seen
}

/// Plays a chapter with a crash at the point of each trial, all at different actions.
///
/// # Errors
/// When the stage itself does not work any more.
pub(super) async fn crash(
    stage: &Stage,
    world: &World,
    set: &[Trial],
    wanted: &State,
) -> anyhow::Result<Outcome> {
    let Some(chapter) = set.first().map(|trial| trial.point.chapter) else {
        anyhow::bail!("a play without trials");
    };
    let mut watch = Watch::new(stage);
    let since = now(&mut watch).await?;
    let mut play = Play::new(stage, world, chapter);
    let mut reached = vec![false; set.len()];
    for (n, action) in chapter.actions().iter().enumerate() {
        let trial = set.iter().enumerate().find(|(_, trial)| trial.point.action == n);
        let done = match trial {
            Some((which, trial)) => strike(stage, &mut play, &mut watch, action, trial)
                .await
                .map(|struck| reached[which] = struck),
            None => calmly(&mut play, &mut watch, action).await,
        };
        if let Err(error) = done {
            return Ok(Outcome::Failed(vec![format!("{error:#}")]));
        }
    }
    if set.iter().any(|trial| trial.mode == Mode::Later)
        && let Err(error) = again(stage, &mut watch).await
    {
        return Ok(Outcome::Failed(vec![format!("{error:#}")]));
    }
    let rows = state::read(watch.connection().await?, world, since).await?;
    let mut wrong = state::of(stage, &play, &rows).differences(wanted);
    wrong.extend(judge::broken(&rows)?);
    Ok(if wrong.is_empty() {
        Outcome::Survived(reached)
    } else {
        Outcome::Failed(wrong)
    })
}

/// Calls that were kept are made once more.
async fn again(stage: &Stage, watch: &mut Watch<'_>) -> anyhow::Result<()> {
    for proxy in stage.calls.values() {
        proxy.send_kept().await;
    }
    watch.settle().await
}

async fn calmly(play: &mut Play<'_>, watch: &mut Watch<'_>, action: &'static str) -> anyhow::Result<()> {
    play.act(action).await?;
    watch.settle().await
}

/// Does an action with the trap set; whether it sprang.
async fn strike(
    stage: &Stage,
    play: &mut Play<'_>,
    watch: &mut Watch<'_>,
    action: &'static str,
    trial: &Trial,
) -> anyhow::Result<bool> {
    let Trial { point, mode, missed } = trial;
    let (mode, missed) = (*mode, *missed);
    let over = Notify::new();
    let fault = async {
        let sprung = set(stage, point, mode)?;
        tokio::select! {
            sprung = sprung => if !sprung { return Ok(false) },
            () = over.notified() => return Ok(false),
        }
        if mode == Mode::Pairs {
            return kill_twice(stage, point, missed, &over).await;
        }
        suffer(stage, point.role, mode).await?;
        anyhow::Ok(true)
    };
    let work = async {
        let done = calmly(play, watch, action).await;
        over.notify_one();
        done
    };
    let (struck, done) = tokio::join!(fault, work);
    stage.sessions_of(point.role)?.untrap();
    for proxy in stage.calls.values() {
        proxy.untrap();
    }
    let struck = struck?;
    done?;
    if struck {
        // What the database had done may have looked like rest while its client was being killed.
        watch.settle().await?;
    }
    Ok(struck)
}

/// Kills a role, and once more at one of its statements from then on; whether that one came.
async fn kill_twice(stage: &Stage, point: &Point, missed: u32, over: &Notify) -> anyhow::Result<bool> {
    stage.mesh.kill(point.role)?;
    let nth = point.second(missed);
    let which = Which::Any { nth };
    let hit = stage.sessions_of(point.role)?.trap(which, At::BeforeReply);
    stage.mesh.spawn(point.role)?;
    let again = tokio::select! {
        hit = hit => hit.is_ok(),
        () = over.notified() => false,
    };
    if again {
        stage.kill(point.role).await?;
    } else {
        stage.mesh.ready(point.role, BACK).await?;
    }
    Ok(again)
}

/// Sets the trap; the future tells whether it sprang before it was taken away.
fn set(
    stage: &Stage,
    point: &Point,
    mode: Mode,
) -> anyhow::Result<std::pin::Pin<Box<dyn Future<Output = bool> + Send>>> {
    match &point.what {
        What::Statement {
            application,
            statement,
        } => {
            let at = match mode {
                Mode::A => At::BeforeForward,
                Mode::C => At::ReplyLost,
                _ => At::BeforeReply,
            };
            let which = Which::Nth {
                application: application.clone(),
                statement: statement.clone(),
                nth: point.nth,
            };
            let hit = stage.sessions_of(point.role)?.trap(which, at);
            Ok(Box::pin(async move { hit.await.is_ok() }))
        }
        What::Call { callee, method } => {
            let fault = match mode {
                Mode::LostRequest => CallFault::LoseRequest,
                Mode::LostReply => CallFault::LoseReply,
                Mode::Twice => CallFault::Twice,
                _ => CallFault::Keep,
            };
            let proxy = stage.calls.get(&(point.role, *callee));
            let proxy = proxy.ok_or_else(|| anyhow::anyhow!("{} has no proxy to {callee}", point.role))?;
            let hit = proxy.trap(method, point.nth, fault);
            Ok(Box::pin(async move { hit.await.is_ok() }))
        }
    }
}

async fn suffer(stage: &Stage, role: Role, mode: Mode) -> anyhow::Result<()> {
    match mode {
        Mode::A | Mode::B => stage.kill(role).await,
        Mode::D => stage.power_cut().await,
        _ => Ok(()),
    }
}

async fn now(watch: &mut Watch<'_>) -> anyhow::Result<DateTime<Utc>> {
    let connection = watch.connection().await?;
    Ok(sqlx::query_scalar("select clock_timestamp()")
        .fetch_one(connection)
        .await?)
}
