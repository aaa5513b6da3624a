//! A proxy of PostgreSQL sessions that knows its *sync points*: the moments at which a client waits for the server's
//! answer to a statement. Whatever a program has made durable, it did at one of them.
//!
//! A sync point is a `Query` frame, or a `Sync` frame whose group executed something; groups that only prepare a
//! statement change nothing and depend on what a session has prepared before, so they are none.

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

mod frames;
mod session;
#[cfg(test)]
mod tests;

/// Something that a client waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncPoint {
    /// `application_name` of the session.
    pub application: String,
    /// Statement, as [`normal`] writes it.
    pub statement: String,
    /// Rows that it wrote; `None` when it is none that writes.
    pub wrote: Option<u64>,
    /// Number of the transaction that it is part of; `None` outside of one.
    pub transaction: Option<u64>,
    /// Whether it did work: see [`PgProxy::background`]. A `begin` works when its transaction does, which is not known
    /// yet.
    pub works: bool,
}

/// Which sync point is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The `nth` (from 1) since it was set, of this application and statement, that works.
    Nth {
        /// `application_name` of the session.
        application: String,
        /// Statement, as [`normal`] writes it.
        statement: String,
        /// From 1.
        nth: u32,
    },
    /// The next `commit` of a transaction that works.
    Commit,
    /// The `nth` (from 1) since it was set that works, whatever it is.
    Any {
        /// From 1.
        nth: u32,
    },
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The statement is never forwarded; the session is held until one of its ends goes away.
    BeforeForward,
    /// The server has done it and its answer is never forwarded; the session is held until one of its ends goes away.
    BeforeReply,
    /// The server has done it, its answer is lost, and the session is reset.
    ReplyLost,
}

/// Told when the point is reached, while the session is held (or after it was reset).
pub type Hit = oneshot::Receiver<SyncPoint>;

/// A proxy of sessions in front of one server. Dropping it resets what is open.
#[derive(Debug)]
pub struct PgProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    upstream: Mutex<SocketAddr>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    trap: Option<Trap>,
    journal: Option<Vec<SyncPoint>>,
    background: Arc<HashSet<(String, String)>>,
    transactions: u64,
    points: u64,
}

#[derive(Debug)]
struct Trap {
    which: Which,
    at: At,
    seen: u32,
    tell: oneshot::Sender<SyncPoint>,
}

impl PgProxy {
    /// Listens on a free port of loopback. Must be called inside a runtime.
    ///
    /// # Errors
    /// When there is no port.
    pub fn start(upstream: SocketAddr) -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            state: Mutex::default(),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, shared.clone()));
        Ok(Self {
            addr,
            shared,
            _accepting: accepting,
        })
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sends sessions that begin from now on to another address.
    pub fn upstream(&self, address: SocketAddr) {
        *self
            .shared
            .upstream
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Names what clients do without being asked: polls, sweeps, measurements, by application and statement. Such a
    /// statement works only when it writes rows, and the end of a transaction only when something in it worked.
    pub fn background(&self, known: Arc<HashSet<(String, String)>>) {
        self.shared.state().background = known;
    }

    /// Sets a trap, in place of the one before.
    pub fn trap(&self, which: Which, at: At) -> Hit {
        let (tell, hit) = oneshot::channel();
        self.shared.state().trap = Some(Trap {
            which,
            at,
            seen: 0,
            tell,
        });
        hit
    }

    /// Loses the server's answer to the next `commit` of a transaction that works, and resets its session: nobody is
    /// told whether it happened, and it did.
    pub fn lose_next_commit_reply(&self) -> Hit {
        self.trap(Which::Commit, At::ReplyLost)
    }

    /// Takes the trap away, when it is still there.
    pub fn untrap(&self) {
        self.shared.state().trap = None;
    }

    /// Writes down all sync points from now on.
    pub fn record(&self) {
        self.shared.state().journal = Some(Vec::new());
    }

    /// What was written down since [`PgProxy::record`], which goes on. Points are in the order of their answers.
    pub fn recorded(&self) -> Vec<SyncPoint> {
        let mut state = self.shared.state();
        state.journal.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Sync points that passed so far.
    pub fn points(&self) -> u64 {
        self.shared.state().points
    }
}

/// A statement as it is compared: blanks run together, and the one number that changes from call to call, the time that
/// is left to a transaction, as `?`.
pub fn normal(statement: &str) -> String {
    let text = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once("statement_timeout = ") {
        Some((head, rest)) => {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{head}statement_timeout = ?{rest}")
        }
        None => text,
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn upstream(&self) -> SocketAddr {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_background(&self, application: &str, statement: &str) -> bool {
        let key = (application.to_owned(), statement.to_owned());
        self.background.contains(&key)
    }

    /// Whether the trap is for this moment and this is its point; takes it then.
    fn springs(&mut self, point: &SyncPoint, before: bool) -> Option<Trap> {
        let trap = self.trap.as_mut()?;
        if !point.works || (trap.at == At::BeforeForward) != before {
            return None;
        }
        let counts = match &trap.which {
            Which::Nth {
                application,
                statement,
                nth,
            } => {
                if *application != point.application || *statement != point.statement {
                    return None;
                }
                trap.seen += 1;
                trap.seen == *nth
            }
            Which::Commit => is_commit(&point.statement),
            Which::Any { nth } => {
                trap.seen += 1;
                trap.seen == *nth
            }
        };
        if counts { self.trap.take() } else { None }
    }
}

fn is_commit(statement: &str) -> bool {
    statement.eq_ignore_ascii_case("commit")
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                sessions.spawn(session::serve(client, shared.clone()));
            }
            Some(_) = sessions.join_next() => {}
        }
    }
}
