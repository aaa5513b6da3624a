//! A database per test.
//!
//! The server is the one of `KHAACHO_TEST_DATABASE_URL` (`make test` starts one for all tests); without it
//! each test process starts a private one, which goes with the process. A template database is migrated once
//! per set of migrations and server; a test gets a clone of it, which takes milliseconds.

mod server;
mod template;

use std::{
    future::Future,
    sync::atomic::{AtomicU32, Ordering},
};

use khaacho_pg::migrate::{SchemaMigrations, fingerprint, migrate};

use self::server::{Maintenance, Server};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A database that one test has for itself. Dropping it drops the database, unless the test is panicking:
/// then it is kept and its URL printed.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    url: String,
    server: &'static Server,
}

impl TestDb {
    /// A clone of the template called `key`, which `prepare` fills when it does not exist yet: it gets the
    /// URL of an empty database and must have closed its connections when it returns.
    ///
    /// Test processes share templates: the key has to change whenever what `prepare` does changes.
    ///
    /// # Panics
    /// When there is no server or `prepare` fails: the test cannot run.
    pub async fn new<F, Fut>(key: &str, prepare: F) -> Self
    where
        F: FnOnce(String) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        match Self::try_new(key, prepare).await {
            Ok(database) => database,
            Err(error) => panic!("no database for this test: {error:#}"),
        }
    }

    /// A clone of a template with these schemas, roles and tables.
    ///
    /// # Panics
    /// As [`TestDb::new`].
    pub async fn migrated(sets: &[SchemaMigrations]) -> Self {
        let key = fingerprint(sets);
        Self::new(&key, |url| async move { migrate(&url, sets).await.map(drop) }).await
    }

    /// A database without anything in it.
    ///
    /// # Panics
    /// As [`TestDb::new`].
    pub async fn empty() -> Self {
        Self::new("empty", |_| async { Ok(()) }).await
    }

    async fn try_new<F, Fut>(key: &str, prepare: F) -> anyhow::Result<Self>
    where
        F: FnOnce(String) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let server = server::get().await?;
        let template = template::ensure(server, key, prepare).await?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}_{:08x}", std::process::id(), server::salt());
        let mut maintenance = Maintenance::connect(server).await?;
        maintenance
            .run(format!("create database {name} template {template}"))
            .await?;
        maintenance.close().await?;
        Ok(Self {
            url: server.url_of(&name),
            name,
            server,
        })
    }

    /// Superuser URL of this database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if std::thread::panicking() {
            if self.server.outlives_us() {
                println!("the test's database is kept: {}", self.url);
            }
            return;
        }
        let (server, name) = (self.server, std::mem::take(&mut self.name));
        // a test's runtime may be the one that is just ending
        let dropped = std::thread::spawn(move || server::block_on(drop_database(server, &name)));
        match dropped.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => println!("a test's database was not dropped: {error:#}"),
            Err(_) => println!("a test's database was not dropped: its thread panicked"),
        }
    }
}

async fn drop_database(server: &Server, name: &str) -> anyhow::Result<()> {
    let mut maintenance = Maintenance::connect(server).await?;
    // pools of the test may still be open
    maintenance
        .run(format!("drop database if exists {name} with (force)"))
        .await?;
    maintenance.close().await
}
