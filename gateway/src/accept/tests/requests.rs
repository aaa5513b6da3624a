use super::*;

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_answered_408_and_closed() {
    let server = start(limits(), SHORT).await;
    let heads = [
        "content-length: 100\r\n\r\nabc",
        "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ];
    for head in heads {
        let mut client = server.connect().await;
        client
            .send(format!("POST /size HTTP/1.1\r\nhost: x\r\n{head}"))
            .await;
        let (answer, took) = client.until_closed().await;
        assert!(
            answer.starts_with("HTTP/1.1 408 ") && answer.contains("BODY_TOO_SLOW"),
            "{answer}"
        );
        assert!(closed_in_time(took), "{took:?}");
    }
}

#[tokio::test]
async fn a_body_is_taken_up_to_the_limit_whether_its_length_is_stated_or_not() {
    let server = start(limits(), SHORT).await;
    for (length, status) in [(0, 200), (BODY_MAX, 200), (BODY_MAX + 1, 413)] {
        let body = "x".repeat(length);
        let stated = format!("content-length: {length}\r\n\r\n{body}");
        let half = length / 2;
        let chunks = format!(
            "{half:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
            &body[..half],
            length - half,
            &body[half..]
        );
        let chunked = format!(
            "transfer-encoding: chunked\r\n\r\n{}",
            if length == 0 { "0\r\n\r\n" } else { &chunks }
        );
        for rest in [stated, chunked] {
            let mut client = server.connect().await;
            client
                .send(format!("POST /size HTTP/1.1\r\nhost: x\r\n{rest}"))
                .await;
            let answer = client.answer().await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{length}: {answer}"
            );
            let expected = if status == 200 {
                length.to_string()
            } else {
                "\"BODY_TOO_LARGE\"".to_owned()
            };
            assert!(answer.contains(&expected), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_length_above_the_limit_is_refused_before_a_byte_of_it_comes() {
    let server = start(limits(), SHORT).await;
    let mut client = server.connect().await;
    client
        .send("POST /size HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1000000000\r\n\r\n")
        .await;
    let (answer, _) = client.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(
        answer.contains("content-type: application/problem+json"),
        "{answer}"
    );
}

#[tokio::test]
async fn heads_out_of_bounds_are_refused() {
    let server = start(limits(), SHORT).await;
    let cases = [
        (
            "POST /size HTTP/1.1\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx".to_owned(),
            415,
        ),
        (
            "GET /who HTTP/1.1\r\ncontent-encoding: br\r\n\r\n".to_owned(),
            415,
        ),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "u".repeat(4096)), 414),
        (format!("GET /who HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65)), 431),
        (
            format!("GET /who HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(20_000)),
            431,
        ),
        (format!("GET /who HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(64)), 200),
        (
            "POST /size HTTP/1.1\r\ncontent-encoding: identity\r\ncontent-length: 1\r\n\r\nx".to_owned(),
            200,
        ),
        (
            "POST /size HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx".to_owned(),
            400,
        ),
    ];
    for (request, status) in cases {
        let mut client = server.connect().await;
        client.send(&request).await;
        client.0.shutdown().await.expect("the connection is open");
        let (answer, _) = client.until_closed().await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{}: {answer}",
            &request[..40]
        );
    }
}

#[tokio::test]
async fn bodies_share_one_bound_of_memory() {
    let server = start(
        Limits {
            // a quarter of it is for commands: two blocks
            bodies_bytes: 32 * 1024,
            body_timeout: PATIENCE,
            ..limits()
        },
        SHORT,
    )
    .await;
    let begun = "POST /size HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n1";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut client = server.connect().await;
        client.send(begun).await;
        assert!(client.is_kept_for(SHORT / 3).await);
        held.push(client);
    }
    let mut third = server.connect().await;
    third.send(begun).await;
    let (answer, _) = third.until_closed().await;
    assert!(
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1"),
        "{answer}"
    );
    for mut client in held {
        client.send("2").await;
        assert!(client.answer().await.starts_with("HTTP/1.1 200 "));
    }
    let mut again = server.connect().await;
    again.send(format!("{begun}2")).await;
    assert!(again.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn what_there_is_no_room_for_is_refused_at_once_and_keeps_its_connection() {
    let limits = Limits {
        webhooks_max: 1,
        ..limits()
    };
    let server = start(limits, SHORT).await;
    let (mut busy, mut other) = (server.connect().await, server.connect().await);
    busy.send("GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.waiting.notified().await;
    other.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let refused = other.answer().await.to_lowercase();
    for part in [
        "http/1.1 503 ",
        "\"overloaded\"",
        "retry-after: 1",
        "x-outcome: not-executed",
    ] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
    assert!(!refused.contains("connection: close"), "{refused}");
    // Neither probes nor what signs in later is refused for it, and the refused connection goes on.
    other.send("GET /probe HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(other.answer().await.ends_with("well"));
    other
        .send("POST /size HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc")
        .await;
    assert!(other.answer().await.ends_with('3'));
    server.release.notify_one();
    assert!(busy.answer().await.ends_with("done"));
    other.send("GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(other.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn nobody_waits_for_the_body_of_a_probe() {
    let server = start(limits(), SHORT).await;
    let mut client = server.connect().await;
    client
        .send("GET /probe HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n")
        .await;
    assert!(client.answer().await.ends_with("well"));
}
