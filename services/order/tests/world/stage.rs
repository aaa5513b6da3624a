//! Peers that keep true books, and play what a test has scripted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use khaacho_fault::Fault;
use prost::Message;
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::codegen::http;
use tonic::{Request, Response, Status};

use super::books::Books;

/// What a peer does with one call instead of what it should.
pub(crate) enum Play {
    /// Says so; nothing happens.
    Refuse(Fault),
    /// Does it, but nobody hears the answer.
    LoseAnswer,
    /// Waits until the gate is opened, then does it.
    Wait(Arc<Gate>),
    /// Nobody hears an answer, and it happens only when the test says [`Stage::land`].
    Late,
}

/// Where a call waits for the test.
#[derive(Default)]
pub(crate) struct Gate {
    arrived: Notify,
    open: Notify,
}

impl Gate {
    /// A closed gate.
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Waits until a call has arrived.
    pub(crate) async fn arrived(&self) {
        let patience = std::time::Duration::from_secs(20);
        tokio::time::timeout(patience, self.arrived.notified())
            .await
            .expect("a call arrives at the gate");
    }

    /// Lets one call pass.
    pub(crate) fn open(&self) {
        self.open.notify_one();
    }
}

type Effect = Box<dyn FnOnce(&mut Books) + Send>;

/// The peers.
#[derive(Default)]
pub(crate) struct Stage {
    books: Mutex<Books>,
    plays: Mutex<BTreeMap<&'static str, VecDeque<Play>>>,
    calls: Mutex<BTreeMap<&'static str, u32>>,
    late: Mutex<Vec<Effect>>,
}

impl Stage {
    /// Their books.
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no test panics here")
    }

    /// The next calls of a method are played so.
    pub(crate) fn script(&self, method: &'static str, plays: impl IntoIterator<Item = Play>) {
        let mut scripts = self.plays.lock().expect("no test panics here");
        scripts.entry(method).or_default().extend(plays);
    }

    /// How often a method was called.
    pub(crate) fn calls(&self, method: &'static str) -> u32 {
        self.calls
            .lock()
            .expect("no test panics here")
            .get(method)
            .copied()
            .unwrap_or(0)
    }

    /// What was late happens now.
    pub(crate) fn land(&self) {
        let late = std::mem::take(&mut *self.late.lock().expect("no test panics here"));
        let mut books = self.books();
        late.into_iter().for_each(|effect| effect(&mut books));
    }

    fn next(&self, method: &'static str) -> Option<Play> {
        *self
            .calls
            .lock()
            .expect("no test panics here")
            .entry(method)
            .or_default() += 1;
        self.plays
            .lock()
            .expect("no test panics here")
            .get_mut(method)?
            .pop_front()
    }

    async fn play<Q: Send + 'static, R: 'static>(
        &self,
        method: &'static str,
        handle: fn(&mut Books, Q) -> Result<R, Fault>,
        body: Q,
    ) -> Result<R, Fault> {
        match self.next(method) {
            None => {}
            Some(Play::Refuse(fault)) => return Err(fault),
            Some(Play::LoseAnswer) => {
                handle(&mut self.books(), body)?;
                return Err(Fault::late());
            }
            Some(Play::Wait(gate)) => {
                gate.arrived.notify_one();
                gate.open.notified().await;
            }
            Some(Play::Late) => {
                let effect = move |books: &mut Books| drop(handle(books, body));
                self.late
                    .lock()
                    .expect("no test panics here")
                    .push(Box::new(effect));
                return Err(Fault::late());
            }
        }
        handle(&mut self.books(), body)
    }
}

/// One unary call: decode, play, encode.
pub(crate) async fn unary<Q, R>(
    stage: Arc<Stage>,
    method: &'static str,
    handle: fn(&mut Books, Q) -> Result<R, Fault>,
    request: http::Request<Body>,
) -> http::Response<Body>
where
    Q: Message + Default + 'static,
    R: Message + Default + 'static,
{
    let service = tower::service_fn(move |request: Request<Q>| {
        let stage = stage.clone();
        async move {
            let answer = stage.play(method, handle, request.into_inner()).await;
            answer.map(Response::new).map_err(Status::from)
        }
    });
    tonic::server::Grpc::new(tonic_prost::ProstCodec::<R, Q>::default())
        .unary(service, request)
        .await
}

/// A gRPC service of some methods; all others are unimplemented.
macro_rules! peer {
    ($name:ident, $full:literal, $($method:literal => $handle:path),* $(,)?) => {
        #[derive(Clone)]
        pub(crate) struct $name(pub(crate) std::sync::Arc<crate::world::stage::Stage>);

        impl tonic::server::NamedService for $name {
            const NAME: &'static str = $full;
        }

        impl tonic::codegen::Service<tonic::codegen::http::Request<tonic::body::Body>> for $name {
            type Response = tonic::codegen::http::Response<tonic::body::Body>;
            type Error = std::convert::Infallible;
            type Future = futures_util::future::BoxFuture<'static, Result<Self::Response, Self::Error>>;

            fn poll_ready(
                &mut self,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Result<(), Self::Error>> {
                std::task::Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: tonic::codegen::http::Request<tonic::body::Body>) -> Self::Future {
                let stage = self.0.clone();
                Box::pin(async move {
                    let path = request.uri().path().to_owned();
                    match path.rsplit('/').next() {
                        $(Some($method) => Ok(crate::world::stage::unary(stage, $method, $handle, request).await),)*
                        _ => Ok(tonic::Status::unimplemented("no test asks for it").into_http()),
                    }
                })
            }
        }
    };
}
pub(crate) use peer;
