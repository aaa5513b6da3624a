//! Proof that everything which follows from an action has happened, and steps over times that somebody waits for.

use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;

use super::stage::Stage;

/// Between two looks: short at first, since most actions take milliseconds.
const PAUSE: Duration = Duration::from_millis(4);
const PAUSE_MAX: Duration = Duration::from_millis(20);
/// Between two steps over waiting times.
const STEP: Duration = Duration::from_millis(60);
/// Longer than any piece of work takes once nobody waits for times, also on a machine with much else to do.
const ENOUGH: Duration = Duration::from_secs(60);
/// Longer than all of it takes.
const ALL: Duration = Duration::from_secs(240);

/// What is open, in one statement and so at one moment: messages that were not handled, orders without first answer,
/// messages to people that are on their way, and jobs that are due, leased, or will be tried again. A job that waits
/// for its own time, and what waits behind such a job, is not open.
const OPEN: &str = "
with job as (
    select * from assay_v1.job_order union all select * from assay_v1.job_credit
    union all select * from assay_v1.job_inventory union all select * from assay_v1.job_notification),
later as (select now() + interval '45 s' as at)
select (select count(*) from assay_v1.inbound where handled_at is null),
       (select count(*) from assay_v1.orders where state = 'PLACED'),
       (select count(*) from assay_v1.notice where state in ('QUEUED', 'SENDING')),
       (select count(*) from job j, later
        where j.leased or not j.parked and (j.faults > 0 or j.run_at < later.at and not exists (
            select from job first where first.service = j.service and first.ordering_key = j.ordering_key
                and first.job_id <> j.job_id and not first.parked and first.created_at <= j.created_at
                and first.run_at >= later.at)))";

/// Nobody waits for what only time brings: leases of those who died, pauses before another try, looks for a message
/// whose answer was lost. A lease that somebody who lives holds is as good as before: he does not claim his own jobs
/// twice, and there is one worker.
const STEPS: &str = "
update {s}.job set lease_until = now() - interval '1 ms'
    where lease_until > now() and lease_until < now() + interval '5750 ms';
update {s}.job set run_at = now()
    where parked_at is null and lease_owner is null and run_at > now() and run_at < now() + interval '10 min'
      and (last_fault is not null or kind = 'send_message');
select pg_notify('khaacho_{s}_job', '');";

const LOOKS: &str = "
update notification.notification set next_try_at = now() where state in ('QUEUED', 'SENDING') and next_try_at > now();
update notification.attempt set started_at = started_at - interval '20 s'
    where result in ('', 'ambiguous')
      and started_at > now() - interval '15 s' and started_at < now() - interval '300 ms';";

const SCHEMAS: [&str; 4] = ["orders", "credit", "inventory", "notification"];

/// Watches a stage from its database.
pub(super) struct Watch<'a> {
    stage: &'a Stage,
    connection: Option<PgConnection>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(stage: &'a Stage) -> Self {
        Self {
            stage,
            connection: None,
        }
    }

    /// Waits until nothing is open.
    ///
    /// # Errors
    /// When something still is after all patience: what.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut stepped = Instant::now();
        let mut pause = PAUSE;
        let (mut last, mut moved) = (String::new(), began);
        loop {
            let open = match self.open().await {
                Ok(open) if open == [0; 4] && self.stage.provider.idle() => return Ok(()),
                Ok([messages, orders, notices, jobs]) => format!(
                    "{messages} messages not handled, {orders} orders without answer, {notices} notices on their \
                     way, {jobs} jobs, reports on their way: {}",
                    !self.stage.provider.idle()
                ),
                Err(error) => {
                    // It may have gone with its server; the next look makes another.
                    self.connection = None;
                    format!("{error:#}")
                }
            };
            if open != last {
                moved = Instant::now();
            }
            if moved.elapsed() > ENOUGH || began.elapsed() > ALL {
                let waited = began.elapsed().as_secs();
                anyhow::bail!("no rest within {waited} s: {open}\n{}", self.jobs().await);
            }
            last = open;
            if stepped.elapsed() > STEP {
                // A database that is away has no times to step over.
                let _ = self.step().await;
                stepped = Instant::now();
            }
            tokio::time::sleep(pause).await;
            pause = (pause + pause / 8).min(PAUSE_MAX);
        }
    }

    /// A session at the database itself.
    ///
    /// # Errors
    /// When the server does not take it.
    pub(super) async fn connection(&mut self) -> anyhow::Result<&mut PgConnection> {
        match &mut self.connection {
            Some(connection) => Ok(connection),
            none => Ok(none.insert(self.stage.postgres.connect("khaacho").await?)),
        }
    }

    async fn open(&mut self) -> anyhow::Result<[i64; 4]> {
        let row: (i64, i64, i64, i64) = sqlx::query_as(OPEN).fetch_one(self.connection().await?).await?;
        Ok([row.0, row.1, row.2, row.3])
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let mut sql = String::new();
        for schema in SCHEMAS {
            sql.push_str(&STEPS.replace("{s}", schema));
        }
        sql.push_str(LOOKS);
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Open jobs, for whoever reads why it does not come to rest.
    async fn jobs(&mut self) -> String {
        let mut told = Vec::new();
        for service in ["order", "credit", "inventory", "notification"] {
            let sql = format!(
                "select to_jsonb(j)::text from assay_v1.job_{service} j
                 where leased or parked or run_at < now() + interval '45 s' limit 20"
            );
            let Ok(connection) = self.connection().await else {
                return String::new();
            };
            let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).fetch_all(connection);
            told.extend(rows.await.unwrap_or_default());
        }
        told.join("\n")
    }
}
