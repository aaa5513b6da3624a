//! What is in the books of a cell's parties: nothing acknowledged may be missing, nothing may be there twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::parties::{Parties, STOCK_MILLI};
use super::prober::{Acked, Scene};
use super::stage::Stage;

/// Rows of a cell's parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Books {
    pub(super) bought: i64,
    pub(super) waited: i64,
    pub(super) talked: i64,
    pub(super) payments: i64,
    /// What the vendor has, in thousandths, beyond what he had at first.
    pub(super) moved_milli: i64,
}

const ORDERS: &str = "select count(*) from assay_v1.orders where retailer = $1";
const PAYMENTS: &str = "select count(*) from assay_v1.payment where retailer = $1";
const ON_HAND: &str = "select on_hand_milli::bigint from assay_v1.stock where vendor = $1 and sku = $2";

/// Things that are wrong with orders of the given shops, each with how many.
const ODDITIES: [(&str, &str); 6] = [
    (
        "orders that did not reach their vendor",
        "select count(*) from assay_v1.orders where retailer = any($1) \
         and state not in ('SENT_TO_VENDOR', 'ACCEPTED')",
    ),
    (
        "orders without exactly one hold",
        "select count(*) from assay_v1.orders o where retailer = any($1) \
         and (select count(*) from assay_v1.hold h where h.order_id = o.order_id) <> 1",
    ),
    (
        "orders without exactly one open reservation",
        "select count(*) from assay_v1.orders o where retailer = any($1) \
         and (select count(*) from assay_v1.reservation r \
              where r.order_id = o.order_id and state = 'PENDING') <> 1",
    ),
    (
        "orders without exactly one offer to a vendor",
        "select count(*) from assay_v1.orders o where retailer = any($1) \
         and (select count(*) from assay_v1.assignment a where a.order_id = o.order_id) <> 1",
    ),
    (
        "accounts whose held amount is not that of their orders",
        "select count(*) from assay_v1.account c where retailer = any($1) and held_paisa <> \
         coalesce((select sum(total_paisa) from assay_v1.orders o where o.retailer = c.retailer), 0)",
    ),
    (
        "stores whose reserved goods are not those of their orders",
        "select count(*) from assay_v1.stock s where sku = any($2) and reserved_milli <> \
         coalesce((select sum(l.quantity_milli) from assay_v1.order_line l \
           join assay_v1.orders o using (order_id) where l.sku = s.sku and o.vendor = s.vendor), 0)",
    ),
];

impl Books {
    pub(super) async fn read(stage: &Stage, parties: &Parties) -> anyhow::Result<Self> {
        let mut connection = stage.postgres.connect(&stage.database).await?;
        let on = &mut connection;
        let vendor = &parties.vendor;
        let on_hand: i64 = sqlx::query_scalar(ON_HAND)
            .bind(&vendor.id)
            .bind(&vendor.sku)
            .fetch_one(&mut *on)
            .await?;
        let mut talked = [0; 2];
        for (orders, shop) in talked.iter_mut().zip(&parties.talkers) {
            *orders = of(on, ORDERS, &shop.account).await?;
        }
        let books = Self {
            bought: of(on, ORDERS, &parties.buyer.account).await?,
            waited: of(on, ORDERS, &parties.waiter.account).await?,
            talked: talked[0] + talked[1],
            payments: of(on, PAYMENTS, &parties.payer.account).await?,
            moved_milli: on_hand - STOCK_MILLI,
        };
        connection.close().await?;
        Ok(books)
    }

