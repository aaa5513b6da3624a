//! Paths to RPCs. Templates end in an optional verb (`/orders/{order}:cancel`), which common routers cannot
//! match, so segments are matched here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::Method as HttpMethod;
use khaacho_proto::{HttpVerb, Method};
use khaacho_rpc::{MeshChannel, Peers};

/// Values of path parameters by field name.
pub(crate) type Params = Vec<(String, String)>;

/// One routed RPC.
pub(crate) struct Route {
    /// The RPC.
    pub method: &'static Method,
    /// Channel to the service that serves it.
    pub channel: MeshChannel,
    /// Time budget of a call.
    pub budget: Duration,
    template: Arc<str>,
    segments: Vec<Segment>,
}

impl Route {
    /// The path template.
    pub(crate) fn template(&self) -> Arc<str> {
        self.template.clone()
    }

    /// Whether it does something: whatever does has a request id, for who must ask again.
    pub(crate) fn changes(&self) -> bool {
        let request = self.method.descriptor.input();
        request.get_field_by_name("request_id").is_some()
    }

    /// Whether it is read by `GET`.
    pub(crate) fn is_read(&self) -> bool {
        verb_of(self.method) == HttpVerb::Get
    }
}

#[derive(Debug, PartialEq)]
enum Segment {
    Literal(String),
    Field(String),
}

/// What a path and method lead to.
#[derive(Clone)]
pub(crate) enum Found {
    /// An RPC, with the path's parameters.
    Route(Arc<Route>, Params),
    /// The path exists with these methods only.
    OtherMethod(&'static str),
    /// Nothing has this path.
    Nothing,
}

/// Routes by number of segments and verb; in each group, literals before parameters.
type Groups = HashMap<(usize, String), Vec<Arc<Route>>>;

/// All routed RPCs.
#[derive(Clone)]
pub(crate) struct Table {
    routes: Arc<Groups>,
}

/// Second names of routes.
const ALIASES: [(&str, &str); 1] = [("/api/v1/agents", "/api/v1/services")];

impl Table {
    /// The routes of all contracts. Panics when a service has no address or two RPCs share a route: both are
    /// found when the process starts.
    pub(crate) fn new(peers: &Peers, budget: Duration) -> Self {
        let mut routes = Groups::new();
        for method in khaacho_proto::methods() {
            let Some(http) = &method.http else { continue };
            if method.descriptor.is_server_streaming() || method.descriptor.is_client_streaming() {
                continue;
            }
            let (path, verb) = split_verb(&http.path);
            let segments: Vec<Segment> = segments(path).map(Segment::of).collect();
            let own = Duration::from_millis(u64::from(method.budget_ms));
            let route = Route {
                method,
                channel: peers.channel(&method.service),
                budget: if own.is_zero() { budget } else { own },
                template: http.path.as_str().into(),
                segments,
            };
            let group = routes
                .entry((route.segments.len(), verb.unwrap_or_default().to_owned()))
                .or_default();
            let twin =
                |other: &Arc<Route>| verb_of(other.method) == http.verb && other.shape().eq(route.shape());
            assert!(!group.iter().any(twin), "two RPCs have the route {}", http.path);
            group.push(Arc::new(route));
        }
        for group in routes.values_mut() {
            group.sort_by_key(|route| route.shape().map(|literal| literal.is_none()).collect::<Vec<_>>());
        }
        Self {
            routes: Arc::new(routes),
        }
    }

    /// The RPC behind a request. HEAD is a GET whose body is not sent.
    pub(crate) fn find(&self, method: &HttpMethod, path: &str) -> Found {
        let path = ALIASES
            .iter()
            .find(|(alias, _)| *alias == path)
            .map_or(path, |(_, real)| real);
        let (plain, verb) = split_verb(path);
        let found = self.look(method, plain, verb.unwrap_or_default());
        match found {
            // A colon may also stand inside a parameter.
            Found::Nothing if verb.is_some() => self.look(method, path, ""),
            found => found,
        }
    }

    fn look(&self, method: &HttpMethod, path: &str, verb: &str) -> Found {
        let parts: Vec<&str> = segments(path).collect();
        let Some(group) = self.routes.get(&(parts.len(), verb.to_owned())) else {
            return Found::Nothing;
        };
        let mut others = (false, false);
        for route in group {
            let Some(params) = route.matches(&parts) else {
                continue;
            };
            let verb = verb_of(route.method);
            let read = method == HttpMethod::GET || method == HttpMethod::HEAD;
            if (verb == HttpVerb::Get && read) || (verb == HttpVerb::Post && method == HttpMethod::POST) {
                return Found::Route(route.clone(), params);
            }
            others.0 |= verb == HttpVerb::Get;
            others.1 |= verb == HttpVerb::Post;
        }
        match others {
            (true, true) => Found::OtherMethod("GET, HEAD, POST"),
            (true, false) => Found::OtherMethod("GET, HEAD"),
            (false, true) => Found::OtherMethod("POST"),
            (false, false) => Found::Nothing,
        }
    }
}

impl Route {
    /// The literals of the template, `None` where a parameter stands.
    fn shape(&self) -> impl Iterator<Item = Option<&str>> {
        self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            Segment::Field(_) => None,
        })
    }

    fn matches(&self, parts: &[&str]) -> Option<Params> {
        let mut params = Vec::new();
        for (segment, part) in self.segments.iter().zip(parts) {
            match segment {
                Segment::Literal(text) if text == part => {}
                Segment::Literal(_) => return None,
                Segment::Field(name) => {
                    let value = percent_decoded(part)?;
                    if value.is_empty() {
                        return None;
                    }
                    params.push((name.clone(), value));
                }
            }
        }
        Some(params)
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(field) => Self::Field(field.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

fn verb_of(method: &Method) -> HttpVerb {
    method.http.as_ref().map_or(HttpVerb::Post, |http| http.verb)
}

/// `/orders/{order}:cancel` → `/orders/{order}` and `cancel`. Only the last segment can have a verb.
fn split_verb(path: &str) -> (&str, Option<&str>) {
    let last = path.rfind('/').map_or(0, |at| at + 1);
    match path[last..].rfind(':') {
        Some(at) => (&path[..last + at], Some(&path[last + at + 1..])),
        None => (path, None),
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// `None` for a text that is no UTF-8 or has a broken escape.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}
