use khaacho_durable::{Command as _, Gathered, Item, Transact, Tx, Verdict};
use khaacho_fault::Fault;
use khaacho_ids::NotificationId;
use uuid::Uuid;

use super::{as_template, change, outbound, queue, stored};
use crate::domain::finish_attempt::{FinishAttempt, Finished, Result as Outcome};
use crate::domain::outbound::Problem;
use crate::domain::{Moved, Outbound, State};

// A report may have settled the try meanwhile: that stays.
const END: &str = "update notification.attempt
    set result = $3, code = $4, text = $5, provider_message_id = coalesce(provider_message_id, $6),
        ended_at = $7
    where notification_id = $1 and number = $2 and result in ('', 'ambiguous')";

const END_ALL: &str = "update notification.attempt a
    set result = g.result, code = g.code, text = g.text,
        provider_message_id = coalesce(a.provider_message_id, g.provider_message_id), ended_at = $7
    from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[])
        as g (id, number, result, code, text, provider_message_id)
    where a.notification_id = g.id and a.number = g.number and a.result in ('', 'ambiguous')";

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

/// Results of many messages in one transaction. A message that is there twice or goes on as a template breaks it up.
impl Gathered for FinishAttempt {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Vec<Moved>>>, Fault> {
        let ids: Vec<Uuid> = items.iter().map(|item| item.command.id.uuid()).collect();
        let mut seen = outbound::lock_all(tx, &ids).await?;
        let mut verdicts = Vec::with_capacity(items.len());
        let mut done = Vec::with_capacity(items.len());
        for item in items {
            let decided = seen
                .remove(&item.command.id.uuid())
                .map(|message| item.command.decide(Some(message), tx.now()));
            verdicts.push(match decided {
                Some(Ok(Finished {
                    change,
                    as_template: false,
                })) => {
                    let moved = change.moved().into_iter().collect();
                    done.push((item, change));
                    Verdict::Done(moved)
                }
                _ => Verdict::Alone,
            });
        }
        if done.len() < items.len() {
            return Ok(items.iter().map(|_| Verdict::Alone).collect());
        }
        end_all(tx, items).await?;
        let changes: Vec<_> = done.iter().map(|(_, change)| change.clone()).collect();
        change::apply(tx, &changes).await?;
        let ended: Vec<_> = done
            .iter()
            .map(|(item, change)| queue::Ended {
                ctx: item.ctx,
                queue: &item.command.queue,
                waits_until: change.next_try_at.filter(|_| change.state == State::Sending),
                opens_at: item.command.opens_at,
            })
            .collect();
        queue::all_go_on(tx, &ended).await?;
        Ok(verdicts)
    }
}

async fn end_all(tx: &mut Tx, items: &[Item<'_, FinishAttempt>]) -> Result<(), Fault> {
    let now = tx.now();
    let all = || items.iter().map(|item| item.command);
    let told = all().map(|command| match &command.result {
        Outcome::Accepted(id) => ("accepted", None, None, Some(id.as_str())),
        Outcome::Failed { class, problem, .. } => (
            class.as_str(),
            problem.code.as_deref(),
            Some(problem.text.as_str()),
            None,
        ),
    });
    let told: Vec<_> = told.collect();
    sqlx::query(END_ALL)
        .bind(all().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
        .bind(all().map(|c| stored(c.number)).collect::<Vec<_>>())
        .bind(told.iter().map(|t| t.0).collect::<Vec<_>>())
        .bind(told.iter().map(|t| t.1).collect::<Vec<_>>())
        .bind(told.iter().map(|t| t.2).collect::<Vec<_>>())
        .bind(told.iter().map(|t| t.3).collect::<Vec<_>>())
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
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
