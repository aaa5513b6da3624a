use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;

use super::{as_template, change, outbound, queue, stored};
use crate::domain::finish_attempt::{FinishAttempt, Finished, Result as Outcome};
use crate::domain::outbound::Problem;
use crate::domain::{Moved, Outbound, State};

// A report may have settled the try meanwhile: that stays.
const END: &str = "update notification.attempt
    set result = $3, code = $4, text = $5, provider_message_id = coalesce(provider_message_id, $6),
        ended_at = $7
    where notification_id = $1 and number = $2 and result in ('', 'ambiguous')";

impl Transact for FinishAttempt {
    type Reply = Vec<Moved>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Outbound>, Fault> {
        outbound::lock(tx, self.id).await
    }

    async fn save(&self, finished: Finished, tx: &mut Tx) -> Result<Vec<Moved>, Fault> {
        match &self.result {
            Outcome::Accepted(id) => end(tx, self.id, self.number, "accepted", None, Some(id)).await?,
            Outcome::Failed { class, problem, .. } => {
                end(tx, self.id, self.number, class.as_str(), Some(problem), None).await?;
            }
        }
        let change = finished.change;
        let waits = change.next_try_at.filter(|_| change.state == State::Sending);
        let moved = change::apply(tx, std::slice::from_ref(&change)).await?;
        if finished.as_template {
            as_template::send(tx, &[self.id]).await?;
        }
        queue::go_on(tx, &self.queue, waits, Some(self.opens_at)).await?;
        Ok(moved)
    }
}

/// Writes the result of a try whose outcome is not known yet.
pub(super) async fn end(
    tx: &mut Tx,
    id: NotificationId,
    number: u32,
    result: &str,
    problem: Option<&Problem>,
    provider_message_id: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(END)
        .bind(id.uuid())
        .bind(stored(number))
        .bind(result)
        .bind(problem.and_then(|problem| problem.code.as_deref()))
        .bind(problem.map(|problem| problem.text.as_str()))
        .bind(provider_message_id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
