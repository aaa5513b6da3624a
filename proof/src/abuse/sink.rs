//! The providers' APIs, as far as the mesh needs them to send its answers: everything is taken.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    taken: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Sink {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let taken = Arc::new(AtomicU64::new(0));
        let counter = taken.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                connections.spawn(serve(stream, counter.clone()));
            }
        });
        Ok(Self {
            address,
            taken,
            _tasks: tasks,
        })
    }

    /// How many messages were taken.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn serve(mut stream: TcpStream, taken: Arc<AtomicU64>) {
    let mut buffer = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        while let Some((length, target)) = whole(&buffer) {
            buffer.drain(..length);
            let number = taken.fetch_add(1, Ordering::Relaxed) + 1;
            if stream
                .write_all(answer(&target, number).as_bytes())
                .await
                .is_err()
            {
                return;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(read) => buffer.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Length and target of the first request in the buffer, when it is all there.
fn whole(buffer: &[u8]) -> Option<(usize, String)> {
    let head_length = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..head_length]).into_owned();
    let body: usize = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    let target = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let length = head_length + body;
    (buffer.len() >= length).then_some((length, target))
}

fn answer(target: &str, number: u64) -> String {
    let (status, body) = if target.contains("/Accounts/") {
        let body = serde_json::json!({
            "sid": format!("SM{number:032x}"), "status": "queued", "error_code": null, "error_message": null,
        });
        ("201 Created", body)
    } else {
        let body = serde_json::json!({
            "messaging_product": "whatsapp", "contacts": [], "messages": [{"id": format!("wamid.sink{number}")}],
        });
        ("200 OK", body)
    };
    let body = body.to_string();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_with_its_body() {
        let request =
            b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\ncontent-length: 3\r\n\r\na=bGET";
        assert!(whole(&request[..40]).is_none());
        let (length, target) = whole(request).expect("whole");
        assert_eq!(&request[length..], b"GET");
        assert!(answer(&target, 7).starts_with("HTTP/1.1 201"));
    }
}
