//! The tables. Only this module knows them.
//!
//! Lock order: a phone or user id by its name, the order's hold, then its account, then the account's invoices and payments. Every verb follows it, no
//! verb locks two accounts, and the journal and vendors' payables are only appended to.

pub(crate) mod account;
pub(crate) mod block_account;
pub(crate) mod check_credit;
pub(crate) mod explain_credit;
pub(crate) mod find_party;
pub(crate) mod get_account;
pub(crate) mod get_balance;
pub(crate) mod hold;
pub(crate) mod journal;
pub(crate) mod ledger_drift;
pub(crate) mod link_identity;
pub(crate) mod list_accounts;
pub(crate) mod list_entries;
pub(crate) mod list_payments;
pub(crate) mod open_account;
pub(crate) mod payment_notice;
pub(crate) mod place_hold;
pub(crate) mod post_hold;
pub(crate) mod record_payment;
pub(crate) mod release_hold;
pub(crate) mod set_language;
pub(crate) mod set_limit;
pub(crate) mod unblock_account;

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;
use uuid::Uuid;

use crate::domain::Refusal;

const ACCOUNT_CODE_KEY: &str = "account_code_key";
const ACCOUNT_PHONE_KEY: &str = "account_phone_pkey";
const ACCOUNT_PHONE_SEATS: &str = "account_phone_seat_check";
const HOLD_ACCOUNT_FKEY: &str = "hold_account_id_fkey";
const PAYMENT_REFERENCE_KEY: &str = "payment_reference_key";

/// The refusal that a violated constraint means, or the fault that the error is.
fn refuse_on(error: sqlx::Error, known: &[(&str, Refusal)]) -> Fault {
    let violated = khaacho_fault::constraint(&error);
    match known.iter().find(|(constraint, _)| Some(*constraint) == violated) {
        Some((_, refusal)) => Fault::from(refusal.clone()),
        None => Fault::from(error),
    }
}

/// Lets the transactions that are about one of these keys go one after the other, until their ends.
async fn queue_up(tx: &mut Tx, what: &'static str, keys: &[String]) -> Result<(), Fault> {
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended($1 || key, 0))
         from (select key from unnest($2::text[]) as key order by key) as keys",
    )
    .bind(what)
    .bind(keys)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A row whose text no variant of ours has: written by a newer release, or by hand.
fn unreadable(what: &'static str) -> Fault {
    Fault::bug(format!("a stored {what} cannot be read"))
}

/// What every row of history says about its origin.
struct Origin {
    cause: String,
    trace: String,
    at: DateTime<Utc>,
}

impl Origin {
    fn of(tx: &Tx) -> Self {
        Self {
            cause: tx.ctx().cause().to_owned(),
            trace: tx.ctx().trace().trace_id(),
            at: tx.now(),
        }
    }
}

/// A place in a list that is sorted by time and id, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Time of the last row shown.
    pub(crate) at: DateTime<Utc>,
    /// Id of the last row shown.
    pub(crate) id: Uuid,
}

impl Place {
    /// Before every row.
    pub(crate) fn top() -> Self {
        // 1 January 10000: PostgreSQL compares it, and nothing of ours happens later
        let at = DateTime::from_timestamp(253_402_300_800, 0).expect("within chrono's calendar");
        Self { at, id: Uuid::max() }
    }
}
