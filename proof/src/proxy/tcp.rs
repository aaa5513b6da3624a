//! A proxy of bytes, with weather.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

mod connection;
pub(super) use connection::reset;
#[cfg(test)]
mod tests;

/// What happens to connections. It applies to open and to new ones at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Clear,
    /// Every piece is held for `delay` and up to `jitter` more, in each direction; order is kept.
    Slow {
        /// Least time.
        delay: Duration,
        /// Up to this much more, drawn anew for each piece.
        jitter: Duration,
    },
    /// New connections are reset at accept, open ones are reset.
    Refuse,
    /// Connections are taken, nothing passes; what was sent meanwhile passes once the weather changes.
    BlackHole,
    /// Connections are taken, what the client sends is swallowed, and the server is gone. When the weather changes,
    /// such connections are reset.
    HalfOpen,
    /// Only this direction passes; the other is held as in a black hole.
    OneWay(Direction),
    /// By turns [`Weather::Clear`] for `up` and [`Weather::Refuse`] for `down`, beginning with `down`.
    Flap {
        /// How long it is clear.
        up: Duration,
        /// How long it refuses.
        down: Duration,
    },
    /// About one in so many bytes has a bit flipped; 0 flips none.
    Garble {
        /// Average distance of two wrong bytes.
        one_in: u32,
    },
    /// Everything passes in pieces of a few bytes.
    Slice,
    /// Every open connection is reset once; then it is clear.
    Cut,
}

/// A direction through a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

/// What a proxy has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Connections that were taken.
    pub accepted: u64,
    /// Connections that were reset at accept, by the weather or because the server did not take them.
    pub refused: u64,
    /// Open connections that were reset.
    pub cut: u64,
    /// Bytes passed from clients to the server.
    pub up: u64,
    /// Bytes passed from the server to clients.
    pub down: u64,
    /// Bytes in which a bit was flipped.
    pub garbled: u64,
}

/// A proxy of bytes in front of one address. Dropping it resets what is open.
#[derive(Debug)]
pub struct TcpProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    /// Turns the weather while it flaps.
    flapping: Mutex<JoinSet<()>>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    sky: watch::Sender<Sky>,
    upstream: Mutex<SocketAddr>,
    accepted: AtomicU64,
    refused: AtomicU64,
    cut: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
    garbled: AtomicU64,
}

/// What connections look at.
#[derive(Debug, Clone, Copy)]
struct Sky {
    /// Never [`Weather::Flap`] or [`Weather::Cut`].
    weather: Weather,
    /// Times that open connections were to be reset.
    cuts: u64,
}

impl TcpProxy {
    /// Listens on a free port of loopback. Must be called inside a runtime.
    ///
    /// # Errors
    /// When there is no port.
    pub fn start(upstream: SocketAddr) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let addr = listener.local_addr()?;
        let (sky, _) = watch::channel(Sky {
            weather: Weather::Clear,
            cuts: 0,
        });
        let shared = Arc::new(Shared {
            sky,
            upstream: Mutex::new(upstream),
            accepted: AtomicU64::default(),
            refused: AtomicU64::default(),
            cut: AtomicU64::default(),
            up: AtomicU64::default(),
            down: AtomicU64::default(),
            garbled: AtomicU64::default(),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, shared.clone()));
        Ok(Self {
            addr,
            shared,
            flapping: Mutex::default(),
            _accepting: accepting,
        })
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Changes the weather, for open and new connections at once. Must be called inside a runtime.
    pub fn set(&self, weather: Weather) {
        let mut flapping = self.flapping.lock().unwrap_or_else(PoisonError::into_inner);
        *flapping = JoinSet::new();
        match weather {
            Weather::Flap { up, down } => {
                let shared = self.shared.clone();
                shared.turn(Weather::Refuse);
                flapping.spawn(async move {
                    loop {
                        tokio::time::sleep(down).await;
                        shared.turn(Weather::Clear);
                        tokio::time::sleep(up).await;
                        shared.turn(Weather::Refuse);
                    }
                });
            }
            Weather::Cut => self.shared.sky.send_modify(|sky| {
                sky.weather = Weather::Clear;
                sky.cuts += 1;
            }),
            steady => self.shared.turn(steady),
        }
    }

    /// Sends connections that are made from now on to another address.
    pub fn upstream(&self, address: SocketAddr) {
        *self
            .shared
            .upstream
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// What it has done so far.
    pub fn counts(&self) -> Counts {
        let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Counts {
            accepted: of(&self.shared.accepted),
            refused: of(&self.shared.refused),
            cut: of(&self.shared.cut),
            up: of(&self.shared.up),
            down: of(&self.shared.down),
            garbled: of(&self.shared.garbled),
        }
    }
}

impl Shared {
    fn turn(&self, weather: Weather) {
        self.sky.send_modify(|sky| sky.weather = weather);
    }

    fn upstream(&self) -> SocketAddr {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                connections.spawn(connection::serve(client, shared.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
