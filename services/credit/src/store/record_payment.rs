use khaacho_durable::{NewJob, Transact, Tx};
use khaacho_fault::Fault;
use khaacho_money::Paisa;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::{self, Move};
use super::{Origin, PAYMENT_REFERENCE_KEY, journal, refuse_on};
use crate::domain::allocation::OpenInvoice;
use crate::domain::record_payment::{Decision, RecordPayment, Seen};
use crate::domain::{Balance, Payment, Refusal};
use crate::jobs::notify_payment;

/// Invoices that one payment can reach. What would go beyond them stays an advance.
const INVOICES_MAX: i64 = 1000;

/// The invoices that the amount reaches, oldest due first.
const OPEN: &str = "select id, number, open_paisa from (
        select id, number, due_at, open_paisa,
            sum(open_paisa) over (order by due_at, number) - open_paisa as before_paisa
        from credit.invoice where account_id = $1 and open_paisa > 0
        order by due_at, number limit $3
    ) i where before_paisa < $2 order by due_at, number";
const INSERT: &str =
    "insert into credit.payment (id, account_id, amount_paisa, unallocated_paisa, method, reference,
        received_at, recorded_at, recorded_by, entry_id, cause_id, trace_id)
    values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// A payment that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The payment.
    pub payment: Payment,
    /// Balance after it.
    pub balance: Balance,
}

impl Transact for RecordPayment {
    type Reply = Recorded;

    async fn load(&self, tx: &mut Tx) -> Result<Seen, Fault> {
        if account::lock(tx, self.account_id).await?.is_none() {
            return Ok(Seen::Unknown);
        }
        let rows: Vec<(Uuid, String, i64)> = sqlx::query_as(OPEN)
            .bind(self.account_id.uuid())
            .bind(self.amount.paisa())
            .bind(INVOICES_MAX)
            .fetch_all(tx.conn())
            .await?;
        let invoices = rows
            .into_iter()
            .map(|(id, number, open)| OpenInvoice {
                invoice_id: id.into(),
                number,
                open: Paisa::new(open),
            })
            .collect();
        Ok(Seen::Open(invoices))
    }

    async fn save(&self, decision: Decision, tx: &mut Tx) -> Result<Recorded, Fault> {
        let (origin, recorded_by) = (Origin::of(tx), tx.ctx().principal().subject.clone());
        let entry_id = decision.entry.entry_id;
        journal::write_entry(tx, &decision.entry).await?;
        sqlx::query(INSERT)
            .bind(self.payment_id.uuid())
            .bind(self.account_id.uuid())
            .bind(self.amount.paisa())
            .bind(self.method.as_str())
            .bind(&self.reference)
            .bind(decision.received_at)
            .bind(origin.at)
            .bind(&recorded_by)
            .bind(entry_id.uuid())
            .bind(origin.cause)
            .bind(origin.trace)
            .execute(tx.conn())
            .await
            .map_err(|error| refuse_on(error, &[(PAYMENT_REFERENCE_KEY, Refusal::PaymentReferenceUsed)]))?;
        journal::write_allocations(tx, &decision.allocations).await?;
        let change = Move {
            d_owed: -self.amount.paisa(),
            entry_id: Some(entry_id),
            payment_id: Some(self.payment_id),
            ..Move::new("payment", self.account_id)
        };
        let balance = account::move_known_account(tx, change).await?;
        let notice = notify_payment::Body {
            payment_id: self.payment_id,
            owed: balance.owed,
        };
        tx.enqueue(NewJob::new(notify_payment::KIND, &notice)?.key(self.account_id.to_string()));
        let payment = Payment {
            payment_id: self.payment_id,
            account_id: self.account_id,
            amount: self.amount,
            method: self.method,
            reference: self.reference.clone(),
            received_at: decision.received_at,
            entry_id,
            recorded_by,
            allocations: decision.allocated,
        };
        Ok(Recorded { payment, balance })
    }
}
