//! One service's pool.

use std::{str::FromStr, sync::Arc, time::Duration};

use khaacho_fault::Fault;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::guard::{Guard, Guarding, IDLE_IN_TRANSACTION, Watch};

/// How a service connects. [`Settings::new`] fills in the defaults.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://…`; may hold a password, so it is never logged.
    pub url: String,
    /// Role that every session takes on, so that one service cannot read another's tables. `None` where the
    /// server did not let us create roles.
    pub role: Option<String>,
    /// The same where nobody could say yet whether the role is there: each session asks when it begins, and goes on
    /// without it where it may not take it on.
    pub role_if_there: Option<String>,
    /// Schema that unqualified names mean.
    pub schema: String,
    /// Connections at most. 8 to 16 is right; the sum of all pools has to fit the server.
    pub pool_max: u32,
    /// Shown in `pg_stat_activity`.
    pub application_name: String,
    /// Limit of one statement; a transaction's deadline can only shorten it.
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock.
    pub lock_timeout: Duration,
    /// How long a caller waits for a free connection.
    pub acquire_timeout: Duration,
    /// When connections are asked whether somebody left a transaction on them.
    pub guarding: Guarding,
}

impl Settings {
    /// Pool of 8, no role, statements 5 s, locks 2 s, a free connection 3 s.
    pub fn new(
        url: impl Into<String>,
        schema: impl Into<String>,
        application_name: impl Into<String>,
    ) -> Self {
        Self {
            url: url.into(),
            role: None,
            role_if_there: None,
            schema: schema.into(),
            pool_max: 8,
            application_name: application_name.into(),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(2),
            acquire_timeout: Duration::from_secs(3),
            guarding: Guarding::default(),
        }
    }

    /// Session defaults travel in the start-up message: no extra round trip, and no session without them.
    fn connect_options(&self) -> Result<PgConnectOptions, Fault> {
        let options = PgConnectOptions::from_str(&self.url)
            // the parser's own message may quote the URL, and with it the password
            .map_err(|_| Fault::bug("the database URL cannot be understood"))?;
        for name in self.role.iter().chain(&self.role_if_there).chain([&self.schema]) {
            if !crate::migrate::is_identifier(name) {
                return Err(Fault::bug(format!("{name} is not a name for a schema or role")));
            }
        }
        let millis = |time: Duration| time.as_millis().max(1).to_string();
        let options = options.application_name(&self.application_name).options([
            ("search_path", self.schema.clone()),
            ("statement_timeout", millis(self.statement_timeout)),
            ("lock_timeout", millis(self.lock_timeout)),
            ("idle_in_transaction_session_timeout", millis(IDLE_IN_TRANSACTION)),
            ("timezone", "UTC".to_owned()),
            // Statements are short and their plans do not depend on the values: planning each anew cost 3 ms of a
            // 17 ms order.
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            // A plan lives as long as its session, and queues are empty when sessions begin: a scan of the whole table
            // that was right then cost 10 ms an order an hour later. Without an index it is still done.
            ("enable_seqscan", "off".to_owned()),
            // the penalty above would make it compile short statements
            ("jit", "off".to_owned()),
        ]);
        Ok(match &self.role {
            Some(role) => options.options([("role", role)]),
            None => options,
        })
    }

    fn pool_options(&self, guard: &Arc<Guard>) -> PgPoolOptions {
        let (returned, lent) = (guard.clone(), guard.clone());
        let role: Option<Arc<str>> = self.role_if_there.as_deref().map(Arc::from);
        PgPoolOptions::new()
            .after_connect(move |conn, _| {
                let role = role.clone();
                Box::pin(async move { take_on(conn, role.as_deref()).await })
            })
            .max_connections(self.pool_max)
            .acquire_timeout(self.acquire_timeout)
            .after_release(move |conn, _| {
                let guard = returned.clone();
                Box::pin(async move { guard.returned(conn).await })
            })
            .test_before_acquire(false)
            .before_acquire(move |conn, seen| {
                let guard = lent.clone();
                Box::pin(async move { guard.lent(conn, seen.idle_for).await })
            })
    }
}

/// Takes on a role that may be there.
async fn take_on(conn: &mut PgConnection, role: Option<&str>) -> Result<(), sqlx::Error> {
    let Some(role) = role else { return Ok(()) };
    let asked = sqlx::query("select set_config('role', $1, false)").bind(role);
    match asked.execute(conn).await {
        // there is no such role, or it is not for us
        Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A service's database: its pool and what it is called. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: PgPool,
    guard: Arc<Guard>,
    schema: String,
    name: String,
    pool_max: u32,
    statement_timeout: Duration,
}

impl Db {
    /// Connects once, so that a wrong URL or password shows at once.
    ///
    /// # Errors
    /// `Unavailable` when the server does not answer, `Bug` when it refuses the URL, user, role or database.
    pub async fn connect(settings: Settings) -> Result<Self, Fault> {
        let guard = Guard::new(settings.guarding);
        let pool = settings
            .pool_options(&guard)
            .connect_with(settings.connect_options()?)
            .await?;
        Ok(Self::over(pool, guard, settings))
    }

    /// Connects at first use: a service starts although the database is down, and is not ready until it is
    /// up.
    ///
    /// # Errors
    /// `Bug` when the URL, schema or role cannot be understood.
    pub fn connect_lazy(settings: Settings) -> Result<Self, Fault> {
        let guard = Guard::new(settings.guarding);
        let pool = settings
            .pool_options(&guard)
            .connect_lazy_with(settings.connect_options()?);
        Ok(Self::over(pool, guard, settings))
    }

    fn over(pool: PgPool, guard: Arc<Guard>, settings: Settings) -> Self {
        let Settings {
            schema,
            application_name: name,
            pool_max,
            statement_timeout,
            ..
        } = settings;
        Self(Arc::new(Inner {
            pool,
            guard,
            schema,
            name,
            pool_max,
            statement_timeout,
        }))
    }

    /// For reads of one statement. Writes go through `durable` or [`crate::in_tx`].
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// The service's schema.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.0.schema
    }

    /// The application name of the sessions.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn watch(&self) -> Watch {
        self.0.guard.watch()
    }

    pub(crate) fn statement_timeout(&self) -> Duration {
        self.0.statement_timeout
    }

    /// The pool's numbers for metrics.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        let idle = u32::try_from(self.0.pool.num_idle()).unwrap_or(u32::MAX);
        PoolStats {
            size: self.0.pool.size(),
            idle,
            max: self.0.pool_max,
        }
    }

    /// Closes the pool after its borrowers returned their connections.
    pub async fn close(&self) {
        self.0.pool.close().await;
    }
}

/// A pool's connections at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStats {
    /// Open connections.
    pub size: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
    /// The limit.
    pub max: u32,
}
