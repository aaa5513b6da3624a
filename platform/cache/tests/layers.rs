use std::time::Duration;

use khaacho_cache::{Cache, Redis, State, cmd};
use khaacho_fault::Fault;

use crate::support::{Loads, Process, Server, fresh_key, options};

#[tokio::test]
async fn memory_answers_the_second_look_up_and_redis_another_process() {
    let server = Server::start().await;
    let key = fresh_key();
    let (one, two) = (
        Process::start(&server.url).await,
        Process::start(&server.url).await,
    );
    assert_eq!(one.get(&key, "loaded").await, "loaded");
    assert_eq!(one.get(&key, "never asked").await, "loaded");
    assert_eq!(two.get(&key, "never asked either").await, "loaded");
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn without_an_address_memory_works_alone() {
    let redis = Redis::connect(None);
    assert_eq!(redis.state(), State::Off);
    let cache = Cache::<u32>::new(options(), redis);
    let loads = Loads::default();
    for _ in 0..3 {
        assert_eq!(
            cache.get_or_load("a", || loads.answer(Some(7))).await.unwrap(),
            Some(7)
        );
    }
    assert_eq!(loads.count(), 1);
    cache.invalidate("a").await;
    assert_eq!(
        cache.get_or_load("a", || loads.answer(Some(8))).await.unwrap(),
        Some(8)
    );
}

#[tokio::test]
async fn what_does_not_exist_is_remembered_in_both_layers() {
    let server = Server::start().await;
    let key = fresh_key();
    let (one, two) = (
        Process::start(&server.url).await,
        Process::start(&server.url).await,
    );
    let loads = Loads::default();
    for process in [&one, &one, &two] {
        let found = process.cache.get_or_load(&key, || loads.answer(None)).await;
        assert_eq!(found.unwrap(), None);
    }
    assert_eq!(loads.count(), 1);
}

#[tokio::test]
async fn a_loaders_error_is_returned_and_not_remembered() {
    let server = Server::start().await;
    let key = fresh_key();
    let process = Process::start(&server.url).await;
    let failed = process
        .cache
        .get_or_load(&key, || async { Err(Fault::not_found("PRODUCT_UNKNOWN")) })
        .await;
    assert_eq!(failed.unwrap_err().reason(), "PRODUCT_UNKNOWN");
    assert_eq!(process.get(&key, "now it works").await, "now it works");
}

#[tokio::test]
async fn a_value_of_another_version_is_not_read() {
    let server = Server::start().await;
    let key = fresh_key();
    let old = Process::without_tasks(&server.url, options());
    assert_eq!(old.get(&key, "old shape").await, "old shape");
    let mut newer = options();
    newer.version = 2;
    let new = Process::without_tasks(&server.url, newer);
    assert_eq!(new.get(&key, "new shape").await, "new shape");
    assert_eq!(
        Process::without_tasks(&server.url, options())
            .get(&key, "not asked")
            .await,
        "old shape"
    );
}

#[tokio::test]
async fn an_invalidation_by_another_version_counts_too() {
    let server = Server::start().await;
    let key = fresh_key();
    let old = Process::without_tasks(&server.url, options());
    assert_eq!(old.get(&key, "before").await, "before");
    let mut newer = options();
    newer.version = 2;
    Process::without_tasks(&server.url, newer)
        .cache
        .invalidate(&key)
        .await;
    assert_eq!(
        Process::without_tasks(&server.url, options())
            .get(&key, "after")
            .await,
        "after"
    );
}

#[tokio::test]
async fn a_damaged_value_is_loaded_anew() {
    let server = Server::start().await;
    let key = fresh_key();
    let stored = format!("khaacho:test:v1:{key}");
    for damaged in ["not json", r#"{"f":"/","v":[42]}"#, "null"] {
        server.does::<()>(&["SET", &stored, damaged]).await;
        assert_eq!(
            Process::without_tasks(&server.url, options())
                .get(&key, "whole")
                .await,
            "whole"
        );
    }
    server.does::<()>(&["DEL", &stored]).await;
    server.does::<()>(&["LPUSH", &stored, "wrong type"]).await;
    assert_eq!(
        Process::without_tasks(&server.url, options())
            .get(&key, "whole")
            .await,
        "whole"
    );
}

#[tokio::test]
async fn lifetimes_in_redis_are_spread_by_a_tenth() {
    let server = Server::start().await;
    let process = Process::start(&server.url).await;
    let mut lives = Vec::new();
    for _ in 0..50 {
        let key = fresh_key();
        process.get(&key, "value").await;
        lives.push(
            process
                .redis
                .run::<i64>(cmd("PTTL").arg(format!("khaacho:test:v1:{key}")))
                .await
                .unwrap(),
        );
    }
    let (least, most) = (*lives.iter().min().unwrap(), *lives.iter().max().unwrap());
    assert!(least > 53_000 && most <= 66_000, "{least}..{most}");
    assert!(most - least > 1_000, "{least}..{most}");
}

#[tokio::test]
async fn memory_gives_up_a_value_after_its_lifetime() {
    let mut short = options();
    short.ttl = Duration::from_millis(20);
    let cache = Cache::<u32>::new(short, Redis::connect(None));
    let loads = Loads::default();
    let asks = async || {
        cache.get_or_load("a", || loads.answer(Some(1))).await.unwrap();
        loads.count() == 2
    };
    crate::support::eventually("a second load", Duration::from_secs(5), asks).await;
}
