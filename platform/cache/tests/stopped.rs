use std::time::Duration;

use futures_util::future::join_all;
use khaacho_cache::{Redis, State, Trouble, Why, cmd};
use tokio::time::Instant;

use crate::support::{Process, Proxy, Server, eventually, fresh_key, options};

/// An address where nobody listens.
async fn nowhere() -> String {
    let mut proxy = Proxy::before("127.0.0.1:1").await;
    proxy.cut().await;
    proxy.url.clone()
}

#[tokio::test]
async fn look_ups_go_on_without_a_server() {
    let process = Process::without_tasks(&nowhere().await, options());
    let begun = Instant::now();
    for number in 0..200 {
        assert_eq!(process.get(&number.to_string(), "loaded").await, "loaded");
    }
    process.cache.invalidate("7").await;
    assert_eq!(process.get("7", "changed").await, "changed");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(matches!(
        process.redis.state(),
        State::Degraded {
            why: Why::Unreachable,
            ..
        }
    ));
}

#[tokio::test]
async fn commands_are_refused_at_once_while_the_breaker_is_open() {
    let redis = Redis::connect(Some(&nowhere().await));
    assert!(matches!(
        redis.state(),
        State::Degraded {
            why: Why::Connecting,
            ..
        }
    ));
    for _ in 0..5 {
        assert!(matches!(redis.run::<()>(&cmd("PING")).await, Err(Trouble::Io(_))));
    }
    assert_eq!(redis.run::<()>(&cmd("PING")).await, Err(Trouble::Open));
}

#[tokio::test]
async fn an_address_that_does_not_parse_degrades_and_can_be_checked() {
    let redis = Redis::connect(Some("mysql://user:secret@host"));
    assert!(matches!(
        redis.run::<()>(&cmd("PING")).await,
        Err(Trouble::Other(_))
    ));
    assert!(matches!(
        redis.state(),
        State::Degraded {
            why: Why::Refusing,
            ..
        }
    ));
    let refused = Redis::check("mysql://user:secret@host").unwrap_err();
    assert!(!refused.to_string().contains("secret"));
    assert_eq!(Redis::check("redis://127.0.0.1:6379"), Ok(()));
}

#[tokio::test]
async fn one_broken_connection_costs_one_look_into_redis_and_no_outage() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    let process = Process::without_tasks(&proxy.url, options());
    assert_eq!(process.get(&fresh_key(), "a").await, "a");
    proxy.cut().await;
    proxy.mend().await;
    let answers = async || process.redis.run::<()>(&cmd("PING")).await.is_ok();
    eventually("connected again", Duration::from_millis(900), answers).await;
    assert_eq!(process.redis.state(), State::Up);
}

#[tokio::test]
async fn background_futures_end_when_told_with_and_without_a_server() {
    for url in [None, Some(nowhere().await)] {
        let redis = Redis::connect(url.as_deref());
        let stop = tokio_util::sync::CancellationToken::new();
        let mut both = Box::pin(async {
            tokio::join!(
                redis.probe(stop.clone()),
                redis.listen_invalidations(stop.clone())
            )
        });
        assert!(futures_util::poll!(&mut both).is_pending());
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(1), both)
            .await
            .expect("they end");
    }
}

#[tokio::test]
async fn many_commands_lost_with_one_connection_do_not_open_the_breaker() {
    let server = Server::start().await;
    // On a busy machine the commands may run out of time before the connection is cut; then once more.
    for _ in 0..50 {
        let mut proxy = Proxy::before(&server.address).await;
        let process = Process::without_tasks(&proxy.url, options());
        let ping = cmd("PING");
        let connected = async || process.redis.run::<()>(&ping).await.is_ok();
        eventually("connected", Duration::from_secs(5), connected).await;
        proxy.delay(Duration::from_secs(3600));
        let mut lost = Box::pin(join_all((0..20).map(|_| process.redis.run::<()>(&ping))));
        assert!(futures_util::poll!(&mut lost).is_pending());
        proxy.cut().await;
        if lost
            .await
            .iter()
            .all(|answer| matches!(answer, Err(Trouble::Io(_))))
        {
            assert_ne!(process.redis.run::<()>(&ping).await, Err(Trouble::Open));
            return;
        }
    }
    panic!("the connection could never be cut within 50 ms");
}
