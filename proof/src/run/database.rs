//! Faults inside the database.

use std::time::Duration;

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _};

use super::nemesis::Hand;

/// Ends some sessions of the mesh.
pub(super) async fn terminate(hand: &Hand) -> anyhow::Result<()> {
    let Ok(mut connection) = hand.stage.postgres.connect("khaacho").await else {
        // The server is away for another reason: the sessions are gone anyway.
        return Ok(());
    };
    let sql = "select pid from pg_stat_activity
               where datname = 'khaacho' and application_name <> 'kasauti' order by pid";
    let mut random = hand.random();
    let Ok(mut sessions): Result<Vec<i32>, _> = sqlx::query_scalar(sql).fetch_all(&mut connection).await
    else {
        return Ok(());
    };
    random.shuffle(&mut sessions);
    sessions.truncate(random.usize(1..=12));
    hand.broken(json!({ "svc": "postgres", "sessions": sessions.len() }));
    // A server that goes away meanwhile has ended them as well.
    let _ = sqlx::query("select pg_terminate_backend(pid) from unnest($1) as pid")
        .bind(&sessions)
        .execute(&mut connection)
        .await;
    Ok(())
}

const TABLES: &str = "select format('%I.%I', n.nspname, c.relname) from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r'
        and exists (select from pg_class j where j.relnamespace = n.oid and j.relname = 'job')
    order by 1";

/// Holds a table or one of its rows.
pub(super) async fn lock(hand: &Hand) -> anyhow::Result<()> {
    let Ok(mut connection) = hand.stage.postgres.connect("khaacho").await else {
        return Ok(());
    };
    let mut random = hand.random();
    let Ok(tables): Result<Vec<String>, _> = sqlx::query_scalar(TABLES).fetch_all(&mut connection).await
    else {
        return Ok(());
    };
    let Some(table) = random.choice(&tables) else {
        return Ok(());
    };
    let (what, sql) = match random.u32(0..3) {
        0 => ("table", format!("lock table {table} in exclusive mode")),
        _ => (
            "row",
            format!(
                "select 1 from {table} offset {} limit 3 for update",
                random.u32(0..200)
            ),
        ),
    };
    let begin = "begin; set local lock_timeout = '2s'";
    let taken = async {
        sqlx::raw_sql(begin).execute(&mut connection).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await
    };
    if taken.await.is_ok() {
        hand.broken(json!({ "svc": "postgres", "what": what, "table": table }));
        tokio::time::sleep(Duration::from_millis(hand.fault.hold_ms)).await;
        let _ = sqlx::raw_sql("rollback").execute(&mut connection).await;
        hand.mended("postgres");
    }
    let _ = connection.close().await;
    Ok(())
}
