//! Holds of many orders in one transaction: each account is locked, read and changed once, however many of its orders
//! are in the batch.

use std::collections::{BTreeMap, HashSet};

use khaacho_durable::{Command as _, Gathered, Item, Tx, Verdict};
use khaacho_fault::{Fault, reason};
use khaacho_planted::{self as planted, Bug};
use sqlx::Row as _;
use uuid::Uuid;

use super::Held;
use crate::domain::place_hold::{Decision, PlaceHold, Seen, why_not};
use crate::domain::{Hold, Standing};
use crate::store::account;

/// Writes the holds of known accounts whose orders have none yet.
const CLAIM: &str = "\
insert into credit.hold (id, order_id, account_id, amount_paisa, state, reason, placed_at, settled_at, cause_id, trace_id)
select h.id, h.order_id, h.account_id, h.amount, 'PENDING', '', $7, null, h.cause, h.trace
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[])
    as h (id, order_id, account_id, amount, cause, trace)
where exists (select from credit.account a where a.id = h.account_id)
order by h.id
on conflict do nothing
returning id";
const MOVE: &str = include_str!("../sql/place_holds.sql");

impl Gathered for PlaceHold {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Held>>, Fault> {
        // Holds are history and cannot be taken back, so whoever seems to have no room is sorted out before one is
        // written. It goes alone and not with a no: its hold may stand already and be what fills the account.
        let accounts: Vec<_> = items.iter().map(|item| item.command.account_id).collect();
        let mut seen = account::standings(tx, &accounts).await?;
        let mut room = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate() {
            if let Some(standing) = seen.get_mut(&item.command.account_id.uuid())
                && decide(item.command, standing, tx)?.is_ok()
            {
                room.push(n);
            }
        }
        let mut verdicts: Vec<Verdict<Held>> = items.iter().map(|_| Verdict::Alone).collect();
        let claimed = claim(items, &room, tx).await?;
        let accounts: Vec<_> = claimed
            .iter()
            .map(|(n, _)| items[*n].command.account_id)
            .collect();
        let mut standings = account::lock_all(tx, &accounts).await?;
        let mut taken = Vec::with_capacity(claimed.len());
        for (n, hold) in claimed {
            let command = items[n].command;
            let Some(standing) = standings.get_mut(&command.account_id.uuid()) else {
                return Err(Fault::bug(
                    "an account vanished although nothing deletes accounts",
                ));
            };
            let held = decide(command, standing, tx)?
                .map_err(|fault| Fault::conflict(reason::CONCURRENT_UPDATE).cause(fault))?;
            taken.push((n, hold));
            verdicts[n] = Verdict::Done(held);
        }
        move_accounts(items, &taken, tx).await?;
        Ok(verdicts)
    }
}

/// The verb's own decision, and then the limit against what the batch has taken so far.
fn decide(command: &PlaceHold, standing: &mut Standing, tx: &Tx) -> Result<Result<Held, Fault>, Fault> {
    let hold = match command.decide(Seen::Fresh, tx.now()) {
        Ok(Decision::Take(hold)) => hold,
        Ok(Decision::Again(_)) => return Err(Fault::bug("a fresh hold was there before")),
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    if let Some(refusal) = why_not(standing, command.amount) {
        return Ok(Err(refusal.into()));
    }
    standing.balance.held = standing
        .balance
        .held
        .checked_add(command.amount)
        .map_err(Fault::bug)?;
    let balance = standing.balance;
    let fresh = true;
    Ok(Ok(Held { hold, balance, fresh }))
}

/// The holds of those commands that are new; an order that has one, occurs twice or has no account goes alone.
async fn claim(
    items: &[Item<'_, PlaceHold>],
    room: &[usize],
    tx: &mut Tx,
) -> Result<Vec<(usize, Hold)>, Fault> {
    let mut seen = HashSet::new();
    let holds: Vec<(usize, Hold)> = room
        .iter()
        .map(|n| (*n, items[*n].command.hold()))
        .filter(|(_, hold)| seen.insert(hold.hold_id.uuid()))
        .collect();
    if holds.is_empty() {
        return Ok(holds);
    }
    let rows: Vec<(&Hold, &Item<'_, PlaceHold>)> = holds.iter().map(|(n, hold)| (hold, &items[*n])).collect();
    let now = tx.now();
    let written = sqlx::query(CLAIM)
        .bind(rows.iter().map(|(h, _)| h.hold_id.uuid()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(h, _)| h.order_id.uuid()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(h, _)| h.account_id.uuid()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(h, _)| h.amount.paisa()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, i)| i.ctx.cause()).collect::<Vec<_>>())
        .bind(
            rows.iter()
                .map(|(_, i)| i.ctx.trace().trace_id())
                .collect::<Vec<_>>(),
        )
        .bind(now)
        .fetch_all(tx.conn())
        .await?;
    let written: HashSet<Uuid> = written.iter().map(|row| row.get(0)).collect();
    let mut holds = holds;
    holds.retain(|(_, hold)| written.contains(&hold.hold_id.uuid()));
    Ok(holds)
}

/// One conditional update an account, with an event a hold.
async fn move_accounts(
    items: &[Item<'_, PlaceHold>],
    taken: &[(usize, Hold)],
    tx: &mut Tx,
) -> Result<(), Fault> {
    if taken.is_empty() {
        return Ok(());
    }
    let accounts: BTreeMap<Uuid, ()> = taken.iter().map(|(_, h)| (h.account_id.uuid(), ())).collect();
    let now = tx.now();
    let (limit, more) = ("<= a.limit_paisa", "<= a.limit_paisa * 11 / 10");
    let moved: i64 = sqlx::query_scalar(planted::sql(Bug::LimitAndATenth, MOVE, limit, more))
        .bind(taken.iter().map(|(_, h)| h.hold_id.uuid()).collect::<Vec<_>>())
        .bind(taken.iter().map(|(_, h)| h.account_id.uuid()).collect::<Vec<_>>())
        .bind(taken.iter().map(|(_, h)| h.order_id.uuid()).collect::<Vec<_>>())
        .bind(taken.iter().map(|(_, h)| h.amount.paisa()).collect::<Vec<_>>())
        .bind(
            taken
                .iter()
                .map(|(n, _)| items[*n].ctx.cause())
                .collect::<Vec<_>>(),
        )
        .bind(
            taken
                .iter()
                .map(|(n, _)| items[*n].ctx.trace().trace_id())
                .collect::<Vec<_>>(),
        )
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
    if usize::try_from(moved) == Ok(accounts.len()) {
        return Ok(());
    }
    // the decision saw the accounts under their locks
    Err(Fault::conflict(reason::CONCURRENT_UPDATE).cause("an account moved past its lock"))
}
