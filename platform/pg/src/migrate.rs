//! Schemas, roles and migrations. Forward only; prints nothing, returns a [`Report`].

mod contract;
mod ledger;
mod plan;
mod roles;

use std::{
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

pub use self::roles::role_exists;

/// Any constant: what matters is that every migrator of a database takes the same lock.
const LOCK_KEY: i64 = 0x6b68_6161_6368_6f01;

/// One migration of a service.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// 1, 2, 3, …; never reused.
    pub version: i32,
    /// For people, `0001_accounts`.
    pub name: &'static str,
    /// Statements, run in one transaction with the service's schema as search path. Never changed once
    /// released: add a step instead.
    pub sql: &'static str,
}

/// A schema of read-only views in which services publish, side by side, what readers outside may rely on. The
/// steps of each service create the schema where it is not there yet, and the service's views.
#[derive(Debug, Clone, Copy)]
pub struct ContractViews {
    /// The schema with the version of the contract in its name, `assay_v1`.
    pub schema: &'static str,
    /// A role that may select from the views and do nothing else; created if the server lets us. Nobody can
    /// log in as it: whoever shall read is made a member.
    pub role: &'static str,
}

/// Everything the migrator has to know about one service.
#[derive(Debug, Clone, Copy)]
pub struct SchemaMigrations {
    /// The service's schema.
    pub schema: &'static str,
    /// The service's role, `khaacho_<schema>`; created if the server lets us.
    pub role: &'static str,
    /// Tables that come with the platform, as (name, statements); `{schema}` is replaced. They get the
    /// versions −100, −99, … and so run before the steps. Append only.
    pub prelude: &'static [(&'static str, &'static str)],
    /// The service's own migrations, ascending.
    pub steps: &'static [Step],
    /// Tables whose rows the service may add and read but neither change nor delete, such as ledger entries.
    /// Named here because a `revoke` inside a step would fail on a server without roles.
    pub append_only: &'static [&'static str],
    /// Where the service publishes views. Their readers get no rights on its tables, and the service's role
    /// none on the views.
    pub contract_views: &'static [ContractViews],
}

impl SchemaMigrations {
    /// Without prelude or append-only tables.
    #[must_use]
    pub const fn new(schema: &'static str, role: &'static str, steps: &'static [Step]) -> Self {
        Self {
            schema,
            role,
            prelude: &[],
            steps,
            append_only: &[],
            contract_views: &[],
        }
    }

    /// With tables of the platform.
    #[must_use]
    pub const fn with_prelude(self, prelude: &'static [(&'static str, &'static str)]) -> Self {
        Self { prelude, ..self }
    }

    /// With append-only tables.
    #[must_use]
    pub const fn with_append_only(self, append_only: &'static [&'static str]) -> Self {
        Self { append_only, ..self }
    }

    /// With views for readers outside.
    #[must_use]
    pub const fn with_contract_views(self, contract_views: &'static [ContractViews]) -> Self {
        Self {
            contract_views,
            ..self
        }
    }
}

/// What [`migrate`] did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Steps that ran, in order.
    pub applied: Vec<Applied>,
    /// Schemas whose services have a role of their own.
    pub roles: Vec<&'static str>,
    /// What a person should know, such as that roles are off and why.
    pub notes: Vec<String>,
}

/// A step that ran.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The service's schema.
    pub schema: &'static str,
    /// The step's version.
    pub version: i32,
    /// The step's name.
    pub name: &'static str,
    /// How long it took.
    pub took: Duration,
}

/// Brings every schema up to date. Safe to run from several processes at once: an advisory lock lets one
/// through at a time. Needs a direct connection (no transaction pooler) of a user who may create schemas.
///
/// # Errors
/// A released step that changed, a version that this program does not know, a step that fails (its own
/// transaction is rolled back, earlier ones stay), or a server that does not answer. Nothing newer was
/// applied then.
pub async fn migrate(url: &str, sets: &[SchemaMigrations]) -> anyhow::Result<Report> {
    for set in sets {
        plan::check(set)?;
    }
    let mut conn = connect(url).await?;
    lock(&mut conn).await?;
    let mut report = Report::default();
    for set in sets {
        one(&mut conn, set, &mut report)
            .await
            .with_context(|| format!("schema {}", set.schema))?;
    }
    // ends the session and with it the lock
    conn.close().await.context("cannot close the connection")?;
    Ok(report)
}

