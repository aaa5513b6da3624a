//! B1: requests that are no requests, or take for ever.

mod framing;
mod manners;

use super::World;
use crate::abuse::case::{Case, Class, Expect, Maker, Script, Send, Step, Want};

const HOST: &str = "Host: localhost\r\n";

/// All cases of B1.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B1);
    request_lines(&mut make);
    header_fields(&mut make);
    header_floods(&mut make);
    framing::lengths(&mut make);
    framing::chunks(&mut make);
    framing::smuggling(&mut make);
    manners::targets(&mut make, world);
    manners::methods(&mut make);
    manners::expectations(&mut make, world);
    manners::pipelines(&mut make);
    manners::slow_ones(&mut make);
    manners::crowds(&mut make);
    make.done()
}

fn raw(make: &mut Maker, name: &str, bytes: impl Into<Vec<u8>>, want: Want) {
    make.add(name, Send::Raw(Script::bytes(bytes)), Expect::of(want));
}

/// 400, or closed without an answer: what a server may do with something that is no request.
fn broken() -> Want {
    Want::StatusOrEnd(vec![400, 405, 414, 431, 501, 505])
}

fn request_lines(make: &mut Maker) {
    for line in [
        "",
        " ",
        "\0",
        "GET",
        "GET ",
        "GET /live",
        "GET /live ",
        "GET /live HTTP/",
        "GET /live HTTP/1",
        "GET /live HTTP/1.",
        "GET /live HTTP/1.9.9",
        "GET /live HTTP/2.0",
        "GET /live HTTP/3",
        "GET /live http/1.1",
        "GET /live HTTP/1.1 x",
        "GET  /live HTTP/1.1",
        "GET\t/live HTTP/1.1",
        " GET /live HTTP/1.1",
        "GET /live\tHTTP/1.1",
        "G\0T /live HTTP/1.1",
        "GE\u{e9}T /live HTTP/1.1",
        "GET /li ve HTTP/1.1",
        "GET \\live HTTP/1.1",
        "GET live HTTP/1.1",
        "SSH-2.0-OpenSSH_9.2",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}",
        "EHLO example.org",
        "*1\r\n$4\r\nPING",
        "{\"a\":1}",
        "<?xml version=\"1.0\"?>",
    ] {
        let want = Want::StatusOrEnd(vec![400, 404, 405, 414, 431, 501, 505]);
        let bytes = format!("{line}\r\n{HOST}\r\n");
        make.add(
            format!("request line {line:?}"),
            Send::Raw(Script::of(vec![Step::Bytes(bytes.into_bytes()), Step::Finish])),
            Expect::of(want),
        );
    }
}

