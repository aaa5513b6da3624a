//! Hold rows.

use khaacho_durable::Tx;
use khaacho_fault::{Fault, reason};
use khaacho_ids::HoldId;
use khaacho_money::Paisa;
use khaacho_planted::{self as planted, Bug};
use sqlx::FromRow;
use uuid::Uuid;

use super::{HOLD_ACCOUNT_FKEY, Origin, refuse_on, unreadable};
use crate::domain::place_hold::Seen;
use crate::domain::{Hold, HoldState, Refusal};

const CLAIM: &str = "insert into credit.hold
    (id, order_id, account_id, amount_paisa, state, reason, placed_at, settled_at, cause_id, trace_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing";
/// A bug on purpose: another hold of the same order.
const AGAIN: &str = "insert into credit.hold
    (id, order_id, account_id, amount_paisa, state, reason, placed_at, settled_at, cause_id, trace_id)
    select $1, order_id, account_id, amount_paisa, 'PENDING', '', placed_at, null, cause_id, trace_id
    from credit.hold where id = $2";
const LOCK: &str = "select id, order_id, account_id, amount_paisa, state from credit.hold
    where id = $1 for no key update";
const SETTLE: &str = "update credit.hold set state = $2, reason = $3, settled_at = $4 where id = $1";

#[derive(FromRow)]
pub(super) struct HoldRow {
    id: Uuid,
    order_id: Uuid,
    account_id: Uuid,
    amount_paisa: i64,
    state: String,
}

impl TryFrom<HoldRow> for Hold {
    type Error = Fault;

    fn try_from(row: HoldRow) -> Result<Self, Fault> {
        Ok(Self {
            hold_id: row.id.into(),
            account_id: row.account_id.into(),
            order_id: row.order_id.into(),
            amount: Paisa::new(row.amount_paisa),
            state: HoldState::parse(&row.state).ok_or_else(|| unreadable("hold state"))?,
        })
    }
}

/// Writes the hold unless its order has one already; then that one is locked. A twin of the same order waits here.
pub(super) async fn claim(tx: &mut Tx, hold: &Hold, release_reason: &str) -> Result<Seen, Fault> {
    let origin = Origin::of(tx);
    let settled_at = (hold.state != HoldState::Pending).then_some(origin.at);
    let written = sqlx::query(CLAIM)
        .bind(hold.hold_id.uuid())
        .bind(hold.order_id.uuid())
        .bind(hold.account_id.uuid())
        .bind(hold.amount.paisa())
        .bind(hold.state.as_str())
        .bind(release_reason)
        .bind(origin.at)
        .bind(settled_at)
        .bind(origin.cause)
        .bind(origin.trace)
        .execute(tx.conn())
        .await
        .map_err(|error| refuse_on(error, &[(HOLD_ACCOUNT_FKEY, Refusal::AccountUnknown)]))?;
    if written.rows_affected() == 1 {
        return Ok(Seen::Fresh);
    }
    if planted::on(Bug::HoldPerAttempt) && hold.state == HoldState::Pending {
        let id = HoldId::generate();
        sqlx::query(AGAIN)
            .bind(id.uuid())
            .bind(hold.hold_id.uuid())
            .execute(tx.conn())
            .await?;
        return Ok(Seen::Fresh);
    }
    let row = sqlx::query_as::<_, HoldRow>(LOCK)
        .bind(hold.hold_id.uuid())
        .fetch_optional(tx.conn())
        .await?;
    // a conflict without a row would need a deletion, and nothing deletes holds
    let row = row.ok_or_else(|| Fault::conflict(reason::CONCURRENT_UPDATE))?;
    Ok(Seen::Known(row.try_into()?))
}

/// Ends a pending, locked hold.
pub(super) async fn settle(tx: &mut Tx, hold_id: HoldId, state: HoldState, why: &str) -> Result<(), Fault> {
    let now = tx.now();
    sqlx::query(SETTLE)
        .bind(hold_id.uuid())
        .bind(state.as_str())
        .bind(why)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