async fn one(conn: &mut PgConnection, set: &SchemaMigrations, report: &mut Report) -> anyhow::Result<()> {
    ledger::create(conn, set.schema).await?;
    let applied = ledger::read(conn, set.schema).await?;
    let pending = plan::pending(set, &applied)?;
    match roles::prepare(conn, set).await? {
        None => report.roles.push(set.schema),
        Some(note) => report.notes.push(note),
    }
    for step in pending {
        let begun = Instant::now();
        ledger::apply(conn, set.schema, &step)
            .await
            .with_context(|| format!("migration {} failed", step.name))?;
        report.applied.push(Applied {
            schema: set.schema,
            version: step.version,
            name: step.name,
            took: begun.elapsed(),
        });
    }
    if report.roles.last() == Some(&set.schema) {
        roles::restrict(conn, set).await?;
    }
    for views in set.contract_views {
        // several services publish in one schema: what there is to say about it is said once
        if let Some(note) = contract::open(conn, views).await?
            && !report.notes.contains(&note)
        {
            report.notes.push(note);
        }
    }
    Ok(())
}

/// Checks that every schema has all the steps that this program was written for; changes nothing. A schema
/// that is
/// *newer* is fine: during a deployment the old program runs on the new schema. Returns a sentence for each
/// of those.
///
/// # Errors
/// A missing schema or step (`run khaacho migrate`), a changed step, or a server that does not answer.
pub async fn verify(url: &str, sets: &[SchemaMigrations]) -> anyhow::Result<Vec<String>> {
    let mut conn = connect(url).await?;
    let mut newer = Vec::new();
    for set in sets {
        plan::check(set)?;
        let applied = ledger::read(&mut conn, set.schema).await?;
        let known = plan::known(set);
        if let Some(missing) = plan::first_missing(&known, &applied) {
            bail!(
                "schema {} lacks migration {}: run khaacho migrate",
                set.schema,
                missing.name
            );
        }
        plan::unchanged(set.schema, &known, &applied)?;
        if let Some(version) = plan::newest_unknown(&known, &applied) {
            newer.push(format!(
                "schema {} is at version {version}, newer than this program",
                set.schema
            ));
        }
    }
    conn.close().await.context("cannot close the connection")?;
    Ok(newer)
}

/// A name for what these migrations produce: equal migrations, equal text (64 hexadecimal digits).
#[must_use]
pub fn fingerprint(sets: &[SchemaMigrations]) -> String {
    let mut text = String::new();
    for set in sets {
        text.push_str(&format!("{} {} {:?}\n", set.schema, set.role, set.append_only));
        for views in set.contract_views {
            text.push_str(&format!("{} {}\n", views.schema, views.role));
        }
        for step in plan::known(set) {
            text.push_str(&format!("{} {} {}\n", step.version, step.name, step.checksum));
        }
    }
    crate::hash::sha256_hex(text.as_bytes())
}

/// A lower-case name that needs no quotes: these become part of statements.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && name.len() <= 63
}

async fn connect(url: &str) -> anyhow::Result<PgConnection> {
    let options = PgConnectOptions::from_str(url)
        // the parser's own message may quote the URL, and with it the password
        .map_err(|_| anyhow::anyhow!("the database URL cannot be understood"))?
        .application_name("khaacho migrate");
    PgConnection::connect_with(&options)
        .await
        .context("cannot connect to the database")
}

/// Waits two minutes for another migrator; afterwards a step waits 15 s for its locks, so that a forgotten
/// transaction somewhere does not make a queue of every query behind our `alter table`.
async fn lock(conn: &mut PgConnection) -> anyhow::Result<()> {
    execute(conn, "set lock_timeout = '120s'").await?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK_KEY)
        .execute(&mut *conn)
        .await
        .context("another migration holds the lock and does not end")?;
    execute(
        conn,
        "set lock_timeout = '15s'; set statement_timeout = 0; set client_min_messages = warning",
    )
    .await
}

/// Runs statements that were put together from checked identifiers.
async fn execute(conn: &mut PgConnection, sql: impl Into<String>) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(conn).await?;
    Ok(())
}
