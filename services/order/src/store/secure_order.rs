use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;
use sqlx::types::Json;

use super::order_row::{self, uuid};
use super::{advance, route_order};
use crate::domain::answer::Answer;
use crate::domain::quote::Quote;
use crate::domain::secure_order::{Decision, Offered, SecureOrder, Snapshot};
use crate::domain::{Order, Refusal};
use crate::jobs::{ExpireBody, ReleaseBody, kinds};

impl Transact for SecureOrder {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        let order = order_row::lock(tx.conn(), &self.order_id)
            .await?
            .ok_or_else(|| Fault::from(Refusal::OrderUnknown))?;
        let quote: Json<Quote> = sqlx::query(
            "select q.body from orders.quote q join orders.purchase_order o on o.quote_id = q.id where o.id = $1",
        )
        .bind(uuid(&self.order_id)?)
        .fetch_one(tx.conn())
        .await?
        .get(0);
        Ok(Snapshot {
            order,
            choices: quote.0.choices,
            ranking: quote.0.ranking,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<(), Fault> {
        match decision {
            Decision::Offer(offered) => offer(tx, *offered).await,
            Decision::End(change) => {
                advance::write(tx, &change).await?;
                release(tx, &change.order, "REFUSED")
            }
            Decision::Nothing => Ok(()),
        }
    }
}

async fn offer(tx: &mut Tx, offered: Offered) -> Result<(), Fault> {
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
    Ok(())
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

/// Vendors that may take an order, from its quote.
pub async fn choices(
    pool: &sqlx::PgPool,
    order_id: &str,
) -> Result<Vec<crate::domain::quote::Choice>, Fault> {
    let quote: Json<Quote> = sqlx::query(
        "select q.body from orders.quote q join orders.purchase_order o on o.quote_id = q.id where o.id = $1",
    )
    .bind(uuid(order_id)?)
    .fetch_one(pool)
    .await?
    .get(0);
    Ok(quote.0.choices)
}
