use std::time::Duration;

use khaacho_cache::{State, Why, cmd};

use crate::support::{Process, Proxy, Server, eventually, fresh_key, options};

const RECOVERY: Duration = Duration::from_secs(5);

async fn until_degraded(process: &Process) {
    let degraded = async || matches!(process.redis.state(), State::Degraded { .. });
    eventually("redis is degraded", Duration::from_secs(5), degraded).await;
}

#[tokio::test]
async fn a_stopped_server_is_used_again_without_a_restart() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    let process = Process::start(&proxy.url).await;
    proxy.cut().await;
    until_degraded(&process).await;
    // Long enough for the backoff to grow.
    tokio::time::sleep(Duration::from_secs(3)).await;
    proxy.mend().await;
    process.until_up(RECOVERY).await;

    let key = fresh_key();
    assert_eq!(process.get(&key, "shared").await, "shared");
    assert_eq!(
        Process::without_tasks(&server.url, options())
            .get(&key, "not asked")
            .await,
        "shared"
    );
    process.stop().await;
}

#[tokio::test]
async fn a_slow_server_is_used_again_without_a_restart() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.address).await;
    let process = Process::start(&proxy.url).await;
    proxy.delay(Duration::from_secs(2));
    until_degraded(&process).await;
    proxy.delay(Duration::ZERO);
    process.until_up(RECOVERY).await;
    process.stop().await;
}

#[tokio::test]
async fn a_silent_connection_is_replaced() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.address).await;
    let process = Process::start(&proxy.url).await;
    // The answer to one command stays away for ever on this connection; new connections are fine.
    proxy.delay(Duration::from_secs(3600));
    until_degraded(&process).await;
    proxy.delay(Duration::ZERO);
    process.until_up(RECOVERY).await;
    process.stop().await;
}

#[tokio::test]
async fn without_a_probe_a_request_brings_redis_back() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    let process = Process::without_tasks(&proxy.url, options());
    proxy.cut().await;
    for _ in 0..10 {
        process.get(&fresh_key(), "loaded").await;
    }
    assert!(matches!(process.redis.state(), State::Degraded { .. }));
    proxy.mend().await;
    let back = async || {
        process.get(&fresh_key(), "loaded").await;
        process.redis.state() == State::Up
    };
    eventually("a request succeeded", RECOVERY, back).await;
}

#[tokio::test]
async fn an_invalidation_during_an_outage_is_repeated_after_it() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    let (cut_off, other) = (
        Process::start(&proxy.url).await,
        Process::start(&server.url).await,
    );
    let key = fresh_key();
    assert_eq!(cut_off.get(&key, "old").await, "old");
    assert_eq!(other.get(&key, "not asked").await, "old");

    proxy.cut().await;
    cut_off.cache.invalidate(&key).await;
    assert_eq!(cut_off.get(&key, "new").await, "new");
    assert_eq!(other.get(&key, "not asked").await, "old", "nobody could tell it");

    proxy.mend().await;
    let heard = async || other.get(&key, "new").await == "new";
    eventually("the other process hears of it", Duration::from_secs(5), heard).await;
    cut_off.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn until_an_invalidation_is_confirmed_its_old_value_is_not_read_from_redis() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    // No probe: nobody repeats the invalidation.
    let process = Process::without_tasks(&proxy.url, options());
    let key = fresh_key();
    assert_eq!(process.get(&key, "old").await, "old");
    proxy.cut().await;
    process.cache.invalidate(&key).await;
    proxy.mend().await;
    let answers = async || process.redis.run::<()>(&cmd("PING")).await.is_ok();
    eventually("redis answers again", RECOVERY, answers).await;
    assert_eq!(process.get(&key, "new").await, "new");
}

#[tokio::test]
async fn a_refused_password_is_tried_again() {
    let server = Server::alone().await;
    let process = Process::probed(&format!("redis://:secret@{}", server.address));
    let refused = async || {
        matches!(
            process.redis.state(),
            State::Degraded {
                why: Why::Refusing,
                ..
            }
        )
    };
    eventually("the password is refused", RECOVERY, refused).await;
    server
        .does::<()>(&["CONFIG", "SET", "requirepass", "secret"])
        .await;
    process.until_up(RECOVERY).await;
    server.does::<()>(&["CONFIG", "SET", "requirepass", ""]).await;
    process.stop().await;
}
