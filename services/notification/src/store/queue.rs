//! The jobs that move the lines of messages.

use chrono::{DateTime, Utc};
use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;

use crate::domain::postpone::Postpone;
use crate::domain::{Queue, Recipient};

/// Kind of the job.
pub(crate) const SEND_MESSAGE: &str = "send_message";

const NEXT: &str = "select next_try_at from notification.notification
    where recipient = $1 and waits order by seq limit 1";

/// Adds the job of one new message.
pub(crate) fn add(tx: &mut Tx, ctx: &Ctx, recipient: &Recipient) -> Result<(), Fault> {
    let queue = Queue {
        provider: recipient.provider,
        recipient: recipient.line(),
        continues: false,
    };
    tx.enqueue_for(
        ctx,
        NewJob::new(SEND_MESSAGE, &queue)?.key(queue.recipient.clone()),
    );
    Ok(())
}

/// Adds the job that comes back to a line: at most one waits for a line at any time.
fn come_back(tx: &mut Tx, queue: &Queue, at: DateTime<Utc>) -> Result<(), Fault> {
    let queue = Queue {
        continues: true,
        ..queue.clone()
    };
    let job = NewJob::new(SEND_MESSAGE, &queue)?
        .key(queue.recipient.clone())
        .once(format!("wait:{}", queue.recipient))
        .at(at);
    tx.enqueue(job);
    Ok(())
}

/// After a job has done its message: comes back when that message has to wait, and goes on with the line when
/// the job stands for all of it: not before `opens_at`, when the pace of the line is known.
pub(crate) async fn go_on(
    tx: &mut Tx,
    queue: &Queue,
    waits_until: Option<DateTime<Utc>>,
    opens_at: Option<DateTime<Utc>>,
) -> Result<(), Fault> {
    if let Some(at) = waits_until {
        return come_back(tx, queue, at);
    }
    if queue.continues {
        let next: Option<Option<DateTime<Utc>>> = sqlx::query_scalar(NEXT)
            .bind(&queue.recipient)
            .fetch_optional(tx.conn())
            .await?;
        if let Some(at) = next {
            let now = tx.now();
            let earliest = opens_at.unwrap_or(now).max(now);
            return come_back(tx, queue, at.unwrap_or(now).max(earliest));
        }
    }
    Ok(())
}

impl Transact for Postpone {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        come_back(tx, &self.queue, self.at)
    }
}
