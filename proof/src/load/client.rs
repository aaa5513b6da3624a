//! A small HTTP/1.1 client: one connection, one request at a time. It exists because the generator shares two cores
//! with what it measures: a general client costs as much processor time as the gateway does.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Larger answers are no answers of ours.
const ANSWER_MAX: usize = 8 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nobody took the connection.
    Connect,
    /// The connection ended before the answer did.
    Closed,
    /// No answer in time.
    Timeout,
    /// It was no HTTP/1.1 with a length.
    Malformed,
}

impl Broken {
    /// The name under which it is counted.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Closed => "closed",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
        }
    }
}

/// An answer; it lives in the connection's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Status code.
    pub status: u16,
    /// Status line and headers.
    pub head: &'a [u8],
    /// Body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// Whether the body has these bytes somewhere.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        contains(self.body, words.as_bytes())
    }

    /// The body as JSON; `null` when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(self.body).unwrap_or_default()
    }
}

/// Whether `needle` stands somewhere in `hay`.
#[must_use]
pub fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else {
        return true;
    };
    let mut from = 0;
    while let Some(at) = hay[from..].iter().position(|byte| *byte == first) {
        let after = from + at + 1;
        if hay[after..].starts_with(rest) {
            return true;
        }
        from = after;
    }
    false
}

/// A keep-alive connection that is opened when it is needed.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: Option<TcpStream>,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Connection {
    /// A connection to `host:port`, not opened yet.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            stream: None,
            request: Vec::with_capacity(2048),
            buffer: Vec::with_capacity(16 * 1024),
        }
    }

    /// Asks without a body.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Answer<'_>, Broken> {
        self.ask("GET", path, headers, None).await
    }

    /// Asks with a body.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer<'_>, Broken> {
        self.ask("POST", path, headers, Some(body)).await
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer<'_>, Broken> {
        write_request(&mut self.request, &self.address, method, path, headers, body);
        let asked = tokio::time::timeout(PATIENCE, self.exchange()).await;
        let ends = match asked.unwrap_or(Err(Broken::Timeout)) {
            Ok(ends) => ends,
            Err(broken) => {
                self.stream = None;
                return Err(broken);
            }
        };
        if ends.close {
            self.stream = None;
        }
        Ok(Answer {
            status: ends.status,
            head: &self.buffer[..ends.head],
            body: &self.buffer[ends.head..ends.head + ends.length],
        })
    }

    /// An idle connection may have been closed by the server just now; that one case is tried again. Nothing was
    /// answered then, and every request here has an idempotency key.
    async fn exchange(&mut self) -> Result<Ends, Broken> {
        let kept = self.stream.is_some();
        match self.try_exchange().await {
            Err(Broken::Closed) if kept && self.buffer.is_empty() => {
                self.stream = None;
                self.try_exchange().await
            }
            other => other,
        }
    }

    async fn try_exchange(&mut self) -> Result<Ends, Broken> {
        self.buffer.clear();
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(&self.address)
                    .await
                    .map_err(|_| Broken::Connect)?;
                stream.set_nodelay(true).map_err(|_| Broken::Connect)?;
                none.insert(stream)
            }
        };
        stream
            .write_all(&self.request)
            .await
            .map_err(|_| Broken::Closed)?;
        loop {
            if let Some(ends) = read_head(&self.buffer)? {
                let whole = ends.head + ends.length;
                if whole > ANSWER_MAX {
                    return Err(Broken::Malformed);
                }
                while self.buffer.len() < whole {
                    more(stream, &mut self.buffer).await?;
                }
                return Ok(ends);
            }
            more(stream, &mut self.buffer).await?;
        }
    }
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Broken> {
    match stream.read_buf(buffer).await {
        Ok(0) | Err(_) => Err(Broken::Closed),
        Ok(_) => Ok(()),
    }
}

fn write_request(
    into: &mut Vec<u8>,
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) {
    into.clear();
    for part in [method, " ", path, " HTTP/1.1\r\nhost: ", address, "\r\n"] {
        into.extend_from_slice(part.as_bytes());
    }
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            into.extend_from_slice(part.as_bytes());
        }
    }
    if let Some(body) = body {
        let length = format!("content-length: {}\r\n", body.len());
        into.extend_from_slice(length.as_bytes());
    }
    into.extend_from_slice(b"\r\n");
    into.extend_from_slice(body.unwrap_or_default());
}

/// Where the parts of an answer end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    status: u16,
    head: usize,
    length: usize,
    close: bool,
}

/// Reads the head once it is complete.
fn read_head(buffer: &[u8]) -> Result<Option<Ends>, Broken> {
    let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = str::from_utf8(&buffer[..at]).map_err(|_| Broken::Malformed)?;
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .and_then(|rest| rest.get(..3))
        .and_then(|digits| digits.parse().ok())
        .ok_or(Broken::Malformed)?;
    let mut ends = Ends {
        status,
        head: at + 4,
        length: 0,
        close: false,
    };
    let mut sized = status == 204 || status == 304;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            ends.length = value.trim().parse().map_err(|_| Broken::Malformed)?;
            sized = true;
        } else if name.eq_ignore_ascii_case("connection") {
            ends.close = value.trim().eq_ignore_ascii_case("close");
        }
    }
    if sized {
        Ok(Some(ends))
    } else {
        Err(Broken::Malformed)
    }
}

#[cfg(test)]
mod tests;
