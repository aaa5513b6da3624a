use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use sqlx::Row as _;
use sqlx::types::Json;

use super::order_row::uuid;
use super::{advance, quote_order};
use crate::domain::place_order::{Decision, PlaceOrder, Snapshot};
use crate::domain::{Line, Order, Status};
use crate::jobs::{OrderBody, Placed, kinds};

impl Transact for PlaceOrder {
    /// Id of the order.
    type Reply = String;

    async fn load(&self, tx: &mut Tx) -> Result<Snapshot, Fault> {
        if let Some(quote) = &self.quoted
            && let Some(sequence) = quote_order::insert_used(tx, quote).await?
        {
            return Ok(Snapshot {
                quote: Some(quote.clone()),
                used_by: None,
                sequence,
            });
        }
        let locked = quote_order::lock(tx.conn(), &self.quote_id).await?;
        let Some((quote, used_at)) = locked else {
            return Ok(Snapshot {
                quote: None,
                used_by: None,
                sequence: 0,
            });
        };
        let mut used_by = None;
        if used_at.is_some() {
            used_by = sqlx::query("select number from orders.purchase_order where quote_id = $1")
                .bind(quote_order::uuid(&self.quote_id)?)
                .fetch_optional(tx.conn())
                .await?
                .map(|row| row.get(0));
        }
        let sequence = sqlx::query("select nextval('orders.order_number_seq')")
            .fetch_one(tx.conn())
            .await?
            .get(0);
        Ok(Snapshot {
            quote: Some(quote),
            used_by,
            sequence,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<String, Fault> {
        let Decision { order, choices } = decision;
        insert(tx, &order, &self.quote_id).await?;
        let body = OrderBody {
            order_id: order.order_id.clone(),
        };
        let order_id = order.order_id.clone();
        tx.enqueue(
            NewJob::new(kinds::SECURE_ORDER, &body)?
                .key(&order_id)
                .blocking()
                .fresh()
                .carrying(Placed { order, choices }),
        );
        advance::count(&[Status::Placed]);
        Ok(order_id)
    }
}

/// The order, its lines, its first event and the mark on its quote in one statement.
async fn insert(tx: &mut Tx, order: &Order, quote_id: &str) -> Result<(), Fault> {
    let (actor, cause, trace) = (
        tx.ctx().principal().subject.clone(),
        tx.ctx().cause().to_owned(),
        tx.ctx().trace().trace_id(),
    );
    let lines = &order.lines;
    let texts = |get: fn(&Line) -> &str| lines.iter().map(get).collect::<Vec<_>>();
    let numbers = |get: fn(&Line) -> i64| lines.iter().map(get).collect::<Vec<_>>();
    sqlx::query(
        "with used as (update orders.quote set used_at = $9 where id = $6 and used_at is null),
         placed as (
             insert into orders.purchase_order (id, number, status, version, account_id, buyer, quote_id,
                 subtotal_paisa, vat_paisa, total_paisa, placed_at, updated_at, cause, trace_id)
             values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $7 + $8, $9, $9, $10, $11) returning id),
         lines as (
             insert into orders.order_line (order_id, n, sku, name, quantity, unit, quantity_milli, unit_price_paisa,
                 amount_paisa, vat_bp)
             select placed.id, l.n, l.sku, l.name, l.quantity, l.unit, l.milli, l.price, l.amount, l.vat
             from placed, unnest($13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[], $18::bigint[],
                 $19::bigint[], $20::bigint[])
                 with ordinality as l (sku, name, quantity, unit, milli, price, amount, vat, n))
         insert into orders.order_event (order_id, n, from_status, to_status, actor, note, cause, trace_id, at)
         select id, 1, null, $3, $12, 'placed', $10, $11, $9 from placed",
    )
    .bind(uuid(&order.order_id)?)
    .bind(&order.number)
    .bind(order.status.name())
    .bind(&order.buyer.account_id)
    .bind(Json(&order.buyer))
    .bind(quote_order::uuid(quote_id)?)
    .bind(order.subtotal.paisa())
    .bind(order.vat.paisa())
    .bind(order.placed_at)
    .bind(cause)
    .bind(trace)
    .bind(actor)
    .bind(texts(|l| &l.sku))
    .bind(texts(|l| &l.name))
    .bind(texts(|l| &l.quantity))
    .bind(texts(|l| &l.unit))
    .bind(numbers(|l| l.quantity_milli))
    .bind(numbers(|l| l.unit_price.paisa()))
    .bind(numbers(|l| l.amount.paisa()))
    .bind(numbers(|l| i64::from(l.vat_bp)))
    .execute(tx.conn())
    .await?;
    Ok(())
}
