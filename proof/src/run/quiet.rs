//! Proof that nothing is left to do.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};

use super::stage::Stage;

/// Between the two looks that have to agree.
const APART: Duration = Duration::from_secs(2);
/// What a message to one phone costs of the provider's patience, and how many may go at once after a rest.
const PACE: Duration = Duration::from_secs(6);
const BURST: u32 = 45;
const PACE_MORE: Duration = Duration::from_secs(30);
/// What a send takes at most when nothing is broken, in seconds.
const TURN: f64 = 3.0;
/// A job that is due later than this waits for its time, not for its turn.
const TIMER_SECONDS: i64 = 45;

/// What the contract views say of work in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// Rows of each view. Views of events only grow, one row an event.
    rows: BTreeMap<String, i64>,
    /// Jobs that are due and not parked, by view and service.
    open: BTreeMap<String, i64>,
    /// Messages without outcome.
    unhandled: i64,
    /// Messages to people that no provider has taken yet, and that were not given up: also those whose next try is
    /// minutes away.
    unsent: i64,
    /// Those of them that only the provider's pace keeps back: the phone they go to has had as many as it may.
    paced: i64,
    /// To how many phones those go; each has one job.
    lines: i64,
    /// Orders whose saga has not come to its first answer.
    unsecured: i64,
}

impl Look {
    pub(super) fn pending(&self) -> Value {
        json!({
            "open": self.open, "unhandled": self.unhandled, "unsent": self.unsent, "unsecured": self.unsecured,
        })
    }

    /// Whether all that is left are messages whose turn the provider has not given yet, and the job of each phone that
    /// will send them.
    fn waits_for_turns(&self) -> bool {
        let done = self.open.iter().all(|(view, open)| match view.as_str() {
            "job_notification" => *open <= self.lines,
            _ => *open == 0,
        });
        done && self.unhandled == 0 && self.unsecured == 0 && self.unsent == self.paced
    }

    fn is_idle(&self) -> bool {
        let counts = [self.unhandled, self.unsent, self.unsecured];
        counts == [0; 3] && self.open.values().all(|open| *open == 0)
    }
}

/// The time that the provider takes for the longest line of messages to one phone, whatever the mesh does: after a
/// burst WhatsApp lets one message in six seconds through to a phone. With a little for what is still to be said.
///
/// # Errors
/// When the views cannot be read at all.
pub(super) async fn pace(stage: &Stage) -> anyhow::Result<Duration> {
    let mut connection = stage.postgres.connect("khaacho").await?;
    let sql = "select coalesce(max(n), 0) from (
            select count(*) as n from assay_v1.notice where state = 'QUEUED' and provider = 'meta' group by to_hash) line";
    let longest = one(&mut connection, sql.to_owned()).await?;
    connection.close().await?;
    let longest = u32::try_from(longest).unwrap_or(0);
    Ok(PACE * longest + PACE_MORE)
}

/// How long it took until nothing was left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    /// Until only messages were left that wait for their turn at the provider.
    pub(super) own: Duration,
    /// Until those were sent too.
    pub(super) all: Duration,
}

/// Waits until two looks agree and nothing is open; the time it took comes back, or what is still pending.
///
/// # Errors
/// When the views cannot be read at all.
pub(super) async fn wait(stage: &Stage, within: Duration) -> anyhow::Result<Result<Rest, Value>> {
    let began = Instant::now();
    let mut before: Option<Look> = None;
    let mut own = None;
    loop {
        let now = look(stage).await?;
        // What comes up again while messages wait for their turn takes the word back.
        own = own
            .filter(|_| now.waits_for_turns())
            .or_else(|| now.waits_for_turns().then(|| began.elapsed()));
        if now.is_idle() && before.as_ref() == Some(&now) {
            let all = began.elapsed();
            return Ok(Ok(Rest {
                own: own.unwrap_or(all),
                all,
            }));
        }
        if began.elapsed() > within {
            return Ok(Err(now.pending()));
        }
        before = Some(now);
        tokio::time::sleep(APART).await;
    }
}

async fn look(stage: &Stage) -> anyhow::Result<Look> {
    let mut connection = stage.postgres.connect("khaacho").await?;
    let views =
        "select relname::text from pg_class where relnamespace = to_regnamespace('assay_v1') order by 1";
    let views: Vec<String> = sqlx::query_scalar(views).fetch_all(&mut connection).await?;
    anyhow::ensure!(
        !views.is_empty(),
        "the database has no contract views (schema assay_v1)"
    );
    let mut seen = Look {
        rows: BTreeMap::new(),
        open: BTreeMap::new(),
        unhandled: 0,
        unsent: 0,
        paced: 0,
        lines: 0,
        unsecured: 0,
    };
    for view in views {
        let rows = one(&mut connection, format!("select count(*) from assay_v1.{view}")).await?;
        if view.starts_with("job") {
            seen.open
                .insert(view.clone(), one(&mut connection, open_jobs(&view)).await?);
        }
        if view == "inbound" {
            let sql = "select count(*) from assay_v1.inbound where handled_at is null".to_owned();
            seen.unhandled = one(&mut connection, sql).await?;
        }
        if view == "orders" {
            let sql = "select count(*) from assay_v1.orders where state = 'PLACED'".to_owned();
            seen.unsecured = one(&mut connection, sql).await?;
        }
        if view == "notice" {
            let sql = "select count(*) from assay_v1.notice where state in ('QUEUED', 'SENDING')".to_owned();
            seen.unsent = one(&mut connection, sql).await?;
            (seen.paced, seen.lines) = paced(&mut connection).await?;
        }
        seen.rows.insert(view, rows);
    }
    connection.close().await?;
    Ok(seen)
}

