//! Which statements PostgreSQL spends its time on while load is offered.

use super::stage::{DATABASE, Stage};

/// Lines that are shown.
const TOP: i64 = 25;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    calls: i64,
    exec_ms: f64,
    plan_ms: f64,
    rows: i64,
    blocks: i64,
    text: String,
}

/// Forgets what was counted so far.
///
/// # Errors
/// When the extension is not there.
pub async fn reset(stage: &Stage) -> anyhow::Result<()> {
    let sql = "create extension if not exists pg_stat_statements; select pg_stat_statements_reset()";
    stage.postgres.execute("postgres", sql).await
}

/// The statements that took longest together since the reset, for each of `operations`.
///
/// # Errors
/// When the extension is not there.
pub async fn top(stage: &Stage, operations: u64) -> anyhow::Result<String> {
    let mut database = stage.postgres.connect("postgres").await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select sum(calls)::bigint as calls, sum(total_exec_time)::float8 as exec_ms,
             sum(total_plan_time)::float8 as plan_ms, sum(rows)::bigint as rows,
             sum(shared_blks_hit + shared_blks_read)::bigint as blocks,
             left(min(regexp_replace(query, '\\s+', ' ', 'g')), 120) as text
         from pg_stat_statements where dbid = (select oid from pg_database where datname = $1)
         group by queryid order by sum(total_exec_time + total_plan_time) desc limit $2",
    )
    .bind(DATABASE)
    .bind(TOP)
    .fetch_all(&mut database)
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
    let many = operations.max(1) as f64;
    let mut text = String::from("per operation: calls, µs run, µs planned, rows, blocks, statement");
    for row in rows {
        #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
        let each = |n: i64| n as f64 / many;
        text += &format!(
            "\n{:>7.2} {:>8.0} {:>7.0} {:>7.1} {:>8.1}  {}",
            each(row.calls),
            row.exec_ms * 1000.0 / many,
            row.plan_ms * 1000.0 / many,
            each(row.rows),
            each(row.blocks),
            row.text
        );
    }
    Ok(text)
}
