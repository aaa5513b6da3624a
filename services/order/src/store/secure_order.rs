use std::collections::HashMap;

use khaacho_durable::{Command as _, Gathered, Item, NewJob, Transact, Tx, Verdict};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use sqlx::FromRow;
use sqlx::types::Json;

use super::order_row::{OrderRow, uuid, whole_order};
use super::{advance, route_order};
use crate::domain::answer::Answer;
use crate::domain::quote::Choice;
use crate::domain::route::Candidate;
use crate::domain::secure_order::{Decision, Offered, SecureOrder, Snapshot};
use crate::domain::{Change, Order, Refusal};
use crate::jobs::{ExpireBody, Placed, ReleaseBody, kinds};

macro_rules! select {
    () => {
        concat!(
            "select ",
            whole_order!(),
            ", q.body->'choices' as choices, q.body->'ranking' as ranking
             from orders.purchase_order o join orders.quote q on q.id = o.quote_id where "
        )
    };
}

impl Transact for SecureOrder {
    /// The order as it stands then; `None` when it was cancelled meanwhile.
    type Reply = Option<Order>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let row: Option<Row> = sqlx::query_as(concat!(select!(), "o.id = $1 for no key update of o"))
            .bind(uuid(&self.order_id)?)
            .fetch_optional(tx.conn())
            .await?;
        let row = row.ok_or_else(|| Fault::from(Refusal::OrderUnknown))?;
        row.snapshot()
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        let ctx = tx.ctx().clone();
        let mut settled = save_all(tx, vec![(decision, &ctx)]).await?;
        Ok(settled.pop().flatten())
    }
}

/// An order with what its quote says about vendors.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    order: OrderRow,
    choices: Json<Vec<Choice>>,
    ranking: Json<Vec<Candidate>>,
}

impl Row {
    fn snapshot(self) -> Result<Snapshot, Fault> {
        Ok(Snapshot {
            order: self.order.order()?,
            choices: self.choices.0,
            ranking: self.ranking.0,
        })
    }
}

/// Reads a placed order with the vendors that may take it. `None` when there is no such order.
pub async fn placed(pool: &sqlx::PgPool, order_id: &str) -> Result<Option<Placed>, Fault> {
    let row: Option<Row> = sqlx::query_as(concat!(select!(), "o.id = $1"))
        .bind(uuid(order_id)?)
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Placed {
        order: row.order.order()?,
        choices: row.choices.0,
    }))
}

/// Many of them in one transaction.
impl Gathered for SecureOrder {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Option<Order>>>, Fault> {
        let ids = items
            .iter()
            .map(|item| uuid(&item.command.order_id))
            .collect::<Result<Vec<_>, _>>()?;
        let statement = concat!(select!(), "o.id = any($1) order by o.id for no key update of o");
        let rows: Vec<Row> = sqlx::query_as(statement).bind(&ids).fetch_all(tx.conn()).await?;
        let mut seen = HashMap::new();
        for row in rows {
            let snapshot = row.snapshot()?;
            seen.insert(snapshot.order.order_id.clone(), snapshot);
        }
        let mut verdicts = Vec::with_capacity(items.len());
        let mut decisions = Vec::with_capacity(items.len());
        for item in items {
            // one that is not there or occurs twice goes alone
            let decided = seen
                .remove(&item.command.order_id)
                .map(|snapshot| item.command.decide(snapshot, tx.now()));
            verdicts.push(match decided {
                None => Verdict::Alone,
                Some(Err(refusal)) => Verdict::Refused(refusal.into()),
                Some(Ok(decision)) => {
                    decisions.push((decision, item.ctx));
                    Verdict::Done(None)
                }
            });
        }
        let mut settled = save_all(tx, decisions).await?.into_iter();
        for verdict in &mut verdicts {
            if let Verdict::Done(reply) = verdict {
                *reply = settled.next().flatten();
            }
        }
        Ok(verdicts)
    }
}

