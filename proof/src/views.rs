//! The contract views `assay_v1.*`: what the services show of their tables, read in one snapshot and kept as files.
//!
//! Rows travel as JSON from the database to the files and from there into the structs, so that a width of a number or
//! a further column changes nothing here.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::{Connection as _, PgConnection, Row as _};

mod rows;
#[cfg(test)]
mod tests;

pub use rows::{
    Account, AccountEvent, Allocation, Assignment, Attempt, Entry, Hold, Idem, Inbound, Invoice, Job, Line,
    Notice, Order, OrderLine, OrderStatus, Payment, Reservation, ReservationLine, Stock, StockEvent,
};

/// A database without its views has not been migrated, and one that does not answer is down: neither is waited for.
const OPEN: [&str; 3] = [
    "set statement_timeout = '60s'",
    "set lock_timeout = '5s'",
    "begin isolation level repeatable read read only",
];

/// Text that may be null in the database; both are the same to a reader.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

/// When a snapshot was taken, by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Taken {
    at: DateTime<Utc>,
}

macro_rules! views {
    ($($(#[doc = $doc:literal])* $field:ident: $row:ident),+ $(,)?) => {
        /// All views as they stood at one moment.
        #[derive(Debug, Clone, Default)]
        pub struct Views {
            /// `start`, `at-<n>` or `final`.
            pub label: String,
            /// When, by the database's clock; nothing in views that were made by hand.
            pub taken_at: Option<DateTime<Utc>>,
            $($(#[doc = $doc])* pub $field: Vec<$row>,)+
        }

        /// Names of all views.
        pub const NAMES: &[&str] = &[$(stringify!($field)),+];

        impl Views {
            fn read(dir: &Path, label: &str) -> anyhow::Result<Self> {
                Ok(Self {
                    label: label.to_owned(),
                    taken_at: taken(dir)?,
                    $($field: read_rows(dir, stringify!($field))?,)+
                })
            }

            /// Writes the views as files, as [`dump`] does.
            ///
            /// # Errors
            /// When the directory cannot be written.
            pub fn save(&self, dir: &Path) -> anyhow::Result<()> {
                let into = place(dir, &self.label);
                std::fs::create_dir_all(&into)?;
                $(write_rows(&into, stringify!($field), &self.$field)?;)+
                if let Some(at) = self.taken_at {
                    std::fs::write(into.join("taken.json"), serde_json::to_vec(&Taken { at })?)?;
                }
                Ok(())
            }
        }
    };
}

views! {
    /// Messages that came in.
    inbound: Inbound,
    /// Orders.
    orders: Order,
    /// Lines of orders.
    order_line: OrderLine,
    /// Every change of an order's status.
    order_status: OrderStatus,
    /// Accounts of shops.
    account: Account,
    /// Every change of an account.
    account_event: AccountEvent,
    /// Credit that is held for orders.
    hold: Hold,
    /// Entries of the journal.
    entry: Entry,
    /// Lines of entries.
    line: Line,
    /// Invoices.
    invoice: Invoice,
    /// Payments.
    payment: Payment,
    /// Which payment paid which invoice.
    allocation: Allocation,
    /// Stock of vendors.
    stock: Stock,
    /// Every change of stock.
    stock_event: StockEvent,
    /// Stock that is promised to orders.
    reservation: Reservation,
    /// Lines of reservations.
    reservation_line: ReservationLine,
    /// Vendors that orders were given to.
    assignment: Assignment,
    /// Messages that go out.
    notice: Notice,
    /// Tries to send them.
    attempt: Attempt,
    /// Requests whose repetition is answered from memory.
    idem: Idem,
    /// Work that waits.
    job: Job,
}

/// Where the views of a label lie.
fn place(dir: &Path, label: &str) -> PathBuf {
    dir.join("views").join(label)
}

/// Reads every contract view in one read-only snapshot of the database and writes `views/<label>/<view>.jsonl` below
/// `dir`. The label appears only when all of it is there; an earlier one of the same name is replaced.
///
/// # Errors
/// When the database does not answer, a view is missing, or a file cannot be written.
pub async fn dump(pg_url: &str, dir: &Path, label: &str) -> anyhow::Result<()> {
    let (into, part) = (place(dir, label), place(dir, &format!(".{label}.part")));
    if part.exists() {
        std::fs::remove_dir_all(&part)?;
    }
    std::fs::create_dir_all(&part)?;
    let mut db = PgConnection::connect(pg_url)
        .await
        .context("the database does not answer")?;
    for statement in OPEN {
        sqlx::raw_sql(statement).execute(&mut db).await?;
    }
    // the first question of the transaction takes the snapshot
    let at: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()")
        .fetch_one(&mut db)
        .await?;
    for name in NAMES {
        dump_view(&mut db, &part, name)
            .await
            .with_context(|| format!("cannot read assay_v1.{name}"))?;
    }
    std::fs::write(part.join("taken.json"), serde_json::to_vec(&Taken { at })?)?;
    sqlx::raw_sql("rollback").execute(&mut db).await?;
    db.close().await?;
    if into.exists() {
        std::fs::remove_dir_all(&into)?;
    }
    std::fs::rename(&part, &into)?;
    Ok(())
}

/// What every service has of its own, such as `job`, is published as one view a service: `job_credit`, `job_order`, …
const PARTS: &str = "select c.relname::text from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'assay_v1' and (c.relname = $1 or c.relname like $1 || '\\_%' and $2) order by 1";

async fn dump_view(db: &mut PgConnection, part: &Path, name: &str) -> anyhow::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(part.join(format!("{name}.jsonl")))?);
    let of_each = matches!(name, "idem" | "job");
    let views: Vec<String> = sqlx::query_scalar(PARTS)
        .bind(name)
        .bind(of_each)
        .fetch_all(&mut *db)
        .await?;
    anyhow::ensure!(!views.is_empty(), "there is no such view");
    for view in views {
        // a name from the catalogue; rows in a fixed order, so that two dumps of one state are the same bytes
        let question = format!("select to_jsonb(v)::text from assay_v1.{view} v order by 1");
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(question)).fetch(&mut *db);
        while let Some(row) = rows.try_next().await? {
            writeln!(file, "{}", row.try_get::<String, _>(0)?)?;
        }
    }
    file.flush()?;
    Ok(())
}

/// Reads the views that [`dump`] wrote.
///
/// # Errors
/// When a view is missing or a row is not what the contract says.
pub fn load(dir: &Path, label: &str) -> anyhow::Result<Views> {
    Views::read(&place(dir, label), label)
}

/// Labels of the stored snapshots: `start` first, then `at-<n>` by number, then `final`, then others.
///
/// # Errors
/// When the directory cannot be read.
pub fn labels(dir: &Path) -> anyhow::Result<Vec<String>> {
    let mut labels = Vec::new();
    let views = dir.join("views");
    if !views.exists() {
        return Ok(labels);
    }
    for entry in std::fs::read_dir(views)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            labels.push(name);
        }
    }
    labels.sort_by_key(|label| match label.strip_prefix("at-").map(str::parse::<u64>) {
        _ if label == "start" => (0, 0, label.clone()),
        Some(Ok(n)) => (1, n, label.clone()),
        _ if label == "final" => (2, 0, label.clone()),
        _ => (3, 0, label.clone()),
    });
    Ok(labels)
}

fn taken(dir: &Path) -> anyhow::Result<Option<DateTime<Utc>>> {
    let path = dir.join("taken.json");
    if !path.exists() {
        return Ok(None);
    }
    let taken: Taken = serde_json::from_slice(&std::fs::read(&path)?).context("taken.json is unreadable")?;
    Ok(Some(taken.at))
}

fn read_rows<T: DeserializeOwned>(dir: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let path = dir.join(format!("{name}.jsonl"));
    let content =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut rows = Vec::new();
    for (n, line) in content.lines().enumerate() {
        let row = serde_json::from_str(line);
        rows.push(row.with_context(|| format!("line {} of {} is no row of {name}", n + 1, path.display()))?);
    }
    Ok(rows)
}

fn write_rows<T: Serialize>(dir: &Path, name: &str, rows: &[T]) -> anyhow::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(dir.join(format!("{name}.jsonl")))?);
    for row in rows {
        serde_json::to_writer(&mut file, row)?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    Ok(())
}
