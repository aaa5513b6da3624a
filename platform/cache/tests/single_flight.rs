use futures_util::future::join_all;
use khaacho_cache::{Cache, Redis};
use khaacho_fault::Fault;

use crate::support::{Loads, Process, Server, fresh_key, options};

#[tokio::test]
async fn a_hundred_callers_cause_one_load() {
    let server = Server::start().await;
    let process = Process::start(&server.url).await;
    let key = fresh_key();
    let loads = Loads::default();
    let callers = (0..100).map(|_| {
        process
            .cache
            .get_or_load(&key, || loads.answer(Some("once".to_owned())))
    });
    for found in join_all(callers).await {
        assert_eq!(found.unwrap().as_deref(), Some("once"));
    }
    assert_eq!(loads.count(), 1);
}

#[tokio::test]
async fn a_hundred_callers_share_one_failure() {
    let cache = Cache::<u32>::new(options(), Redis::connect(None));
    let loads = Loads::default();
    let fails = async || {
        loads.answer(()).await?;
        Err(Fault::refused("CLOSED"))
    };
    for found in join_all((0..100).map(|_| cache.get_or_load("a", fails))).await {
        assert_eq!(found.unwrap_err().reason(), "CLOSED");
    }
    assert_eq!(loads.count(), 1);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_take_the_load_of_the_others_along() {
    let cache = Cache::<u32>::new(options(), Redis::connect(None));
    let mut first = Box::pin(cache.get_or_load("a", std::future::pending));
    assert!(futures_util::poll!(&mut first).is_pending());
    let mut second = Box::pin(cache.get_or_load("a", || async { Ok(Some(2)) }));
    assert!(futures_util::poll!(&mut second).is_pending());
    drop(first);
    assert_eq!(second.await.unwrap(), Some(2));
}
