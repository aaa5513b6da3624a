//! A private Redis.

use std::process::{Child, Command, Stdio};

use khaacho_config::Strings;

use crate::SOON;
use crate::process::free_port;
use crate::wait::eventually;

/// A server: that of `KHAACHO_TEST_REDIS_URL`, or one that is started here and ends with its value.
#[derive(Debug)]
pub struct Redis {
    /// `host:port`.
    pub address: String,
    own: Option<Child>,
}

impl Redis {
    /// Finds or starts it.
    ///
    /// # Panics
    /// When there is neither a server nor a program to start one.
    pub async fn start() -> Self {
        if let Some(url) = Strings::from_env().get("KHAACHO_TEST_REDIS_URL") {
            let address = url
                .trim_start_matches("redis://")
                .trim_end_matches('/')
                .to_owned();
            return Self { address, own: None };
        }
        let port = free_port();
        let own = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed, or KHAACHO_TEST_REDIS_URL names a server");
        let redis = Self {
            address: format!("127.0.0.1:{port}"),
            own: Some(own),
        };
        eventually("a Redis that listens", SOON, async || {
            tokio::net::TcpStream::connect(&redis.address)
                .await
                .map(drop)
                .map_err(|error| error.to_string())
        })
        .await;
        redis
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(own) = &mut self.own {
            let _ = own.kill();
            let _ = own.wait();
        }
    }
}
