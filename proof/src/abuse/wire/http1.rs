//! Answers of HTTP/1.1 from bytes.

use std::net::SocketAddr;
use std::time::Duration;

use super::{Reply, Seen, play as play_bytes};
use crate::abuse::case::Script;

/// Plays a script and reads answers. With `method` exactly one answer is waited for, else as many as come.
pub async fn play(address: SocketAddr, script: &Script, patience: Duration, method: Option<&str>) -> Seen {
    let head = method == Some("HEAD");
    let enough = |bytes: &[u8]| method.is_some() && !parse(bytes, head, false).0.is_empty();
    let read = play_bytes(address, script, patience, enough).await;
    let closed = read.end == super::End::Closed;
    let (replies, rest) = parse(&read.bytes, head, closed);
    let note = match rest {
        0 => String::new(),
        rest => {
            let from = read.bytes.len() - rest;
            let start = String::from_utf8_lossy(&read.bytes[from..])
                .chars()
                .take(200)
                .collect::<String>();
            format!("{rest} bytes that are no whole answer: {start:?}")
        }
    };
    Seen {
        replies,
        took: read.took,
        note,
        ..Seen::nothing(read.end)
    }
}

/// All whole answers, and how many bytes are left over. Interim answers (1xx) are skipped.
pub fn parse(bytes: &[u8], head: bool, closed: bool) -> (Vec<Reply>, usize) {
    let mut replies = Vec::new();
    let mut rest = bytes;
    while let Some((reply, length)) = one(rest, head, closed) {
        rest = &rest[length..];
        if reply.status >= 200 {
            replies.push(reply);
        }
        if length == 0 {
            break;
        }
    }
    (replies, rest.len())
}

fn one(bytes: &[u8], head: bool, closed: bool) -> Option<(Reply, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = text.split("\r\n");
    let status = lines
        .next()?
        .strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut reply = Reply {
        status,
        headers,
        ..Reply::default()
    };
    let start = end + 4;
    if head || status < 200 || status == 204 || status == 304 {
        return Some((reply, start));
    }
    let chunked = reply
        .header("transfer-encoding")
        .is_some_and(|value| value.contains("chunked"));
    let length = reply
        .header("content-length")
        .and_then(|value| value.parse::<usize>().ok());
    let length = if chunked {
        let (body, length) = chunks(&bytes[start..])?;
        reply.body = body;
        length
    } else if let Some(length) = length {
        reply.body = bytes.get(start..start + length)?.to_vec();
        length
    } else if closed {
        reply.body = bytes[start..].to_vec();
        reply.body.len()
    } else {
        return None;
    };
    Some((reply, start + length))
}

/// A chunked body, when it is whole, and how long it was on the wire.
fn chunks(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let line = bytes[at..].windows(2).position(|two| two == b"\r\n")?;
        let size = str::from_utf8(&bytes[at..at + line])
            .ok()?
            .split(';')
            .next()?
            .trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        at += line + 2;
        if size == 0 {
            // Nobody here sends trailers.
            return bytes.get(at..at + 2).map(|_| (body, at + 2));
        }
        body.extend_from_slice(bytes.get(at..at + size)?);
        at += size + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_answers_in_a_row_are_told_apart() {
        let bytes = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi\
            HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 2";
        let (replies, rest) = parse(bytes, false, false);
        let seen: Vec<_> = replies
            .iter()
            .map(|reply| (reply.status, reply.body.as_slice()))
            .collect();
        assert_eq!(seen, [(200, &b"hi"[..]), (404, b"abc")]);
        assert_eq!(rest, 10);
    }

    #[test]
    fn half_an_answer_is_none() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"[..],
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            b"SSH-2.0\r\n\r\n",
        ] {
            assert!(parse(bytes, false, false).0.is_empty());
        }
        assert_eq!(
            parse(b"HTTP/1.1 200 OK\r\n\r\nabc", false, true).0[0].body,
            b"abc"
        );
    }
}