    /// What differs between what these books have more than `before`, and what was acknowledged.
    pub(super) fn against(&self, before: &Self, acked: &Acked) -> Vec<String> {
        let pairs = [
            ("orders by REST", self.bought - before.bought, &acked.orders, 1),
            ("orders waited for", self.waited - before.waited, &acked.waited, 1),
            ("payments", self.payments - before.payments, &acked.payments, 1),
            (
                "changes of stock",
                self.moved_milli - before.moved_milli,
                &acked.moves,
                1000,
            ),
        ];
        let differing = pairs.into_iter().filter_map(|(what, booked, acked, each)| {
            let acked = i64::try_from(acked.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
            let booked = booked as f64 / f64::from(each);
            #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
            let differs = booked != acked as f64;
            differs.then(|| format!("{acked} {what} were acknowledged, {booked} are booked"))
        });
        let mut wrong: Vec<String> = differing.collect();
        let number = |of: &AtomicU64| i64::try_from(of.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let (heard, said) = (number(&acked.talked), number(&acked.confirmed));
        let talked = self.talked - before.talked;
        if !(heard..=said).contains(&talked) {
            wrong.push(format!(
                "{heard} orders by chat of {said} confirmed were told, {talked} are booked"
            ));
        }
        wrong
    }
}

async fn of(connection: &mut PgConnection, sql: &'static str, who: &str) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar(sql).bind(who).fetch_one(connection).await?)
}

/// What is wrong with the orders of the cell's shops.
pub(super) async fn oddities(scene: &Scene) -> anyhow::Result<Vec<String>> {
    let parties = &scene.parties;
    let [one, two] = &parties.talkers;
    let shops = [&parties.buyer, &parties.waiter, one, two];
    let accounts: Vec<&str> = shops.map(|shop| shop.account.as_str()).into();
    let skus = vec![parties.seller.sku.as_str(), parties.other.sku.as_str()];
    let mut connection = scene.stage.postgres.connect(&scene.stage.database).await?;
    let mut wrong = Vec::new();
    for (what, sql) in ODDITIES {
        // Every statement knows both lists.
        let sql = format!("with given as (select $1::text[] as accounts, $2::text[] as skus) {sql}");
        let n: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(&accounts)
            .bind(&skus)
            .fetch_one(&mut connection)
            .await?;
        if n > 0 {
            wrong.push(format!("{n} {what}"));
        }
    }
    connection.close().await?;
    Ok(wrong)
}

/// Between two looks at what is open.
const APART: Duration = Duration::from_millis(250);
/// Jobs of the notification service wait for phones and for reports of the provider: nothing in the books depends
/// on them. Others are due when a pause after a fault is over, which is short.
const OPEN: &str = "
    select (select count(*) from assay_v1.inbound where handled_at is null),
           (select count(*) from (
                select leased, parked, run_at from assay_v1.job_order
                union all select leased, parked, run_at from assay_v1.job_credit
                union all select leased, parked, run_at from assay_v1.job_inventory) j
             where not parked and run_at < now() + interval '45 seconds'),
           (select count(*) from (
                select parked from assay_v1.job_order
                union all select parked from assay_v1.job_credit
                union all select parked from assay_v1.job_inventory
                union all select parked from assay_v1.job_notification) j where parked),
           (select count(*) from assay_v1.notice where state in ('QUEUED', 'SENDING'))";

/// How it came to rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) after: Duration,
    /// Messages whose sending was cut off, and those behind them: sent once their provider had time to report them.
    pub(super) unsent: i64,
}

/// Waits until nothing is open, twice in a row; what is open at the end of the time is the error.
pub(super) async fn rest(stage: &Stage, within: Duration) -> anyhow::Result<Result<Rest, String>> {
    let mut connection = stage.postgres.connect(&stage.database).await?;
    let began = Instant::now();
    let mut idle = 0;
    loop {
        let (messages, jobs, parked, unsent): (i64, i64, i64, i64) =
            sqlx::query_as(OPEN).fetch_one(&mut connection).await?;
        if parked > 0 {
            return Ok(Err(format!("{parked} jobs were given up")));
        }
        idle = if messages + jobs == 0 { idle + 1 } else { 0 };
        if idle == 2 {
            connection.close().await?;
            return Ok(Ok(Rest {
                after: began.elapsed(),
                unsent,
            }));
        }
        if began.elapsed() > within {
            return Ok(Err(format!(
                "{messages} messages without outcome, {jobs} jobs due"
            )));
        }
        tokio::time::sleep(APART).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_acknowledged_is_booked_once() {
        let before = Books {
            bought: 2,
            ..Books::default()
        };
        let acked = Acked::default();
        acked.orders.store(3, Ordering::Relaxed);
        acked.moves.store(2, Ordering::Relaxed);
        // One of two was told and both may be there.
        acked.talked.store(1, Ordering::Relaxed);
        acked.confirmed.store(2, Ordering::Relaxed);
        let right = Books {
            bought: 5,
            talked: 1,
            moved_milli: 2000,
            ..Books::default()
        };
        assert!(right.against(&before, &acked).is_empty());
        assert!(Books { talked: 2, ..right }.against(&before, &acked).is_empty());
        for wrong in [
            Books { bought: 4, ..right },
            Books { bought: 6, ..right },
            Books { talked: 0, ..right },
            Books { talked: 3, ..right },
            Books {
                moved_milli: 1000,
                ..right
            },
            Books {
                moved_milli: 2500,
                ..right
            },
        ] {
            assert_eq!(wrong.against(&before, &acked).len(), 1, "{wrong:?}");
        }
    }
}
