//! Where a request ends: lengths, chunks, and requests hidden in others.

use std::time::Duration;

use super::{HOST, broken, raw};
use crate::abuse::case::{Expect, Maker, Script, Send, Step, Want};

pub(super) fn lengths(make: &mut Maker) {
    let post = |fields: &str, body: &str| {
        format!(
            "POST /api/v1/orders:quote HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n{fields}\r\n{body}"
        )
    };
    for value in [
        "-1",
        "+2",
        "2,2",
        "2, 3",
        "0x2",
        "2.0",
        "2e0",
        " ",
        "two",
        "99999999999999999999999",
        "18446744073709551616",
        "\u{968}",
    ] {
        let bytes = post(&format!("Content-Length: {value}\r\n"), "{}");
        let want = Want::StatusOrEnd(vec![400, 401, 413]);
        make.add(
            format!("Content-Length {value:?}"),
            Send::Raw(Script::bytes(bytes)),
            Expect::of(want),
        );
    }
    raw(
        make,
        "two lengths that differ",
        post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "),
        broken(),
    );
    let same = post(
        "Content-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n",
        "{}",
    );
    raw(
        make,
        "two lengths that agree",
        same,
        Want::StatusOrEnd(vec![400, 401]),
    );
    raw(
        make,
        "no length, but a body",
        post("", "{}"),
        Want::StatusOrEnd(vec![400, 401, 411]),
    );
    let short = Script::of(vec![
        Step::Bytes(post("Content-Length: 100\r\n", "{}").into_bytes()),
        Step::Finish,
    ]);
    make.add(
        "body ends early",
        Send::Raw(short),
        Expect::of(Want::StatusOrEnd(vec![400, 408])),
    );
    for declared in ["1073741824", "9223372036854775807", "65537"] {
        let bytes = post(&format!("Content-Length: {declared}\r\n"), "");
        raw(
            make,
            &format!("{declared} bytes are announced"),
            bytes,
            Want::Only(vec![413]),
        );
    }
}

pub(super) fn chunks(make: &mut Maker) {
    let post = |body: &str| {
        format!(
            "POST /api/v1/orders:quote HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n\r\n{body}"
        )
    };
    for (name, body) in [
        ("size is no number", "zz\r\n{}\r\n0\r\n\r\n"),
        ("negative size", "-2\r\n{}\r\n0\r\n\r\n"),
        ("size with 0x", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("empty size", "\r\n{}\r\n0\r\n\r\n"),
        ("size overflows", "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ("no line end after data", "2\r\n{}0\r\n\r\n"),
        ("more data than stated", "1\r\n{}\r\n0\r\n\r\n"),
        ("LF alone after the size", "2\n{}\n0\n\n"),
        ("CR alone after the size", "2\r{}\r0\r\r"),
        ("NUL in the size", "2\0\r\n{}\r\n0\r\n\r\n"),
        (
            "quoted line break in an extension",
            "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n",
        ),
        ("underscore in the size", "1_0\r\n{}\r\n0\r\n\r\n"),
    ] {
        let script = Script::of(vec![Step::Bytes(post(body).into_bytes()), Step::Finish]);
        make.add(
            format!("chunk: {name}"),
            Send::Raw(script),
            Expect::of(Want::StatusOrEnd(vec![400, 401, 408])),
        );
    }
    let extension = format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(100_000));
    raw(
        make,
        "chunk: extension of 100 KB",
        post(&extension),
        Want::StatusOrEnd(vec![400, 413]),
    );
    let trailers: String = (0..2000).map(|n| format!("X-{n}: v\r\n")).collect();
    let flood = post(&format!("2\r\n{{}}\r\n0\r\n{trailers}\r\n"));
    raw(
        make,
        "chunk: 2,000 trailers",
        flood,
        Want::StatusOrEnd(vec![400, 401, 431]),
    );
    let tiny = vec![
        Step::Bytes(post("").into_bytes()),
        Step::Repeat(b"1\r\n \r\n".to_vec(), 70_000, Duration::ZERO),
    ];
    make.add(
        "chunk: 70,000 of one byte",
        Send::Raw(Script::of(tiny)),
        Expect::of(Want::StatusOrEnd(vec![413])),
    );
    let endless = vec![
        Step::Bytes(post("").into_bytes()),
        Step::Repeat(
            [b"10000\r\n".to_vec(), vec![b' '; 65536], b"\r\n".to_vec()].concat(),
            16_384,
            Duration::ZERO,
        ),
    ];
    make.add(
        "chunk: 1 GiB is sent",
        Send::Raw(Script::of(endless)),
        Expect::of(Want::StatusOrEnd(vec![413])),
    );
}

pub(super) fn smuggling(make: &mut Maker) {
    let inner = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let head = format!("POST /api/v1/orders:quote HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n");
    for (name, fields) in [
        (
            "length and chunked",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        ),
        (
            "chunked and length",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        ),
        (
            "length 0 and chunked",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        ),
    ] {
        let bytes = format!("{head}{fields}\r\n0\r\n\r\n{inner}");
        raw(
            make,
            &format!("smuggling: {name}"),
            bytes,
            Want::Only(vec![400, 401]),
        );
    }
    for coding in [
        "xchunked",
        "chunked, identity",
        "identity",
        "gzip",
        "gzip, chunked",
        "chunked, chunked",
        "\"chunked\"",
        "chunked;q=1",
        "CHUNKED\u{b}",
        "\u{b}chunked",
        "identity, chunked",
        "deflate",
    ] {
        let bytes = format!("{head}Transfer-Encoding: {coding}\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{inner}");
        make.add(
            format!("smuggling: coding {coding:?}"),
            Send::Raw(Script::bytes(bytes)),
            Expect::of(Want::StatusOrEnd(vec![400, 401, 415, 501])),
        );
    }
    let two =
        format!("{head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{inner}");
    raw(
        make,
        "smuggling: two codings",
        two,
        Want::StatusOrEnd(vec![400, 401, 501]),
    );
    let blank = format!("{head}Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{inner}");
    raw(make, "smuggling: blank before the colon", blank, broken());
    let old = format!("POST /live HTTP/1.0\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}");
    raw(
        make,
        "smuggling: chunked in HTTP/1.0",
        old,
        Want::StatusOrEnd(vec![400, 405]),
    );
    let get = format!(
        "GET /live HTTP/1.1\r\n{HOST}Content-Length: {}\r\n\r\n{inner}",
        inner.len()
    );
    raw(
        make,
        "smuggling: a read with a body",
        get,
        Want::StatusOrEnd(vec![200, 400]),
    );
}
