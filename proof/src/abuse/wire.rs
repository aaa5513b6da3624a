//! Bytes to a connection, answers from it. Nothing here mends what a case breaks.

pub mod frames;
pub mod http1;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::case::{Request, Script, Step};

/// Bytes of answers that are kept.
const KEPT_MAX: usize = 4 * 1024 * 1024;

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Status of HTTP.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Status of gRPC, where it is one.
    pub code: Option<u8>,
}

impl Reply {
    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// We left, it was still open.
    Open,
    /// The server closed it.
    Closed,
    /// It could not be made.
    Refused,
}

/// What came of a case.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Whole answers in their order.
    pub replies: Vec<Reply>,
    /// How the connection ended.
    pub end: End,
    /// Time from the last byte written to the last answer or the end.
    pub took: Duration,
    /// What else was seen, for the report: frames, errors.
    pub note: String,
    /// HTTP/2 only: a stream was reset or the connection was told to go away.
    pub reset: bool,
    /// Crowds only: connections that were closed without an answer.
    pub closed: usize,
}

impl Seen {
    /// Nothing yet.
    pub fn nothing(end: End) -> Self {
        Self {
            replies: Vec::new(),
            end,
            took: Duration::ZERO,
            note: String::new(),
            reset: false,
            closed: 0,
        }
    }
}

/// What was read from a connection.
pub(super) struct Read {
    pub bytes: Vec<u8>,
    pub end: End,
    pub took: Duration,
}

/// Sends one request and waits for its answer.
pub async fn http(address: SocketAddr, request: &Request, patience: Duration) -> Seen {
    let script = Script::bytes(request.bytes()).patient(patience);
    http1::play(address, &script, patience, Some(&request.method)).await
}

/// Plays a script; `enough` says, from the bytes so far, that nothing more is waited for.
pub(super) async fn play(
    address: SocketAddr,
    script: &Script,
    patience: Duration,
    enough: impl Fn(&[u8]) -> bool,
) -> Read {
    let nothing = |end| Read {
        bytes: Vec::new(),
        end,
        took: Duration::ZERO,
    };
    let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(address)).await
    else {
        return nothing(End::Refused);
    };
    if stream.set_nodelay(true).is_err() {
        return nothing(End::Closed);
    }
    let (reader, writer) = stream.into_split();
    let (told, written) = watch::channel(None);
    let (over, stop) = watch::channel(false);
    let deaf = script.steps.iter().find_map(|step| match step {
        Step::Deaf(time) => Some(*time),
        _ => None,
    });
    let writing = async {
        write(writer, &script.steps, told, stop).await;
    };
    let reading = async {
        if let Some(deaf) = deaf {
            tokio::time::sleep(deaf).await;
        }
        let read = read(reader, script.quiet, patience, written, enough).await;
        let _ = over.send(true);
        read
    };
    let ((), read) = tokio::join!(writing, reading);
    read
}

/// Writes the steps. An error means that the server has hung up, which the reader sees too.
async fn write(
    mut writer: OwnedWriteHalf,
    steps: &[Step],
    told: watch::Sender<Option<Instant>>,
    mut stop: watch::Receiver<bool>,
) {
    let all = async {
        for step in steps {
            match step {
                Step::Bytes(bytes) => writer.write_all(bytes).await?,
                Step::Repeat(bytes, times, pause) => {
                    for _ in 0..*times {
                        writer.write_all(bytes).await?;
                        if !pause.is_zero() {
                            tokio::time::sleep(*pause).await;
                        }
                    }
                }
                Step::Wait(time) => tokio::time::sleep(*time).await,
                Step::Finish => writer.shutdown().await?,
                Step::Deaf(_) => {}
            }
        }
        Ok::<(), std::io::Error>(())
    };
    tokio::select! {
        _ = all => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    let _ = told.send(Some(Instant::now()));
    // The half stays open until the reader is done: closing it would be one more step of the script.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn read(
    mut reader: OwnedReadHalf,
    quiet: Duration,
    patience: Duration,
    written: watch::Receiver<Option<Instant>>,
    enough: impl Fn(&[u8]) -> bool,
) -> Read {
    let began = Instant::now();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    let mut last = None;
    let since = |at: Instant| at.saturating_duration_since((*written.borrow()).unwrap_or(began).max(began));
    loop {
        let left = (began + patience).saturating_duration_since(Instant::now());
        let wait = if written.borrow().is_some() {
            quiet.min(left)
        } else {
            left
        };
        let poll = wait.clamp(Duration::from_millis(1), Duration::from_millis(50));
        match tokio::time::timeout(poll, reader.read(&mut chunk)).await {
            Ok(Ok(0) | Err(_)) => {
                let took = since(last.filter(|_| enough(&bytes)).unwrap_or_else(Instant::now));
                let end = End::Closed;
                return Read { bytes, end, took };
            }
            Ok(Ok(read)) => {
                last = Some(Instant::now());
                let room = KEPT_MAX.saturating_sub(bytes.len());
                bytes.extend_from_slice(&chunk[..read.min(room)]);
                if enough(&bytes) {
                    let took = since(Instant::now());
                    let end = End::Open;
                    return Read { bytes, end, took };
                }
            }
            Err(_nothing_came) => {
                let now = Instant::now();
                let silent_since = last.max(*written.borrow());
                let silent = silent_since.is_some_and(|at| now.saturating_duration_since(at) >= quiet);
                let over = now.saturating_duration_since(began) >= patience;
                if over || silent && written.borrow().is_some() {
                    let took = since(last.unwrap_or(now));
                    let end = End::Open;
                    return Read { bytes, end, took };
                }
            }
        }
    }
}
