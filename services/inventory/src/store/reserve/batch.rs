//! Reservations of many orders in one transaction: a product of a vendor is locked, read and changed once, however many
//! orders of the batch want it.

use std::collections::{BTreeMap, HashSet};

use khaacho_durable::{Command as _, Gathered, Item, Tx, Verdict};
use khaacho_fault::{Fault, reason};
use khaacho_planted::{self as planted, Bug};
use sqlx::Row as _;
use uuid::Uuid;

use crate::domain::reservation::{Outcome, Reservation};
use crate::domain::reserve::{Decision, Reserve, Snapshot};
use crate::domain::sku::Sku;
use crate::domain::stock::StockRow;
use crate::store::moves;

/// Writes the reservations that are new at vendors that exist, with their lines.
const CLAIM: &str = "\
with claimed as (
    insert into inventory.reservation (reservation_id, order_id, attempt, vendor_id, state, created_at, cause, trace_id)
    select k.id, k.order_id, k.attempt, k.vendor_id, 'PENDING', $7, k.cause, k.trace
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::text[])
        as k (id, order_id, attempt, vendor_id, cause, trace)
    where exists (select from inventory.vendor v where v.vendor_id = k.vendor_id)
    order by k.id
    on conflict on constraint reservation_pkey do nothing
    returning reservation_id
), lines as (
    insert into inventory.reservation_line (reservation_id, sku, quantity_milli)
    select c.reservation_id, l.sku, l.quantity
    from unnest($8::uuid[], $9::text[], $10::bigint[]) as l (reservation_id, sku, quantity)
    join claimed c on c.reservation_id = l.reservation_id
)
select reservation_id from claimed";
/// The refused ones, which nobody else has seen.
const TAKE_BACK: &str = "\
with lines as (delete from inventory.reservation_line where reservation_id = any($1))
delete from inventory.reservation where reservation_id = any($1)";
/// One conditional update a stock row, with a move a reservation.
const APPLY: &str = "\
with wanted as (
    select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
        $8::text[]) with ordinality as w (vendor_id, sku, quantity, reservation_id, order_id, actor, cause, trace, n)
), sums as (
    select vendor_id, sku, sum(quantity)::bigint as quantity, count(*) as moves from wanted group by vendor_id, sku
), moved as (
    update inventory.stock s
    set reserved_milli = s.reserved_milli + d.quantity, seq = s.seq + d.moves
    from sums d
    where s.vendor_id = d.vendor_id and s.sku = d.sku and s.reserved_milli + d.quantity between 0 and s.on_hand_milli
    returning s.vendor_id, s.sku, s.seq - d.moves as seq_before
), written as (
    insert into inventory.stock_move (vendor_id, sku, seq, kind, on_hand_delta_milli, reserved_delta_milli,
        reservation_id, order_id, reason, actor, cause, trace_id, at)
    select w.vendor_id, w.sku, m.seq_before + row_number() over (partition by w.vendor_id, w.sku order by w.n),
        'reserve', 0, w.quantity, w.reservation_id, w.order_id, '', w.actor, w.cause, w.trace, $9
    from wanted w join moved m on m.vendor_id = w.vendor_id and m.sku = w.sku
)
select count(*) from moved";

/// Stock under its locks, less what the batch has promised so far.
type Shelf = BTreeMap<(Uuid, String), StockRow>;

