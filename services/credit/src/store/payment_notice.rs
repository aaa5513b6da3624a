//! What the shop is told about a payment.

use khaacho_fault::Fault;
use khaacho_ids::PaymentId;
use khaacho_money::Paisa;
use sqlx::{FromRow, PgPool};

use super::account::{self, language_column};
use super::unreadable;
use crate::domain::{Language, Method};

const READ: &str = concat!(
    "select y.amount_paisa, y.method, p.phone, ",
    language_column!(),
    "
    from credit.payment y
    join credit.account a on a.id = y.account_id
    join credit.account_phone p on p.account_id = a.id and p.position = 1
    where y.id = $1"
);

/// A payment and who hears of it.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) amount: Paisa,
    pub(crate) method: Method,
    /// `None` while none is set.
    pub(crate) language: Option<Language>,
    /// E.164.
    pub(crate) phone: String,
}

#[derive(FromRow)]
struct Row {
    amount_paisa: i64,
    method: String,
    language: Option<String>,
    phone: String,
}

/// The notice of a payment.
pub(crate) async fn read(pool: &PgPool, payment_id: PaymentId) -> Result<Notice, Fault> {
    let row: Row = sqlx::query_as(READ)
        .bind(payment_id.uuid())
        .fetch_one(pool)
        .await?;
    Ok(Notice {
        amount: Paisa::new(row.amount_paisa),
        method: Method::parse(&row.method).ok_or_else(|| unreadable("payment method"))?,
        language: account::language(row.language.as_deref())?,
        phone: row.phone,
    })
}
