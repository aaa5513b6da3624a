//! Waits until the mesh has done everything that a run left it to do. A rate that only grows a backlog is no rate.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use super::stage::{DATABASE, Stage};

/// What was left when a run ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// Jobs that were due.
    pub jobs: i64,
    /// Seconds until none was.
    pub seconds: f64,
    /// Jobs that cannot succeed.
    pub parked: i64,
    /// Whether everything was done in time.
    pub done: bool,
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let done = if self.done { "done" } else { "NOT done" };
        write!(
            f,
            "left at the end: {} jobs, {done} {:.1} s later",
            self.jobs, self.seconds
        )?;
        if self.parked > 0 {
            write!(f, ", {} PARKED", self.parked)?;
        }
        Ok(())
    }
}

/// Looks until no job is due.
///
/// # Errors
/// When the database does not answer.
pub async fn until_done(stage: &Stage, patience: Duration) -> anyhow::Result<Left> {
    until_done_in(stage, DATABASE, patience).await
}

/// [`until_done`] of a mesh on another database.
///
/// # Errors
/// When the database does not answer.
pub async fn until_done_in(stage: &Stage, database: &str, patience: Duration) -> anyhow::Result<Left> {
    let began = Instant::now();
    let mut connection = stage.postgres.connect(database).await?;
    // where statements are counted, these are not
    sqlx::query("set pg_stat_statements.track = 'none'")
        .execute(&mut connection)
        .await?;
    // every service has a table of jobs; which services there are is the catalogue's to say
    let tables: Vec<(String,)> = sqlx::query_as(
        "select table_schema::text from information_schema.tables where table_name = 'job' order by 1",
    )
    .fetch_all(&mut connection)
    .await?;
    anyhow::ensure!(!tables.is_empty(), "the mesh has no table of jobs");
    let counts: Vec<String> = tables
        .iter()
        .map(|(schema,)| {
            format!(
                "select count(*) filter (where parked_at is null \
                     and run_at <= now() + interval '1 second') as due, \
                 count(parked_at) as parked from \"{schema}\".job"
            )
        })
        .collect();
    let sql = format!(
        "select sum(due)::bigint, sum(parked)::bigint from ({}) as each",
        counts.join(" union all ")
    );
    let mut left = Left::default();
    let mut first = true;
    loop {
        let (due, parked): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql.clone()))
            .fetch_one(&mut connection)
            .await?;
        if first {
            left.jobs = due;
            first = false;
        }
        left.parked = parked;
        left.seconds = began.elapsed().as_secs_f64();
        left.done = due == 0;
        if left.done || began.elapsed() >= patience {
            return Ok(left);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