impl Gathered for Reserve {
    async fn carry_out(items: &[Item<'_, Self>], tx: &mut Tx) -> Result<Vec<Verdict<Outcome>>, Fault> {
        let claimed = claim(items, tx).await?;
        let fresh: Vec<usize> = (0..items.len()).filter(|n| claimed[*n]).collect();
        let mut shelf = lock(items, &fresh, tx).await?;
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        let mut verdicts: Vec<Verdict<Outcome>> = items.iter().map(|_| Verdict::Alone).collect();
        for n in fresh {
            let command = items[n].command;
            verdicts[n] = match command.decide(seen(command, &shelf), tx.now()) {
                Ok(Decision::Reserve { reservation, .. }) => {
                    promise(&mut shelf, &reservation)?;
                    made.push((n, reservation.clone()));
                    let fresh = true;
                    Verdict::Done(Outcome { reservation, fresh })
                }
                Ok(Decision::Same(_)) => return Err(Fault::bug("a fresh reservation was there before")),
                Err(refusal) => {
                    refused.push(command.attempt.reservation_id().uuid());
                    Verdict::Refused(refusal.into())
                }
            };
        }
        if !refused.is_empty() {
            sqlx::query(TAKE_BACK).bind(refused).execute(tx.conn()).await?;
        }
        apply(items, &made, tx).await?;
        Ok(verdicts)
    }
}

/// Which commands are new; one that replaces another attempt, repeats one or names no vendor goes alone.
async fn claim(items: &[Item<'_, Reserve>], tx: &mut Tx) -> Result<Vec<bool>, Fault> {
    let mut ids = HashSet::new();
    let own = |item: &Item<'_, Reserve>| item.command.attempt.reservation_id().uuid();
    let rows: Vec<&Item<'_, Reserve>> = items
        .iter()
        .filter(|item| item.command.replaces.is_none() && ids.insert(own(item)))
        .collect();
    let numbers = rows
        .iter()
        .map(|item| i32::try_from(item.command.attempt.number).map_err(Fault::bug))
        .collect::<Result<Vec<i32>, _>>()?;
    let lines: Vec<(Uuid, &str, i64)> = rows
        .iter()
        .flat_map(|item| {
            let line = |l| (own(item), l);
            item.command.lines.iter().map(line)
        })
        .map(|(id, line)| (id, line.sku.as_str(), line.quantity.milli()))
        .collect();
    let now = tx.now();
    let written = sqlx::query(CLAIM)
        .bind(rows.iter().map(|item| own(item)).collect::<Vec<_>>())
        .bind(
            rows.iter()
                .map(|i| i.command.attempt.order_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(numbers)
        .bind(
            rows.iter()
                .map(|i| i.command.vendor_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(rows.iter().map(|i| i.ctx.cause()).collect::<Vec<_>>())
        .bind(rows.iter().map(|i| i.ctx.trace().trace_id()).collect::<Vec<_>>())
        .bind(now)
        .bind(lines.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
        .bind(lines.iter().map(|(_, sku, _)| *sku).collect::<Vec<_>>())
        .bind(lines.iter().map(|(_, _, quantity)| *quantity).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    let mut written: HashSet<Uuid> = written.iter().map(|row| row.get(0)).collect();
    // the first of a repetition takes the row out, so that the others go alone
    let new = |item: &Item<'_, Reserve>| item.command.replaces.is_none() && written.remove(&own(item));
    Ok(items.iter().map(new).collect())
}

async fn lock(items: &[Item<'_, Reserve>], fresh: &[usize], tx: &mut Tx) -> Result<Shelf, Fault> {
    let keys = fresh.iter().flat_map(|n| {
        let command = items[*n].command;
        command.lines.iter().map(|line| (command.vendor_id, &line.sku))
    });
    let keys: Vec<_> = keys.collect();
    let rows = moves::lock(tx, keys).await?;
    let keyed = |row: StockRow| ((row.vendor_id.uuid(), row.sku.to_string()), row);
    Ok(rows.into_iter().map(keyed).collect())
}

fn key(command: &Reserve, sku: &Sku) -> (Uuid, String) {
    (command.vendor_id.uuid(), sku.to_string())
}

/// What the command would see alone, after those before it.
fn seen(command: &Reserve, shelf: &Shelf) -> Snapshot {
    let stock = command
        .lines
        .iter()
        .filter_map(|line| shelf.get(&key(command, &line.sku)).cloned());
    Snapshot {
        vendor_known: true,
        existing: None,
        replaced: None,
        stock: stock.collect(),
    }
}

fn promise(shelf: &mut Shelf, reservation: &Reservation) -> Result<(), Fault> {
    let vendor = reservation
        .vendor_id
        .ok_or_else(|| Fault::bug("a new reservation without a vendor"))?;
    for line in &reservation.lines {
        let row = shelf
            .get_mut(&(vendor.uuid(), line.sku.to_string()))
            .ok_or_else(|| Fault::bug("a promise without stock"))?;
        row.reserved = row.reserved.checked_add(line.quantity).map_err(Fault::bug)?;
    }
    Ok(())
}

async fn apply(items: &[Item<'_, Reserve>], made: &[(usize, Reservation)], tx: &mut Tx) -> Result<(), Fault> {
    struct Wanted<'a> {
        vendor: Uuid,
        sku: &'a str,
        quantity: i64,
        of: &'a Reservation,
        by: &'a Item<'a, Reserve>,
    }
    let wanted: Vec<Wanted<'_>> = made
        .iter()
        .flat_map(|(n, of)| of.lines.iter().map(move |line| (*n, of, line)))
        .map(|(n, of, line)| Wanted {
            vendor: items[n].command.vendor_id.uuid(),
            sku: line.sku.as_str(),
            quantity: line.quantity.milli(),
            of,
            by: &items[n],
        })
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let rows: HashSet<(Uuid, &str)> = wanted.iter().map(|w| (w.vendor, w.sku)).collect();
    let now = tx.now();
    let part = "and s.reserved_milli + d.quantity between 0 and s.on_hand_milli";
    let moved: i64 = sqlx::query_scalar(planted::sql(Bug::StockWithoutCondition, APPLY, part, ""))
        .bind(wanted.iter().map(|w| w.vendor).collect::<Vec<_>>())
        .bind(wanted.iter().map(|w| w.sku).collect::<Vec<_>>())
        .bind(wanted.iter().map(|w| w.quantity).collect::<Vec<_>>())
        .bind(
            wanted
                .iter()
                .map(|w| w.of.reservation_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(
            wanted
                .iter()
                .map(|w| w.of.attempt.order_id.uuid())
                .collect::<Vec<_>>(),
        )
        .bind(
            wanted
                .iter()
                .map(|w| w.by.ctx.principal().subject.as_str())
                .collect::<Vec<_>>(),
        )
        .bind(wanted.iter().map(|w| w.by.ctx.cause()).collect::<Vec<_>>())
        .bind(
            wanted
                .iter()
                .map(|w| w.by.ctx.trace().trace_id())
                .collect::<Vec<_>>(),
        )
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
    if usize::try_from(moved) == Ok(rows.len()) {
        return Ok(());
    }
    // the decisions saw the rows under their locks
    Err(Fault::conflict(reason::CONCURRENT_UPDATE).cause("stock moved past its lock"))
}
