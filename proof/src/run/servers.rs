//! Faults of the servers that the mesh stands on.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::Redis;

use super::nemesis::Hand;
use super::repairs::{needs, needs_of_reads};
use super::schedule::Kind;
use super::statements;

/// A server that is not ready after this is broken for good.
const READY: Duration = Duration::from_secs(90);
/// What is not served by then is not waited for; it is a finding all the same.
const GIVE_UP_NS: u64 = 90_000_000_000;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(25);

/// PostgreSQL stops as in a power cut.
pub(super) async fn postgres(hand: &Hand) -> anyhow::Result<()> {
    let postgres = &hand.stage.postgres;
    // Half of the time it ends when it has carried out a COMMIT that it has not answered yet.
    let point = if hand.random().bool() {
        statements::at_a_commit(hand).await
    } else {
        Value::Null
    };
    hand.broken(json!({ "svc": "postgres", "point": point }));
    postgres.stop_immediately().await?;
    tokio::time::sleep(Duration::from_millis(hand.fault.hold_ms.min(1500))).await;
    let started = hand.stage.recorder.now_ns();
    hand.starts_again();
    postgres.spawn()?;
    postgres.ready(READY).await?;
    serving_again(hand, started).await
}

/// Measures when the whole mesh serves again with a PostgreSQL that answers.
pub(super) async fn serving_again(hand: &Hand, started: u64) -> anyhow::Result<()> {
    hand.mended("postgres");
    let mut roles = JoinSet::new();
    for role in hand.stage.mesh.roles() {
        let stage = hand.stage.clone();
        // Those that are killed or stopped meanwhile are counted from their own repair.
        roles.spawn(async move {
            // One that is not ready by then is I24's finding.
            let _ = stage.mesh.ready(*role, READY).await;
            *role
        });
    }
    let budget = hand.stage.scenario.limits.pg_restart_s;
    // PostgreSQL's own repair is what is counted from, so it is not among what is needed.
    let others =
        |needs: Vec<String>| -> Vec<String> { needs.into_iter().filter(|need| need != "postgres").collect() };
    let reading = others(needs_of_reads());
    while !reads(hand).await && hand.stage.recorder.now_ns() - started < GIVE_UP_NS {
        tokio::time::sleep(LOOK).await;
    }
    hand.served_again("postgres", "reads", started, &reading, budget);
    while let Some(ready) = roles.join_next().await {
        let role = ready?;
        hand.served_again("postgres", role.name(), started, &others(needs(role)), budget);
    }
    Ok(())
}

/// Redis is killed, stopped or emptied; the mesh has to serve without it.
pub(super) async fn redis(hand: &Hand) -> anyhow::Result<()> {
    let Some(redis) = &hand.stage.redis else {
        return Ok(());
    };
    let began = hand.stage.recorder.now_ns();
    hand.broken(json!({ "svc": "redis" }));
    match hand.fault.kind {
        Kind::RedisFlush => {
            redis.flush_all().await?;
            return Ok(());
        }
        Kind::RedisStop => redis.pause()?,
        _ => redis.kill(),
    }
    let serving = async {
        while !reads(hand).await && hand.stage.recorder.now_ns() - began < GIVE_UP_NS {
            tokio::time::sleep(LOOK).await;
        }
        let budget = hand.stage.scenario.limits.redis_s;
        hand.served_again("redis", "gateway", began, &needs_of_reads(), budget);
    };
    let mending = async {
        hand.hold().await;
        mend(hand, redis).await
    };
    let ((), mended) = tokio::join!(serving, mending);
    mended
}

async fn mend(hand: &Hand, redis: &Redis) -> anyhow::Result<()> {
    if hand.fault.kind == Kind::RedisStop {
        redis.resume()?;
    } else {
        // Nothing is counted from here: the mesh has to serve without it.
        redis.spawn()?;
    }
    redis.ready().await?;
    hand.mended("redis");
    Ok(())
}

/// Whether a read of accounts is answered now.
async fn reads(hand: &Hand) -> bool {
    let client = hand.stage.mesh.owner().patient(Duration::from_secs(6));
    let answer = client.get("/api/v1/accounts?page_size=1").await;
    answer.is_ok_and(|answer| answer.status == 200)
}
