//! Whole requests with bad manners: odd targets and methods, pipelines, slowness, crowds.

use std::time::Duration;

use super::{HOST, raw};
use crate::abuse::case::{Expect, Maker, Script, Send, Step, Want};
use crate::abuse::cases::World;

/// The head of a body that does not come.
const HALF: &str = "POST /webhooks/meta HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Content-Length: 4000000\r\n\r\n";

pub(super) fn targets(make: &mut Maker, world: &World) {
    for target in [
        "http://example.com/live",
        "https://localhost/live",
        "ftp://localhost/live",
        "http://user:pass@localhost/live",
        "http://169.254.169.254/latest/meta-data",
        "//example.com/live",
        "/live#fragment",
        "/./live",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/live/..%2f..%2f",
        "/%00",
        "/%ff%fe",
        "/live%0d%0aX-A:%20b",
        "/live?%00",
        "/%zz",
        "*",
        "/api/v1//orders",
        "/api/v1/orders/",
        "/API/V1/ORDERS",
        "/api/v1/orders;jsessionid=1",
        "/.git/config",
        "/.env",
        "/server-status",
        "/actuator/env",
        "/debug/pprof",
        "/docs/reasons/../../../etc/passwd",
        "/docs/reasons/%2e%2e%2fx",
        "/api/v1/orders/%252e%252e",
        "/\u{928}",
    ] {
        let bytes = format!(
            "GET {target} HTTP/1.1\r\n{HOST}Authorization: Bearer {}\r\nConnection: close\r\n\r\n",
            world.owner
        );
        let want = Want::StatusOrEnd(vec![200, 307, 308, 400, 404]);
        make.add(
            format!("target {target:?}"),
            Send::Raw(Script::bytes(bytes)),
            Expect::of(want),
        );
    }
}

pub(super) fn methods(make: &mut Maker) {
    for (method, target) in [
        ("TRACE", "/live"),
        ("TRACE", "/api/v1/orders"),
        ("CONNECT", "example.com:443"),
        ("CONNECT", "/live"),
        ("OPTIONS", "*"),
        ("PUT", "/live"),
        ("PATCH", "/api/v1/orders"),
        ("DELETE", "/api/v1/orders"),
        ("PROPFIND", "/"),
        ("PURGE", "/live"),
        ("get", "/live"),
        ("POST", "/live"),
        ("POST", "/metrics"),
        ("QUERY", "/api/v1/orders"),
        ("DEBUG", "/"),
        ("PRI", "*"),
    ] {
        let bytes =
            format!("{method} {target} HTTP/1.1\r\n{HOST}Content-Length: 0\r\nConnection: close\r\n\r\n");
        let want = Want::StatusOrEnd(vec![400, 401, 404, 405, 501]);
        let want = if method == "OPTIONS" {
            Want::StatusOrEnd(vec![200, 204, 400, 404, 405])
        } else {
            want
        };
        make.add(
            format!("{method} {target}"),
            Send::Raw(Script::bytes(bytes)),
            Expect::of(want),
        );
    }
}

pub(super) fn expectations(make: &mut Maker, world: &World) {
    for value in ["100-continue", "200-ok", "100-continue, x", ""] {
        let bytes = format!(
            "POST /api/v1/orders:quote HTTP/1.1\r\n{HOST}Expect: {value}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}",
            world.owner
        );
        raw(
            make,
            &format!("Expect {value:?}"),
            bytes,
            Want::StatusOrEnd(vec![400, 417]),
        );
    }
    let giant = format!(
        "POST /webhooks/meta HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Type: application/json\r\n\
         Content-Length: 1073741824\r\n\r\n"
    );
    raw(
        make,
        "Expect before a body of 1 GiB",
        giant,
        Want::StatusOrEnd(vec![413, 417]),
    );
    for upgrade in ["websocket", "h2c", "TLS/1.0"] {
        let bytes = format!(
            "GET /live HTTP/1.1\r\n{HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: {upgrade}\r\n\
             HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        raw(
            make,
            &format!("Upgrade to {upgrade}"),
            bytes,
            Want::StatusOrEnd(vec![200, 400, 426]),
        );
    }
}

