//! More calls than a server takes.

use std::sync::Arc;
use std::time::Duration;

use khaacho_fault::{Fault, Kind};
use khaacho_rpc::ServerLimits;
use tokio::sync::Semaphore;
use tonic::Status;

use crate::support::{Fake, Host, SOON, eventually, gateway, receive, within};

#[tokio::test]
async fn what_is_too_much_is_refused_at_once_and_not_for_longer_than_needed() {
    let gate = Arc::new(Semaphore::new(0));
    let waits = gate.clone();
    let fake = Fake::new(move |_| {
        let waits = waits.clone();
        async move {
            waits
                .acquire()
                .await
                .map(drop)
                .map_err(|_| Status::internal("closed"))
        }
    });
    let limits = ServerLimits {
        in_progress_max: 2,
        ..ServerLimits::default()
    };
    let host = Host::limited(fake.routes(), limits).await;
    let gateway = gateway(host.address());
    let (one, two) = (within(15_000), within(15_000));
    let third = async {
        eventually("two are inside", SOON, async || fake.calls() == 2).await;
        let fault = Fault::from(
            receive(&gateway.peers, &within(15_000))
                .await
                .expect_err("too much"),
        );
        assert_eq!(fault.kind(), Kind::Exhausted);
        assert!(fault.retry_after().is_some_and(|wait| wait > Duration::ZERO));
        assert_eq!(fake.calls(), 2, "refused before the handler, and not repeated");
        gate.add_permits(10);
    };
    let (one, two, ()) = tokio::join!(
        receive(&gateway.peers, &one),
        receive(&gateway.peers, &two),
        third
    );
    one.and(two).expect("both end well");
    receive(&gateway.peers, &within(5_000))
        .await
        .expect("there is room again");
}