/// Writes decisions about different orders; the orders as they stand then.
async fn save_all(tx: &mut Tx, decisions: Vec<(Decision, &Ctx)>) -> Result<Vec<Option<Order>>, Fault> {
    let changes: Vec<(&Change, &Ctx)> = decisions
        .iter()
        .filter_map(|(decision, ctx)| match decision {
            Decision::Offer(offered) => Some((&offered.change, *ctx)),
            Decision::End(change) => Some((&**change, *ctx)),
            Decision::Nothing => None,
        })
        .collect();
    advance::write_all(tx, &changes).await?;
    let offers: Vec<(&Order, route_order::Assignment<'_>)> = decisions
        .iter()
        .filter_map(|(decision, _)| match decision {
            Decision::Offer(offered) => Some((&offered.change.order, assignment(offered))),
            _ => None,
        })
        .collect();
    let rows: Vec<_> = offers.iter().map(|(order, it)| (*order, it)).collect();
    route_order::insert_all(tx, &rows).await?;
    let mut settled = Vec::with_capacity(decisions.len());
    for (decision, ctx) in decisions {
        settled.push(match decision {
            Decision::Offer(offered) => {
                follow_up(tx, ctx, &offered)?;
                Some(offered.change.order)
            }
            Decision::End(change) => {
                tx.enqueue_for(ctx, released(&change.order, "REFUSED")?);
                Some(change.order)
            }
            Decision::Nothing => None,
        });
    }
    Ok(settled)
}

fn assignment(offered: &Offered) -> route_order::Assignment<'_> {
    route_order::Assignment {
        choice: &offered.choice,
        ranking: &offered.ranking,
        method: "scored",
        weights_version: offered.weights_version,
        reservation_attempt: offered.change.order.reservation_attempt.unwrap_or(1),
        answer: Answer::Offered,
    }
}

/// Jobs behind a first offer: its deadline, and reservations that may be left over.
fn follow_up(tx: &mut Tx, ctx: &Ctx, offered: &Offered) -> Result<(), Fault> {
    let order = &offered.change.order;
    if let Some(job) = deadline_watch(order)? {
        tx.enqueue_for(ctx, job);
    }
    if !offered.sweep.is_empty() {
        let body = ReleaseBody {
            order_id: order.order_id.clone(),
            hold: false,
            attempts: offered.sweep.clone(),
            reason: "SUPERSEDED".to_owned(),
        };
        let job = NewJob::new(kinds::RELEASE_ORDER, &body)?;
        tx.enqueue_for(ctx, job.key(&order.order_id).blocking());
    }
    Ok(())
}

/// Looks at the offer again when its deadline has passed.
pub fn watch_deadline(tx: &mut Tx, order: &Order) -> Result<(), Fault> {
    if let Some(job) = deadline_watch(order)? {
        tx.enqueue(job);
    }
    Ok(())
}

/// It has no ordering key: it would hold up the others.
fn deadline_watch(order: &Order) -> Result<Option<NewJob>, Fault> {
    let Some(deadline) = order.vendor_deadline_at else {
        return Ok(None);
    };
    let body = ExpireBody {
        order_id: order.order_id.clone(),
        offer: order.offers,
    };
    Ok(Some(NewJob::new(kinds::EXPIRE_OFFER, &body)?.at(deadline)))
}

/// Gives hold and reservations of an order back, whichever of them exist.
pub fn release(tx: &mut Tx, order: &Order, reason: &str) -> Result<(), Fault> {
    tx.enqueue(released(order, reason)?);
    Ok(())
}

fn released(order: &Order, reason: &str) -> Result<NewJob, Fault> {
    let last = crate::domain::route_order::reservation_attempt(order.offers);
    let body = ReleaseBody {
        order_id: order.order_id.clone(),
        hold: true,
        attempts: (1..=last).collect(),
        reason: reason.to_owned(),
    };
    Ok(NewJob::new(kinds::RELEASE_ORDER, &body)?
        .key(&order.order_id)
        .blocking())
}
