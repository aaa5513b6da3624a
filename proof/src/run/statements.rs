//! Faults at statements: a process that is killed at one of its own, and answers to `commit` that get lost.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Postgres, Role};
use crate::proxy::{At, PgProxy, SyncPoint, Which};

use super::nemesis::Hand;
use super::processes;

/// A role that comes to no statement in this time is killed where it is.
const PATIENCE: Duration = Duration::from_secs(3);
/// Most statements until the one at which it is killed.
const NTH_MAX: u32 = 120;
/// Letters of a statement that the history shows.
const SHOWN: usize = 120;

/// A proxy of its own for the sessions of each role.
#[derive(Debug)]
pub(super) struct Sessions {
    proxies: BTreeMap<Role, PgProxy>,
}

impl Sessions {
    /// Starts them in front of a server.
    ///
    /// # Errors
    /// When there are no ports.
    pub(super) fn of(roles: &[Role], postgres: &Postgres) -> anyhow::Result<Self> {
        let mut proxies = BTreeMap::new();
        for role in roles {
            proxies.insert(*role, PgProxy::start(postgres.address().parse()?)?);
        }
        Ok(Self { proxies })
    }

    /// Where a role connects.
    pub(super) fn address(&self, role: Role) -> String {
        let proxy = self.proxies.get(&role);
        proxy.map_or_else(String::new, |proxy| proxy.addr().to_string())
    }
}

/// SIGKILL at a statement: before the server has it, or when it was carried out and nobody was told.
pub(super) async fn kill(hand: &Hand) -> anyhow::Result<()> {
    let Some(proxy) = hand.stage.sessions.proxies.get(&hand.role) else {
        return Ok(());
    };
    let mut random = hand.random();
    let which = if random.bool() {
        Which::Commit
    } else {
        Which::Any {
            nth: random.u32(1..=NTH_MAX),
        }
    };
    let at = if random.bool() {
        At::BeforeForward
    } else {
        At::BeforeReply
    };
    let hit = proxy.trap(which, at);
    let point = tokio::time::timeout(PATIENCE, hit)
        .await
        .ok()
        .and_then(Result::ok);
    proxy.untrap();
    let mesh = &hand.stage.mesh;
    hand.broken(json!({
        "svc": hand.role.name(), "pid": mesh.pid(hand.role), "at": format!("{at:?}"), "point": shown(point.as_ref()),
    }));
    mesh.kill(hand.role)?;
    hand.exit("killed");
    hand.hold().await;
    processes::start(hand).await
}

/// Waits until the server has carried out a `commit` of the fault's role, whose answer is held back from then on. What
/// comes back is the point, or null when there was none for a while.
pub(super) async fn at_a_commit(hand: &Hand) -> serde_json::Value {
    let Some(proxy) = hand.stage.sessions.proxies.get(&hand.role) else {
        return serde_json::Value::Null;
    };
    let hit = proxy.trap(Which::Commit, At::BeforeReply);
    let point = tokio::time::timeout(PATIENCE, hit)
        .await
        .ok()
        .and_then(Result::ok);
    proxy.untrap();
    shown(point.as_ref())
}

/// The answer to a `commit` gets lost, some times over: it happened, and whoever asked for it cannot know.
pub(super) async fn lose_replies(hand: &Hand) -> anyhow::Result<()> {
    let Some(proxy) = hand.stage.sessions.proxies.get(&hand.role) else {
        return Ok(());
    };
    hand.broken(json!({ "svc": hand.role.name() }));
    let mut lost = 0;
    for _ in 0..hand.random().u32(1..=4) {
        let hit = proxy.lose_next_commit_reply();
        lost += u32::from(matches!(tokio::time::timeout(PATIENCE, hit).await, Ok(Ok(_))));
    }
    proxy.untrap();
    hand.stage.mark(
        "replies_lost",
        json!({ "id": hand.fault.id, "svc": hand.role.name(), "lost": lost }),
    );
    hand.mended(hand.role.name());
    Ok(())
}

fn shown(point: Option<&SyncPoint>) -> serde_json::Value {
    point.map_or(serde_json::Value::Null, |point| {
        let statement: String = point.statement.chars().take(SHOWN).collect();
        json!({ "application": point.application, "statement": statement, "wrote": point.wrote })
    })
}
