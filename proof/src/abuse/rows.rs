//! What the database holds, as counts that bad input must not move.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// Counts and sums by name: `credit.payment`, `credit.account:owed`.
pub type Rows = BTreeMap<String, i64>;

/// Tables that change on their own, or later than what they follow: a message that is counted is sent again and
/// again until it arrives.
const LIVELY: [&str; 8] = [
    "job",
    "schedule",
    "migration",
    "stock_checkpoint",
    "attempt",
    "simulated_message",
    "media",
    "inbound_media",
];

/// Sums that show a changed row where none is added. The table stands before the colon.
const SUMS: &str = "
    select 'credit.account:version', coalesce(sum(version), 0)::int8 from credit.account
    union all select 'credit.account:limit', coalesce(sum(limit_paisa), 0)::int8 from credit.account
    union all select 'credit.account:owed', coalesce(sum(owed_paisa), 0)::int8 from credit.account
    union all select 'credit.account:held', coalesce(sum(held_paisa), 0)::int8 from credit.account
    union all select 'inventory.offer:version', coalesce(sum(version), 0)::int8 from inventory.offer
    union all select 'inventory.product:version', coalesce(sum(version), 0)::int8 from inventory.product
    union all select 'inventory.stock:on_hand', coalesce(sum(on_hand_milli), 0)::int8 from inventory.stock
    union all select 'inventory.stock:reserved', coalesce(sum(reserved_milli), 0)::int8 from inventory.stock
    union all select 'inventory.stock:seq', coalesce(sum(seq), 0)::int8 from inventory.stock
    union all select 'orders.purchase_order:version', coalesce(sum(version), 0)::int8 from orders.purchase_order
    union all select 'orders.inbound_message:unhandled',
        count(*) filter (where handled_at is null)::int8 from orders.inbound_message
    union all select 'gateway.api_key:revoked', count(revoked_at)::int8 from gateway.api_key
    union all select 'orders.job:parked', count(parked_at)::int8 from orders.job
    union all select 'credit.job:parked', count(parked_at)::int8 from credit.job
    union all select 'inventory.job:parked', count(parked_at)::int8 from inventory.job
    union all select 'notification.job:parked', count(parked_at)::int8 from notification.job";

/// Work that is due and not done.
const DUE: &str = "
    select (select count(*) from orders.job where parked_at is null and run_at <= now())
         + (select count(*) from credit.job where parked_at is null and run_at <= now())
         + (select count(*) from inventory.job where parked_at is null and run_at <= now())
         + (select count(*) from notification.job where parked_at is null and run_at <= now())";

/// A connection that only reads.
#[derive(Debug, Clone)]
pub struct Books {
    pool: PgPool,
    counts: String,
}

impl Books {
    /// Opens the books of a mesh.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(database_url: &str) -> anyhow::Result<Self> {
        let options = database_url
            .parse::<PgConnectOptions>()?
            .options([("default_transaction_read_only", "on")]);
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let tables: Vec<(String, String)> = sqlx::query_as(
            "select schemaname::text, tablename::text from pg_catalog.pg_tables
             where schemaname in ('orders', 'credit', 'inventory', 'notification', 'gateway') order by 1, 2",
        )
        .fetch_all(&pool)
        .await?;
        let parts: Vec<String> = tables
            .iter()
            .filter(|(_, table)| !LIVELY.contains(&table.as_str()))
            .map(|(schema, table)| format!("select '{schema}.{table}', count(*) from {schema}.{table}"))
            .collect();
        anyhow::ensure!(parts.len() > 20, "the schemas have too few tables: {parts:?}");
        let counts = format!("{} union all {SUMS}", parts.join(" union all "));
        Ok(Self { pool, counts })
    }

    /// All counts and sums now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(&self) -> anyhow::Result<Rows> {
        let query = sqlx::AssertSqlSafe(self.counts.clone());
        let rows: Vec<(String, i64)> = sqlx::query_as(query).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().collect())
    }

    /// Waits until no work is due, for so long; then what is still due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn settle(&self, patience: Duration) -> anyhow::Result<i64> {
        let until = Instant::now() + patience;
        let mut quiet = 0;
        loop {
            let due: i64 = sqlx::query_scalar(DUE).fetch_one(&self.pool).await?;
            quiet = if due == 0 { quiet + 1 } else { 0 };
            if quiet >= 2 || Instant::now() >= until {
                return Ok(due);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The phone of a shop.
    ///
    /// # Errors
    /// When there is no such shop.
    pub async fn phone_of(&self, code: &str) -> anyhow::Result<String> {
        let query = "select phone from credit.account_phone join credit.account on id = account_id
                     where code = $1 order by position limit 1";
        Ok(sqlx::query_scalar(query).bind(code).fetch_one(&self.pool).await?)
    }
}

/// What moved although it may not, and what did not move by as much as it must.
pub fn moved(before: &Rows, after: &Rows, may: &[&str], exactly: &[(&str, i64)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in after {
        let delta = value - before.get(name).copied().unwrap_or(0);
        let table = name.split(':').next().unwrap_or(name);
        let due = exactly.iter().find(|(wanted, _)| wanted == name);
        match due {
            Some((_, wanted)) if *wanted == delta => {}
            Some((_, wanted)) => wrong.push(format!("{name} moved by {delta} instead of {wanted}")),
            None if delta == 0 || may.contains(&table) && !is_alarm(name) => {}
            // an answer that is remembered, and a no is one, moves nothing else
            None if delta > 0 && table.ends_with(".request_log") => {}
            None => wrong.push(format!("{name} moved by {delta}")),
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        wrong.push(format!("{name} is gone"));
    }
    wrong
}

/// Sums that no input may move, whatever rows it may add.
fn is_alarm(name: &str) -> bool {
    name.ends_with(":parked") || name.ends_with(":unhandled")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, i64)]) -> Rows {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    }

    #[test]
    fn a_row_that_may_not_come_is_seen() {
        let before = rows(&[
            ("credit.payment", 1),
            ("credit.account:owed", 5),
            ("orders.job:parked", 0),
        ]);
        let after = rows(&[
            ("credit.payment", 2),
            ("credit.account:owed", 4),
            ("orders.job:parked", 1),
        ]);
        assert!(moved(&before, &before, &[], &[]).is_empty());
        assert_eq!(moved(&before, &after, &[], &[]).len(), 3);
        let (none, one) = (
            rows(&[("credit.request_log", 0)]),
            rows(&[("credit.request_log", 1)]),
        );
        assert!(moved(&none, &one, &[], &[]).is_empty(), "a remembered answer");
        assert_eq!(moved(&one, &none, &[], &[]).len(), 1, "answers do not vanish");
        assert_eq!(moved(&none, &one, &[], &[("credit.request_log", 0)]).len(), 1);
        let wrong = moved(
            &before,
            &after,
            &["credit.payment", "credit.account", "orders.job"],
            &[],
        );
        assert_eq!(wrong, ["orders.job:parked moved by 1"]);
    }

    #[test]
    fn counts_that_must_move_are_exact() {
        let (before, after) = (rows(&[("credit.payment", 1)]), rows(&[("credit.payment", 2)]));
        assert!(moved(&before, &after, &[], &[("credit.payment", 1)]).is_empty());
        assert_eq!(moved(&before, &after, &[], &[("credit.payment", 2)]).len(), 1);
        assert_eq!(
            moved(&before, &before, &["credit.payment"], &[("credit.payment", 1)]).len(),
            1
        );
        assert_eq!(moved(&before, &rows(&[]), &[], &[]), ["credit.payment is gone"]);
    }
}
