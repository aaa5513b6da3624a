//! A peer that answers every RPC of the contracts, behind the same guard as the real services.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use khaacho_fault::Fault;
use khaacho_rpc::{Ctx, GuardLayer, MeshKeys, Principal, ServerLimits};
use prost::Message as _;
use prost_reflect::{DeserializeOptions, DynamicMessage, SerializeOptions};
use serde_json::Value;
use tokio::sync::Semaphore;
use tonic::Status;
use tonic::body::Body;

/// One call that arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub body: Value,
    pub principal: Principal,
    pub cause: String,
    pub trace_id: String,
}

#[derive(Clone)]
enum Script {
    Answer { body: Value, replayed: bool },
    Fail(Fault),
    Stall(Arc<Semaphore>),
}

/// The peer. By default every answer is an empty message.
#[derive(Clone)]
pub struct Fake {
    pub address: SocketAddr,
    scripts: Arc<Mutex<HashMap<String, Script>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    pub async fn start(keys: MeshKeys) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let fake = Self {
            address: listener.local_addr().expect("bound"),
            scripts: Arc::default(),
            seen: Arc::default(),
        };
        let own = fake.clone();
        let service = tower::service_fn(move |request: Request<axum::body::Body>| {
            let own = own.clone();
            async move { Ok::<_, Infallible>(own.answer(request).await) }
        });
        let routes = tonic::service::Routes::from(axum::Router::new().fallback_service(service));
        let server = tonic::transport::Server::builder()
            .layer(GuardLayer::new(keys, ServerLimits::default()))
            .add_routes(routes)
            .serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener));
        #[expect(clippy::disallowed_methods, reason = "lives as long as the test's runtime")]
        tokio::spawn(server);
        fake
    }

    /// From now on this RPC answers so. `rpc` is the name after the last slash.
    pub fn answers(&self, rpc: &str, body: Value) {
        self.script(
            rpc,
            Script::Answer {
                body,
                replayed: false,
            },
        );
    }

    /// From now on this RPC answers so, and says that it is a stored answer.
    pub fn replays(&self, rpc: &str, body: Value) {
        self.script(rpc, Script::Answer { body, replayed: true });
    }

    /// From now on this RPC fails so.
    pub fn fails(&self, rpc: &str, fault: Fault) {
        self.script(rpc, Script::Fail(fault));
    }

    /// From now on this RPC answers nothing until the semaphore has a permit for it.
    pub fn stalls(&self, rpc: &str) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        self.script(rpc, Script::Stall(gate.clone()));
        gate
    }

    /// Calls so far, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panics").clone()
    }

    /// The only call so far.
    #[track_caller]
    pub fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.into_iter().next().expect("one")
    }

    fn script(&self, rpc: &str, script: Script) {
        self.scripts
            .lock()
            .expect("no panics")
            .insert(rpc.to_owned(), script);
    }

    async fn answer(&self, request: Request<axum::body::Body>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let method = khaacho_proto::method(&path).expect("the guard lets only known RPCs through");
        let ctx = request
            .extensions()
            .get::<Ctx>()
            .cloned()
            .expect("the guard sets it");
        let raw = request
            .into_body()
            .collect()
            .await
            .expect("a whole request")
            .to_bytes();
        let message = DynamicMessage::decode(method.descriptor.input(), raw.slice(5..)).expect("well formed");
        self.seen.lock().expect("no panics").push(Seen {
            path: path.clone(),
            body: to_json(&message),
            principal: ctx.principal().clone(),
            cause: ctx.cause().to_owned(),
            trace_id: ctx.trace().trace_id(),
        });
        let script = self.scripts.lock().expect("no panics").get(&method.name).cloned();
        let (body, replayed) = match script {
            None => (Value::Object(serde_json::Map::new()), false),
            Some(Script::Answer { body, replayed }) => (body, replayed),
            Some(Script::Fail(fault)) => return Status::from(fault).into_http(),
            Some(Script::Stall(gate)) => {
                let _passed = gate.acquire().await.expect("the test keeps it");
                (Value::Object(serde_json::Map::new()), false)
            }
        };
        let options = DeserializeOptions::new();
        let reply = DynamicMessage::deserialize_with_options(method.descriptor.output(), body, &options)
            .expect("the test's answer fits the contract");
        framed(&reply.encode_to_vec(), replayed)
    }
}

/// What was set, with the names of the contract.
fn to_json(message: &DynamicMessage) -> Value {
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false);
    message
        .serialize_with_options(serde_json::value::Serializer, &options)
        .expect("any message is JSON")
}

fn framed(message: &[u8], replayed: bool) -> Response<Body> {
    let mut frame = BytesMut::with_capacity(message.len() + 5);
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).expect("small"));
    frame.put_slice(message);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let body = Full::<Bytes>::new(frame.freeze()).with_trailers(async move { Some(Ok(trailers)) });
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    if replayed {
        headers.insert("x-khaacho-replayed", HeaderValue::from_static("1"));
    }
    response
}
