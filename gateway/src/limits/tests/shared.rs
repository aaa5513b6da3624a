use super::*;

/// A store that answers as it is told.
struct Scripted {
    calls: Arc<AtomicUsize>,
    answer: fn() -> SharedReply<'static>,
}

impl Shared for Scripted {
    fn take<'a>(&'a self, _: Key, _: &'a [Quota]) -> SharedReply<'a> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        (self.answer)()
    }
}

fn scripted(answer: fn() -> SharedReply<'static>) -> (Limiter, Hand, Arc<AtomicUsize>) {
    let (clock, hand) = clock();
    let calls = Arc::new(AtomicUsize::new(0));
    let store = Scripted {
        calls: calls.clone(),
        answer,
    };
    (Limiter::with(clock, Some(Box::new(store))), hand, calls)
}

#[tokio::test]
async fn a_store_that_fails_is_left_alone_for_a_second_and_its_limits_hold_here() {
    let (limiter, hand, calls) = scripted(|| Box::pin(async { Err(SharedError("full".into())) }));
    let policy = per_minute(20);
    for _ in 0..20 {
        assert_eq!(limiter.check(&policy, "a").await.outcome, Outcome::Allowed);
    }
    assert_eq!(limiter.check(&policy, "a").await.outcome, Outcome::Refused);
    assert_eq!(calls.load(Ordering::Relaxed), 5);
    hand.advance(Duration::from_millis(1001));
    limiter.check(&policy, "a").await;
    limiter.check(&policy, "a").await;
    assert_eq!(calls.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn a_store_that_hangs_costs_fifty_milliseconds_five_times() {
    let (limiter, _hand, calls) = scripted(|| Box::pin(std::future::pending()));
    let started = Instant::now();
    for _ in 0..50 {
        assert_eq!(
            limiter.check(&per_minute(60), "a").await.outcome,
            Outcome::Allowed
        );
    }
    assert_eq!(calls.load(Ordering::Relaxed), 5);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_store_that_answers_nonsense_is_not_believed() {
    let (limiter, ..) = scripted(|| {
        Box::pin(async {
            Ok(SharedTaken {
                allowed: false,
                ahead: vec![],
            })
        })
    });
    assert_eq!(limiter.check(&per_minute(1), "a").await.outcome, Outcome::Allowed);
}

/// A Redis server of this test, on a socket of its own.
struct Server {
    child: std::process::Child,
    socket: std::path::PathBuf,
}

impl Server {
    /// `None` when this machine has no `redis-server`.
    fn start(name: &str) -> Option<Self> {
        let socket = std::env::temp_dir().join(format!("khaacho-{name}-{}.sock", std::process::id()));
        let child = std::process::Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { child, socket })
    }

    async fn connect(&self) -> ConnectionManager {
        let url = format!("redis+unix://{}", self.socket.display());
        let client = redis::Client::open(url).expect("an address");
        ConnectionManager::new(client)
            .await
            .expect("the server answers within the manager's retries")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.socket);
    }
}

#[tokio::test]
async fn gateways_share_their_counts_in_redis_and_survive_its_loss() {
    let Some(mut server) = Server::start("limits") else {
        eprintln!("no redis-server on this machine: the shared script is not tested");
        return;
    };
    let manager = server.connect().await;
    let (first, second) = (
        Limiter::new(clock().0, Some(manager.clone())),
        Limiter::new(clock().0, Some(manager.clone())),
    );
    let policy = Policy::refusing("shared", vec![Quota::per(4, 60), Quota::per(100, 3600)]);
    for (limiter, left) in [(&first, 3), (&second, 2), (&first, 1), (&second, 0)] {
        let decision = limiter.check(&policy, "a").await;
        assert_eq!(
            (decision.outcome, decision.remaining, decision.limit),
            (Outcome::Allowed, left, 4)
        );
    }
    let refused = first.check(&policy, "a").await;
    assert_eq!(refused.outcome, Outcome::Refused);
    let wait = refused.retry_after;
    assert!(
        wait > Duration::from_secs(10) && wait <= Duration::from_secs(15),
        "{wait:?}"
    );

    let mut raw = manager.clone();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut raw).await.unwrap();
    assert_eq!(keys.len(), 2);
    for key in &keys {
        assert!(key.starts_with("khaacho:limit:{"), "{key}");
        let left: i64 = redis::cmd("PTTL").arg(key).query_async(&mut raw).await.unwrap();
        assert!(left > 0 && left <= 3_600_000, "{left}");
        let () = redis::cmd("SET")
            .arg(key)
            .arg("rubbish")
            .query_async(&mut raw)
            .await
            .unwrap();
    }
    assert_eq!(first.check(&policy, "a").await.remaining, 3);

    // A full server: this process counts for itself, from nothing.
    let () = redis::cmd("CONFIG")
        .arg(&["SET", "maxmemory", "1"])
        .query_async(&mut raw)
        .await
        .unwrap();
    assert_eq!(first.check(&policy, "full").await.remaining, 3);
    assert_eq!(second.check(&policy, "full").await.remaining, 3);
    server.child.kill().expect("the server is ours");
    let started = Instant::now();
    for left in (0..3).rev() {
        assert_eq!(first.check(&policy, "full").await.remaining, left);
    }
    assert_eq!(first.check(&policy, "full").await.outcome, Outcome::Refused);
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}
