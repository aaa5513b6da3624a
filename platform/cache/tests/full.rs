use std::time::Duration;

use khaacho_cache::{State, Trouble, Why, cmd};

use tokio::time::Instant;

use crate::support::{Process, Server, eventually, fresh_key, options};

#[tokio::test]
async fn a_full_server_is_read_but_needs_no_writes() {
    let server = Server::alone().await;
    let (kept, fresh) = (fresh_key(), fresh_key());
    let process = Process::start(&server.url).await;
    assert_eq!(process.get(&kept, "kept").await, "kept");

    server
        .does::<()>(&["CONFIG", "SET", "maxmemory-policy", "noeviction"])
        .await;
    server.does::<()>(&["CONFIG", "SET", "maxmemory", "1mb"]).await;
    let filler = "x".repeat(600_000);
    let mut write = cmd("SET");
    write
        .arg(format!("khaacho:filler:{fresh}"))
        .arg(&filler)
        .arg("EX")
        .arg(60);
    let fills = async || process.redis.run::<()>(&write).await == Err(Trouble::Oom);
    eventually("the server is full", Duration::from_secs(5), fills).await;

    assert!(matches!(
        process.redis.state(),
        State::Degraded { why: Why::Full, .. }
    ));
    assert_eq!(process.get(&fresh, "loaded").await, "loaded");
    assert_eq!(process.get(&fresh, "from memory").await, "loaded");
    for _ in 0..10 {
        assert_eq!(
            process.redis.run::<()>(&write).await,
            Err(Trouble::Oom),
            "full opens no breaker"
        );
    }
    let other = Process::without_tasks(&server.url, options());
    assert_eq!(other.get(&kept, "reads still work").await, "kept");

    // The fence cannot be written: the old value is dropped all the same, and nobody here asks Redis for it.
    process.cache.invalidate(&kept).await;
    assert_eq!(process.get(&kept, "changed").await, "changed");

    server.does::<()>(&["CONFIG", "SET", "maxmemory", "0"]).await;
    let fence = format!("khaacho:test:fence:{kept}");
    let begun = Instant::now();
    process.until_up(Duration::from_secs(5)).await;
    let paid = async || server.does::<bool>(&["EXISTS", &fence]).await;
    eventually("the owed invalidation is repeated", Duration::from_secs(5), paid).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    process.stop().await;
}
