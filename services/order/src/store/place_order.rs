mod batch;

use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_rpc::Ctx;
use sqlx::Row as _;
use sqlx::types::Json;

use super::order_row::uuid;
use super::{advance, quote_order};
use crate::domain::place_order::{Decision, PlaceOrder, Snapshot};
use crate::domain::quote::Choice;
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
        let ctx = tx.ctx().clone();
        let order_id = order.order_id.clone();
        insert_all(tx, &[(&order, &self.quote_id, &ctx)]).await?;
        enqueue(tx, &ctx, order, choices)?;
        Ok(order_id)
    }
}

/// The job that drives the order on.
fn enqueue(tx: &mut Tx, ctx: &Ctx, order: Order, choices: Vec<Choice>) -> Result<(), Fault> {
    let body = OrderBody {
        order_id: order.order_id.clone(),
    };
    let job = NewJob::new(kinds::SECURE_ORDER, &body)?
        .key(&order.order_id)
        .blocking()
        .fresh()
        .carrying(Placed { order, choices });
    tx.enqueue_for(ctx, job);
    advance::count(&[Status::Placed]);
    Ok(())
}

/// Orders, their lines, their first events and the marks on their quotes in one statement.
const INSERT: &str = "\
with given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::uuid[], $6::bigint[], $7::bigint[],
        $8::text[], $9::text[], $10::text[])
        as g (id, number, account_id, buyer, quote_id, subtotal, vat, actor, cause, trace)
), used as (
    update orders.quote q set used_at = $11 from given g
    where q.id = any($5) and q.id = g.quote_id and q.used_at is null
), placed as (
    insert into orders.purchase_order (id, number, status, version, account_id, buyer, quote_id, subtotal_paisa,
        vat_paisa, total_paisa, placed_at, updated_at, cause, trace_id)
    select g.id, g.number, $12, 1, g.account_id, g.buyer, g.quote_id, g.subtotal, g.vat, g.subtotal + g.vat, $11, $11,
        g.cause, g.trace
    from given g order by g.id
), lines as (
    insert into orders.order_line (order_id, n, sku, name, quantity, unit, quantity_milli, unit_price_paisa,
        amount_paisa, vat_bp)
    select * from unnest($13::uuid[], $14::integer[], $15::text[], $16::text[], $17::text[], $18::text[],
        $19::bigint[], $20::bigint[], $21::bigint[], $22::integer[])
)
insert into orders.order_event (order_id, n, from_status, to_status, actor, note, cause, trace_id, at)
select g.id, 1, null, $12, g.actor, 'placed', g.cause, g.trace, $11 from given g";

async fn insert_all(tx: &mut Tx, orders: &[(&Order, &str, &Ctx)]) -> Result<(), Fault> {
    if orders.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let ids = orders
        .iter()
        .map(|(o, _, _)| uuid(&o.order_id))
        .collect::<Result<Vec<_>, _>>()?;
    let quotes = orders
        .iter()
        .map(|(_, quote_id, _)| quote_order::uuid(quote_id))
        .collect::<Result<Vec<_>, _>>()?;
    let mut lines: Vec<(uuid::Uuid, i32, &Line)> = Vec::new();
    for ((order, _, _), id) in orders.iter().zip(&ids) {
        lines.extend((1..).zip(&order.lines).map(|(n, line)| (*id, n, line)));
    }
    let texts = |get: fn(&Line) -> &str| lines.iter().map(|(_, _, l)| get(l)).collect::<Vec<_>>();
    let numbers = |get: fn(&Line) -> i64| lines.iter().map(|(_, _, l)| get(l)).collect::<Vec<_>>();
    let rates = lines
        .iter()
        .map(|(_, _, l)| i32::try_from(l.vat_bp).map_err(Fault::bug))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(INSERT)
        .bind(&ids)
        .bind(
            orders
                .iter()
                .map(|(o, _, _)| o.number.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(
            orders
                .iter()
                .map(|(o, _, _)| o.buyer.account_id.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(orders.iter().map(|(o, _, _)| Json(&o.buyer)).collect::<Vec<_>>())
        .bind(quotes)
        .bind(
            orders
                .iter()
                .map(|(o, _, _)| o.subtotal.paisa())
                .collect::<Vec<_>>(),
        )
        .bind(orders.iter().map(|(o, _, _)| o.vat.paisa()).collect::<Vec<_>>())
        .bind(
            orders
                .iter()
                .map(|(_, _, c)| c.principal().subject.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(orders.iter().map(|(_, _, c)| c.cause()).collect::<Vec<_>>())
        .bind(
            orders
                .iter()
                .map(|(_, _, c)| c.trace().trace_id())
                .collect::<Vec<_>>(),
        )
        .bind(now)
        .bind(Status::Placed.name())
        .bind(lines.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
        .bind(lines.iter().map(|(_, n, _)| *n).collect::<Vec<_>>())
        .bind(texts(|l| &l.sku))
        .bind(texts(|l| &l.name))
        .bind(texts(|l| &l.quantity))
        .bind(texts(|l| &l.unit))
        .bind(numbers(|l| l.quantity_milli))
        .bind(numbers(|l| l.unit_price.paisa()))
        .bind(numbers(|l| l.amount.paisa()))
        .bind(rates)
        .execute(tx.conn())
        .await?;
    Ok(())
}
