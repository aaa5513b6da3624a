//! Several instances behind one name.

use khaacho_rpc::Target;

use crate::support::{Fake, Host, SOON, caller, eventually, receive, within};

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_to_all_instances_leave_a_dead_one_and_come_back() {
    let (left, right) = (Fake::good(), Fake::good());
    let (left_host, right_host) = (
        Host::start(left.routes()).await,
        Host::start(right.routes()).await,
    );
    let address = left_host.address();
    let name = format!("{address},{}", right_host.address());
    let gateway = caller("gateway", "order", Target::parse(&name));
    let both = async |left: &Fake, right: &Fake| {
        eventually("both are called", SOON, async || {
            receive(&gateway.peers, &within(2_000)).await.is_ok() && left.calls() > 0 && right.calls() > 0
        })
        .await;
    };
    both(&left, &right).await;

    drop(left_host);
    let mut in_a_row = 0;
    eventually(
        "a dead instance is left alone",
        std::time::Duration::from_secs(4),
        async || {
            let answered = receive(&gateway.peers, &within(2_000)).await.is_ok();
            in_a_row = if answered { in_a_row + 1 } else { 0 };
            in_a_row >= 50
        },
    )
    .await;

    let back = Fake::good();
    let _left_host = Host::again(address, back.routes()).await;
    both(&back, &right).await;
}

#[tokio::test]
async fn a_name_is_found_once_somebody_answers_behind_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let gateway = caller(
        "gateway",
        "order",
        Target::Name(format!("localhost:{}", address.port())),
    );
    receive(&gateway.peers, &within(100))
        .await
        .expect_err("nobody is there yet");
    let _host = Host::again(address, Fake::good().routes()).await;
    eventually("it is found", SOON, async || {
        receive(&gateway.peers, &within(1_000)).await.is_ok()
    })
    .await;
}
