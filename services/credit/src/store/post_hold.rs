use chrono::{DateTime, Utc};
use khaacho_durable::{Transact, Tx};
use khaacho_fault::Fault;
use khaacho_ids::{AccountId, EntryId};
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::account::{self, Move};
use super::hold::{self, HoldRow};
use super::{Origin, journal, unreadable};
use crate::domain::allocation::Advance;
use crate::domain::hold::hold_id;
use crate::domain::post_hold::{Decision, Invoice, PostHold, Posted, Seen};
use crate::domain::{Balance, Hold, HoldState};

/// Advances that one invoice can use up. Each is a payment that no invoice needed when it came.
const ADVANCES_MAX: i64 = 1000;

// The invoice is read afterwards: a join would still show what was there before the wait for the lock.
const LOCK: &str = "select h.id, h.order_id, h.account_id, h.amount_paisa, h.state, a.terms_days, a.owed_paisa
    from credit.hold h join credit.account a on a.id = h.account_id where h.id = $1 for no key update of h, a";
const POSTED: &str = "select entry_id, number, due_at, amount_paisa, vat_paisa, vendor_id, vendor_paisa
    from credit.invoice where order_id = $1";
const ADVANCES: &str = "select id, unallocated_paisa from credit.payment
    where account_id = $1 and unallocated_paisa > 0 order by received_at, id limit $2";
const INVOICE: &str = include_str!("sql/insert_invoice.sql");

/// A posting that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// Journal entry.
    pub entry_id: EntryId,
    /// Invoice number.
    pub invoice_number: String,
    /// Due date.
    pub due_at: DateTime<Utc>,
    /// Balance after it.
    pub balance: Balance,
    /// Whether this call posted it.
    pub fresh: bool,
}

#[derive(FromRow)]
struct LockedRow {
    #[sqlx(flatten)]
    hold: HoldRow,
    terms_days: i32,
    owed_paisa: i64,
}

#[derive(FromRow)]
struct InvoiceRow {
    entry_id: Uuid,
    number: String,
    due_at: DateTime<Utc>,
    amount_paisa: i64,
    vat_paisa: i64,
    vendor_id: Uuid,
    vendor_paisa: i64,
}

impl InvoiceRow {
    fn posted(self, hold: Hold) -> Posted {
        let [amount, vat, vendor] = [self.amount_paisa, self.vat_paisa, self.vendor_paisa].map(Paisa::new);
        Posted {
            hold,
            amounts: (amount, vat, vendor),
            vendor_id: self.vendor_id.into(),
            entry_id: self.entry_id.into(),
            invoice_number: self.number,
            due_at: self.due_at,
        }
    }
}

impl Transact for PostHold {
    type Reply = Debt;
    /// The order names the hold, the entry and the invoice.
    const REMEMBERED: bool = false;

    async fn load(&self, tx: &mut Tx) -> Result<Seen, Fault> {
        let id = hold_id(self.order_id);
        let row = sqlx::query_as::<_, LockedRow>(LOCK)
            .bind(id.uuid())
            .fetch_optional(tx.conn())
            .await?;
        let Some(row) = row else { return Ok(Seen::Unknown) };
        let hold: Hold = row.hold.try_into()?;
        if hold.state == HoldState::Posted {
            let invoice: InvoiceRow = sqlx::query_as(POSTED)
                .bind(self.order_id.uuid())
                .fetch_one(tx.conn())
                .await?;
            return Ok(Seen::Posted(invoice.posted(hold)));
        }
        // only a shop that paid ahead has payments left over
        let advances = if row.owed_paisa < 0 {
            load_advances(tx, hold.account_id).await?
        } else {
            Vec::new()
        };
        Ok(Seen::Open {
            hold,
            terms_days: row.terms_days.unsigned_abs(),
            advances,
        })
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Debt, Fault> {
        let (hold, entry, invoice, allocations) = match decision {
            Decision::Again(posted) => return again(posted, tx).await,
            Decision::Post {
                hold,
                entry,
                invoice,
                allocations,
            } => (hold, entry, invoice, allocations),
        };
        hold::settle(tx, hold.hold_id, HoldState::Posted, "").await?;
        journal::write_entry(tx, &entry).await?;
        let invoice_number = self
            .write_invoice(&invoice, hold.account_id, entry.entry_id, tx)
            .await?;
        journal::write_allocations(tx, &allocations).await?;
        let change = Move {
            d_owed: self.amount.paisa(),
            d_held: -hold.amount.paisa(),
            hold_id: Some(hold.hold_id),
            entry_id: Some(entry.entry_id),
            order_id: Some(self.order_id),
            ..Move::new("hold_posted", hold.account_id)
        };
        let balance = account::move_known_account(tx, change).await?;
        Ok(Debt {
            entry_id: entry.entry_id,
            invoice_number,
            due_at: invoice.due_at,
            balance,
            fresh: true,
        })
    }
}

impl PostHold {
    async fn write_invoice(
        &self,
        invoice: &Invoice,
        account_id: AccountId,
        entry_id: EntryId,
        tx: &mut Tx,
    ) -> Result<String, Fault> {
        let origin = Origin::of(tx);
        let number = sqlx::query_scalar(INVOICE)
            .bind(invoice.invoice_id.uuid())
            .bind(invoice.fiscal_year.invoice_prefix())
            .bind(invoice.fiscal_year.to_string())
            .bind(account_id.uuid())
            .bind(self.order_id.uuid())
            .bind(&self.order_number)
            .bind(entry_id.uuid())
            .bind(self.amount.paisa())
            .bind(self.vat.paisa())
            .bind(self.vendor_id.uuid())
            .bind(self.vendor.paisa())
            .bind(self.delivered_at)
            .bind(invoice.issued_at)
            .bind(invoice.due_at)
            .bind(origin.cause)
            .bind(origin.trace)
            .fetch_one(tx.conn())
            .await?;
        Ok(number)
    }
}

async fn load_advances(tx: &mut Tx, account_id: AccountId) -> Result<Vec<Advance>, Fault> {
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(ADVANCES)
        .bind(account_id.uuid())
        .bind(ADVANCES_MAX)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, left)| Advance {
            payment_id: id.into(),
            left: Paisa::new(left),
        })
        .collect())
}

async fn again(posted: Posted, tx: &mut Tx) -> Result<Debt, Fault> {
    let standing = account::standing(tx.conn(), posted.hold.account_id).await?;
    let (standing, _) = standing.ok_or_else(|| unreadable("account"))?;
    let Posted {
        entry_id,
        invoice_number,
        due_at,
        ..
    } = posted;
    Ok(Debt {
        entry_id,
        invoice_number,
        due_at,
        balance: standing.balance,
        fresh: false,
    })
}
