//! Account rows, and the two statements that change them. Each writes the change and its event at once, so that the
//! events of an account are complete and without gaps.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use khaacho_durable::Tx;
use khaacho_fault::Fault;
use khaacho_ids::{AccountId, EntryId, HoldId, OrderId, PaymentId};
use khaacho_money::Paisa;
use khaacho_planted::{self as planted, Bug};
use serde_json::json;
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use super::{Origin, unreadable};
use crate::domain::set_limit::Changed;
use crate::domain::{Account, Balance, Due, Language, Profile, Standing, State};

/// Columns of [`ProfileRow`] from `credit.account a`.
macro_rules! profile_columns {
    () => {
        concat!("a.id, a.code, a.shop_name, a.owner_name, a.municipality, a.ward, a.latitude, a.longitude, ",
            $crate::store::account::language_column!(), ", a.terms_days, a.state, a.block_reason, a.opened_at,
            array(select p.phone from credit.account_phone p where p.account_id = a.id order by p.position) as phones,
            array(select i.user_id from credit.account_identity i where i.account_id = a.id
                  order by i.linked_at, i.user_id limit 100) as user_ids")
    };
}
/// The language of `credit.account a` that somebody has set; null while nobody has.
macro_rules! language_column {
    () => {
        "case when coalesce(a.language_given, a.language <> 'en') then a.language end as language"
    };
}
/// Columns of [`StandingRow`] from `credit.account a` and [`due_join`].
macro_rules! standing_columns {
    () => {
        "a.limit_paisa, a.owed_paisa, a.held_paisa, a.version, a.state, a.block_reason,
            due.open_paisa as due_paisa, due.due_at"
    };
}
/// The invoice that is due next.
macro_rules! due_join {
    () => {
        "left join lateral (
            select i.open_paisa, i.due_at from credit.invoice i
            where i.account_id = a.id and i.open_paisa > 0 order by i.due_at, i.number limit 1
        ) due on true"
    };
}
pub(super) use {due_join, language_column, profile_columns, standing_columns};

const STANDING: &str = concat!(
    "select ",
    standing_columns!(),
    " from credit.account a ",
    due_join!(),
    " where a.id = $1"
);
const STANDING_LOCKED: &str = concat!(
    "select ",
    standing_columns!(),
    " from credit.account a ",
    due_join!(),
    " where a.id = $1 for no key update of a"
);
const ALL: &str = concat!(
    "select a.id, ",
    standing_columns!(),
    " from credit.account a ",
    due_join!(),
    " where a.id = any($1)"
);
const ALL_LOCKED: &str = concat!(
    "select a.id, ",
    standing_columns!(),
    " from credit.account a ",
    due_join!(),
    " where a.id = any($1) order by a.id for no key update of a"
);
const PROFILE: &str = concat!(
    "select ",
    profile_columns!(),
    " from credit.account a where a.id = $1"
);
const MOVE: &str = include_str!("sql/move_account.sql");
const CHANGE: &str = include_str!("sql/change_account.sql");

#[derive(FromRow)]
pub(super) struct ProfileRow {
    id: Uuid,
    code: String,
    shop_name: String,
    owner_name: String,
    language: Option<String>,
    municipality: String,
    ward: i32,
    latitude: f64,
    longitude: f64,
    terms_days: i32,
    state: String,
    block_reason: String,
    opened_at: DateTime<Utc>,
    phones: Vec<String>,
    user_ids: Vec<String>,
}

impl TryFrom<ProfileRow> for Profile {
    type Error = Fault;

