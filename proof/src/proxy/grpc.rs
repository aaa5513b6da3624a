//! A proxy of unary gRPC calls over HTTP/2 without TLS: it takes the whole request, then the whole answer, and can lose
//! either, make the call twice, delay it, reset it, or keep it and make it again much later.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

mod call;
#[cfg(test)]
mod tests;

use call::Request;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallFault {
    /// It never arrives; the caller's stream is reset.
    LoseRequest,
    /// It is carried out; the caller's stream is reset.
    LoseReply,
    /// It arrives twice at the same time; the first answer is given.
    Twice,
    /// It arrives, and a copy is kept for [`GrpcProxy::send_kept`].
    Keep,
    /// It arrives that much later.
    Delay(Duration),
    /// It arrives, and again that much later, from wherever it went in between.
    Again(Duration),
}

/// A proxy of calls in front of one address. Dropping it resets what is open.
#[derive(Debug)]
pub struct GrpcProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Calls that nobody waits for.
    later: Mutex<JoinSet<()>>,
}

#[derive(Debug)]
struct State {
    upstream: SocketAddr,
    trap: Option<Trap>,
    /// What happens to every so many-th call.
    share: Option<(u32, CallFault)>,
    journal: Option<Vec<String>>,
    kept: Vec<Request>,
    calls: u64,
    struck: u64,
}

#[derive(Debug)]
struct Trap {
    method: String,
    nth: u32,
    seen: u32,
    fault: CallFault,
    tell: oneshot::Sender<()>,
}

impl GrpcProxy {
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
            state: Mutex::new(State {
                upstream,
                trap: None,
                share: None,
                journal: None,
                kept: Vec::new(),
                calls: 0,
                struck: 0,
            }),
            later: Mutex::default(),
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

    /// Sends connections that begin from now on to another address.
    pub fn upstream(&self, address: SocketAddr) {
        self.shared.state().upstream = address;
    }

    /// Does something to the `nth` call (from 1) of a method (`/package.Service/Method`) from now on; tells when it
    /// has. In place of the trap before.
    pub fn trap(&self, method: &str, nth: u32, fault: CallFault) -> oneshot::Receiver<()> {
        let (tell, struck) = oneshot::channel();
        self.shared.state().trap = Some(Trap {
            method: method.to_owned(),
            nth,
            seen: 0,
            fault,
            tell,
        });
        struck
    }

    /// Takes the trap away, when it is still there.
    pub fn untrap(&self) {
        self.shared.state().trap = None;
    }

    /// Does something to every `one_in`-th call; `None` does nothing more.
    pub fn every(&self, share: Option<(u32, CallFault)>) {
        self.shared.state().share = share;
    }

    /// Makes the calls that were kept, and waits for their answers, which nobody gets.
    pub async fn send_kept(&self) {
        let (kept, upstream) = {
            let mut state = self.shared.state();
            (std::mem::take(&mut state.kept), state.upstream)
        };
        for request in kept {
            // A server that says no has said so; one that is away has not been called.
            let _ = call::alone(upstream, request).await;
        }
    }

    /// Writes down the methods of all calls from now on.
    pub fn record(&self) {
        self.shared.state().journal = Some(Vec::new());
    }

    /// What was written down since [`GrpcProxy::record`], which goes on.
    pub fn recorded(&self) -> Vec<String> {
        let mut state = self.shared.state();
        state.journal.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Calls so far, and those to which something was done.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.shared.state();
        (state.calls, state.struck)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn later(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        while later.try_join_next().is_some() {}
        later.spawn(work);
    }

    /// What happens to a call that has just come, and who wants to know.
    fn fate(&self, method: &str) -> (Option<CallFault>, Option<oneshot::Sender<()>>) {
        let mut state = self.state();
        state.calls += 1;
        if let Some(journal) = &mut state.journal {
            journal.push(method.to_owned());
        }
        if let Some(trap) = state.trap.as_mut().filter(|trap| trap.method == method) {
            trap.seen += 1;
            if trap.seen == trap.nth
                && let Some(trap) = state.trap.take()
            {
                state.struck += 1;
                return (Some(trap.fault), Some(trap.tell));
            }
        }
        match state.share {
            Some((one_in, fault)) if state.calls.is_multiple_of(u64::from(one_in.max(1))) => {
                state.struck += 1;
                (Some(fault), None)
            }
            _ => (None, None),
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                connections.spawn(call::serve(client, shared.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