fn header_fields(make: &mut Maker) {
    for (name, field) in [
        ("no colon", "Nonsense"),
        ("no name", ": x"),
        ("blank before the colon", "X-A : x"),
        ("tab before the colon", "X-A\t: x"),
        ("NUL in a value", "X-A: a\0b"),
        ("NUL in a name", "X\0A: b"),
        ("bare CR in a value", "X-A: a\rb"),
        ("bell in a value", "X-A: a\u{7}b"),
        ("DEL in a value", "X-A: a\u{7f}b"),
        ("escape sequence in a value", "X-A: \u{1b}[2J"),
        ("bracket in a name", "X[A]: b"),
        ("non-ASCII name", "X-\u{e4}: b"),
        ("folded line", "X-A: a\r\n b"),
        ("folded with a tab", "X-A: a\r\n\tb"),
        ("first field folded", " folded"),
        ("slash in a name", "X/A: b"),
        ("at sign in a name", "X@A: b"),
    ] {
        let bytes = format!("GET /live HTTP/1.1\r\n{HOST}{field}\r\n\r\n");
        raw(make, &format!("field: {name}"), bytes, broken());
    }
    // Odd but harmless: may be served, must not be misread.
    for (name, field) in [
        (
            "non-ASCII value",
            "X-A: \u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}",
        ),
        ("empty value", "X-A:"),
        ("blanks around the value", "X-A:   \t x \t "),
        ("very long name", &"x".repeat(4000)),
        (
            "request id with a line break in hexadecimal",
            "X-Request-Id: a%0d%0aSet-Cookie:x",
        ),
        ("request id with quotes", "X-Request-Id: \"}{\""),
        ("two request ids", "X-Request-Id: a\r\nX-Request-Id: b"),
        ("broken traceparent", "traceparent: 00-zz-zz-01"),
        (
            "all-zero traceparent",
            "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
        ),
        (
            "forwarded for garbage",
            "X-Forwarded-For: ;drop table,,,,,999.999.1.1",
        ),
    ] {
        let field = if field.contains(':') {
            field.to_owned()
        } else {
            format!("{field}: v")
        };
        let bytes = format!("GET /live HTTP/1.1\r\n{HOST}{field}\r\nConnection: close\r\n\r\n");
        raw(
            make,
            &format!("odd field: {name}"),
            bytes,
            Want::Status(vec![200]),
        );
    }
    raw(
        make,
        "no Host",
        "GET /live HTTP/1.1\r\n\r\n",
        Want::StatusOrEnd(vec![200, 400]),
    );
    raw(
        make,
        "two Hosts",
        "GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        Want::StatusOrEnd(vec![200, 400]),
    );
    raw(
        make,
        "lines end with LF",
        "GET /live HTTP/1.1\nHost: a\n\n",
        Want::StatusOrEnd(vec![200, 400]),
    );
    raw(
        make,
        "HTTP/1.0",
        "GET /live HTTP/1.0\r\n\r\n",
        Want::Only(vec![200]),
    );
}

fn header_floods(make: &mut Maker) {
    for count in [65, 101, 200, 1000, 10_000] {
        let fields: String = (0..count).map(|n| format!("X-{n}: v\r\n")).collect();
        let bytes = format!("GET /live HTTP/1.1\r\n{HOST}{fields}\r\n");
        raw(
            make,
            &format!("{count} fields"),
            bytes,
            Want::StatusOrEnd(vec![400, 431]),
        );
    }
    for count in [65, 200] {
        let fields = "X-Same: v\r\n".repeat(count);
        let bytes = format!("GET /live HTTP/1.1\r\n{HOST}{fields}\r\n");
        raw(
            make,
            &format!("{count} fields of one name"),
            bytes,
            Want::StatusOrEnd(vec![400, 431]),
        );
    }
    for (length, name) in [
        (17, "17 KiB"),
        (64, "64 KiB"),
        (1024, "1 MiB"),
        (8 * 1024, "8 MiB"),
    ] {
        let bytes = format!(
            "GET /live HTTP/1.1\r\n{HOST}X-Long: {}\r\n\r\n",
            "v".repeat(length * 1024)
        );
        raw(
            make,
            &format!("a field of {name}"),
            bytes,
            Want::StatusOrEnd(vec![400, 431]),
        );
        let bytes = format!(
            "GET /live HTTP/1.1\r\n{HOST}{}: v\r\n\r\n",
            "n".repeat(length * 1024)
        );
        raw(
            make,
            &format!("a name of {name}"),
            bytes,
            Want::StatusOrEnd(vec![400, 431]),
        );
        let bytes = format!("GET /{} HTTP/1.1\r\n{HOST}\r\n", "a".repeat(length * 1024));
        raw(
            make,
            &format!("an address of {name}"),
            bytes,
            Want::StatusOrEnd(vec![400, 414, 431]),
        );
        let bytes = format!("GET /live?{} HTTP/1.1\r\n{HOST}\r\n", "a=b&".repeat(length * 256));
        raw(
            make,
            &format!("a query of {name}"),
            bytes,
            Want::StatusOrEnd(vec![400, 414, 431]),
        );
    }
    let bytes = format!("{} /live HTTP/1.1\r\n{HOST}\r\n", "M".repeat(20_000));
    raw(make, "a method of 20,000 letters", bytes, broken());
    let bytes = format!(
        "GET /{} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",
        "a".repeat(4097)
    );
    raw(make, "an address of 4,097 bytes", bytes, Want::Status(vec![414]));
}
