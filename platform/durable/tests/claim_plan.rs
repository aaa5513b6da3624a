//! The claim stays cheap in a long queue, whatever the planner believes about it.

use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::{World, work, writes};

const MANY_KEYS: &str = "insert into shop.job (id, kind, ordering_key, body, cause, trace_parent, run_at)
    select gen_random_uuid(), 'k', 'key' || i, '\"a\"', 'test', '', now() - interval '1 hour' + i * interval '1 ms'
    from generate_series(1, 100000) i";
const ONE_KEY: &str = "insert into shop.job (id, kind, ordering_key, body, cause, trace_parent, run_at)
    select gen_random_uuid(), 'k', 'key', '\"a\"', 'test', '', now() - interval '1 hour' + i * interval '1 ms'
    from generate_series(1, 10000) i";

/// The statement that runners claim with, as their only session has prepared it.
async fn claim(world: &World) -> String {
    let door = world.narrow_door(1).await;
    let running = work(&door, []);
    world.marker().await;
    running.stop().await;
    let query = "select statement from pg_prepared_statements 
                 where statement ilike '%for update of j skip locked%'";
    sqlx::query_scalar(query)
        .fetch_one(door.db().pool())
        .await
        .expect("it has claimed")
}

/// What a claim of eight does, without its effect.
async fn explain(session: &mut PgConnection, claim: &str, mode: &str) -> Value {
    let prepare = format!(
        "set plan_cache_mode = {mode}; begin;
         prepare c (timestamptz, bigint, uuid, interval, uuid[]) as {claim}"
    );
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *session)
        .await
        .expect("prepares");
    let explain = "explain (analyze, format json) execute c (now(), 8, gen_random_uuid(), '6 s', '{}')";
    let plan: Value = sqlx::query_scalar(explain)
        .fetch_one(&mut *session)
        .await
        .expect("explains");
    sqlx::raw_sql("rollback; deallocate c")
        .execute(&mut *session)
        .await
        .expect("rolls back");
    plan
}

/// Rows that all nodes of this table together read, and whether one of them read the whole table.
fn read(plan: &Value) -> (f64, bool) {
    let number = |name| plan[name].as_f64().unwrap_or_default();
    let (mut rows, mut whole) = (0.0, false);
    if plan["Relation Name"] == "job" && plan["Node Type"] != "ModifyTable" {
        let removed = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
        rows += (number("Actual Rows") + removed) * number("Actual Loops");
        whole = plan["Node Type"] == "Seq Scan";
    }
    for child in plan["Plans"].as_array().into_iter().flatten() {
        let (more, seq) = read(child);
        rows += more;
        whole |= seq;
    }
    (rows, whole)
}

#[tokio::test]
async fn a_claim_reads_a_few_rows_of_a_hundred_thousand() {
    let world = World::new().await;
    let mut session = world.session().await;
    let claim = claim(&world).await;
    // statistics of the empty table, which is what autovacuum leaves behind before a rush
    world
        .session_sql(
            &mut session,
            "alter table shop.job set (autovacuum_enabled = off); analyze shop.job",
        )
        .await;
    world.session_sql(&mut session, MANY_KEYS).await;
    for analyzed in [false, true] {
        if analyzed {
            world.session_sql(&mut session, "analyze shop.job").await;
        }
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = explain(&mut session, &claim, mode).await;
            let (rows, whole) = read(&plan[0]["Plan"]);
            assert!(
                !whole && rows < 200.0,
                "analyzed: {analyzed}, {mode}, {rows} rows: {plan:#}"
            );
        }
    }
}

#[tokio::test]
async fn a_long_line_of_one_key_is_looked_at_once_and_not_once_per_job() {
    let world = World::new().await;
    let mut session = world.session().await;
    let claim = claim(&world).await;
    world
        .session_sql(
            &mut session,
            "alter table shop.job set (autovacuum_enabled = off)",
        )
        .await;
    world.session_sql(&mut session, ONE_KEY).await;
    // half of the line are parked jobs that let others pass
    world
        .session_sql(
            &mut session,
            "update shop.job set parked_at = now() where seq % 2 = 0",
        )
        .await;
    for analyzed in [false, true] {
        if analyzed {
            world.session_sql(&mut session, "analyze shop.job").await;
        }
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = explain(&mut session, &claim, mode).await;
            let (rows, _) = read(&plan[0]["Plan"]);
            assert!(
                rows < 25_000.0,
                "analyzed: {analyzed}, {mode}, {rows} rows: {plan:#}"
            );
        }
    }
}

#[tokio::test]
async fn a_rush_on_one_key_does_not_keep_others_waiting() {
    let world = World::new().await;
    let mut session = world.session().await;
    world.session_sql(&mut session, ONE_KEY).await;
    let running = work(&world.door, [writes("k")]);
    let begun = Instant::now();
    world.marker().await;
    let took = begun.elapsed();
    running.stop().await;
    assert!(took < Duration::from_secs(10), "{took:?}");
    let (done, left) = (world.effects().await, world.jobs().await);
    assert_eq!(done + left, 10_000, "nothing is lost");
}
