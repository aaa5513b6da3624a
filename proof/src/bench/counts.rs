//! What one order costs, counted and not timed: statements, commits, gRPC calls, bytes of WAL. The counts are the
//! same on every machine, so tests may assert them; see `proof/counts.json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::metrics;
use super::stage::{DATABASE, Stage, Topology, address};
use super::wal;
use super::{drain, machine::Moment};
use crate::harness::Mesh;
use crate::load::orders::{Mix, Orders};
use crate::load::pace::{Arrival, Plan, offer};

/// Orders that fill caches and prepare statements first.
const WARM_UP: u64 = 64;
/// How long the idle mesh is watched, to know what it does by itself.
const IDLE: Duration = Duration::from_secs(6);

/// What one order costs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Orders that were counted, one after the other.
    pub orders: u64,
    /// SQL statements, `begin` and `commit` included.
    pub statements: f64,
    /// Those of them that only begin or end a transaction.
    pub brackets: f64,
    /// Commits that wrote WAL.
    pub commits: f64,
    /// Bytes of WAL, without images of whole pages.
    pub wal_bytes: f64,
    /// Records of WAL.
    pub wal_records: f64,
    /// gRPC calls between the parts of the mesh.
    pub grpc_calls: f64,
    /// gRPC calls by `service/method`.
    pub grpc_by_method: BTreeMap<String, f64>,
    /// Statements that each order ran most, or that took longest.
    pub by_statement: Vec<Statement>,
    /// Microseconds of processor time, by part; not a count, for people only.
    pub cpu_us: BTreeMap<String, f64>,
}

/// One statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// How often an order ran it.
    pub calls: f64,
    /// Milliseconds in the server, each time.
    pub each_ms: f64,
    /// Rows that it gave or changed, each time.
    pub rows: f64,
    /// Its first words.
    pub text: String,
}

/// What an order may cost at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// By how much a count may exceed its limit, as a share: what an idle mesh does by itself is subtracted by time.
    pub tolerance: f64,
    /// By name of the count.
    pub limits: BTreeMap<String, f64>,
}

impl Counts {
    /// The counts that have limits.
    #[must_use]
    pub fn limited(&self) -> [(&'static str, f64); 5] {
        [
            ("statements", self.statements),
            ("commits", self.commits),
            ("grpc_calls", self.grpc_calls),
            ("wal_bytes", self.wal_bytes),
            ("wal_records", self.wal_records),
        ]
    }
}

impl Limits {
    /// Reads them.
    ///
    /// # Errors
    /// When the file is none of limits.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} has no limits", path.display()))
    }

    /// One sentence for each count that exceeds its limit, or has none.
    #[must_use]
    pub fn exceeded(&self, counts: &Counts) -> Vec<String> {
        let judge = |(name, found): (&str, f64)| match self.limits.get(name) {
            None => Some(format!("{name} has no limit")),
            Some(limit) if found > limit * (1.0 + self.tolerance) => Some(format!(
                "{name} per order: {found:.2}, at most {limit:.2} is allowed"
            )),
            Some(_) => None,
        };
        counts.limited().into_iter().filter_map(judge).collect()
    }

    /// Limits that are just kept.
    #[must_use]
    pub fn of(counts: &Counts) -> Self {
        let rounded = |(name, found): (&str, f64)| (name.to_owned(), (found * 10.0).round() / 10.0);
        Self {
            tolerance: 0.05,
            limits: counts.limited().into_iter().map(rounded).collect(),
        }
    }
}

/// Counts what `orders` sequential orders cost on an otherwise idle mesh, everything that follows from them included.
///
/// # Errors
/// When an order is not placed, or the mesh does not come to rest.
pub async fn counts_per_order(stage: &Stage, topology: Topology, orders: u64) -> anyhow::Result<Counts> {
    stage
        .postgres
        .execute("postgres", "create extension if not exists pg_stat_statements")
        .await?;
    set_autovacuum(stage, false).await?;
    let mesh = stage.mesh(topology, &[], true).await?;
    let counted = count(stage, &mesh, orders).await;
    mesh.stop().await?;
    set_autovacuum(stage, true).await?;
    counted
}

async fn set_autovacuum(stage: &Stage, on: bool) -> anyhow::Result<()> {
    let switch = if on { "on" } else { "off" };
    let mut connection = stage.postgres.connect("postgres").await?;
    let set = if on {
        "alter system set autovacuum = on"
    } else {
        "alter system set autovacuum = off"
    };
    sqlx::query(set)
        .execute(&mut connection)
        .await
        .with_context(|| format!("autovacuum {switch}"))?;
    sqlx::query("select pg_reload_conf()")
        .execute(&mut connection)
        .await?;
    Ok(())
}

/// Counters at one moment.
struct Seen {
    at: std::time::Instant,
    lsn: String,
    grpc: BTreeMap<String, f64>,
    statements: BTreeMap<i64, Row>,
    clock: Moment,
}

#[derive(Debug, Clone, Default, sqlx::FromRow)]
struct Row {
    queryid: i64,
    calls: i64,
    total_ms: f64,
    rows: i64,
    text: String,
}

