//! The server that the tests of this process use.

use std::{future::Future, hash::BuildHasher, path::PathBuf, sync::OnceLock};

use anyhow::{Context, anyhow};
use khaacho_config::Strings;
use khaacho_pg::embedded::{Durability, Embedded, Supervisor};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const VARIABLE: &str = "KHAACHO_TEST_DATABASE_URL";

/// Where it is, and what keeps it running if it is ours. A static is never dropped: the private server ends,
/// and its directory goes, when the kernel closes our end of its keeper's pipe.
#[derive(Debug)]
pub(super) struct Server {
    url: String,
    private: Option<Embedded>,
}

impl Server {
    /// URL of another database of this server; what follows `?` stays.
    pub(super) fn url_of(&self, database: &str) -> String {
        let (path, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let base = match path
            .split_once("://")
            .map(|(scheme, rest)| (scheme.len() + 3, rest.find('/')))
        {
            Some((start, Some(slash))) => &path[..start + slash],
            _ => path,
        };
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{base}/{database}{mark}{query}")
    }

    /// Whether it is still there when this process has ended.
    pub(super) fn outlives_us(&self) -> bool {
        self.private.is_none()
    }
}

/// The server; the first caller starts it if it has to be started.
pub(super) async fn get() -> anyhow::Result<&'static Server> {
    tokio::task::spawn_blocking(|| {
        static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
        let server = SERVER.get_or_init(|| start().map_err(|error| format!("{error:#}")));
        server.as_ref().map_err(|error| anyhow!("{error}"))
    })
    .await
    .context("the start of the test server panicked")?
}

fn start() -> anyhow::Result<Server> {
    if let Some(url) = Strings::from_env().get(VARIABLE) {
        return Ok(Server {
            url: url.to_owned(),
            private: None,
        });
    }
    let home = home()?;
    let keeper = Supervisor::Shell { remove_home: true };
    let private = Embedded::start(&home, Durability::Fast, keeper, None)
        .with_context(|| format!("{VARIABLE} is not set, and no private server could be started"))?;
    Ok(Server {
        url: private.url().to_owned(),
        private: Some(private),
    })
}

fn home() -> anyhow::Result<PathBuf> {
    let home = std::env::temp_dir().join(format!("khaacho-test-{}-{:08x}", std::process::id(), salt()));
    std::fs::create_dir(&home).with_context(|| format!("cannot create {}", home.display()))?;
    Ok(home)
}

/// Different in every process, so that process ids which were used before do no harm.
pub(super) fn salt() -> u32 {
    static SALT: OnceLock<u32> = OnceLock::new();
    *SALT.get_or_init(|| {
        let random = std::hash::RandomState::new().hash_one(std::process::id());
        u32::try_from(random >> 32).expect("half of 64 bits")
    })
}

/// Runs a future to its end on a runtime of its own.
pub(super) fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(future)
}

/// A session outside of all test databases, for statements about databases.
pub(super) struct Maintenance(PgConnection);

impl Maintenance {
    pub(super) async fn connect(server: &Server) -> anyhow::Result<Self> {
        let conn = PgConnection::connect(&server.url).await;
        conn.map(Self).context("cannot connect to the test server")
    }

    /// Statements put together from names of ours.
    pub(super) async fn run(&mut self, sql: String) -> anyhow::Result<()> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str()))
            .execute(&mut self.0)
            .await;
        done.map(drop).with_context(|| format!("{sql:?} failed"))
    }

    pub(super) fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.0.close().await.context("cannot close a session")
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn only_the_database_is_replaced() {
        let of = |url: &str| {
            Server {
                url: url.to_owned(),
                private: None,
            }
            .url_of("x")
        };
        assert_eq!(
            of("postgres://u@%2Ftmp%2Fs/postgres"),
            "postgres://u@%2Ftmp%2Fs/x"
        );
        assert_eq!(
            of("postgres://u:p@h:1/a?sslmode=disable"),
            "postgres://u:p@h:1/x?sslmode=disable"
        );
        assert_eq!(of("postgres://h"), "postgres://h/x");
    }
}
