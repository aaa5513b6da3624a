//! Accounts, holds, the journal, payments, and every decision about them. Pure: what a decision needs is in its
//! arguments, also the time and new ids.

pub mod account;
pub mod allocation;
pub mod block_account;
pub mod fiscal_year;
pub mod hold;
pub mod journal;
pub mod link_identity;
pub mod open_account;
pub mod payment;
pub mod place_hold;
pub mod post_hold;
pub mod record_payment;
pub mod refusal;
pub mod release_hold;
pub mod set_language;
pub mod set_limit;
pub mod unblock_account;

pub use account::{Account, Balance, Due, Language, Profile, Standing, State};
pub use hold::{Hold, HoldState};
pub use journal::{Entry, EntryKind, Line};
pub use payment::{Allocated, Method, Payment};
pub use refusal::{Refusal, Wrong};

use chrono::TimeDelta;
use khaacho_money::Paisa;

/// Largest limit and largest single amount: ten billion rupees, far above any shop and far below overflow.
pub const AMOUNT_MAX: Paisa = Paisa::new(1_000_000_000_000);
/// Longest credit term, in days.
pub const TERMS_DAYS_MAX: u32 = 180;
/// Credit term when nobody says otherwise, in days.
pub const TERMS_DAYS_DEFAULT: u32 = 30;
/// How far other machines' time may run ahead of ours before a date counts as "in the future".
pub const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);
