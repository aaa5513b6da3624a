use std::io::ErrorKind;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;

const SHORT: Duration = Duration::from_millis(60);
const LONG: Duration = Duration::from_secs(5);

/// A server that sends back what it gets, each byte as it comes.
async fn echo() -> (SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            open.spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            });
        }
    });
    (address, tasks)
}

async fn pair() -> (TcpProxy, TcpStream, JoinSet<()>) {
    let (address, tasks) = echo().await;
    let proxy = TcpProxy::start(address).expect("a port");
    let mut client = TcpStream::connect(proxy.addr()).await.expect("taken");
    assert_eq!(say(&mut client, b"first").await.expect("clear"), b"first");
    (proxy, client, tasks)
}

async fn say(client: &mut TcpStream, what: &[u8]) -> std::io::Result<Vec<u8>> {
    client.write_all(what).await?;
    let mut back = vec![0; what.len()];
    timeout(LONG, client.read_exact(&mut back))
        .await
        .expect("in time")?;
    Ok(back)
}

async fn silent(client: &mut TcpStream) -> bool {
    timeout(SHORT, client.read_u8()).await.is_err()
}

async fn is_reset(client: &mut TcpStream) -> bool {
    let read = timeout(LONG, client.read_u8()).await.expect("in time");
    read.expect_err("no byte").kind() == ErrorKind::ConnectionReset
}

#[tokio::test]
async fn clear_weather_passes_everything_and_the_end() {
    let (proxy, mut client, _tasks) = pair().await;
    let much: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let (mut from, mut to) = client.split();
    let (sent, got) = tokio::join!(
        async {
            to.write_all(&much).await?;
            to.shutdown().await
        },
        async {
            let mut got = Vec::new();
            from.read_to_end(&mut got).await.map(|_| got)
        }
    );
    sent.expect("sent");
    assert_eq!(got.expect("all and the end"), much);
    let counts = proxy.counts();
    assert_eq!((counts.accepted, counts.refused, counts.cut), (1, 0, 0));
    assert_eq!((counts.up, counts.down), (200_005, 200_005));
}

#[tokio::test]
async fn slow_weather_delays_both_ways() {
    let (proxy, mut client, _tasks) = pair().await;
    let delay = Duration::from_millis(40);
    proxy.set(Weather::Slow { delay, jitter: SHORT });
    let began = Instant::now();
    assert_eq!(say(&mut client, b"slow").await.expect("passes"), b"slow");
    assert!(began.elapsed() >= 2 * delay);
    proxy.set(Weather::Clear);
    let began = Instant::now();
    assert_eq!(say(&mut client, b"fast").await.expect("passes"), b"fast");
    assert!(began.elapsed() < delay, "{:?}", began.elapsed());
}

#[tokio::test]
async fn refusal_resets_open_and_new_connections() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::Refuse);
    assert!(is_reset(&mut client).await);
    match TcpStream::connect(proxy.addr()).await {
        Ok(mut other) => assert!(is_reset(&mut other).await),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
    proxy.set(Weather::Clear);
    let mut third = TcpStream::connect(proxy.addr()).await.expect("taken");
    assert_eq!(say(&mut third, b"again").await.expect("clear"), b"again");
    assert_eq!((proxy.counts().cut, proxy.counts().refused), (1, 1));
}

#[tokio::test]
async fn a_black_hole_holds_what_is_sent() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::BlackHole);
    client.write_all(b"held").await.expect("taken");
    let mut other = TcpStream::connect(proxy.addr()).await.expect("taken");
    other.write_all(b"too").await.expect("taken");
    assert!(silent(&mut client).await && silent(&mut other).await);
    proxy.set(Weather::Clear);
    let mut back = [0; 7];
    let (first, second) = back.split_at_mut(4);
    client.read_exact(first).await.expect("passes now");
    other.read_exact(second).await.expect("passes now");
    assert_eq!(&back, b"heldtoo");
}

#[tokio::test]
async fn a_half_open_connection_never_comes_back() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::HalfOpen);
    let mut other = TcpStream::connect(proxy.addr()).await.expect("taken");
    client.write_all(b"lost").await.expect("taken");
    other.write_all(b"lost").await.expect("taken");
    assert!(silent(&mut client).await && silent(&mut other).await);
    proxy.set(Weather::Clear);
    assert!(is_reset(&mut client).await && is_reset(&mut other).await);
}

#[tokio::test]
async fn one_way_passes_one_way() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::OneWay(Direction::Up));
    client.write_all(b"up").await.expect("taken");
    assert!(silent(&mut client).await);
    assert_eq!(proxy.counts().up, 7);
    assert_eq!(proxy.counts().down, 5);
    proxy.set(Weather::OneWay(Direction::Down));
    let mut back = [0; 2];
    client.read_exact(&mut back).await.expect("passes now");
    assert_eq!(&back, b"up");
    client.write_all(b"no").await.expect("taken");
    assert!(silent(&mut client).await);
    assert_eq!(proxy.counts().up, 7);
}

#[tokio::test]
async fn it_flaps() {
    let (proxy, mut client, _tasks) = pair().await;
    let (up, down) = (Duration::from_millis(300), Duration::from_millis(30));
    proxy.set(Weather::Flap { up, down });
    assert!(is_reset(&mut client).await);
    tokio::time::sleep(down * 3).await;
    let mut other = TcpStream::connect(proxy.addr()).await.expect("taken");
    assert_eq!(say(&mut other, b"up").await.expect("clear"), b"up");
    assert!(is_reset(&mut other).await, "down again");
}

#[tokio::test]
async fn garbled_bytes_differ_and_are_counted() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::Garble { one_in: 10 });
    let sent = [7; 2000];
    let back = say(&mut client, &sent).await.expect("passes");
    let wrong = back.iter().filter(|byte| **byte != 7).count();
    assert!((100..800).contains(&wrong), "{wrong} of 2000");
    assert!(proxy.counts().garbled >= u64::try_from(wrong).expect("small"));
    assert_eq!(
        connection::garble(&mut [1, 2], 0, &mut fastrand::Rng::with_seed(1)),
        0
    );
}

#[tokio::test]
async fn slices_are_small_and_whole() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::Slice);
    let sent: Vec<u8> = (0..1000_u32).map(|n| n.to_le_bytes()[0]).collect();
    client.write_all(&sent).await.expect("taken");
    let (mut back, mut reads) = (Vec::new(), 0);
    while back.len() < sent.len() {
        let read = timeout(LONG, client.read_buf(&mut back)).await.expect("in time");
        assert!(read.expect("open") > 0);
        reads += 1;
    }
    assert_eq!(back, sent);
    assert!(reads >= 5, "{reads} reads");
}

#[tokio::test]
async fn a_cut_resets_once_and_the_server_may_move() {
    let (proxy, mut client, _tasks) = pair().await;
    proxy.set(Weather::Cut);
    assert!(is_reset(&mut client).await);
    let (elsewhere, _other_tasks) = echo().await;
    proxy.upstream(elsewhere);
    let mut other = TcpStream::connect(proxy.addr()).await.expect("taken");
    assert_eq!(say(&mut other, b"clear").await.expect("clear"), b"clear");
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    proxy.upstream(nobody.local_addr().expect("bound"));
    drop(nobody);
    let mut third = TcpStream::connect(proxy.addr()).await.expect("taken");
    assert!(is_reset(&mut third).await);
    assert_eq!(say(&mut other, b"still").await.expect("clear"), b"still");
}
