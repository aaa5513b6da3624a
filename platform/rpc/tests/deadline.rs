//! Budgets: kept, capped, and smaller at every hop.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use khaacho_fault::{Fault, Kind, Outcome};
use khaacho_rpc::{Principal, ServerLimits, Target};
use tokio::net::TcpListener;
use tonic::Code;

use crate::support::{Fake, Host, INTAKE, caller, gateway, keys, quote, raw_call, receive, within};

#[expect(clippy::disallowed_methods, reason = "token windows are wall-clock time")]
fn token() -> String {
    keys().sign(
        "gateway",
        "order",
        &Principal::service("test"),
        "test",
        chrono::Utc::now().timestamp(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_deadline_exceeded_and_never_tonics_cancelled() {
    let host = Host::start(Fake::stuck().routes()).await;
    let address = host.address();
    let calls = (0..60_u32).map(|i| async move {
        let (budget, token) = (format!("{}u", 60_000 + i * 1370), token());
        let begun = Instant::now();
        let code = raw_call(
            address,
            INTAKE,
            &[("grpc-timeout", &budget), ("x-khaacho-mesh", &token)],
        )
        .await;
        (code, begun.elapsed())
    });
    for (code, took) in join_all(calls).await {
        assert_eq!(code, Code::DeadlineExceeded);
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_learns_that_it_was_too_late_and_that_nobody_knows_the_outcome() {
    let host = Host::start(Fake::stuck().routes()).await;
    let gateway = gateway(host.address());
    let calls = (0..40).map(|i| {
        let peers = gateway.peers.clone();
        async move { receive(&peers, &within(80 + i)).await }
    });
    for answer in join_all(calls).await {
        let fault = Fault::from(answer.expect_err("late"));
        assert_eq!((fault.kind(), fault.outcome()), (Kind::Late, Outcome::Unknown));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_accepts_and_is_silent_costs_no_more_than_the_budget() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let gateway = gateway(listener.local_addr().expect("bound"));
    let calls = (0..20).map(|i| {
        let peers = gateway.peers.clone();
        async move {
            let begun = Instant::now();
            (receive(&peers, &within(100 + i)).await, begun.elapsed())
        }
    });
    for (answer, took) in join_all(calls).await {
        assert_eq!(answer.expect_err("silence").code(), Code::DeadlineExceeded);
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[tokio::test]
async fn a_server_caps_what_callers_ask_for() {
    let limits = ServerLimits {
        budget_max: Duration::from_millis(100),
        ..ServerLimits::default()
    };
    let host = Host::limited(Fake::stuck().routes(), limits).await;
    let begun = Instant::now();
    let late = receive(&gateway(host.address()).peers, &within(60_000))
        .await
        .expect_err("late");
    assert_eq!(late.code(), Code::DeadlineExceeded);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let code = raw_call(host.address(), INTAKE, &[("x-khaacho-mesh", &token())]).await;
    assert_eq!(
        code,
        Code::DeadlineExceeded,
        "a caller that asks for nothing gets the cap"
    );
}

#[tokio::test]
async fn a_budget_shrinks_hop_by_hop() {
    let seen: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let notes = seen.clone();
    let inventory = Host::start(
        Fake::new(move |ctx| {
            notes.lock().expect("no panic").push(ctx.deadline().left());
            async { Ok(()) }
        })
        .routes(),
    )
    .await;
    let notes = seen.clone();
    let order_calls = caller("order", "inventory", Target::Address(inventory.address()));
    let peers = order_calls.peers.clone();
    let order = Host::start(
        Fake::new(move |ctx| {
            notes.lock().expect("no panic").push(ctx.deadline().left());
            let peers = peers.clone();
            async move { quote(&peers, &ctx).await }
        })
        .routes(),
    )
    .await;
    let ctx = within(8_000);
    let mut hops = vec![ctx.deadline().left()];
    receive(&gateway(order.address()).peers, &ctx)
        .await
        .expect("answers");
    hops.extend(seen.lock().expect("no panic").iter());
    assert_eq!(hops.len(), 3);
    let reserve = Duration::from_millis(20);
    assert!(
        hops[1] + reserve < hops[0] && hops[2] + reserve < hops[1],
        "{hops:?}"
    );
    assert!(hops[2] > Duration::from_secs(3), "{hops:?}");
}

#[tokio::test]
async fn a_name_without_addresses_is_late() {
    let gateway = caller("gateway", "order", Target::Name("nobody.invalid:1".to_owned()));
    let late = receive(&gateway.peers, &within(200))
        .await
        .expect_err("nobody is there");
    assert_eq!(late.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn nobody_is_asked_when_no_time_is_left() {
    let fake = Fake::good();
    let host = Host::start(fake.routes()).await;
    let fault = Fault::from(
        receive(&gateway(host.address()).peers, &within(0))
            .await
            .expect_err("late"),
    );
    assert_eq!(
        (fault.kind(), fault.outcome()),
        (Kind::Late, Outcome::NotExecuted)
    );
    assert_eq!(fake.calls(), 0);
}
