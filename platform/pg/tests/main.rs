//! Against a real PostgreSQL: the one of `KHAACHO_TEST_DATABASE_URL`, else a private one.

mod contract_views;
mod embedded;
mod migrations;
mod transactions;

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use khaacho_pg::embedded::{Durability, Embedded, Supervisor};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A fresh directory that any user may enter.
fn temp_home() -> PathBuf {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let home = std::env::temp_dir().join(format!("khaacho-pg-{}-{number}", std::process::id()));
    std::fs::create_dir(&home).expect("the name is ours");
    home
}

fn server_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    static SERVER: OnceLock<Embedded> = OnceLock::new();
    URL.get_or_init(|| {
        if let Some(url) = std::env::var_os("KHAACHO_TEST_DATABASE_URL") {
            return url.into_string().expect("a URL is text");
        }
        let keeper = Supervisor::Shell { remove_home: true };
        let server =
            Embedded::start(&temp_home(), Durability::Fast, keeper, None).expect("PostgreSQL starts");
        SERVER.get_or_init(|| server).url().to_owned()
    })
}

/// Database of one test; dropped when the test ends, however it ends.
struct Database {
    name: String,
    url: String,
}

impl Database {
    async fn new() -> Self {
        let server = server_url();
        let name = format!(
            "pg_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        admin(server, format!("drop database if exists {name} with (force)")).await;
        admin(server, format!("create database {name}")).await;
        let base = server.rsplit_once('/').expect("a URL with a database").0;
        Self {
            url: format!("{base}/{name}"),
            name,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("drop database {} with (force)", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(admin(server_url(), sql));
        });
        let _ = dropped.join();
    }
}

async fn admin(url: &str, sql: String) {
    let mut conn = PgConnection::connect(url).await.expect("the server answers");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut conn)
        .await
        .expect("the statement runs");
    conn.close().await.expect("the session ends");
}