pub(super) fn pipelines(make: &mut Maker) {
    let live = format!("GET /live HTTP/1.1\r\n{HOST}\r\n");
    let last = format!("GET /live HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n");
    for count in [2, 50, 1000] {
        let bytes = format!("{}{last}", live.repeat(count - 1));
        let want = Want::Each(vec![vec![200]; count]);
        make.add(
            format!("{count} requests at once"),
            Send::Raw(Script::bytes(bytes)),
            Expect::of(want),
        );
    }
    let mixed = format!("{live}GET /nothing HTTP/1.1\r\n{HOST}\r\nDELETE /live HTTP/1.1\r\n{HOST}\r\n{last}");
    raw(
        make,
        "a pipeline of good and bad",
        mixed,
        Want::Each(vec![vec![200], vec![401, 404], vec![405], vec![200]]),
    );
    let broken_second = format!("{live}NONSENSE\r\n\r\n{last}");
    raw(
        make,
        "a pipeline with nonsense inside",
        broken_second,
        Want::Each(vec![vec![200], vec![400]]),
    );
    let deaf = Script::of(vec![
        Step::Bytes(
            "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
                .repeat(300)
                .into_bytes(),
        ),
        Step::Deaf(Duration::from_secs(3)),
    ]);
    let expect = Expect::of(Want::StatusOrEnd(vec![200])).within(20);
    make.add(
        "300 long answers that nobody reads for 3 s",
        Send::Raw(deaf),
        expect,
    );
    let prefix = format!("\r\n\r\n\r\n{last}");
    raw(
        make,
        "empty lines before a request",
        prefix,
        Want::StatusOrEnd(vec![200, 400]),
    );
}

pub(super) fn slow_ones(make: &mut Maker) {
    let head = format!("GET /live HTTP/1.1\r\n{HOST}");
    let drop_by_drop = |bytes: &str, pause: u64| {
        let steps = bytes
            .bytes()
            .map(|b| Step::Repeat(vec![b], 1, Duration::from_millis(pause)));
        Send::Raw(Script::of(steps.collect()).patient(Duration::from_secs(15)))
    };
    let silent = |steps: Vec<Step>| Send::Raw(Script::of(steps).patient(Duration::from_secs(15)));
    let closed = Expect::of(Want::StatusOrEnd(vec![400, 408])).within(8);
    make.add(
        "slow: nothing is ever sent",
        silent(vec![Step::Wait(Duration::ZERO)]),
        closed.clone(),
    );
    make.add(
        "slow: one letter",
        silent(vec![Step::Bytes(b"G".to_vec())]),
        closed.clone(),
    );
    make.add(
        "slow: half a head",
        silent(vec![Step::Bytes(head.clone().into_bytes())]),
        closed.clone(),
    );
    make.add(
        "slow: half of the preface of HTTP/2",
        silent(vec![Step::Bytes(b"PRI * HTTP/2.0\r\n".to_vec())]),
        closed.clone(),
    );
    make.add(
        "slow: a head letter by letter",
        drop_by_drop(&head.repeat(4), 100),
        closed.clone(),
    );
    let fields = Step::Repeat(b"X-A: b\r\n".to_vec(), 60, Duration::from_millis(200));
    make.add(
        "slow: a head field by field",
        silent(vec![Step::Bytes(head.clone().into_bytes()), fields]),
        closed.clone(),
    );
    let second = format!("{head}\r\n{head}");
    make.add(
        "slow: half a head after a good request",
        silent(vec![Step::Bytes(second.into_bytes())]),
        Expect::of(Want::StatusOrEnd(vec![200, 408])).within(8),
    );
    for (path, kind) in [
        ("/webhooks/meta", "application/json"),
        ("/webhooks/twilio", "application/x-www-form-urlencoded"),
        ("/api/v1/orders:quote", "application/json"),
        ("/api/v1/simulator/messages", "application/json"),
    ] {
        let post =
            format!("POST {path} HTTP/1.1\r\n{HOST}Content-Type: {kind}\r\nContent-Length: 1000\r\n\r\n");
        let expect = Expect::of(Want::StatusOrEnd(vec![408])).within(13);
        make.add(
            format!("slow: no body at {path}"),
            silent(vec![Step::Bytes(post.clone().into_bytes())]),
            expect.clone(),
        );
        let drops = Step::Repeat(b"x".to_vec(), 140, Duration::from_millis(100));
        make.add(
            format!("slow: a body byte by byte at {path}"),
            silent(vec![Step::Bytes(post.into_bytes()), drops]),
            expect,
        );
    }
}

pub(super) fn crowds(make: &mut Maker) {
    // More than the per-address limit of this part of the run: the rest is closed, nobody else suffers.
    let idle = Script::of(vec![Step::Wait(Duration::from_secs(3))]).patient(Duration::from_secs(1));
    make.add(
        "600 idle connections",
        Send::Crowd(idle, 600),
        Expect::of(Want::ClosedAtLeast(150)).within(12),
    );
    let half = Script::of(vec![
        Step::Bytes(HALF.as_bytes().to_vec()),
        Step::Bytes(vec![b' '; 300_000]),
    ])
    .patient(Duration::from_secs(12));
    make.add(
        "300 bodies of 4 MB that stop after 300 kB",
        Send::Crowd(half, 300),
        Expect::of(Want::Status(vec![408, 503])).within(13),
    );
}
