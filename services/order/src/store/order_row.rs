//! Rows of orders.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_ids::OrderId;
use khaacho_money::Paisa;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::number::parse_order_number;
use crate::domain::{Buyer, Line, Order, Status, Vendor};

/// Columns of [`OrderRow`], for `select`.
macro_rules! order_columns {
    () => {
        "o.id, o.number, o.status, o.version, o.buyer, o.vendor, o.reservation_attempt, o.offers, o.subtotal_paisa,
         o.vat_paisa, o.total_paisa, o.vendor_paisa, o.placed_at, o.updated_at, o.delivered_at, o.invoice_number,
         o.due_at, o.vendor_deadline_at, o.reason, o.reason_text, o.needs_operator"
    };
}
pub(crate) use order_columns;

/// [`order_columns`] and the lines, so that a whole order is one row and one round trip.
macro_rules! whole_order {
    () => {
        concat!(
            crate::store::order_row::order_columns!(),
            ", (select coalesce(jsonb_agg(jsonb_build_object(
                    'sku', l.sku, 'name', l.name, 'quantity', l.quantity, 'unit', l.unit,
                    'quantity_milli', l.quantity_milli, 'unit_price', l.unit_price_paisa,
                    'amount', l.amount_paisa, 'vat_bp', l.vat_bp) order by l.n), '[]'::jsonb)
                from orders.order_line l where l.order_id = o.id) as lines"
        )
    };
}
pub(crate) use whole_order;

/// A row of `purchase_order`.
#[derive(FromRow)]
pub struct OrderRow {
    id: Uuid,
    number: String,
    status: String,
    version: i64,
    buyer: Json<Buyer>,
    vendor: Option<Json<Vendor>>,
    reservation_attempt: Option<i32>,
    offers: i32,
    subtotal_paisa: i64,
    vat_paisa: i64,
    total_paisa: i64,
    vendor_paisa: Option<i64>,
    placed_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    delivered_at: Option<DateTime<Utc>>,
    invoice_number: Option<String>,
    due_at: Option<DateTime<Utc>>,
    vendor_deadline_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    reason_text: Option<String>,
    needs_operator: bool,
    #[sqlx(default)]
    lines: Json<Vec<Line>>,
}

impl OrderRow {
    /// The order, without lines when the query read none. Errors when a row holds a status that this program does not
    /// know.
    pub fn order(self) -> Result<Order, Fault> {
        let status = Status::parse(&self.status).ok_or_else(|| {
            Fault::bug(format!(
                "order {} has the unknown status {}",
                self.number, self.status
            ))
        })?;
        Ok(Order {
            order_id: OrderId::from(self.id).to_string(),
            number: self.number,
            status,
            version: self.version,
            buyer: self.buyer.0,
            vendor: self.vendor.map(|v| v.0),
            reservation_attempt: self.reservation_attempt,
            offers: self.offers,
            subtotal: Paisa::new(self.subtotal_paisa),
            vat: Paisa::new(self.vat_paisa),
            total: Paisa::new(self.total_paisa),
            vendor_paisa: self.vendor_paisa,
            placed_at: self.placed_at,
            updated_at: self.updated_at,
            delivered_at: self.delivered_at,
            invoice_number: self.invoice_number,
            due_at: self.due_at,
            vendor_deadline_at: self.vendor_deadline_at,
            reason: self.reason,
            reason_text: self.reason_text,
            needs_operator: self.needs_operator,
            lines: self.lines.0,
        })
    }

    /// Place and id, for page tokens.
    pub fn key(&self) -> (DateTime<Utc>, Uuid) {
        (self.placed_at, self.id)
    }
}

/// How a caller names an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By id.
    Id(Uuid),
    /// By number.
    Number(String),
}

impl Named {
    /// Reads an id or a number; anything else names no order.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(id) = text.parse::<OrderId>() {
            return Some(Self::Id(id.uuid()));
        }
        parse_order_number(text).map(Self::Number)
    }
}

/// Reads an order with its lines under its lock. `None` when there is none.
pub async fn lock(conn: &mut PgConnection, named: &str) -> Result<Option<Order>, Fault> {
    let row: Option<OrderRow> = match Named::parse(named) {
        None => return Ok(None),
        Some(Named::Id(id)) => {
            sqlx::query_as(concat!(
                "select ",
                whole_order!(),
                " from orders.purchase_order o where o.id = $1 for no key update of o"
            ))
            .bind(id)
            .fetch_optional(conn)
            .await?
        }
        Some(Named::Number(number)) => {
            sqlx::query_as(concat!(
                "select ",
                whole_order!(),
                " from orders.purchase_order o where o.number = $1 for no key update of o"
            ))
            .bind(number)
            .fetch_optional(conn)
            .await?
        }
    };
    row.map(OrderRow::order).transpose()
}

/// The id of an order as the database knows it. Errors when the text is none of ours.
pub fn uuid(order_id: &str) -> Result<Uuid, Fault> {
    order_id.parse::<OrderId>().map(OrderId::uuid).map_err(Fault::bug)
}
