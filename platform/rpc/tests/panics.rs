//! Handlers with bugs.

use std::sync::atomic::{AtomicBool, Ordering};

use khaacho_fault::{Fault, Outcome};
use tonic::Code;

use crate::support::{Fake, Host, gateway, receive, within};

#[tokio::test]
async fn a_panicking_handler_is_one_internal_answer_and_the_server_lives() {
    let panics = AtomicBool::new(true);
    let fake = Fake::new(move |_| {
        let first = panics.swap(false, Ordering::SeqCst);
        async move {
            assert!(!first, "a bug of ours, on purpose");
            Ok(())
        }
    });
    let host = Host::start(fake.routes()).await;
    let gateway = gateway(host.address());
    let status = receive(&gateway.peers, &within(5_000))
        .await
        .expect_err("it panicked");
    assert_eq!(status.code(), Code::Internal);
    assert!(
        !status.message().contains("on purpose"),
        "callers learn nothing of it"
    );
    assert_eq!(Fault::from(status).outcome(), Outcome::Unknown);
    receive(&gateway.peers, &within(5_000))
        .await
        .expect("the next call");
    assert_eq!(fake.calls(), 2, "a bug is not repeated");
}
