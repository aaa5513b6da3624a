//! One session through the proxy.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::frames::{self, Frame};
use super::{At, Shared, SyncPoint, Trap, is_commit, normal};
use crate::proxy::tcp::reset;

/// Serves one client until either side goes away.
pub(super) async fn serve(client: TcpStream, shared: Arc<Shared>) {
    // An error is a side that went away.
    let _ = session(client, &shared).await;
}

/// What a client waits for.
#[derive(Debug, Default)]
struct Group {
    /// `None` when nothing is executed.
    statement: Option<String>,
    wrote: Option<u64>,
}

struct Session<'a> {
    shared: &'a Shared,
    application: String,
    prepared: HashMap<String, String>,
    portals: HashMap<String, String>,
    /// Frames of the client that wait for the end of their group.
    held: BytesMut,
    group: Group,
    /// Groups that the server has not answered yet.
    waiting: VecDeque<Group>,
    /// The server's answer to the first of them, as far as it has come.
    reply: BytesMut,
    transaction: Option<u64>,
    /// Whether the open transaction has done work.
    worked: bool,
}

/// What to do with a session next.
enum Next {
    Go,
    Spring(Trap, SyncPoint),
}

async fn session(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut from_client = BytesMut::with_capacity(8192);
    let Some((code, opening)) = open(&mut client, &mut from_client).await? else {
        return Ok(());
    };
    let Ok(mut server) = TcpStream::connect(shared.upstream()).await else {
        reset(client);
        return Ok(());
    };
    server.set_nodelay(true)?;
    server.write_all(&opening).await?;
    if code == frames::CANCEL_REQUEST {
        // The server closes when it has seen it.
        let _ = server.read(&mut [0; 16]).await?;
        return Ok(());
    }
    let mut this = Session::new(shared, &opening);
    let mut from_server = BytesMut::with_capacity(8192);
    loop {
        let next = tokio::select! {
            read = client.read_buf(&mut from_client) => {
                if read? == 0 {
                    return Ok(());
                }
                this.client_said(&mut from_client, &mut server).await?
            }
            read = server.read_buf(&mut from_server) => {
                if read.unwrap_or(0) == 0 {
                    // What the server said last, such as why it goes, the client shall read.
                    client.write_all(&this.reply).await?;
                    return client.shutdown().await;
                }
                this.server_said(&mut from_server, &mut client).await?
            }
        };
        if let Next::Spring(trap, point) = next {
            spring(trap, point, client, server).await;
            return Ok(());
        }
    }
}

