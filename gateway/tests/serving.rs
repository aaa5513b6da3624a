//! The edge over a real socket.

use std::time::Duration;

use khaacho_gateway::accept::Limits;
use khaacho_lifecycle::Stop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::World;

#[tokio::test]
async fn a_socket_gets_its_answer_and_the_stop_ends_the_loop() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let stop = Stop::new();
    let serving = khaacho_gateway::serve(
        listener,
        world.router.clone(),
        Limits::default(),
        stop.clone(),
        Duration::from_secs(5),
    );
    let asking = async {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let request = "GET /live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        stop.cancel();
        answer
    };
    let (served, answer) = tokio::join!(serving, asking);
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"alive\":true}"),
        "{answer}"
    );
    assert_eq!((served.accepted, served.cut), (1, 0));
}
