//! What a connection is doing, to know when it has waited for too long.
//!
//! The HTTP library has one timer for "waits for the next request" and "got half of a head", and none before the
//! protocol is known. These are different things: a proxy keeps an idle connection for minutes, an attacker sends
//! half a head. So we look at the bytes and the requests ourselves.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http::Version;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::Limits;

/// What to do with a connection now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Leave it.
    Fine,
    /// No request for a long time: close it politely.
    Idle,
    /// A request was begun and not finished: close it.
    Stalled,
}

/// Shared between a connection's stream, its requests and its task.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    /// Requests that are not fully answered.
    running: usize,
    /// Whether there was any request yet.
    seen: bool,
    /// Whether the connection speaks HTTP/2, where bytes between requests may be pings.
    multiplexed: bool,
    /// When the connection was made or the last answer ended.
    quiet_since: Instant,
    /// When the first byte of the next head came.
    reading_since: Option<Instant>,
}

impl Activity {
    pub(super) fn new() -> Self {
        let quiet_since = Instant::now();
        let state = State {
            running: 0,
            seen: false,
            multiplexed: false,
            quiet_since,
            reading_since: None,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A request has come; it runs until the returned guard is dropped.
    pub(super) fn request(&self, version: Version) -> Running {
        let mut state = self.state();
        state.running += 1;
        state.seen = true;
        state.multiplexed = version == Version::HTTP_2;
        state.reading_since = None;
        Running(self.clone())
    }

    /// Whether there was no request yet.
    pub(super) fn is_new(&self) -> bool {
        !self.state().seen
    }

    /// What to do with it, when it may be idle for so long.
    pub(super) fn verdict(&self, limits: &Limits, idle_timeout: Duration) -> Verdict {
        let state = self.state();
        if state.running > 0 {
            return Verdict::Fine;
        }
        let begun = if state.seen {
            state.reading_since
        } else {
            Some(state.quiet_since)
        };
        if begun.is_some_and(|begun| begun.elapsed() >= limits.header_timeout) {
            return Verdict::Stalled;
        }
        if state.quiet_since.elapsed() >= idle_timeout {
            Verdict::Idle
        } else {
            Verdict::Fine
        }
    }

    fn received(&self) {
        let mut state = self.state();
        if state.seen && state.running == 0 && !state.multiplexed && state.reading_since.is_none() {
            state.reading_since = Some(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
pub(super) struct Running(Activity);

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running -= 1;
        state.quiet_since = Instant::now();
    }
}

/// A response body that keeps its request running until the last byte is handed over.
pub(super) struct Answer {
    body: Body,
    _running: Running,
}

impl Answer {
    pub(super) fn new(body: Body, running: Running) -> Self {
        Self {
            body,
            _running: running,
        }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that notes when bytes come.
pub(super) struct Noted {
    stream: TcpStream,
    activity: Activity,
}

impl Noted {
    pub(super) fn new(stream: TcpStream, activity: Activity) -> Self {
        Self { stream, activity }
    }
}

impl AsyncRead for Noted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Noted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
