//! Frames of HTTP/2: written by hand, read as far as a case needs to know.

use std::net::SocketAddr;
use std::time::Duration;

use super::{End, Reply, Seen, play as play_bytes};
use crate::abuse::case::Script;

/// What a client says first.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Types of frames.
pub mod kind {
    /// Body.
    pub const DATA: u8 = 0;
    /// Head.
    pub const HEADERS: u8 = 1;
    /// Old priorities.
    pub const PRIORITY: u8 = 2;
    /// End of a stream by force.
    pub const RST_STREAM: u8 = 3;
    /// Settings.
    pub const SETTINGS: u8 = 4;
    /// A promise, which only servers may make.
    pub const PUSH_PROMISE: u8 = 5;
    /// Ping.
    pub const PING: u8 = 6;
    /// End of the connection.
    pub const GOAWAY: u8 = 7;
    /// Window update.
    pub const WINDOW_UPDATE: u8 = 8;
    /// More of a head.
    pub const CONTINUATION: u8 = 9;
}

/// Flags of frames.
pub mod flag {
    /// DATA, HEADERS: nothing follows.
    pub const END_STREAM: u8 = 1;
    /// SETTINGS, PING: an answer.
    pub const ACK: u8 = 1;
    /// HEADERS, CONTINUATION: the head is whole.
    pub const END_HEADERS: u8 = 4;
    /// DATA, HEADERS: padded.
    pub const PADDED: u8 = 8;
    /// HEADERS: with a priority.
    pub const PRIORITY: u8 = 32;
}

/// A frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// A frame that lies about its length.
pub fn liar(length: u32, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = frame(kind, flags, stream, payload);
    bytes[..3].copy_from_slice(&length.to_be_bytes()[1..]);
    bytes
}

/// A header block in the plainest coding: every field literal, nothing indexed.
pub fn block(fields: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in fields {
        bytes.push(0);
        text(name, &mut bytes);
        text(value, &mut bytes);
    }
    bytes
}

fn text(text: &[u8], bytes: &mut Vec<u8>) {
    number(text.len(), 7, 0, bytes);
    bytes.extend_from_slice(text);
}

/// An integer of HPACK with a prefix of so many bits.
pub fn number(value: usize, bits: u32, first: u8, bytes: &mut Vec<u8>) {
    let full = (1_usize << bits) - 1;
    let byte = |value: usize| u8::try_from(value).unwrap_or(u8::MAX);
    if value < full {
        bytes.push(first | byte(value));
        return;
    }
    bytes.push(first | byte(full));
    let mut rest = value - full;
    while rest >= 128 {
        bytes.push(byte(rest % 128) | 128);
        rest /= 128;
    }
    bytes.push(byte(rest));
}

/// A plain request head.
pub fn get(path: &str) -> Vec<u8> {
    block(&[
        (b":method", b"GET"),
        (b":scheme", b"http"),
        (b":authority", b"localhost"),
        (b":path", path.as_bytes()),
    ])
}

/// Preface and empty settings.
pub fn hello() -> Vec<u8> {
    let mut bytes = PREFACE.to_vec();
    bytes.extend(frame(kind::SETTINGS, 0, 0, &[]));
    bytes
}

/// Plays a script and reads frames until the connection ends or is quiet.
pub async fn play(address: SocketAddr, script: &Script, patience: Duration) -> Seen {
    let enough = |bytes: &[u8]| parse(bytes).iter().any(|frame| frame.kind == kind::GOAWAY);
    let read = play_bytes(address, script, patience, enough).await;
    let frames = parse(&read.bytes);
    let told: Vec<String> = frames.iter().map(Frame::told).collect();
    let end = if frames.iter().any(|frame| frame.kind == kind::GOAWAY) {
        End::Closed
    } else {
        read.end
    };
    Seen {
        replies: frames.iter().filter_map(Frame::reply).collect(),
        took: read.took,
        note: shortened(&told),
        reset: frames
            .iter()
            .any(|frame| matches!(frame.kind, kind::GOAWAY | kind::RST_STREAM)),
        ..Seen::nothing(end)
    }
}

fn shortened(told: &[String]) -> String {
    match told.len() {
        0..=12 => told.join(" "),
        many => format!(
            "{} … ({many} frames) … {}",
            told[..6].join(" "),
            told[many - 6..].join(" ")
        ),
    }
}

