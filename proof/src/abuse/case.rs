//! One bad input: what is sent, what may come back, and what it may leave behind.

use std::time::Duration;

use serde_json::Value;

/// Classes of bad input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    B1,
    B2,
    B3,
    B4,
    B5,
    B6,
    B9,
    B10,
    B11,
    B12,
    B13,
}

impl Class {
    /// All classes in their order. B7 and B8 need sessions and a panel, which the product does not have.
    pub const ALL: [Self; 11] = [
        Self::B1,
        Self::B2,
        Self::B3,
        Self::B4,
        Self::B5,
        Self::B6,
        Self::B9,
        Self::B10,
        Self::B11,
        Self::B12,
        Self::B13,
    ];

    /// `B5`.
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// The class with this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|class| class.name().eq_ignore_ascii_case(name))
    }

    /// What it is about.
    pub const fn title(self) -> &'static str {
        match self {
            Self::B1 => "HTTP/1 on the wire",
            Self::B2 => "HTTP/2 on the wire",
            Self::B3 => "bodies",
            Self::B4 => "gRPC",
            Self::B5 => "webhooks",
            Self::B6 => "keys and tokens",
            Self::B9 => "injection",
            Self::B10 => "Unicode",
            Self::B11 => "money and quantities",
            Self::B12 => "idempotency",
            Self::B13 => "chat",
        }
    }

    /// The least number of cases that count as covering the class.
    pub const fn least(self) -> usize {
        match self {
            Self::B1 | Self::B3 | Self::B6 | Self::B10 => 120,
            Self::B2 | Self::B12 => 60,
            Self::B4 => 100,
            Self::B5 | Self::B13 => 150,
            Self::B9 => 250,
            Self::B11 => 200,
        }
    }
}

/// One bad input.
#[derive(Debug, Clone)]
pub struct Case {
    /// `B5-017`; the same input has the same id in every run.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// What is wrong with it.
    pub name: String,
    /// What is sent.
    pub send: Send,
    /// What must hold.
    pub expect: Expect,
}

/// What is sent.
#[derive(Debug, Clone, Hash)]
pub enum Send {
    /// One well-formed request of HTTP/1.1.
    Http(Request),
    /// Requests one after another, each on its own connection.
    Steps(Vec<Request>),
    /// The same request many times, all at once.
    Storm(Request, usize),
    /// Bytes on a connection of HTTP/1.
    Raw(Script),
    /// Bytes on a connection of HTTP/2, read back as frames.
    Frames(Port, Script),
    /// A call of gRPC.
    Rpc(Call),
    /// So many connections, each with this script, at once; the answers of all of them together.
    Crowd(Script, usize),
}

/// Where it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// The public gateway.
    Gateway,
    /// The gRPC port of the mesh.
    Grpc,
}

/// A request of HTTP/1.1. `Host`, `Content-Length` and `Connection: close` are added where they are missing.
#[derive(Debug, Clone, Default, Hash)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path and query as they go on the wire.
    pub target: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// What is written to a connection.
#[derive(Debug, Clone, Default, Hash)]
pub struct Script {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// How long nothing has to come after the last step before the connection counts as left open.
    pub quiet: Duration,
}

/// One step of a script.
#[derive(Debug, Clone, Hash)]
pub enum Step {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The same bytes so often, with a pause between.
    Repeat(Vec<u8>, usize, Duration),
    /// Nothing for a while.
    Wait(Duration),
    /// No more will be written.
    Finish,
    /// Nothing is read for so long, while answers pile up.
    Deaf(Duration),
}

/// A call of gRPC with every part in the caller's hand.
#[derive(Debug, Clone, Default, Hash)]
pub struct Call {
    /// `/khaacho.credit.v1.HoldService/PlaceHold`.
    pub path: String,
    /// Request method, `POST` when empty.
    pub method: String,
    /// Metadata; `content-type` and `te` are added where they are missing.
    pub metadata: Vec<(String, Vec<u8>)>,
    /// The mesh token, if there is one.
    pub token: Option<Token>,
    /// What the DATA frames hold, with message prefixes.
    pub data: Vec<Vec<u8>>,
    /// Whether the stream is reset instead of ended.
    pub reset: bool,
}

/// A mesh token, made at the moment of sending because it holds a time.
#[derive(Debug, Clone, Hash)]
pub struct Token {
    /// Claims as JSON; `"@30"` stands for a number, 30 seconds from now.
    pub claims: String,
    /// The caller whose key signs it.
    pub signer: String,
    /// The mesh secret that the key is derived from.
    pub secret: String,
    /// What is done to it afterwards.
    pub twist: Twist,
}

/// What is done to a good token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Twist {
    /// Nothing.
    None,
    /// One bit of the text's n-th byte is turned, staying within the alphabet.
    Turn(usize),
    /// The last n characters are cut.
    Cut(usize),
    /// This is appended.
    Append(String),
    /// This is put in front.
    Prepend(String),
    /// The signature is left away, the dot stays.
    Unsigned,
    /// Body and signature change places.
    Swap,
    /// The signature is replaced by this text.
    Signature(String),
    /// The whole text is replaced.
    Text(String),
    /// It is sent in two fields.
    Twice,
}

