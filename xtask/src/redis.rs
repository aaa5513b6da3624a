//! A private Redis server for one run of the tests. (PostgreSQL comes from khaacho-pg's own `with-postgres`.)

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A server says within this time that it is ready; even a busy machine needs far less.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// Runs "$@" until the pipe at our standard input closes, then stops it. The pipe closes when xtask ends, in
/// whatever way, so the server does not outlive a run that was killed.
const KEEPER: &str = r#"
trap '' HUP INT TERM
"$@" 2>&1 &
server=$!
cat > /dev/null
kill -TERM $server
wait $server
"#;

/// A running server; dropping it stops it.
pub struct Redis {
    pub url: String,
    keeper: Child,
}

impl Redis {
    /// Starts a server that writes nothing to disk, on a free port of the loopback address, and waits until it
    /// answers.
    pub fn start() -> Result<Self> {
        // Free now; should another process take it in between, Redis says so and the run fails loudly.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("/bin/sh");
        command.args([
            "-c",
            KEEPER,
            "keeper",
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
        ]);
        command
            .arg(port.to_string())
            .args(["--save", "", "--appendonly", "no", "--dir"]);
        command
            .arg(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut keeper = command.spawn().context("starting Redis for the tests")?;
        let output = keeper.stdout.take().context("the server's output is a pipe")?;
        let redis = Self {
            url: format!("redis://127.0.0.1:{port}"),
            keeper,
        };

        let (send, lines) = mpsc::channel();
        // Reads to the end, so that the server never waits for a reader; nobody listens once it is ready.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        let mut said = Vec::new();
        loop {
            match lines.recv_timeout(READY_WITHIN) {
                Ok(line) if line.contains("Ready to accept connections") => return Ok(redis),
                Ok(line) => said.push(line),
                Err(_) => bail!("Redis did not become ready; it said:\n{}", said.join("\n")),
            }
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Closing the pipe is the whole message; see KEEPER.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_server_lives_exactly_as_long_as_its_value() {
        let redis = Redis::start().unwrap();
        let address = redis.url.trim_start_matches("redis://").to_owned();
        assert!(TcpStream::connect(&address).is_ok());
        drop(redis);
        assert!(TcpStream::connect(&address).is_err());
    }
}
