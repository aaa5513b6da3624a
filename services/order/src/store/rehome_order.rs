use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;
use sqlx::types::Json;

use super::order_row::{self, uuid};
use super::{advance, secure_order};
use crate::domain::answer::Answer;
use crate::domain::quote::Choice;
use crate::domain::rehome_order::{Decision, RehomeOrder, Snapshot};
use crate::jobs::{OrderBody, ReleaseBody, kinds};

impl Transact for RehomeOrder {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Snapshot>, Fault> {
        let Some(order) = order_row::lock(tx.conn(), &self.order_id).await? else {
            return Ok(None);
        };
        let row = sqlx::query(
            "select vendor, vendor_paisa, reservation_attempt, method from orders.assignment
             where order_id = $1 and attempt = $2",
        )
        .bind(uuid(&self.order_id)?)
        .bind(self.offer)
        .fetch_one(tx.conn())
        .await?;
        let choice = Choice {
            vendor: row.get::<Json<_>, _>("vendor").0,
            vendor_paisa: row.get("vendor_paisa"),
        };
        let by_operator = row.get::<String, _>("method") == "operator";
        Ok(Some(Snapshot {
            order,
            choice,
            reservation_attempt: row.get("reservation_attempt"),
            by_operator,
        }))
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<(), Fault> {
        match decision {
            Decision::Asked(change) => {
                advance::write(tx, &change).await?;
                asked(tx, &self.order_id, self.offer, change.order.vendor_deadline_at).await?;
                secure_order::watch_deadline(tx, &change.order)
            }
            Decision::Taken(change) => {
                advance::write(tx, &change).await?;
                advance::answer(tx, &change.order, self.offer, Answer::Accepted, "by an operator").await
            }
            Decision::Short(change, attempt) => {
                advance::write(tx, &change).await?;
                advance::answer(tx, &change.order, self.offer, Answer::StockShort, "").await?;
                self.close(tx, attempt)?;
                let body = OrderBody {
                    order_id: self.order_id.clone(),
                };
                tx.enqueue(
                    NewJob::new(kinds::ROUTE_ORDER, &body)?
                        .key(&self.order_id)
                        .blocking(),
                );
                Ok(())
            }
            Decision::GiveBack(order, attempt) => {
                advance::answer(
                    tx,
                    &order,
                    self.offer,
                    Answer::Withdrawn,
                    "the order went on without it",
                )
                .await?;
                self.close(tx, attempt)
            }
        }
    }
}

impl RehomeOrder {
    /// Gives a reservation attempt back, or makes sure that it never comes into being.
    fn close(&self, tx: &mut Tx, attempt: i32) -> Result<(), Fault> {
        let body = ReleaseBody {
            order_id: self.order_id.clone(),
            hold: false,
            attempts: vec![attempt],
            reason: "SUPERSEDED".to_owned(),
        };
        tx.enqueue(
            NewJob::new(kinds::RELEASE_ORDER, &body)?
                .key(&self.order_id)
                .blocking(),
        );
        Ok(())
    }
}

async fn asked(
    tx: &mut Tx,
    order_id: &str,
    offer: i32,
    deadline: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), Fault> {
    sqlx::query(
        "update orders.assignment set answer = 'OFFERED', deadline_at = $3 where order_id = $1 and attempt = $2",
    )
    .bind(uuid(order_id)?)
    .bind(offer)
    .bind(deadline)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The vendor of an offer and the attempt of his reservation.
#[derive(sqlx::FromRow)]
pub struct Offer {
    /// Vendor.
    pub vendor_id: String,
    /// Attempt of his reservation.
    pub reservation_attempt: i32,
}

/// Reads an offer of an order.
pub async fn offer(pool: &sqlx::PgPool, order_id: &str, offer: i32) -> Result<Offer, Fault> {
    let row = sqlx::query_as(
        "select vendor_id, reservation_attempt from orders.assignment where order_id = $1 and attempt = $2",
    )
    .bind(uuid(order_id)?)
    .bind(offer)
    .fetch_one(pool)
    .await?;
    Ok(row)
}
