//! Peers that are not there, or go away in the middle.

use khaacho_fault::{Fault, Kind, Outcome};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::{Code, Status};

use crate::support::{Fake, Host, SOON, eventually, gateway, receive, within};

#[tokio::test]
async fn a_peer_that_is_not_there_has_certainly_not_done_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let gateway = gateway(listener.local_addr().expect("bound"));
    drop(listener);
    let fault = Fault::from(
        receive(&gateway.peers, &within(5_000))
            .await
            .expect_err("nobody is there"),
    );
    assert_eq!(
        (fault.kind(), fault.outcome()),
        (Kind::Unavailable, Outcome::NotExecuted)
    );
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_outcome_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let gateway = gateway(listener.local_addr().expect("bound"));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // reads the request and hangs up
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
        }
    });
    let fault = Fault::from(
        receive(&gateway.peers, &within(5_000))
            .await
            .expect_err("it hangs up"),
    );
    assert_eq!(
        (fault.kind(), fault.outcome()),
        (Kind::Unavailable, Outcome::Unknown)
    );
}

#[tokio::test]
async fn a_killed_peer_fails_the_calls_under_way_and_answers_again_when_it_is_back() {
    let stuck = Fake::stuck();
    let host = Host::start(stuck.routes()).await;
    let (address, gateway) = (host.address(), gateway(host.address()));
    let ctx = within(15_000);
    let kill = async {
        eventually("the call is under way", SOON, async || stuck.calls() > 0).await;
        drop(host);
    };
    let (answer, ()) = tokio::join!(receive(&gateway.peers, &ctx), kill);
    assert_eq!(answer.expect_err("killed").code(), Code::Unavailable);
    let _host = Host::again(address, Fake::good().routes()).await;
    eventually("it answers again", SOON, async || {
        receive(&gateway.peers, &within(1_000)).await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn faults_keep_their_kind_reason_and_facts_across_the_wire() {
    let fake = Fake::new(|_| async {
        Err(Status::from(
            Fault::refused("LIMIT_EXCEEDED").say("too much").fact("left", 5),
        ))
    });
    let host = Host::start(fake.routes()).await;
    let fault = Fault::from(
        receive(&gateway(host.address()).peers, &within(5_000))
            .await
            .expect_err("refused"),
    );
    assert_eq!(
        (fault.kind(), fault.reason(), fault.sentence()),
        (Kind::Refused, "LIMIT_EXCEEDED", "too much")
    );
    assert_eq!(fault.facts().get("left").map(String::as_str), Some("5"));
    assert_eq!(fault.outcome(), Outcome::NotExecuted);
}