    fn try_from(row: ProfileRow) -> Result<Self, Fault> {
        Ok(Self {
            account_id: row.id.into(),
            code: row.code,
            shop_name: row.shop_name,
            owner_name: row.owner_name,
            phones: row.phones,
            user_ids: row.user_ids,
            language: language(row.language.as_deref())?,
            municipality: row.municipality,
            ward: row.ward.unsigned_abs(),
            latitude: row.latitude,
            longitude: row.longitude,
            terms_days: row.terms_days.unsigned_abs(),
            state: State::parse(&row.state, row.block_reason).ok_or_else(|| unreadable("account state"))?,
            opened_at: row.opened_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct StandingRow {
    #[sqlx(flatten)]
    balance: BalanceRow,
    version: i64,
    state: String,
    block_reason: String,
}

#[derive(FromRow)]
struct LockedRow {
    id: Uuid,
    #[sqlx(flatten)]
    standing: StandingRow,
}

#[derive(FromRow)]
struct BalanceRow {
    limit_paisa: i64,
    owed_paisa: i64,
    held_paisa: i64,
    due_paisa: Option<i64>,
    due_at: Option<DateTime<Utc>>,
}

impl From<BalanceRow> for Balance {
    fn from(row: BalanceRow) -> Self {
        let next_due = row.due_paisa.zip(row.due_at).map(|(open, at)| Due {
            open: Paisa::new(open),
            at,
        });
        let [limit, owed, held] = [row.limit_paisa, row.owed_paisa, row.held_paisa].map(Paisa::new);
        Self {
            limit,
            owed,
            held,
            next_due,
        }
    }
}

impl StandingRow {
    /// Standing and version.
    pub(super) fn read(self) -> Result<(Standing, i64), Fault> {
        let state =
            State::parse(&self.state, self.block_reason).ok_or_else(|| unreadable("account state"))?;
        Ok((
            Standing {
                balance: self.balance.into(),
                state,
            },
            self.version,
        ))
    }
}

/// A stored language; `None` while none is set.
pub(super) fn language(text: Option<&str>) -> Result<Option<Language>, Fault> {
    let read = |text| Language::parse(text).ok_or_else(|| unreadable("language"));
    text.map(read).transpose()
}

/// Limit, debt, holds, state and version of an account, all of one moment.
pub(super) async fn standing(
    db: impl PgExecutor<'_>,
    account_id: AccountId,
) -> Result<Option<(Standing, i64)>, Fault> {
    let row = sqlx::query_as::<_, StandingRow>(STANDING)
        .bind(account_id.uuid())
        .fetch_optional(db)
        .await?;
    row.map(StandingRow::read).transpose()
}

/// The same with the account locked until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, account_id: AccountId) -> Result<Option<Standing>, Fault> {
    let row = sqlx::query_as::<_, StandingRow>(STANDING_LOCKED)
        .bind(account_id.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row
        .map(StandingRow::read)
        .transpose()?
        .map(|(standing, _)| standing))
}

/// Standings of many accounts as they are at this moment.
pub(super) async fn standings(
    tx: &mut Tx,
    account_ids: &[AccountId],
) -> Result<HashMap<Uuid, Standing>, Fault> {
    let found = all(ALL, tx.conn(), account_ids).await?;
    Ok(found
        .into_iter()
        .map(|(id, (standing, _))| (id, standing))
        .collect())
}

/// Standings and versions of many accounts, for many callers at once.
pub(super) async fn standings_of(
    pool: &PgPool,
    account_ids: &[AccountId],
) -> Result<HashMap<Uuid, (Standing, i64)>, Fault> {
    all(ALL, pool, account_ids).await
}

/// Standings of many accounts, locked in the order of their ids.
pub(super) async fn lock_all(
    tx: &mut Tx,
    account_ids: &[AccountId],
) -> Result<HashMap<Uuid, Standing>, Fault> {
    let found = all(ALL_LOCKED, tx.conn(), account_ids).await?;
    Ok(found
        .into_iter()
        .map(|(id, (standing, _))| (id, standing))
        .collect())
}

async fn all(
    statement: &'static str,
    db: impl PgExecutor<'_>,
    account_ids: &[AccountId],
) -> Result<HashMap<Uuid, (Standing, i64)>, Fault> {
    let ids: BTreeSet<Uuid> = account_ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as::<_, LockedRow>(statement)
        .bind(ids.into_iter().collect::<Vec<_>>())
        .fetch_all(db)
        .await?;
    let read = |row: LockedRow| Ok((row.id, row.standing.read()?));
    rows.into_iter().map(read).collect()
}

/// The part of an account that changes seldom.
pub(super) async fn profile(
    db: impl PgExecutor<'_>,
    account_id: AccountId,
) -> Result<Option<Profile>, Fault> {
    let row = sqlx::query_as::<_, ProfileRow>(PROFILE)
        .bind(account_id.uuid())
        .fetch_optional(db)
        .await?;
    row.map(Profile::try_from).transpose()
}

/// A change of debt or holds.
pub(super) struct Move {
    pub(super) account_id: AccountId,
    pub(super) kind: &'static str,
    pub(super) d_owed: i64,
    pub(super) d_held: i64,
    /// Only if the account is active and the sum of all stays within its limit.
    pub(super) within_limit: bool,
    pub(super) hold_id: Option<HoldId>,
    pub(super) entry_id: Option<EntryId>,
    pub(super) order_id: Option<OrderId>,
    pub(super) payment_id: Option<PaymentId>,
}

impl Move {
    /// A change of that kind that moves nothing yet.
    pub(super) const fn new(kind: &'static str, account_id: AccountId) -> Self {
        Self {
            account_id,
            kind,
            d_owed: 0,
            d_held: 0,
            within_limit: false,
            hold_id: None,
            entry_id: None,
            order_id: None,
            payment_id: None,
        }
    }
}

/// Moves debt and holds of an account in one conditional update, with its event. Answers the balance after it;
/// nothing when the condition did not hold (or there is no such account), and then nothing was written.
pub(super) async fn move_account(tx: &mut Tx, change: Move) -> Result<Option<Balance>, Fault> {
    let origin = Origin::of(tx);
    let (limit, more) = ("<= limit_paisa", "<= limit_paisa * 11 / 10");
    let row = sqlx::query_as::<_, BalanceRow>(planted::sql(Bug::LimitAndATenth, MOVE, limit, more))
        .bind(change.account_id.uuid())
        .bind(change.d_owed)
        .bind(change.d_held)
        .bind(change.kind)
        .bind(change.hold_id.map(HoldId::uuid))
        .bind(change.entry_id.map(EntryId::uuid))
        .bind(change.order_id.map(OrderId::uuid))
        .bind(change.payment_id.map(PaymentId::uuid))
        .bind(origin.cause)
        .bind(origin.trace)
        .bind(origin.at)
        .bind(change.within_limit)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(Balance::from))
}

/// [`move_account`] of an account that this transaction knows to exist.
pub(super) async fn move_known_account(tx: &mut Tx, change: Move) -> Result<Balance, Fault> {
    let balance = move_account(tx, change).await?;
    balance.ok_or_else(|| Fault::bug("an account vanished although nothing deletes accounts"))
}

/// Writes a change of limit or state with its event and its audit row, and answers the account after it.
pub(super) async fn change_account(
    tx: &mut Tx,
    kind: &'static str,
    account_id: AccountId,
    changed: &Changed,
) -> Result<Account, Fault> {
    let origin = Origin::of(tx);
    let actor = tx.ctx().principal().subject.clone();
    sqlx::query(CHANGE)
        .bind(account_id.uuid())
        .bind(changed.after.balance.limit.paisa())
        .bind(changed.after.state.as_str())
        .bind(changed.after.state.block_reason())
        .bind(kind)
        .bind(actor)
        .bind(&changed.reason)
        .bind(audited(&changed.before))
        .bind(audited(&changed.after))
        .bind(origin.cause)
        .bind(origin.trace)
        .bind(origin.at)
        .execute(tx.conn())
        .await?;
    known(tx, account_id).await
}

/// An account that this transaction knows to exist.
pub(super) async fn known(tx: &mut Tx, account_id: AccountId) -> Result<Account, Fault> {
    let profile = profile(tx.conn(), account_id).await?;
    let standing = standing(tx.conn(), account_id).await?;
    let (profile, (standing, version)) = profile
        .zip(standing)
        .ok_or_else(|| Fault::bug("an account vanished although nothing deletes accounts"))?;
    Ok(Account {
        profile,
        balance: standing.balance,
        version,
    })
}

/// What the audit keeps of an account.
pub(super) fn audited(standing: &Standing) -> serde_json::Value {
    json!({
        "limit_paisa": standing.balance.limit.paisa(),
        "owed_paisa": standing.balance.owed.paisa(),
        "held_paisa": standing.balance.held.paisa(),
        "state": standing.state.as_str(),
        "block_reason": standing.state.block_reason(),
    })
}