/// Messages that wait for their turn, and to how many phones.
async fn paced(connection: &mut PgConnection) -> anyhow::Result<(i64, i64)> {
    let waiting = "select to_hash, count(*) from assay_v1.notice
         where state in ('QUEUED', 'SENDING') and provider = 'meta' group by to_hash";
    let waiting: Vec<(String, i64)> = sqlx::query_as(waiting).fetch_all(&mut *connection).await?;
    // What the provider got or may have got, and when it said that it was too much.
    // Each view is read once: joined, their computed keys would be compared row by row.
    let tries = "with mine as materialized
             (select notice_id from assay_v1.notice where to_hash = $1 and provider = 'meta'),
         tried as materialized
             (select notice_id, started_at, result from assay_v1.attempt
              where provider = 'meta' and result in ('accepted', 'ambiguous', 'pair_limited', ''))
         select extract(epoch from started_at - now())::float8, result = 'pair_limited'
         from tried where notice_id in (select notice_id from mine) order by started_at";
    let (mut messages, mut lines) = (0, 0);
    for (phone, count) in waiting {
        let tries: Vec<(f64, bool)> = sqlx::query_as(tries)
            .bind(phone)
            .fetch_all(&mut *connection)
            .await?;
        if has_had_enough(&tries) {
            messages += count;
            lines += 1;
        }
    }
    Ok((messages, lines))
}

/// Whether a phone may have no further message now, by the provider's rule: one in six seconds, and after a rest a burst
/// that is paid back. The tries are in the order of their times, in seconds from now; the word says that the provider
/// refused one as too much.
fn has_had_enough(tries: &[(f64, bool)]) -> bool {
    let cost = PACE.as_secs_f64();
    let burst = cost * f64::from(BURST - 1);
    let mut paid_back = f64::NEG_INFINITY;
    for (at, refused) in tries {
        paid_back = if *refused {
            paid_back.max(at + burst)
        } else {
            paid_back.max(*at) + cost
        };
    }
    paid_back - burst > -TURN
}

/// Counts jobs that are somebody's business now: leased, due, or failed before, however late their next try is. A job
/// that never failed and is only behind an earlier one of its key, which waits for its own time, is not late.
fn open_jobs(view: &str) -> String {
    let later = format!("now() + interval '{TIMER_SECONDS} seconds'");
    format!(
        "select count(*) from assay_v1.{view} j
         where j.leased or not j.parked and (j.faults > 0 or j.run_at < {later} and not exists (
             select from assay_v1.{view} first
             where first.ordering_key = j.ordering_key and first.job_id <> j.job_id and not first.parked
                 and first.created_at <= j.created_at and first.run_at >= {later}))"
    )
}

async fn one(connection: &mut PgConnection, sql: String) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(open: i64, unhandled: i64, unsent: i64) -> Look {
        Look {
            rows: BTreeMap::new(),
            open: BTreeMap::from([("job_order".to_owned(), open), ("job_credit".to_owned(), 0)]),
            unhandled,
            unsent,
            paced: 0,
            lines: 0,
            unsecured: 0,
        }
    }

    #[test]
    fn idle_is_nothing_open_and_nothing_unhandled() {
        assert!(look(0, 0, 0).is_idle());
        assert!(!look(1, 0, 0).is_idle());
        assert!(!look(0, 1, 0).is_idle());
        assert!(!look(0, 0, 1).is_idle());
        let unsecured = Look {
            unsecured: 1,
            ..look(0, 0, 0)
        };
        assert!(!unsecured.is_idle());
        assert_eq!(look(2, 1, 0).pending()["open"]["job_order"], 2);
    }

    #[test]
    fn turns_are_all_that_is_left_when_others_are_done_and_every_phone_has_had_enough() {
        // Three messages to two phones.
        let line = |jobs, paced| Look {
            open: BTreeMap::from([("job_notification".to_owned(), jobs), ("job_order".to_owned(), 0)]),
            paced,
            lines: 2,
            ..look(0, 0, 3)
        };
        assert!(line(2, 3).waits_for_turns());
        assert!(!line(2, 2).waits_for_turns(), "one waits for something else");
        assert!(!line(3, 3).waits_for_turns(), "a job is no phone's");
        let mut busy = line(2, 3);
        busy.open.insert("job_order".to_owned(), 1);
        assert!(!busy.waits_for_turns());
        let unhandled = Look {
            unhandled: 1,
            ..line(2, 3)
        };
        assert!(!unhandled.waits_for_turns());
        // Nothing to send, and a job that somebody took along when he died.
        let left = Look {
            lines: 0,
            unsent: 0,
            ..line(1, 0)
        };
        assert!(!left.waits_for_turns());
    }

    #[test]
    fn a_phone_has_had_enough_after_a_burst_until_it_is_paid_back() {
        let burst = |last: f64, n: u32| -> Vec<(f64, bool)> {
            (0..n)
                .map(|i| (last - f64::from(n - 1 - i) * 0.01, false))
                .collect()
        };
        assert!(!has_had_enough(&[]));
        assert!(!has_had_enough(&burst(-1.0, 40)), "forty are allowed");
        assert!(has_had_enough(&burst(-1.0, 45)));
        assert!(
            !has_had_enough(&burst(-12.0, 45)),
            "its turn came and was not used"
        );
        let mut slow = burst(-100.0, 45);
        slow.extend((0..16).map(|i| (-94.0 + 6.0 * f64::from(i), false)));
        assert!(has_had_enough(&slow), "one in six seconds since the burst");
        assert!(!has_had_enough(&[(-30.0, true)]));
        let mut limited = vec![(-30.0, true)];
        limited.extend((0..5).map(|i| (-26.0 + 6.0 * f64::from(i), false)));
        assert!(
            has_had_enough(&limited),
            "the provider said so, and it went on at its pace"
        );
    }
}
