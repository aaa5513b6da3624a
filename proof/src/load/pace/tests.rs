use super::*;

/// Takes this long, except for the first one.
struct Slow {
    first: Duration,
    others: Duration,
}

impl Workload for Slow {
    async fn operate(&self, n: u64, _: &mut Connection) -> Outcome {
        tokio::time::sleep(if n == 0 { self.first } else { self.others }).await;
        Outcome::Good("done")
    }
}

fn plan(arrival: Arrival, connections: usize, count: u64) -> Plan {
    Plan {
        arrival,
        connections,
        time: Duration::from_secs(20),
        count,
        first: 0,
    }
}

/// A stall is charged to everything that should have been sent during it. Counted from the actual send time, 39 of 40
/// operations look fast.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_is_charged_to_all_who_waited() {
    let slow = Arc::new(Slow {
        first: Duration::from_millis(400),
        others: Duration::from_millis(1),
    });
    let done = offer(slow, "", &plan(Arrival::Rate(100.0), 1, 40)).await;
    let sum = done.tally.summary(done.wall);
    assert_eq!(sum.good, 40);
    assert!(sum.latency.p50 > 100.0, "{sum}");
    assert!(sum.service.p50 < 100.0, "{sum}");
    assert_eq!(done.next, 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_server_is_offered_the_rate_that_was_asked_for() {
    let fast = Arc::new(Slow {
        first: Duration::ZERO,
        others: Duration::ZERO,
    });
    let done = offer(fast, "", &plan(Arrival::Rate(200.0), 4, 100)).await;
    let sum = done.tally.summary(done.wall);
    assert_eq!(sum.good, 100);
    assert!(
        (0.45..0.9).contains(&sum.seconds),
        "99 gaps of 5 ms, not {}",
        sum.seconds
    );
}

#[tokio::test]
async fn connections_share_a_count() {
    let fast = Arc::new(Slow {
        first: Duration::ZERO,
        others: Duration::ZERO,
    });
    let done = offer(fast, "", &plan(Arrival::Closed, 3, 50)).await;
    assert_eq!(done.tally.summary(done.wall).good, 50);
}
