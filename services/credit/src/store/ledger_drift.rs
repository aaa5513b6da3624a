use khaacho_fault::Fault;
use sqlx::{FromRow, PgPool};

const DRIFT: &str = include_str!("sql/ledger_drift.sql");

/// How far the books are from agreeing with each other, in paisa; all zero unless something is broken. Differences of
/// single accounts are added up without sign, so that two of them cannot cancel out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(crate) struct Drift {
    /// Sum of all lines of the journal.
    pub(crate) trial_balance: i64,
    /// Receivable lines against `owed_paisa`.
    pub(crate) receivable: i64,
    /// Pending holds against `held_paisa`.
    pub(crate) held: i64,
    /// Open invoices less unallocated payments against `owed_paisa`.
    pub(crate) invoices: i64,
    /// Events against `owed_paisa` and `held_paisa`.
    pub(crate) events: i64,
}

/// Compares the books, all of one moment.
pub(crate) async fn measure(pool: &PgPool) -> Result<Drift, Fault> {
    Ok(sqlx::query_as(DRIFT).fetch_one(pool).await?)
}

impl Drift {
    /// Each check with its name, as the metric's label has it.
    pub(crate) fn checks(&self) -> [(&'static str, i64); 5] {
        [
            ("trial_balance", self.trial_balance),
            ("receivable", self.receivable),
            ("held", self.held),
            ("invoices", self.invoices),
            ("events", self.events),
        ]
    }

    /// Whether all books agree.
    pub(crate) fn is_zero(&self) -> bool {
        self.checks().iter().all(|(_, paisa)| *paisa == 0)
    }
}