/// Reads what opens a session; offers of encryption are declined.
async fn open(client: &mut TcpStream, buffer: &mut BytesMut) -> io::Result<Option<(u32, BytesMut)>> {
    loop {
        while let Some((code, bytes)) = frames::take_opening(buffer) {
            match code {
                frames::SSL_REQUEST | frames::GSS_REQUEST => client.write_all(b"N").await?,
                _ => return Ok(Some((code, bytes))),
            }
        }
        if client.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

async fn spring(trap: Trap, point: SyncPoint, mut client: TcpStream, mut server: TcpStream) {
    let at = trap.at;
    if at == At::ReplyLost {
        reset(client);
        // Whoever set the trap may have gone.
        let _ = trap.tell.send(point);
        return;
    }
    let _ = trap.tell.send(point);
    let (mut client_says, mut server_says) = ([0; 512], [0; 512]);
    loop {
        tokio::select! {
            read = client.read(&mut client_says) => if !matches!(read, Ok(1..)) { break },
            read = server.read(&mut server_says) => if !matches!(read, Ok(1..)) { break },
        }
    }
    reset(client);
}

impl<'a> Session<'a> {
    fn new(shared: &'a Shared, opening: &[u8]) -> Self {
        Self {
            shared,
            application: frames::parameter(opening, "application_name").unwrap_or_default(),
            prepared: HashMap::new(),
            portals: HashMap::new(),
            held: BytesMut::new(),
            group: Group::default(),
            waiting: VecDeque::new(),
            reply: BytesMut::new(),
            transaction: None,
            worked: false,
        }
    }

    async fn client_said(&mut self, said: &mut BytesMut, server: &mut TcpStream) -> io::Result<Next> {
        while let Some(frame) = frames::take(said) {
            let ends = self.learn(&frame);
            self.held.extend_from_slice(&frame.bytes);
            match ends {
                Ends::Nothing => {}
                Ends::Now => self.forward(server).await?,
                Ends::Group => {
                    let group = std::mem::take(&mut self.group);
                    if let Some(next) = self.before(&group) {
                        return Ok(next);
                    }
                    self.waiting.push_back(group);
                    self.forward(server).await?;
                }
            }
        }
        Ok(Next::Go)
    }

    async fn forward(&mut self, server: &mut TcpStream) -> io::Result<()> {
        let held = self.held.split();
        server.write_all(&held).await
    }

    /// Learns what a frame of the client's says, and what it ends.
    fn learn(&mut self, frame: &Frame) -> Ends {
        match frame.kind {
            b'Q' => {
                let [statement] = frames::texts(frame.content());
                self.group.statement = Some(normal(&statement));
                return Ends::Group;
            }
            b'S' => return Ends::Group,
            b'P' => {
                let [name, statement] = frames::texts(frame.content());
                self.prepared.insert(name, normal(&statement));
            }
            b'B' => {
                let [portal, name] = frames::texts(frame.content());
                let statement = self.prepared.get(&name).cloned().unwrap_or_default();
                self.portals.insert(portal, statement);
            }
            b'E' => {
                let [portal] = frames::texts(frame.content());
                let statement = self.portals.get(&portal).cloned().unwrap_or_default();
                self.group.statement = Some(statement);
            }
            b'C' => {
                if let Some((b'S', name)) = frame.content().split_first() {
                    let [name] = frames::texts(name);
                    self.prepared.remove(&name);
                }
            }
            b'D' => {}
            // flush, password, copied data, the end
            _ => return Ends::Now,
        }
        Ends::Nothing
    }

    /// The point that a group is, by what is known before it is forwarded.
    fn point(&self, statement: &str, wrote: Option<u64>) -> SyncPoint {
        let state = self.shared.state();
        let works = match statement.split(' ').next().unwrap_or_default() {
            "begin" | "BEGIN" | "begin;" => true,
            _ if is_end(statement) => self.worked,
            _ => !state.is_background(&self.application, statement) || wrote.is_some_and(|rows| rows > 0),
        };
        SyncPoint {
            application: self.application.clone(),
            statement: statement.to_owned(),
            wrote,
            transaction: self.transaction,
            works,
        }
    }

    fn before(&self, group: &Group) -> Option<Next> {
        let point = self.point(group.statement.as_deref()?, None);
        let trap = self.shared.state().springs(&point, true)?;
        Some(Next::Spring(trap, point))
    }

    async fn server_said(&mut self, said: &mut BytesMut, client: &mut TcpStream) -> io::Result<Next> {
        while let Some(frame) = frames::take(said) {
            self.reply.extend_from_slice(&frame.bytes);
            match frame.kind {
                b'C' => {
                    let [tag] = frames::texts(frame.content());
                    if let Some(group) = self.waiting.front_mut() {
                        group.wrote = frames::wrote(&tag);
                    }
                }
                b'Z' => {
                    if let Some(next) = self.answered(frame.content().first().copied()) {
                        return Ok(next);
                    }
                    self.pass(client).await?;
                }
                // Nobody waits: what opens a session, and what comes unasked.
                _ if self.waiting.is_empty() => self.pass(client).await?,
                _ => {}
            }
        }
        Ok(Next::Go)
    }

    async fn pass(&mut self, client: &mut TcpStream) -> io::Result<()> {
        let reply = self.reply.split();
        client.write_all(&reply).await
    }

    /// The server has answered a group and stands in this state of a transaction.
    fn answered(&mut self, status: Option<u8>) -> Option<Next> {
        let group = self.waiting.pop_front()?;
        let inside = status != Some(b'I');
        if inside && self.transaction.is_none() {
            let mut state = self.shared.state();
            state.transactions += 1;
            self.transaction = Some(state.transactions);
            self.worked = false;
        }
        let statement = group.statement?;
        let point = self.point(&statement, group.wrote);
        if !is_end(&statement) && !is_begin(&statement) {
            self.worked |= point.works;
        }
        if !inside {
            self.transaction = None;
        }
        let mut state = self.shared.state();
        state.points += 1;
        if let Some(journal) = &mut state.journal {
            journal.push(point.clone());
        }
        let trap = state.springs(&point, false)?;
        drop(state);
        Some(Next::Spring(trap, point))
    }
}

/// What a frame ends.
enum Ends {
    Nothing,
    Group,
    Now,
}

fn is_begin(statement: &str) -> bool {
    statement.len() >= 5
        && statement
            .get(..5)
            .is_some_and(|head| head.eq_ignore_ascii_case("begin"))
}

/// Whether a statement ends a transaction, or only asks whether it can be ended.
fn is_end(statement: &str) -> bool {
    is_commit(statement) || statement.eq_ignore_ascii_case("rollback") || statement == "select 1"
}
