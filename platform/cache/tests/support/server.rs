//! A Redis server for tests.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use khaacho_cache::{FromRedisValue, Redis, cmd};
use khaacho_config::Strings;
use tokio::process::{Child, Command};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::eventually;

/// Tests that change the server's settings take it alone: it may be shared by all tests.
static TURN: RwLock<()> = RwLock::const_new(());

enum Turn {
    Shared { _guard: RwLockReadGuard<'static, ()> },
    Alone { _guard: RwLockWriteGuard<'static, ()> },
}

/// Ours (a child in a temporary directory) or the one that `KHAACHO_TEST_REDIS_URL` names.
pub struct Server {
    pub url: String,
    pub address: String,
    admin: Redis,
    child: Option<(Child, PathBuf)>,
    _turn: Turn,
}

impl Server {
    pub async fn start() -> Self {
        let turn = Turn::Shared {
            _guard: TURN.read().await,
        };
        Self::ready(turn).await
    }

    /// No other test runs meanwhile.
    pub async fn alone() -> Self {
        let turn = Turn::Alone {
            _guard: TURN.write().await,
        };
        Self::ready(turn).await
    }

    async fn ready(turn: Turn) -> Self {
        let (url, child) = match Strings::from_env().get("KHAACHO_TEST_REDIS_URL") {
            Some(url) => (url.to_owned(), None),
            None => spawn(),
        };
        let address = url
            .trim_start_matches("redis://")
            .trim_end_matches('/')
            .to_owned();
        let admin = Redis::connect(Some(&url));
        let server = Self {
            url,
            address,
            admin,
            child,
            _turn: turn,
        };
        let pings = async || server.admin.run::<()>(&cmd("PING")).await.is_ok();
        eventually("the test server answers", Duration::from_secs(10), pings).await;
        server
    }

    /// Runs a command past the code under test.
    pub async fn does<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = cmd(words[0]);
        for word in &words[1..] {
            command.arg(*word);
        }
        self.admin
            .run(&command)
            .await
            .expect("the test server carries out a plain command")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((child, directory)) = &mut self.child {
            let _killed = child.start_kill();
            let _removed = std::fs::remove_dir_all(directory);
        }
    }
}

fn spawn() -> (String, Option<(Child, PathBuf)>) {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a free port")
        .port();
    let directory = std::env::temp_dir().join(format!("khaacho-redis-{port}-{:x}", fastrand::u64(..)));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let child = Command::new("redis-server")
        .args([
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--port",
        ])
        .arg(port.to_string())
        .arg("--dir")
        .arg(&directory)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "these tests need Redis and redis-server could not be started ({error}): \
                 install it (apt-get install redis-server, brew install redis) or set KHAACHO_TEST_REDIS_URL"
            )
        });
    (format!("redis://127.0.0.1:{port}"), Some((child, directory)))
}
