//! The tables. Only this module knows them.
//!
//! Lock order: notifications by ascending id, then what belongs to them, then the jobs of lines. Messages of one recipient
//! are moved by one job at a time. Who ends that job has locked it first: a report or a resending of the same message in the
//! same moment may deadlock with it, which PostgreSQL ends after a second and the door repeats.

pub(crate) mod as_template;
pub(crate) mod begin_attempt;
pub(crate) mod change;
pub(crate) mod deliver_simulated;
pub(crate) mod enqueue;
pub(crate) mod fetch_media;
pub(crate) mod finish_attempt;
pub(crate) mod finish_look;
pub(crate) mod get_media;
pub(crate) mod keep_transcript;
pub(crate) mod late_reports;
pub(crate) mod list_notifications;
pub(crate) mod list_simulator_messages;
pub(crate) mod list_told;
pub(crate) mod outbound;
pub(crate) mod queue;
pub(crate) mod receive_status;
pub(crate) mod resend_notification;
pub(crate) mod set_consent;
pub(crate) mod settle_overdue;
pub(crate) mod view;

use khaacho_fault::Fault;

use crate::domain::{Provider, Recipient, State};

/// A row whose text no variant of ours has: written by a newer release, or by hand.
fn unreadable(what: &'static str) -> Fault {
    Fault::bug(format!("a stored {what} cannot be read"))
}

fn provider(name: &str) -> Result<Provider, Fault> {
    Provider::parse(name).ok_or_else(|| unreadable("provider"))
}

fn state(name: &str) -> Result<State, Fault> {
    State::parse(name).ok_or_else(|| unreadable("state"))
}

/// Columns that say who gets a message.
#[derive(sqlx::FromRow)]
struct RecipientRow {
    provider: String,
    account: String,
    address: String,
    phone: Option<String>,
    user_id: Option<String>,
}

impl TryFrom<RecipientRow> for Recipient {
    type Error = Fault;

    fn try_from(row: RecipientRow) -> Result<Self, Fault> {
        let phone = row
            .phone
            .map(|phone| phone.parse().map_err(|_| unreadable("phone")));
        Ok(Self {
            provider: provider(&row.provider)?,
            account: row.account,
            address: row.address,
            phone: phone.transpose()?,
            user_id: row.user_id,
        })
    }
}

/// A count that the database keeps as a signed number.
fn count(stored: i32) -> u32 {
    stored.unsigned_abs()
}

/// The same the other way round.
fn stored(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
