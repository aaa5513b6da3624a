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
    insert_all(tx, &[(order, it)]).await
}

/// Stores choices as the present offers of different orders.
pub async fn insert_all(tx: &mut Tx, all: &[(&Order, &Assignment<'_>)]) -> Result<(), Fault> {
    let now = tx.now();
    let ids = all
        .iter()
        .map(|(order, _)| uuid(&order.order_id))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "insert into orders.assignment (order_id, attempt, vendor_id, vendor, vendor_paisa, reservation_attempt, method,
             weights_version, candidates, answer, answer_reason, decided_at, deadline_at)
         select a.order_id, a.attempt, a.vendor_id, a.vendor, a.vendor_paisa, a.reservation_attempt, a.method,
             a.weights_version, a.candidates, a.answer, '', $11, a.deadline_at
         from unnest($1::uuid[], $2::integer[], $3::text[], $4::jsonb[], $5::bigint[], $6::integer[], $7::text[],
             $8::text[], $9::jsonb[], $10::text[], $12::timestamptz[])
             as a (order_id, attempt, vendor_id, vendor, vendor_paisa, reservation_attempt, method, weights_version,
                 candidates, answer, deadline_at)",
    )
    .bind(ids)
    .bind(all.iter().map(|(order, _)| order.offers).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.choice.vendor.vendor_id.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| Json(&it.choice.vendor)).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.choice.vendor_paisa).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.reservation_attempt).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.method).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.weights_version).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| Json(it.ranking)).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, it)| it.answer.name()).collect::<Vec<_>>())
    .bind(now)
    .bind(all.iter().map(|(order, _)| order.vendor_deadline_at).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}
