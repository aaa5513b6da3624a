//! Lets readers at the views that services publish, and at nothing else.
//!
//! A view reads its tables with the rights of its owner, which is who migrates: so its readers need rights on
//! the view only.

use anyhow::ensure;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{ContractViews, execute, roles};

/// Those of our views that the role may not read yet. What belongs to another user is his to give.
const CLOSED: &str = "
    select c.relname::text from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind = 'v' and pg_has_role(c.relowner, 'usage')
      and not has_table_privilege($2::name, c.oid, 'select')
    order by 1";

/// Lets the role read every view that is there by now; to be called after the steps that make them.
/// `Some(note)` when there is no such role: then only the user who migrates, and superusers, can read them.
pub(super) async fn open(conn: &mut PgConnection, views: &ContractViews) -> anyhow::Result<Option<String>> {
    let ContractViews { schema, role } = *views;
    let ours: Option<bool> = sqlx::query_scalar(
        "select pg_has_role(nspowner, 'usage') from pg_catalog.pg_namespace where nspname = $1",
    )
    .bind(schema)
    .fetch_optional(&mut *conn)
    .await?;
    ensure!(
        ours.is_some(),
        "no step creates the schema {schema}, in which the service publishes views"
    );
    if let Some(why) = roles::obtain(conn, role).await? {
        return Ok(Some(format!(
            "the views of {schema} have no role for readers: {why}"
        )));
    }
    let mut tx = conn.begin().await?;
    let enters: bool = sqlx::query_scalar("select has_schema_privilege($1::name, $2::text, 'usage')")
        .bind(role)
        .bind(schema)
        .fetch_one(&mut *tx)
        .await?;
    if !enters && ours == Some(true) {
        execute(&mut tx, format!("grant usage on schema {schema} to {role}")).await?;
    }
    let closed: Vec<String> = sqlx::query_scalar(AssertSqlSafe(CLOSED))
        .bind(schema)
        .bind(role)
        .fetch_all(&mut *tx)
        .await?;
    for view in closed {
        ensure!(
            super::is_identifier(&view),
            "view {view:?} of {schema} is not a plain lower-case name"
        );
        execute(&mut tx, format!("grant select on {schema}.{view} to {role}")).await?;
    }
    tx.commit().await?;
    Ok(None)
}
