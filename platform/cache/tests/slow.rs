use std::time::Duration;

use khaacho_cache::{State, Trouble, Why, cmd};
use tokio::time::Instant;

use crate::support::{Process, Proxy, Server, fresh_key, options};

const SLOW: Duration = Duration::from_secs(2);

#[tokio::test]
async fn look_ups_do_not_wait_for_a_server_that_answers_after_two_seconds() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.address).await;
    let process = Process::without_tasks(&proxy.url, options());
    assert_eq!(process.get(&fresh_key(), "quick").await, "quick");
    proxy.delay(SLOW);

    let begun = Instant::now();
    assert_eq!(process.redis.run::<()>(&cmd("PING")).await, Err(Trouble::Timeout));
    assert!(
        begun.elapsed() < Duration::from_millis(500),
        "one command: {:?}",
        begun.elapsed()
    );
    let begun = Instant::now();
    for _ in 0..100 {
        assert_eq!(process.get(&fresh_key(), "loaded").await, "loaded");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "a hundred look-ups: {:?}",
        begun.elapsed()
    );
    assert_eq!(process.redis.run::<()>(&cmd("PING")).await, Err(Trouble::Open));
    assert!(matches!(
        process.redis.state(),
        State::Degraded { why: Why::Slow, .. }
    ));
}

#[tokio::test]
async fn a_start_with_a_slow_server_is_not_slow() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.address).await;
    proxy.delay(SLOW);
    let process = Process::probed(&proxy.url);
    let begun = Instant::now();
    assert_eq!(process.get(&fresh_key(), "loaded").await, "loaded");
    assert!(
        begun.elapsed() < Duration::from_millis(500),
        "{:?}",
        begun.elapsed()
    );
    process.stop().await;
}

#[tokio::test]
async fn a_handshake_slower_than_a_command_still_connects() {
    let server = Server::start().await;
    let proxy = Proxy::before(&server.address).await;
    proxy.delay_handshakes(Duration::from_millis(300));
    let processes = [
        Process::probed(&proxy.url),
        Process::without_tasks(&proxy.url, options()),
    ];
    for process in processes {
        // Requests meanwhile neither wait for it nor take the half-made connection away.
        let begun = Instant::now();
        while process.redis.state() != State::Up {
            let key = fresh_key();
            let limited = tokio::time::timeout(Duration::from_millis(250), process.get(&key, "loaded"));
            assert_eq!(limited.await.expect("no request waits for a handshake"), "loaded");
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "not connected after {:?}",
                begun.elapsed()
            );
            tokio::task::yield_now().await;
        }
        process.stop().await;
    }
}