async fn look(stage: &Stage, mesh: &Mesh, database: &mut PgConnection) -> anyhow::Result<Seen> {
    let (lsn,): (String,) = sqlx::query_as("select pg_current_wal_insert_lsn()::text")
        .fetch_one(&mut *database)
        .await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select queryid, sum(calls)::bigint as calls, sum(total_exec_time)::float8 as total_ms,
             sum(rows)::bigint as rows, min(regexp_replace(query, '\\s+', ' ', 'g')) as text
         from pg_stat_statements
         where dbid = (select oid from pg_database where datname = $1) and queryid is not null
         group by queryid",
    )
    .bind(DATABASE)
    .fetch_all(&mut *database)
    .await?;
    Ok(Seen {
        at: std::time::Instant::now(),
        lsn,
        grpc: metrics::grpc_calls(mesh).await?,
        statements: rows.into_iter().map(|row| (row.queryid, row)).collect(),
        clock: Moment::now(&stage.postgres, Some(mesh)),
    })
}

async fn count(stage: &Stage, mesh: &Mesh, orders: u64) -> anyhow::Result<Counts> {
    // not the mesh's database: what is asked here is not counted
    let mut database = stage.postgres.connect("postgres").await?;
    place(stage, mesh, WARM_UP, 0).await?;
    let rested = look(stage, mesh, &mut database).await?;
    tokio::time::sleep(IDLE).await;
    let before = look(stage, mesh, &mut database).await?;
    place(stage, mesh, orders, 1_000_000).await?;
    let after = look(stage, mesh, &mut database).await?;

    let idle = (before.at - rested.at).as_secs_f64();
    let ran = (after.at - before.at).as_secs_f64();
    // what it does by itself all the time is no part of an order
    let share = ran / idle;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred orders")]
    let many = orders as f64;
    let each =
        |rested: f64, before: f64, after: f64| ((after - before - (before - rested) * share) / many).max(0.0);
    let mut counts = Counts {
        orders,
        ..Counts::default()
    };
    for (method, calls) in &after.grpc {
        let at = |seen: &Seen| seen.grpc.get(method).copied().unwrap_or(0.0);
        let calls = each(at(&rested), at(&before), *calls);
        if calls > 0.005 {
            counts.grpc_calls += calls;
            counts.grpc_by_method.insert(method.clone(), calls);
        }
    }
    add_statements(&mut counts, [&rested, &before, &after], each);
    let quiet = wal::between(stage, &rested.lsn, &before.lsn).await?;
    let wal = wal::between(stage, &before.lsn, &after.lsn).await?;
    counts.commits = each(0.0, quiet.commits, quiet.commits + wal.commits);
    counts.wal_records = each(0.0, quiet.records, quiet.records + wal.records);
    counts.wal_bytes = each(0.0, quiet.bytes, quiet.bytes + wal.bytes);
    counts.cpu_us = after.clock.since(&before.clock).per_operation(orders);
    Ok(counts)
}

fn add_statements(
    counts: &mut Counts,
    [rested, before, after]: [&Seen; 3],
    each: impl Fn(f64, f64, f64) -> f64,
) {
    #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
    let number = |n: i64| n as f64;
    for (id, row) in &after.statements {
        let at = |seen: &Seen| seen.statements.get(id).cloned().unwrap_or_default();
        let (zero, one) = (at(rested), at(before));
        let calls = each(number(zero.calls), number(one.calls), number(row.calls));
        let fresh = number(row.calls - one.calls);
        if calls < 0.005 || fresh < 1.0 {
            continue;
        }
        counts.statements += calls;
        let word = row
            .text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if ["begin", "commit", "rollback", "start"].contains(&word.as_str()) {
            counts.brackets += calls;
        }
        counts.by_statement.push(Statement {
            calls,
            each_ms: (row.total_ms - one.total_ms) / fresh,
            rows: number(row.rows - one.rows) / fresh,
            text: row.text.chars().take(110).collect(),
        });
    }
    let weight = |s: &Statement| s.calls * s.each_ms;
    counts
        .by_statement
        .sort_by(|a, b| weight(b).total_cmp(&weight(a)));
}

/// Places orders one after the other and waits until everything that follows from them is done.
async fn place(stage: &Stage, mesh: &Mesh, orders: u64, first: u64) -> anyhow::Result<()> {
    let work = Arc::new(Orders::new(Mix::Spread, 0.0, 1, "counts", mesh.owner_key()));
    let plan = Plan {
        arrival: Arrival::Closed,
        connections: 1,
        time: Duration::from_secs(120),
        count: orders,
        first,
    };
    let http = mesh.http();
    let done = offer(work, address(&http), &plan).await;
    let sum = done.tally.summary(done.wall);
    anyhow::ensure!(
        sum.good == orders,
        "of {orders} orders {} were placed: {:?}",
        sum.good,
        sum.errors
    );
    let left = drain::until_done(stage, Duration::from_secs(60)).await?;
    anyhow::ensure!(
        left.done && left.parked == 0,
        "the mesh does not come to rest: {left}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(statements: f64) -> Counts {
        Counts {
            statements,
            commits: 5.0,
            ..Counts::default()
        }
    }

    #[test]
    fn a_count_above_its_limit_is_told() {
        let limits = Limits::of(&counts(40.0));
        assert_eq!(limits.exceeded(&counts(40.0)), Vec::<String>::new());
        assert_eq!(limits.exceeded(&counts(41.9)), Vec::<String>::new());
        let told = limits.exceeded(&counts(42.1));
        assert!(
            told.len() == 1 && told[0].starts_with("statements per order: 42.10"),
            "{told:?}"
        );
    }

    #[test]
    fn a_count_without_a_limit_is_told() {
        let mut limits = Limits::of(&counts(40.0));
        limits.limits.remove("commits");
        assert_eq!(limits.exceeded(&counts(40.0)), ["commits has no limit"]);
    }
}
