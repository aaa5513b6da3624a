//! Writing entries and allocations.

use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_ids::{OrderId, PaymentId};
use khaacho_planted::{self as planted, Bug};

use super::Origin;
use crate::domain::Entry;
use crate::domain::allocation::Allocation;

const ENTRY: &str = "with written as (
        insert into credit.entry
            (id, kind, account_id, order_id, payment_id, effective_at, recorded_at, cause_id, trace_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    )
    insert into credit.entry_line (entry_id, n, ledger_account, amount_paisa)
    select $1, l.n, l.ledger_account, l.amount_paisa
    from unnest($10::text[], $11::bigint[]) with ordinality as l (ledger_account, amount_paisa, n)";

const ALLOCATE: &str = include_str!("sql/allocate.sql");

/// Appends an entry with its lines. The database checks at commit that they sum to zero.
pub(super) async fn write_entry(tx: &mut Tx, entry: &Entry) -> Result<(), Fault> {
    let origin = Origin::of(tx);
    let (mut accounts, mut amounts): (Vec<&str>, Vec<i64>) = entry
        .lines
        .iter()
        .map(|line| (line.ledger_account.as_str(), line.amount.paisa()))
        .unzip();
    if planted::on(Bug::OneLeggedFee) {
        accounts.push("fees");
        amounts.push(-100);
    }
    sqlx::query(ENTRY)
        .bind(entry.entry_id.uuid())
        .bind(entry.kind.as_str())
        .bind(entry.account_id.uuid())
        .bind(entry.order_id.map(OrderId::uuid))
        .bind(entry.payment_id.map(PaymentId::uuid))
        .bind(entry.effective_at)
        .bind(origin.at)
        .bind(origin.cause)
        .bind(origin.trace)
        .bind(accounts)
        .bind(amounts)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Appends allocations and lowers what is open of both sides. Both sides belong to a locked account.
pub(super) async fn write_allocations(tx: &mut Tx, allocations: &[Allocation]) -> Result<(), Fault> {
    if allocations.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    sqlx::query(ALLOCATE)
        .bind(
            allocations
                .iter()
                .map(|part| part.payment_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(
            allocations
                .iter()
                .map(|part| part.invoice_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(
            allocations
                .iter()
                .map(|part| part.amount.paisa())
                .collect::<Vec<_>>(),
        )
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
