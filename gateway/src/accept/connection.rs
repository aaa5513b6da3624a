//! One connection: HTTP/1.1 or HTTP/2, watched until it ends.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::Limits;
use super::activity::{Activity, Answer, Noted, Verdict};

/// HTTP/2 pings, to notice a client that is gone.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Streams that a client may open and reset before we hang up.
const RESETS_MAX: usize = 20;
/// A time-out of zero must not make the check spin.
const CHECK_MIN: Duration = Duration::from_millis(1);
/// The least that the HTTP library takes as its buffer.
const BUFFER_MIN: usize = 8 * 1024;

/// For how long after the stop a new connection may wait for its first request: it is most likely on its way.
const FIRST_REQUEST: Duration = Duration::from_millis(100);

/// What all connections share.
pub(super) struct Server {
    app: Router,
    limits: Limits,
    slots: Arc<Semaphore>,
    stop: CancellationToken,
    builder: Builder<TokioExecutor>,
}

impl Server {
    /// `slots` are those for further connections: without one, everybody waits for somebody to leave.
    pub(super) fn new(app: Router, limits: Limits, slots: Arc<Semaphore>, stop: CancellationToken) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            // This timer also runs while a connection is idle; the shorter one for a begun head is ours.
            .header_read_timeout(limits.idle_timeout)
            .max_headers(limits.header_count)
            .max_buf_size(limits.header_bytes.max(BUFFER_MIN));
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
            .max_concurrent_streams(limits.streams_max)
            .max_pending_accept_reset_streams(RESETS_MAX);
        Self {
            app,
            limits,
            slots,
            stop,
            builder,
        }
    }

    /// How long a connection may be idle now.
    fn idle_timeout(&self) -> Duration {
        if self.slots.available_permits() == 0 {
            self.limits.crowded_idle_timeout.min(self.limits.idle_timeout)
        } else {
            self.limits.idle_timeout
        }
    }

    /// Serves one connection to its end.
    pub(super) async fn run(&self, stream: TcpStream, address: SocketAddr) {
        // Answers are small and complete: waiting to fill a packet would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot turn off delayed sending");
        }
        let activity = Activity::new();
        let stream = TokioIo::new(Noted::new(stream, activity.clone()));
        let requests = activity.clone();
        let service = service_fn(move |request| answer(self.app.clone(), request, address, &requests));
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(stream, service));
        // Checked a few times per time-out: a stalled head is noticed at most a quarter late.
        let mut check = tokio::time::interval((self.limits.header_timeout / 4).max(CHECK_MIN));
        let mut closing = false;
        let mut stopped = pin!(async {
            self.stop.cancelled().await;
            if activity.is_new() {
                tokio::time::sleep(FIRST_REQUEST).await;
            }
        });
        loop {
            tokio::select! {
                result = connection.as_mut() => {
                    if let Err(error) = result {
                        tracing::debug!(%error, "connection ended early");
                    }
                    return;
                }
                () = &mut stopped, if !closing => {
                    closing = true;
                    connection.as_mut().graceful_shutdown();
                }
                _ = check.tick() => match activity.verdict(&self.limits, self.idle_timeout()) {
                    Verdict::Fine => {}
                    Verdict::Idle if !closing => {
                        closing = true;
                        connection.as_mut().graceful_shutdown();
                    }
                    Verdict::Idle | Verdict::Stalled => {
                        metrics::counter!("edge_connections_stalled_total").increment(1);
                        return;
                    }
                },
            }
        }
    }
}

/// Hands one request to the routes.
fn answer(
    app: Router,
    mut request: Request<Incoming>,
    address: SocketAddr,
    activity: &Activity,
) -> impl Future<Output = Result<Response<Answer>, Infallible>> + use<> {
    let running = activity.request(request.version());
    request.extensions_mut().insert(ConnectInfo(address));
    async move {
        let response = app.oneshot(request.map(Body::new)).await?;
        Ok(response.map(|body| Answer::new(body, running)))
    }
}
