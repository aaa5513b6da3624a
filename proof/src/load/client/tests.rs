use tokio::net::TcpListener;

use super::*;

#[test]
fn words_are_found_wherever_they_stand() {
    for (hay, needle, found) in [
        ("abc", "", true),
        ("aab", "ab", true),
        ("abab", "abb", false),
        ("xxSENT", "SENT", true),
        ("SEN", "SENT", false),
    ] {
        assert_eq!(
            contains(hay.as_bytes(), needle.as_bytes()),
            found,
            "{hay} {needle}"
        );
    }
}

#[test]
fn a_head_is_read_when_it_is_whole() {
    assert_eq!(read_head(b"HTTP/1.1 200 OK\r\ncontent-le"), Ok(None));
    let head = b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    let ends = Ends {
        status: 202,
        head: head.len() - 5,
        length: 5,
        close: true,
    };
    assert_eq!(read_head(head), Ok(Some(ends)));
    for bad in [
        "HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        assert_eq!(read_head(bad.as_bytes()), Err(Broken::Malformed), "{bad}");
    }
}

/// Answers each connection's first request, then closes it; the client has to notice and open another one.
#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_opened_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let server = async {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let mut seen = Vec::new();
            while !contains(&seen, b"\r\n\r\n") {
                stream.read_buf(&mut seen).await.expect("a request");
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            stream.write_all(answer).await.expect("it listens");
        }
    };
    let client = async {
        let mut connection = Connection::new(&address);
        for _ in 0..2 {
            let answer = connection.get("/", &[]).await.expect("an answer");
            assert_eq!((answer.status, answer.body), (200, &b"ok"[..]));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::join!(server, client);
}

#[tokio::test]
async fn nobody_there_is_a_failed_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    drop(listener);
    let mut connection = Connection::new(&address);
    let asked = connection.get("/", &[]).await;
    assert_eq!(asked.map(|answer| answer.status), Err(Broken::Connect));
}
