//! A fake service whose behaviour a test gives, servers that can be killed, and callers.

mod raw;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use inventory::quote_service_client::QuoteServiceClient;
use inventory::quote_service_server::{QuoteService, QuoteServiceServer};
use khaacho_config::Secret;
use khaacho_proto::inventory::v1 as inventory;
use khaacho_proto::order::v1 as order;
use khaacho_rpc::{Answer, Ctx, GuardLayer, MeshKeys, PeerSettings, Peers, ServerLimits, Target, open};
use order::intake_service_client::IntakeServiceClient;
use order::intake_service_server::{IntakeService, IntakeServiceServer};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::{Request, Status};

pub use raw::raw_call;

pub const INTAKE: &str = "/khaacho.order.v1.IntakeService/ReceiveMessage";
/// Long enough for a loaded machine; a condition that holds ends the wait at once.
pub const SOON: Duration = Duration::from_secs(20);

pub fn keys() -> MeshKeys {
    MeshKeys::new(&Secret::new("0123456789abcdef0123456789abcdef")).expect("long enough")
}

type Act = Arc<dyn Fn(Ctx) -> BoxFuture<'static, Result<(), Status>> + Send + Sync>;

/// Two services with one RPC each: `order` for the gateway, `inventory` for `order`. Counts its calls.
#[derive(Clone)]
pub struct Fake {
    act: Act,
    calls: Arc<AtomicU32>,
}

impl Fake {
    pub fn new<F>(act: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Status>> + Send + 'static,
    {
        Self {
            act: Arc::new(move |ctx| Box::pin(act(ctx))),
            calls: Arc::default(),
        }
    }

    /// Answers at once.
    pub fn good() -> Self {
        Self::new(|_| async { Ok(()) })
    }

    /// Never answers.
    pub fn stuck() -> Self {
        Self::new(|_| std::future::pending())
    }

    /// How many calls have reached a handler.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }

    async fn answer<T, R: Default>(&self, request: Request<T>) -> Answer<R> {
        let (ctx, _) = open(request)?;
        self.calls.fetch_add(1, Ordering::SeqCst);
        (self.act)(ctx).await?;
        Ok(tonic::Response::new(R::default()))
    }

    pub fn routes(&self) -> Routes {
        Routes::new(IntakeServiceServer::new(self.clone())).add_service(QuoteServiceServer::new(self.clone()))
    }
}

#[tonic::async_trait]
impl IntakeService for Fake {
    async fn receive_message(
        &self,
        request: Request<order::ReceiveMessageRequest>,
    ) -> Answer<order::ReceiveMessageResponse> {
        self.answer(request).await
    }
    async fn list_conversations(
        &self,
        request: Request<order::ListConversationsRequest>,
    ) -> Answer<order::ListConversationsResponse> {
        self.answer(request).await
    }
    async fn get_conversation(
        &self,
        request: Request<order::GetConversationRequest>,
    ) -> Answer<order::GetConversationResponse> {
        self.answer(request).await
    }
    async fn claim_conversation(
        &self,
        request: Request<order::ClaimConversationRequest>,
    ) -> Answer<order::ClaimConversationResponse> {
        self.answer(request).await
    }
    async fn reply_to_conversation(
        &self,
        request: Request<order::ReplyToConversationRequest>,
    ) -> Answer<order::ReplyToConversationResponse> {
        self.answer(request).await
    }
    async fn release_conversation(
        &self,
        request: Request<order::ReleaseConversationRequest>,
    ) -> Answer<order::ReleaseConversationResponse> {
        self.answer(request).await
    }
}

#[tonic::async_trait]
impl QuoteService for Fake {
    async fn quote_lines(
        &self,
        request: Request<inventory::QuoteLinesRequest>,
    ) -> Answer<inventory::QuoteLinesResponse> {
        self.answer(request).await
    }
    async fn find_alternatives(
        &self,
        request: Request<inventory::FindAlternativesRequest>,
    ) -> Answer<inventory::FindAlternativesResponse> {
        self.answer(request).await
    }
}

/// A server process. Dropping it kills it: its connections break.
pub struct Host {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Host {
    pub async fn start(routes: Routes) -> Self {
        Self::limited(routes, ServerLimits::default()).await
    }

    pub async fn limited(routes: Routes, limits: ServerLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self::on(listener, routes, limits)
    }

    /// A server at an address that was used before.
    pub async fn again(address: SocketAddr, routes: Routes) -> Self {
        let listener = TcpListener::bind(address).await.expect("the port is free again");
        Self::on(listener, routes, ServerLimits::default())
    }

    fn on(listener: TcpListener, routes: Routes, limits: ServerLimits) -> Self {
        let address = listener.local_addr().expect("bound");
        let listener = listener.into_std().expect("a socket");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a socket");
            tonic::transport::Server::builder()
                .layer(GuardLayer::new(keys(), limits))
                .add_routes(routes)
                .serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(listener))
                .await
                .expect("serves");
        });
        Self {
            address,
            runtime: Some(runtime),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A service that calls others, with its discovery.
pub struct Caller {
    pub peers: Peers,
    _tasks: JoinSet<()>,
}

/// The service `identity`, which knows one peer.
pub fn caller(identity: &str, peer: &str, target: Target) -> Caller {
    caller_with(keys(), identity, peer, target)
}

/// A caller whose tokens are signed with these keys.
pub fn caller_with(keys: MeshKeys, identity: &str, peer: &str, target: Target) -> Caller {
    let settings = PeerSettings {
        identity: identity.to_owned(),
        keys,
        targets: BTreeMap::from([(peer.to_owned(), target)]),
    };
    let mut tasks = JoinSet::new();
    let peers = Peers::new(settings, &mut |_, feed| {
        tasks.spawn(feed);
    });
    Caller { peers, _tasks: tasks }
}

/// The gateway, which knows `order` at this address.
pub fn gateway(address: SocketAddr) -> Caller {
    caller("gateway", "order", Target::Address(address))
}

/// A context with this budget.
pub fn within(millis: u64) -> Ctx {
    Ctx::for_job(
        "test",
        Duration::from_millis(millis),
        khaacho_rpc::Trace::new_root(),
        "test",
    )
}

/// Calls `order` as the gateway does.
pub async fn receive(peers: &Peers, ctx: &Ctx) -> Result<(), Status> {
    let mut client = IntakeServiceClient::new(peers.channel("order"));
    client
        .receive_message(ctx.outgoing(order::ReceiveMessageRequest::default()))
        .await
        .map(drop)
}

/// Calls `inventory` as `order` does.
pub async fn quote(peers: &Peers, ctx: &Ctx) -> Result<(), Status> {
    let mut client = QuoteServiceClient::new(peers.channel("inventory"));
    client
        .quote_lines(ctx.outgoing(inventory::QuoteLinesRequest::default()))
        .await
        .map(drop)
}

/// Waits for a condition, not for time.
pub async fn eventually(what: &str, within: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
