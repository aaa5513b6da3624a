use super::*;

#[tokio::test]
async fn drain_lets_running_requests_finish_and_closes_the_others() {
    let server = start(limits(), PATIENCE).await;
    let (mut busy, mut idle) = (server.connect().await, server.connect().await);
    idle.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    idle.answer().await;
    busy.send("GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.waiting.notified().await;
    server.stop.cancel();
    let (answer, _) = idle.until_closed().await;
    assert_eq!(answer, "");
    // The listener is gone as soon as the loop has ended its last turn.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.release.notify_one();
    let (answer, _) = busy.until_closed().await;
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("done"),
        "{answer}"
    );
    assert_eq!(server.stop().await.cut, 0);
}

#[tokio::test]
async fn drain_ends_with_its_time_and_says_what_it_cut() {
    let server = start(limits(), SHORT).await;
    let mut stuck = server.connect().await;
    stuck.send("GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.waiting.notified().await;
    let started = Instant::now();
    assert_eq!(
        server.stop().await,
        Served {
            accepted: 1,
            refused: 0,
            cut: 1
        }
    );
    assert!(started.elapsed() < PATIENCE / 2);
    assert_eq!(stuck.until_closed().await.0, "");
}
