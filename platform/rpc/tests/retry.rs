//! Which calls are repeated, and how often.

use futures_util::future::join_all;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use khaacho_rpc::Answer;
use tokio_stream::Stream;
use tonic::service::Routes;
use tonic::{Code, Request, Status};
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::support::{Fake, Host, gateway, receive, within};

/// Answers with this code so many times, and then well.
fn fails(times: u32, code: Code) -> Fake {
    let left = Arc::new(AtomicU32::new(times));
    Fake::new(move |_| {
        let fails = left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok();
        async move {
            if fails {
                Err(Status::new(code, "on purpose"))
            } else {
                Ok(())
            }
        }
    })
}

#[tokio::test]
async fn an_idempotent_call_survives_two_refusals_of_an_unavailable_peer() {
    let fake = fails(2, Code::Unavailable);
    let host = Host::start(fake.routes()).await;
    receive(&gateway(host.address()).peers, &within(5_000))
        .await
        .expect("the third time");
    assert_eq!(fake.calls(), 3);
}

#[tokio::test]
async fn a_call_is_made_three_times_at_most() {
    let fake = fails(1000, Code::Unavailable);
    let host = Host::start(fake.routes()).await;
    let status = receive(&gateway(host.address()).peers, &within(5_000))
        .await
        .expect_err("always away");
    assert_eq!((status.code(), fake.calls()), (Code::Unavailable, 3));
}

#[tokio::test]
async fn nothing_but_unavailable_is_repeated() {
    for code in (1..=16)
        .map(Code::from_i32)
        // a peer that does not believe us counts as away, see context.rs
        .filter(|code| ![Code::Unavailable, Code::Unauthenticated].contains(code))
    {
        let fake = fails(1, code);
        let host = Host::start(fake.routes()).await;
        let status = receive(&gateway(host.address()).peers, &within(5_000))
            .await
            .expect_err("it failed");
        assert_eq!((status.code(), fake.calls()), (code, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_are_a_tenth_of_the_calls_and_a_few() {
    let fake = fails(u32::MAX, Code::Unavailable);
    let host = Host::start(fake.routes()).await;
    let gateway = gateway(host.address());
    let calls = 200;
    let all = join_all((0..calls).map(|_| {
        let peers = gateway.peers.clone();
        async move { receive(&peers, &within(10_000)).await }
    }));
    assert!(all.await.iter().all(Result::is_err));
    let repeats = fake.calls() - calls;
    assert!(
        repeats > 0 && repeats <= calls / 10 + 10,
        "{repeats} repeats of {calls} calls"
    );
}

#[tokio::test]
async fn a_repeat_does_not_outlive_the_budget() {
    let fake = fails(u32::MAX, Code::Unavailable);
    let host = Host::start(fake.routes()).await;
    let begun = std::time::Instant::now();
    receive(&gateway(host.address()).peers, &within(60))
        .await
        .expect_err("always away");
    assert!(begun.elapsed() < std::time::Duration::from_secs(2));
}

/// A method that no contract calls idempotent.
#[derive(Clone, Default)]
struct Away(Arc<AtomicU32>);

#[tonic::async_trait]
impl Health for Away {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(&self, _: Request<HealthCheckRequest>) -> Answer<HealthCheckResponse> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(Status::unavailable("on purpose"))
    }

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Answer<Self::WatchStream> {
        Err(Status::unavailable("on purpose"))
    }
}

#[tokio::test]
async fn what_is_not_idempotent_is_not_repeated() {
    let away = Away::default();
    let host = Host::start(Routes::new(HealthServer::new(away.clone()))).await;
    let mut client = HealthClient::new(gateway(host.address()).peers.channel("order"));
    let status = client
        .check(HealthCheckRequest::default())
        .await
        .expect_err("away");
    assert_eq!(
        (status.code(), away.0.load(Ordering::SeqCst)),
        (Code::Unavailable, 1)
    );
}
