//! A role per service, where the server lets us create roles.
//!
//! Roles belong to the whole server, not to one database: two migrators of two databases may meet here in
//! spite of the advisory lock, so "exists already" is as good as created, and nothing is granted that we
//! have.

use anyhow::ensure;
use sqlx::{Connection, PgConnection};

use super::{SchemaMigrations, connect, execute, ledger};

const DUPLICATE_OBJECT: &str = "42710";
const UNIQUE_VIOLATION: &str = "23505";

/// Creates the role, makes sure that we may become it, and lets it use its schema. `Some(note)` when that was
/// not possible: the services then share our own rights.
pub(super) async fn prepare(
    conn: &mut PgConnection,
    set: &SchemaMigrations,
) -> anyhow::Result<Option<String>> {
    let SchemaMigrations { schema, role, .. } = *set;
    if let Some(why) = obtain(conn, role).await? {
        return Ok(Some(format!("schema {schema} has no role of its own: {why}")));
    }
    grant(conn, schema, role).await?;
    Ok(None)
}

/// Creates a role where it is not there yet and makes sure that we may become it: a role of that name which
/// is somebody else's gets nothing. `Some(why)` when we have no such role.
pub(super) async fn obtain(conn: &mut PgConnection, role: &str) -> anyhow::Result<Option<String>> {
    if !exists(conn, role).await? {
        let may: bool = sqlx::query_scalar(
            "select rolsuper or rolcreaterole from pg_catalog.pg_roles where rolname = current_user",
        )
        .fetch_one(&mut *conn)
        .await?;
        if !may {
            return Ok(Some("this user may not create roles".to_owned()));
        }
        if let Err(error) = execute(conn, format!("create role {role} nologin")).await
            && !matches!(
                sqlstate(&error).as_deref(),
                Some(DUPLICATE_OBJECT | UNIQUE_VIOLATION)
            )
        {
            return Ok(Some(format!("{error}")));
        }
    }
    if !can_become(conn, role).await? {
        // since PostgreSQL 16 the creator of a role may administer it, but not become it
        let granted = execute(conn, format!("grant {role} to current_user")).await;
        if granted.is_err() || !can_become(conn, role).await? {
            return Ok(Some(format!("this user may not become {role}")));
        }
    }
    Ok(None)
}

/// Rights on everything that is there now (first time only: later narrowing must last) and on what we create
/// later.
async fn grant(conn: &mut PgConnection, schema: &str, role: &str) -> anyhow::Result<()> {
    let done: bool = sqlx::query_scalar("select has_schema_privilege($1::name, $2::text, 'usage')")
        .bind(role)
        .bind(schema)
        .fetch_one(&mut *conn)
        .await?;
    if done {
        return Ok(());
    }
    let sql = format!(
        "grant usage on schema {schema} to {role};
         grant select, insert, update, delete on all tables in schema {schema} to {role};
         grant usage, select on all sequences in schema {schema} to {role};
         alter default privileges in schema {schema} grant select, insert, update, delete on tables to {role};
         alter default privileges in schema {schema} grant usage, select on sequences to {role};"
    );
    let mut tx = conn.begin().await?;
    execute(&mut tx, sql).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes from the role what it must not have: writing the migration table, changing append-only tables.
pub(super) async fn restrict(conn: &mut PgConnection, set: &SchemaMigrations) -> anyhow::Result<()> {
    let SchemaMigrations {
        schema,
        role,
        append_only,
        ..
    } = *set;
    let mut sql = format!("revoke insert, update, delete on {schema}.migration from {role};");
    for table in append_only {
        ensure!(
            ledger::table_exists(conn, schema, table).await?,
            "append-only table {table} does not exist"
        );
        sql.push_str(&format!(
            " revoke update, delete on {schema}.{table} from {role};"
        ));
    }
    execute(conn, sql).await
}

/// Whether a session of `url` may become `role`: then the service connects with it.
///
/// # Errors
/// When the server does not answer.
pub async fn role_exists(url: &str, role: &str) -> anyhow::Result<bool> {
    ensure!(
        super::is_identifier(role),
        "{role:?} is not a plain lower-case name"
    );
    let mut conn = connect(url).await?;
    let can = exists(&mut conn, role).await? && can_become(&mut conn, role).await?;
    conn.close().await?;
    Ok(can)
}

async fn exists(conn: &mut PgConnection, role: &str) -> anyhow::Result<bool> {
    let sql = "select exists (select from pg_catalog.pg_roles where rolname = $1)";
    Ok(sqlx::query_scalar(sql).bind(role).fetch_one(conn).await?)
}

/// Tries it and takes it back: membership has meant different things in different versions.
async fn can_become(conn: &mut PgConnection, role: &str) -> anyhow::Result<bool> {
    let mut tx = conn.begin().await?;
    let tried = execute(&mut tx, format!("set local role {role}")).await;
    tx.rollback().await?;
    match tried {
        Ok(()) => Ok(true),
        Err(error) if sqlstate(&error).is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

fn sqlstate(error: &anyhow::Error) -> Option<String> {
    let database = error.downcast_ref::<sqlx::Error>()?.as_database_error()?;
    Some(database.code()?.into_owned())
}
