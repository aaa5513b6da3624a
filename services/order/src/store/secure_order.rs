use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::FromRow;
use sqlx::types::Json;

use super::order_row::{OrderRow, uuid, whole_order};
use super::{advance, route_order};
use crate::domain::answer::Answer;
use crate::domain::quote::Choice;
use crate::domain::route::Candidate;
use crate::domain::secure_order::{Decision, Offered, SecureOrder, Snapshot};
use crate::domain::{Order, Refusal};
use crate::jobs::{ExpireBody, Placed, ReleaseBody, kinds};

macro_rules! select {
    () => {
        concat!(
            "select ",
            whole_order!(),
            ", q.body->'choices' as choices, q.body->'ranking' as ranking
             from orders.purchase_order o join orders.quote q on q.id = o.quote_id where o.id = $1"
        )
    };
}

impl Transact for SecureOrder {
    /// The order as it stands then; `None` when it was cancelled meanwhile.
    type Reply = Option<Order>;
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let row: Option<Row> = sqlx::query_as(concat!(select!(), " for no key update of o"))
            .bind(uuid(&self.order_id)?)
            .fetch_optional(tx.conn())
            .await?;
        let row = row.ok_or_else(|| Fault::from(Refusal::OrderUnknown))?;
        Ok(Snapshot {
            order: row.order.order()?,
            choices: row.choices.0,
            ranking: row.ranking.0,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        match decision {
            Decision::Offer(offered) => offer(tx, *offered).await.map(Some),
            Decision::End(change) => {
                advance::write(tx, &change).await?;
                release(tx, &change.order, "REFUSED")?;
                Ok(Some(change.order))
            }
            Decision::Nothing => Ok(None),
        }
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

/// Reads a placed order with the vendors that may take it. `None` when there is no such order.
pub async fn placed(pool: &sqlx::PgPool, order_id: &str) -> Result<Option<Placed>, Fault> {
    let row: Option<Row> = sqlx::query_as(select!())
        .bind(uuid(order_id)?)
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Placed {
        order: row.order.order()?,
        choices: row.choices.0,
    }))
}

async fn offer(tx: &mut Tx, offered: Offered) -> Result<Order, Fault> {
    let order = &offered.change.order;
    advance::write(tx, &offered.change).await?;
    let decided = route_order::Assignment {
        choice: &offered.choice,
        ranking: &offered.ranking,
        method: "scored",
        weights_version: offered.weights_version,
        reservation_attempt: order.reservation_attempt.unwrap_or(1),
        answer: Answer::Offered,
    };
    route_order::insert(tx, order, &decided).await?;
    watch_deadline(tx, order)?;
    if !offered.sweep.is_empty() {
        let body = ReleaseBody {
            order_id: order.order_id.clone(),
            hold: false,
            attempts: offered.sweep,
            reason: "SUPERSEDED".to_owned(),
        };
        tx.enqueue(
            NewJob::new(kinds::RELEASE_ORDER, &body)?
                .key(&order.order_id)
                .blocking(),
        );
    }
    Ok(offered.change.order)
}

/// Looks at the offer again when its deadline has passed. The job has no ordering key: it would hold up the others.
pub fn watch_deadline(tx: &mut Tx, order: &Order) -> Result<(), Fault> {
    let Some(deadline) = order.vendor_deadline_at else {
        return Ok(());
    };
    let body = ExpireBody {
        order_id: order.order_id.clone(),
        offer: order.offers,
    };
    tx.enqueue(NewJob::new(kinds::EXPIRE_OFFER, &body)?.at(deadline));
    Ok(())
}

/// Gives hold and reservations of an order back, whichever of them exist.
pub fn release(tx: &mut Tx, order: &Order, reason: &str) -> Result<(), Fault> {
    let last = crate::domain::route_order::reservation_attempt(order.offers);
    let body = ReleaseBody {
        order_id: order.order_id.clone(),
        hold: true,
        attempts: (1..=last).collect(),
        reason: reason.to_owned(),
    };
    tx.enqueue(
        NewJob::new(kinds::RELEASE_ORDER, &body)?
            .key(&order.order_id)
            .blocking(),
    );
    Ok(())
}
