//! The jobs that move the lines of messages.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use serde::Serialize;

use super::provider;
use crate::domain::end_line::EndLine;
use crate::domain::revive_lines::ReviveLines;
use crate::domain::{Queue, Recipient};

/// Kind of the job.
pub(crate) const SEND_MESSAGE: &str = "send_message";

/// A line whose job was parked is tried again after this.
const PARKED_FOR: TimeDelta = TimeDelta::minutes(10);

const NEXT: &str = "select next_try_at from notification.notification
    where recipient = $1 and waits order by seq limit 1";

const NEXT_OF_ALL: &str = "select line.recipient, first.next_try_at
    from unnest($1::text[]) as line (recipient) join lateral (
        select n.next_try_at from notification.notification n
        where n.recipient = line.recipient and n.waits order by n.seq limit 1) first on true";

// Two questions, because each has an index of its own. A line whose job was parked is an operator's business first.
const FORGOTTEN: &str = "select distinct on (n.recipient) n.provider, n.recipient
    from notification.notification n
    where n.waits
      and not exists (
        select from notification.job j where j.ordering_key = n.recipient and j.parked_at is null)
      and not exists (
        select from notification.job j where j.ordering_key = n.recipient and j.parked_at > $1)
    order by n.recipient limit 200";

/// Body of the job.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    queue: &'a Queue,
    /// Always: a release that had a job for each message takes a job that says so for one of the whole line. It can go
    /// when nobody runs such a release beside a newer one any more.
    continues: bool,
}

/// The one job of a line: it takes the first message that waits. Whoever adds a message while its end commits waits for
/// that, and its end sees whatever was added before.
fn job(queue: &Queue) -> Result<NewJob, Fault> {
    let line = &queue.recipient;
    let body = Body {
        queue,
        continues: true,
    };
    Ok(NewJob::new(SEND_MESSAGE, &body)?
        .key(line.clone())
        .once(format!("wait:{line}")))
}

/// Makes sure that a new message's line has its job.
pub(crate) fn add(tx: &mut Tx, ctx: &Ctx, recipient: &Recipient) -> Result<(), Fault> {
    let queue = Queue {
        provider: recipient.provider,
        recipient: recipient.line(),
    };
    tx.enqueue_for(ctx, job(&queue)?);
    Ok(())
}

fn come_back(tx: &mut Tx, queue: &Queue, at: DateTime<Utc>) -> Result<(), Fault> {
    tx.enqueue(job(queue)?.at(at));
    Ok(())
}

/// After the job of a line has done its part, and its row is removed: comes back when its message has to wait, or for
/// the next one, but not before `opens_at`, when the pace of the line is known.
pub(crate) async fn go_on(
    tx: &mut Tx,
    queue: &Queue,
    waits_until: Option<DateTime<Utc>>,
    opens_at: Option<DateTime<Utc>>,
) -> Result<(), Fault> {
    if let Some(at) = waits_until {
        return come_back(tx, queue, at);
    }
    let next: Option<Option<DateTime<Utc>>> = sqlx::query_scalar(NEXT)
        .bind(&queue.recipient)
        .fetch_optional(tx.conn())
        .await?;
    if let Some(at) = next {
        let now = tx.now();
        let earliest = opens_at.unwrap_or(now).max(now);
        return come_back(tx, queue, at.unwrap_or(now).max(earliest));
    }
    Ok(())
}

/// What a job of a line has done, for [`all_go_on`].
pub(super) struct Ended<'a> {
    /// Who the job is for.
    pub(super) ctx: &'a Ctx,
    /// The line.
    pub(super) queue: &'a Queue,
    /// When the message itself is tried again.
    pub(super) waits_until: Option<DateTime<Utc>>,
    /// When the pace lets the next message out.
    pub(super) opens_at: DateTime<Utc>,
}

/// [`go_on`] for many lines.
pub(super) async fn all_go_on(tx: &mut Tx, ended: &[Ended<'_>]) -> Result<(), Fault> {
    let open = ended.iter().filter(|line| line.waits_until.is_none());
    let lines: Vec<&str> = open.map(|line| line.queue.recipient.as_str()).collect();
    let next: Vec<(String, Option<DateTime<Utc>>)> = sqlx::query_as(NEXT_OF_ALL)
        .bind(lines)
        .fetch_all(tx.conn())
        .await?;
    let next: HashMap<String, Option<DateTime<Utc>>> = next.into_iter().collect();
    let now = tx.now();
    for line in ended {
        let at = line.waits_until.or_else(|| {
            let next = next.get(&line.queue.recipient)?;
            Some(next.unwrap_or(now).max(line.opens_at).max(now))
        });
        if let Some(at) = at {
            tx.enqueue_for(line.ctx, job(line.queue)?.at(at));
        }
    }
    Ok(())
}

impl Transact for EndLine {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        go_on(tx, &self.queue, None, None).await
    }
}

impl Transact for ReviveLines {
    /// How many lines had no job.
    type Reply = usize;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Vec<Queue>, Fault> {
        let parked_since = tx.now() - PARKED_FOR;
        let rows: Vec<(String, String)> = sqlx::query_as(FORGOTTEN)
            .bind(parked_since)
            .fetch_all(tx.conn())
            .await?;
        let line = |(name, recipient): (String, String)| {
            let provider = provider(&name)?;
            Ok(Queue { provider, recipient })
        };
        rows.into_iter().map(line).collect()
    }

    async fn save(&self, lines: Vec<Queue>, tx: &mut Tx) -> Result<usize, Fault> {
        for queue in &lines {
            tx.enqueue(job(queue)?);
        }
        Ok(lines.len())
    }
}