struct Frame<'a> {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: &'a [u8],
}

impl Frame<'_> {
    fn reply(&self) -> Option<Reply> {
        let status = (self.kind == kind::HEADERS).then(|| status(self.payload))??;
        Some(Reply {
            status,
            ..Reply::default()
        })
    }

    fn told(&self) -> String {
        let last = |from: usize| {
            self.payload
                .get(from..from + 4)
                .map_or(0, |code| u32::from(code[3]))
        };
        match self.kind {
            kind::GOAWAY => format!("GOAWAY({})", last(4)),
            kind::RST_STREAM => format!("RST_STREAM[{}]({})", self.stream, last(0)),
            kind::HEADERS => format!("HEADERS[{}]({})", self.stream, status(self.payload).unwrap_or(0)),
            kind => format!("{kind}[{}]/{}", self.stream, self.flags),
        }
    }
}

fn parse(bytes: &[u8]) -> Vec<Frame<'_>> {
    let mut frames = Vec::new();
    let mut rest = bytes;
    while let Some((head, after)) = rest.split_at_checked(9) {
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let Some((payload, after)) = after.split_at_checked(length) else {
            break;
        };
        frames.push(Frame {
            kind: head[3],
            flags: head[4],
            stream: u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]),
            payload,
        });
        rest = after;
    }
    frames
}

/// `:status` of an answer's head when it is its first field, as every server writes it. `None` where it stands
/// in the connection's own table, which is not kept here.
fn status(block: &[u8]) -> Option<u16> {
    let skipped = block.iter().position(|byte| byte & 0xe0 != 0x20)?;
    let block = &block[skipped..];
    let known = [200, 204, 206, 304, 400, 404, 500];
    match block {
        [first @ 0x88..=0x8e, ..] => known.get(usize::from(first - 0x88)).copied(),
        [0x08 | 0x18 | 0x48, length, rest @ ..] => {
            let value = rest.get(..usize::from(length & 0x7f))?;
            if length & 0x80 == 0 {
                return str::from_utf8(value).ok()?.parse().ok();
            }
            digits(value)?.parse().ok()
        }
        _ => None,
    }
}

/// Three digits in Huffman's coding of HPACK: `0`–`2` have five bits, the others six.
fn digits(bytes: &[u8]) -> Option<String> {
    let bit = |at: usize| bytes.get(at / 8).map(|byte| u32::from(byte >> (7 - at % 8) & 1));
    let mut at = 0;
    let mut text = String::new();
    while text.len() < 3 {
        let mut code = 0;
        for _ in 0..5 {
            code = code << 1 | bit(at)?;
            at += 1;
        }
        let digit = if code <= 2 {
            code
        } else {
            code = code << 1 | bit(at)?;
            at += 1;
            code.checked_sub(25)? + 3
        };
        text.push(char::from_digit(digit, 10)?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_its_bytes() {
        let bytes = frame(kind::PING, flag::ACK, 0, b"12345678");
        let frames = parse(&bytes);
        assert_eq!(
            (frames.len(), frames[0].kind, frames[0].payload),
            (1, kind::PING, &b"12345678"[..])
        );
        assert!(parse(&bytes[..bytes.len() - 1]).is_empty());
        assert_eq!(&liar(7, kind::DATA, 0, 1, b"")[..3], [0, 0, 7]);
    }

    #[test]
    fn statuses_are_read_in_all_three_codings() {
        assert_eq!(status(&[0x88]), Some(200));
        assert_eq!(status(&[0x20, 0x8d, 0x00]), Some(404));
        assert_eq!(status(b"\x48\x03415"), Some(415));
        // 302 stands in RFC 7541, C.6.1.
        assert_eq!(status(&[0x48, 0x82, 0x64, 0x02]), Some(302));
    }

    #[test]
    fn integers_agree_with_rfc_7541() {
        let mut bytes = Vec::new();
        number(1337, 5, 0, &mut bytes);
        assert_eq!(bytes, [31, 154, 10]);
        bytes.clear();
        number(10, 5, 0, &mut bytes);
        assert_eq!(bytes, [10]);
    }
}
