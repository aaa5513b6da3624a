//! The table of applied migrations, one per schema.

use anyhow::Context;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{
    execute,
    plan::{Known, Row},
};

/// Creates schema and table when they are not there yet. Looks first: `create schema if not exists` wants the
/// right to create even when there is nothing to create.
pub(super) async fn create(conn: &mut PgConnection, schema: &str) -> anyhow::Result<()> {
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_catalog.pg_namespace where nspname = $1)")
            .bind(schema)
            .fetch_one(&mut *conn)
            .await?;
    if !exists {
        execute(conn, format!("create schema {schema}"))
            .await
            .context("cannot create the schema")?;
    }
    if !table_exists(conn, schema, "migration").await? {
        let sql = format!(
            "create table {schema}.migration (
                 version integer not null,
                 name text not null,
                 checksum text not null,
                 applied_at timestamptz not null default now(),
                 constraint migration_pk primary key (version)
             )"
        );
        execute(conn, sql)
            .await
            .context("cannot create the migration table")?;
    }
    Ok(())
}

/// Applied migrations, ascending; none when there is no table.
pub(super) async fn read(conn: &mut PgConnection, schema: &str) -> anyhow::Result<Vec<Row>> {
    if !table_exists(conn, schema, "migration").await? {
        return Ok(Vec::new());
    }
    let sql = format!("select version, name, checksum from {schema}.migration order by version");
    sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(conn)
        .await
        .context("cannot read the migration table")
}

/// Whether a table is there, whatever our rights on it.
pub(super) async fn table_exists(conn: &mut PgConnection, schema: &str, table: &str) -> anyhow::Result<bool> {
    let sql = "select exists (select from pg_catalog.pg_class c \
               join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
               where n.nspname = $1 and c.relname = $2)";
    Ok(sqlx::query_scalar(sql)
        .bind(schema)
        .bind(table)
        .fetch_one(conn)
        .await?)
}

/// Runs a step and records it, in one transaction.
pub(super) async fn apply(conn: &mut PgConnection, schema: &str, step: &Known) -> anyhow::Result<()> {
    let mut tx = conn.begin().await?;
    execute(&mut tx, format!("set local search_path = {schema}")).await?;
    execute(&mut tx, step.sql.as_str()).await?;
    let record = format!("insert into {schema}.migration (version, name, checksum) values ($1, $2, $3)");
    sqlx::query(AssertSqlSafe(record))
        .bind(step.version)
        .bind(step.name)
        .bind(&step.checksum)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
