use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::types::Json;

use super::advance;
use super::order_row::{self, uuid};
use crate::domain::Order;
use crate::domain::answer::Answer;
use crate::domain::quote::Choice;
use crate::domain::route::{Candidate, WEIGHTS_VERSION};
use crate::domain::route_order::{Decision, Move, RouteOrder};
use crate::jobs::{RehomeBody, kinds};

impl Transact for RouteOrder {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Option<Order>, Fault> {
        order_row::lock(tx.conn(), &self.order_id).await
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<(), Fault> {
        match decision {
            Decision::Next(next) => save_move(tx, &next).await,
            Decision::Escalate(change) => {
                metrics::counter!("orders_escalated_total").increment(1);
                advance::write(tx, &change).await
            }
            Decision::Nothing => Ok(()),
        }
    }
}

/// Writes down that the stock is to be moved to a vendor, with the job that moves it.
pub async fn save_move(tx: &mut Tx, next: &Move) -> Result<(), Fault> {
    let order = &next.change.order;
    advance::write(tx, &next.change).await?;
    let decided = Assignment {
        choice: &next.choice,
        ranking: &next.ranking,
        method: next.method,
        weights_version: WEIGHTS_VERSION,
        reservation_attempt: next.reservation_attempt,
        answer: Answer::Moving,
    };
    insert(tx, order, &decided).await?;
    let body = RehomeBody {
        order_id: order.order_id.clone(),
        offer: order.offers,
    };
    tx.enqueue(
        NewJob::new(kinds::REHOME_ORDER, &body)?
            .key(&order.order_id)
            .blocking(),
    );
    Ok(())
}

/// A choice of a vendor, as it is stored.
pub struct Assignment<'a> {
    /// The vendor and his price.
    pub choice: &'a Choice,
    /// How all were ranked.
    pub ranking: &'a [Candidate],
    /// `scored` or `operator`.
    pub method: &'a str,
    /// Version of the weights.
    pub weights_version: &'a str,
    /// Attempt of his reservation.
    pub reservation_attempt: i32,
    /// What he has answered so far.
    pub answer: Answer,
}

/// Stores a choice as the order's present offer.
pub async fn insert(tx: &mut Tx, order: &Order, it: &Assignment<'_>) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(
        "insert into orders.assignment (order_id, attempt, vendor_id, vendor, vendor_paisa, reservation_attempt, method,
             weights_version, candidates, answer, answer_reason, decided_at, deadline_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12)",
    )
    .bind(uuid(&order.order_id)?)
    .bind(order.offers)
    .bind(&it.choice.vendor.vendor_id)
    .bind(Json(&it.choice.vendor))
    .bind(it.choice.vendor_paisa)
    .bind(it.reservation_attempt)
    .bind(it.method)
    .bind(it.weights_version)
    .bind(Json(it.ranking))
    .bind(it.answer.name())
    .bind(now)
    .bind(order.vendor_deadline_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}