/// What must hold.
#[derive(Debug, Clone)]
pub struct Expect {
    /// What may come back.
    pub want: Want,
    /// Longest time to the answer or the end of the connection.
    pub within: Duration,
    /// Rows that may change: names of tables.
    pub may: &'static [&'static str],
    /// Rows that must change by so much. Such a case is counted alone.
    pub exactly: Vec<(&'static str, i64)>,
    /// What the JSON answer holds at this pointer.
    pub echo: Option<(String, Value)>,
    /// All answers with success have the same body, and at most one is not marked as a repetition.
    pub once: bool,
}

/// What may come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// At least one answer, every answer with one of these statuses.
    Status(Vec<u16>),
    /// As `Status`, or the connection ends without an answer.
    StatusOrEnd(Vec<u16>),
    /// So many answers with these statuses in turn.
    Each(Vec<Vec<u16>>),
    /// Exactly one answer with one of these statuses, then the end of the connection.
    Only(Vec<u16>),
    /// The connection ends.
    End,
    /// The connection ends, the stream is reset, or the request is refused.
    Refusal,
    /// The connection may do what it likes, within its time. The server lives on, which is checked after every case.
    Survive,
    /// A status of gRPC, or a refusal of HTTP.
    Code(Vec<u8>),
    /// At least so many of a crowd are closed without an answer.
    ClosedAtLeast(usize),
}

/// The usual time for an answer.
pub const SOON: Duration = Duration::from_secs(1);

impl Expect {
    /// This may come back, soon, and no row changes.
    pub fn of(want: Want) -> Self {
        Self {
            want,
            within: SOON,
            may: &[],
            exactly: Vec::new(),
            echo: None,
            once: false,
        }
    }

    /// One of these statuses.
    pub fn status(statuses: &[u16]) -> Self {
        Self::of(Want::Status(statuses.to_vec()))
    }

    /// One of these codes of gRPC.
    pub fn code(codes: &[u8]) -> Self {
        Self::of(Want::Code(codes.to_vec()))
    }

    /// Rows of these tables may change.
    pub fn may(mut self, tables: &'static [&'static str]) -> Self {
        self.may = tables;
        self
    }

    /// Another time than the usual one.
    pub fn within(mut self, seconds: u64) -> Self {
        self.within = Duration::from_secs(seconds);
        self
    }

    /// So many new rows.
    pub fn exactly(mut self, counts: &[(&'static str, i64)]) -> Self {
        self.exactly = counts.to_vec();
        self
    }

    /// What the answer holds.
    pub fn echo(mut self, pointer: &str, value: Value) -> Self {
        self.echo = Some((pointer.to_owned(), value));
        self
    }

    /// Whether it takes its time on purpose.
    pub fn slow(&self) -> bool {
        self.within > Duration::from_secs(2)
    }
}

impl Request {
    /// A request without body.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            ..Self::default()
        }
    }

    /// With one more header field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The bytes on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let has = |name: &str| self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !has("host") {
            head.push_str("Host: localhost\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !has("content-length")
            && !has("transfer-encoding")
            && (!self.body.is_empty() || self.method == "POST")
        {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        if !has("connection") {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl Script {
    /// These bytes at once.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(vec![Step::Bytes(bytes.into())])
    }

    /// These steps.
    pub fn of(steps: Vec<Step>) -> Self {
        Self {
            steps,
            quiet: Duration::from_millis(150),
        }
    }

    /// Waits longer for something to come.
    pub fn patient(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }
}

/// Gives ids to the cases of one class.
#[derive(Debug)]
pub struct Maker {
    class: Class,
    cases: Vec<Case>,
}

impl Maker {
    /// For this class.
    pub fn new(class: Class) -> Self {
        Self {
            class,
            cases: Vec::new(),
        }
    }

    /// The id that the next case gets.
    pub fn next_id(&self) -> String {
        format!("{}-{:03}", self.class.name(), self.cases.len() + 1)
    }

    /// One more case. Requests carry its id, so that whatever they lead to can be found by it.
    pub fn add(&mut self, name: impl Into<String>, send: Send, expect: Expect) {
        let id = self.next_id();
        let mut send = send;
        match &mut send {
            Send::Http(request) | Send::Storm(request, _) => mark(request, &id),
            Send::Steps(requests) => requests.iter_mut().for_each(|request| mark(request, &id)),
            Send::Raw(_) | Send::Frames(..) | Send::Rpc(_) | Send::Crowd(..) => {}
        }
        self.cases.push(Case {
            id,
            class: self.class,
            name: name.into(),
            send,
            expect,
        });
    }

    /// All of them.
    pub fn done(self) -> Vec<Case> {
        self.cases
    }
}

fn mark(request: &mut Request, id: &str) {
    if !request
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("x-request-id"))
    {
        request.headers.push(("X-Request-Id".to_owned(), id.to_owned()));
    }
}
