//! The table of API keys.

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_pg::Db;
use khaacho_proto::Role;
use serde::Serialize;
use sqlx::FromRow;

use super::key::Credential;
use super::{role_name, role_named};

/// Keys on one page of a list.
const PAGE: i64 = 100;

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct ApiKey {
    /// 12 hexadecimal digits.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Lower-case role.
    pub role: String,
    /// Account or vendor that the roles `retailer` and `vendor` are confined to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it: a key's id, or `cli`.
    pub created_by: String,
    /// From when on it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key that was just made. The only moment at which its secret is known.
pub struct NewKey {
    /// 12 hexadecimal digits.
    pub id: String,
    /// The whole key, `kha_…`.
    pub secret_text: String,
}

/// What a new key shall be.
pub(super) struct Wanted {
    pub name: String,
    pub role: Role,
    pub scope: Option<String>,
    pub created_by: String,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a key for `khaacho apikey create`. `scope` names the account or vendor of the roles `Retailer` and
/// `Vendor` and is absent for all others.
///
/// # Errors
/// `Invalid` for a name, role or scope that cannot be; `Unavailable` without a database.
pub async fn create_api_key(
    db: &Db,
    name: &str,
    role: Role,
    scope: Option<&str>,
    now: DateTime<Utc>,
) -> Result<NewKey, Fault> {
    let wanted = Wanted {
        name: name.to_owned(),
        role,
        scope: scope.map(str::to_owned),
        created_by: "cli".to_owned(),
        expires_at: None,
    };
    insert(db, wanted, now).await
}

pub(super) async fn insert(db: &Db, wanted: Wanted, now: DateTime<Utc>) -> Result<NewKey, Fault> {
    let role = check(&wanted, now)?;
    let credential = Credential::random()?;
    let new = NewKey {
        id: credential.id.clone(),
        secret_text: credential.text(),
    };
    khaacho_pg::in_tx(db, move |conn| {
        Box::pin(async move {
            sqlx::query(
                "insert into gateway.api_key
                     (id, name, role, scope, secret_sha256, created_at, created_by, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&credential.id)
            .bind(wanted.name.trim())
            .bind(role)
            .bind(wanted.scope)
            .bind(credential.hash())
            .bind(now)
            .bind(wanted.created_by)
            .bind(wanted.expires_at)
            .execute(conn)
            .await?;
            Ok(())
        })
    })
    .await?;
    Ok(new)
}

fn check(wanted: &Wanted, now: DateTime<Utc>) -> Result<&'static str, Fault> {
    if !(1..=100).contains(&wanted.name.trim().chars().count()) {
        return Err(Fault::invalid("name", "must have 1 to 100 characters"));
    }
    let role = role_name(wanted.role).ok_or_else(|| Fault::invalid("role", "no key can have this role"))?;
    let confined = matches!(wanted.role, Role::Vendor | Role::Retailer);
    match &wanted.scope {
        None if confined => {
            return Err(Fault::invalid(
                "scope",
                "must name the account or vendor of this role",
            ));
        }
        Some(_) if !confined => return Err(Fault::invalid("scope", "must be absent for this role")),
        Some(scope) => {
            let prefix = if wanted.role == Role::Vendor {
                "ven_"
            } else {
                "acc_"
            };
            let digits = scope.strip_prefix(prefix).unwrap_or_default();
            if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(Fault::invalid(
                    "scope",
                    format!("must be an id that begins with {prefix}"),
                ));
            }
        }
        _ => {}
    }
    if wanted.expires_at.is_some_and(|at| at <= now) {
        return Err(Fault::invalid("expires_at", "must be in the future"));
    }
    Ok(role)
}

/// Keys, newest first, at most 100; `after` is the id of the last one of the page before.
///
/// # Errors
/// `Unavailable` without a database.
pub async fn list_api_keys(db: &Db, after: Option<&str>) -> Result<Vec<ApiKey>, Fault> {
    let keys = sqlx::query_as(
        "select id, name, role, scope, created_at, created_by, expires_at, revoked_at, last_used_at
         from gateway.api_key
         where $1::text is null or (created_at, id) < (select created_at, id from gateway.api_key where id = $1)
         order by created_at desc, id desc limit $2",
    )
    .bind(after)
    .bind(PAGE)
    .fetch_all(db.pool())
    .await?;
    Ok(keys)
}

/// Revokes a key for good; one that is revoked already stays as it is. Other gateways notice within 30
/// seconds.
///
/// # Errors
/// `NotFound` with `API_KEY_UNKNOWN`; `Unavailable` without a database.
pub async fn revoke_api_key(db: &Db, id: &str, now: DateTime<Utc>) -> Result<ApiKey, Fault> {
    let id = id.to_owned();
    khaacho_pg::in_tx(db, move |conn| {
        Box::pin(async move {
            let key = sqlx::query_as(
                "update gateway.api_key set revoked_at = coalesce(revoked_at, $2) where id = $1
                 returning id, name, role, scope, created_at, created_by, expires_at, revoked_at, last_used_at",
            )
            .bind(&id)
            .bind(now)
            .fetch_optional(conn)
            .await?;
            key.ok_or_else(|| Fault::not_found("API_KEY_UNKNOWN").say("there is no such key"))
        })
    })
    .await
}

/// What the check of a key needs.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Stored {
    #[sqlx(try_from = "String")]
    pub role: StoredRole,
    pub scope: Option<String>,
    pub secret_sha256: Vec<u8>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A role as the table spells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredRole(pub Role);

impl TryFrom<String> for StoredRole {
    type Error = Fault;

    fn try_from(name: String) -> Result<Self, Fault> {
        role_named(&name)
            .map(Self)
            .ok_or_else(|| Fault::bug("a key has a role that nobody knows"))
    }
}

/// The key with this id.
pub(super) async fn find(db: &Db, id: &str) -> Result<Option<Stored>, Fault> {
    let found = sqlx::query_as(
        "select role, scope, secret_sha256, expires_at, revoked_at from gateway.api_key where id = $1",
    )
    .bind(id)
    .fetch_optional(db.pool())
    .await?;
    Ok(found)
}

/// Notes a use, at most once a minute.
pub(super) async fn touch(db: &Db, id: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let id = id.to_owned();
    khaacho_pg::in_tx(db, move |conn| {
        Box::pin(async move {
            sqlx::query(
                "update gateway.api_key set last_used_at = $2
                 where id = $1 and (last_used_at is null or last_used_at < $2 - interval '1 minute')",
            )
            .bind(&id)
            .bind(now)
            .execute(conn)
            .await?;
            Ok(())
        })
    })
    .await
}
