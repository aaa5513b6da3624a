//! B2: frames that no client would send, to the gateway and to the gRPC port.

use std::time::Duration;

use crate::abuse::case::{Case, Class, Expect, Maker, Port, Script, Send, Step, Want};
use crate::abuse::wire::frames::{PREFACE, block, flag, frame, get, hello, kind, liar, number};

const WHOLE: u8 = flag::END_HEADERS | flag::END_STREAM;

/// All cases of B2.
pub fn cases() -> Vec<Case> {
    let mut make = Maker::new(Class::B2);
    for port in [Port::Gateway, Port::Grpc] {
        let mut at = At {
            make: &mut make,
            port,
        };
        prefaces(&mut at);
        settings(&mut at);
        wrong_streams(&mut at);
        wrong_lengths(&mut at);
        heads(&mut at);
        compression(&mut at);
        floods(&mut at);
        stalls(&mut at);
    }
    make.done()
}

struct At<'a> {
    make: &'a mut Maker,
    port: Port,
}

impl At<'_> {
    fn add(&mut self, name: &str, script: Script, expect: Expect) {
        let name = format!("{:?}: {name}", self.port);
        self.make.add(name, Send::Frames(self.port, script), expect);
    }

    /// After a good start.
    fn after_hello(&mut self, name: &str, frames: Vec<u8>, want: Want) {
        let bytes = [hello(), frames].concat();
        self.add(
            name,
            Script::bytes(bytes).patient(Duration::from_millis(800)),
            Expect::of(want),
        );
    }

    /// One request with these fields.
    fn request(&mut self, name: &str, fields: &[(&[u8], &[u8])], want: Want) {
        self.after_hello(name, frame(kind::HEADERS, WHOLE, 1, &block(fields)), want);
    }
}

fn prefaces(at: &mut At<'_>) {
    let wait = Duration::from_secs(12);
    for (name, bytes) in [
        ("a damaged preface", b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n".to_vec()),
        (
            "preface, then HTTP/1",
            [PREFACE, b"GET / HTTP/1.1\r\n\r\n"].concat(),
        ),
        ("preface twice", [PREFACE, PREFACE].concat()),
        (
            "a request before settings",
            [PREFACE.to_vec(), frame(kind::HEADERS, WHOLE, 1, &get("/"))].concat(),
        ),
        (
            "ping before settings",
            [PREFACE.to_vec(), frame(kind::PING, 0, 0, &[0; 8])].concat(),
        ),
    ] {
        // That settings come first is a rule whose breach harms nobody; libraries let it pass.
        let want = if name.ends_with("before settings") {
            Want::Survive
        } else {
            Want::Refusal
        };
        let patience = if want == Want::Survive {
            Duration::from_millis(500)
        } else {
            wait
        };
        at.add(name, Script::bytes(bytes).patient(patience), Expect::of(want));
    }
    let nothing = Script::bytes(PREFACE).patient(wait);
    at.add(
        "preface and silence",
        nothing,
        Expect::of(Want::Survive).within(14),
    );
}

fn settings(at: &mut At<'_>) {
    let setting = |id: u16, value: u32| [id.to_be_bytes().to_vec(), value.to_be_bytes().to_vec()].concat();
    for (name, frames) in [
        ("settings on a stream", frame(kind::SETTINGS, 0, 1, &[])),
        ("settings of five bytes", frame(kind::SETTINGS, 0, 0, &[0; 5])),
        (
            "an answer to settings with a payload",
            frame(kind::SETTINGS, flag::ACK, 0, &[0; 6]),
        ),
        (
            "a window of 2^31",
            frame(kind::SETTINGS, 0, 0, &setting(4, 1 << 31)),
        ),
        ("a frame size of 1", frame(kind::SETTINGS, 0, 0, &setting(5, 1))),
        (
            "a frame size of 2^24",
            frame(kind::SETTINGS, 0, 0, &setting(5, 1 << 24)),
        ),
        ("push of 2", frame(kind::SETTINGS, 0, 0, &setting(2, 2))),
    ] {
        at.after_hello(name, frames, Want::End);
    }
    let odd = [
        setting(0x0a0a, 7),
        setting(1, u32::MAX),
        setting(6, 0),
        setting(3, 0),
    ]
    .concat();
    at.after_hello(
        "unknown and extreme settings",
        frame(kind::SETTINGS, 0, 0, &odd),
        Want::Survive,
    );
    let many = setting(1, 4096).repeat(2000);
    at.after_hello(
        "2,000 settings in one frame",
        frame(kind::SETTINGS, 0, 0, &many),
        Want::Survive,
    );
}

fn wrong_streams(at: &mut At<'_>) {
    let head = frame(kind::HEADERS, WHOLE, 1, &get("/live"));
    for (name, frames) in [
        ("data on stream 0", frame(kind::DATA, 0, 0, b"x")),
        ("data on an idle stream", frame(kind::DATA, 0, 7, b"x")),
        ("head on stream 0", frame(kind::HEADERS, WHOLE, 0, &get("/"))),
        (
            "head on an even stream",
            frame(kind::HEADERS, WHOLE, 2, &get("/")),
        ),
        (
            "a smaller stream after a larger one",
            [
                frame(kind::HEADERS, WHOLE, 9, &get("/live")),
                frame(kind::HEADERS, WHOLE, 3, &get("/live")),
            ]
            .concat(),
        ),
        ("reset of stream 0", frame(kind::RST_STREAM, 0, 0, &[0; 4])),
        ("reset of an idle stream", frame(kind::RST_STREAM, 0, 5, &[0; 4])),
        (
            "window update of an idle stream",
            frame(kind::WINDOW_UPDATE, 0, 5, &[0, 0, 0, 1]),
        ),
        ("ping on a stream", frame(kind::PING, 0, 1, &[0; 8])),
        ("goaway on a stream", frame(kind::GOAWAY, 0, 1, &[0; 8])),
        (
            "a promise of a client",
            frame(kind::PUSH_PROMISE, flag::END_HEADERS, 1, &[0, 0, 0, 2]),
        ),
        (
            "continuation out of nowhere",
            frame(kind::CONTINUATION, flag::END_HEADERS, 1, &[]),
        ),
        (
            "continuation of another stream",
            [
                frame(kind::HEADERS, 0, 1, &get("/")),
                frame(kind::CONTINUATION, flag::END_HEADERS, 3, &[]),
            ]
            .concat(),
        ),
        (
            "ping inside a head",
            [
                frame(kind::HEADERS, 0, 1, &get("/")),
                frame(kind::PING, 0, 0, &[0; 8]),
            ]
            .concat(),
        ),
    ] {
        at.after_hello(name, frames, Want::End);
    }
    let late = [head.clone(), frame(kind::DATA, 0, 1, b"late")].concat();
    at.after_hello("data after the end of a stream", late, Want::Survive);
    let twice = [head.clone(), head].concat();
    at.after_hello("the same stream twice", twice, Want::Survive);
}

fn wrong_lengths(at: &mut At<'_>) {
    for (name, frames) in [
        ("ping of 7 bytes", frame(kind::PING, 0, 0, &[0; 7])),
        ("reset of 3 bytes", frame(kind::RST_STREAM, 0, 1, &[0; 3])),
        (
            "window update of 3 bytes",
            frame(kind::WINDOW_UPDATE, 0, 0, &[0; 3]),
        ),
        ("window update of 0", frame(kind::WINDOW_UPDATE, 0, 0, &[0; 4])),
        (
            "a window beyond 2^31",
            frame(kind::WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]),
        ),
        ("goaway of 4 bytes", frame(kind::GOAWAY, 0, 0, &[0; 4])),
        (
            "a frame of 16 MiB is announced",
            liar(0x00ff_ffff, kind::DATA, 0, 1, &[0; 100]),
        ),
        (
            "padding longer than the frame",
            frame(kind::HEADERS, WHOLE | flag::PADDED, 1, &[200, 0x82]),
        ),
        (
            "an empty head with priority",
            frame(kind::HEADERS, WHOLE | flag::PRIORITY, 1, &[0; 3]),
        ),
        (
            "a stream that depends on itself",
            frame(kind::HEADERS, WHOLE | flag::PRIORITY, 1, &[0, 0, 0, 1, 0]),
        ),
    ] {
        let want = if name.contains("itself") {
            Want::Survive
        } else {
            Want::Refusal
        };
        at.after_hello(name, frames, want);
    }
    let unknown = frame(0xee, 0xff, 77, &[1; 100]);
    at.after_hello("an unknown type of frame", unknown, Want::Survive);
}

fn heads(at: &mut At<'_>) {
    let usual: [(&[u8], &[u8]); 4] = [
        (b":method", b"GET"),
        (b":scheme", b"http"),
        (b":authority", b"localhost"),
        (b":path", b"/live"),
    ];
    let with = |extra: (&'static [u8], &'static [u8])| [usual.as_slice(), &[extra]].concat();
    for (name, field) in [
        ("a name of length 0", (&b""[..], &b"x"[..])),
        ("CR LF in a value", (b"x-a", b"a\r\nset-cookie: b")),
        ("LF in a value", (b"x-a", b"a\nb")),
        ("NUL in a value", (b"x-a", b"a\0b")),
        ("upper case in a name", (b"X-A", b"b")),
        ("a blank in a name", (b"x a", b"b")),
        ("a colon in a name", (b"x:a", b"b")),
        ("CR LF in a name", (b"x-a\r\nb", b"b")),
        ("Connection", (b"connection", b"close")),
        ("Transfer-Encoding", (b"transfer-encoding", b"chunked")),
        ("an unknown pseudo-field", (b":evil", b"1")),
        ("a pseudo-field after a field", (b":path", b"/other")),
        ("a status in a request", (b":status", b"200")),
        ("a length that is not kept", (b"content-length", b"17")),
    ] {
        at.request(&format!("head: {name}"), &with(field), Want::Refusal);
    }
    for (name, left_out) in [("no method", 0), ("no scheme", 1), ("no path", 3)] {
        let fields: Vec<_> = (0..4).filter(|n| *n != left_out).map(|n| usual[n]).collect();
        at.request(&format!("head: {name}"), &fields, Want::Refusal);
    }
    for path in [
        "",
        "live",
        "http://example.com/live",
        "/live\0",
        "/li ve",
        "/../../etc/passwd",
        "/%00",
    ] {
        let fields = [usual[0], usual[1], usual[2], (b":path", path.as_bytes())];
        let want = if path.contains("..") || path == "/%00" || path.starts_with("http") {
            Want::Survive
        } else {
            Want::Refusal
        };
        at.request(&format!("head: path {path:?}"), &fields, want);
    }
    let many: Vec<(Vec<u8>, Vec<u8>)> = (0..3000)
        .map(|n| (format!("x-{n}").into_bytes(), b"v".to_vec()))
        .collect();
    let fields: Vec<(&[u8], &[u8])> = many
        .iter()
        .map(|(name, value)| (name.as_slice(), value.as_slice()))
        .collect();
    at.request(
        "head: 3,000 fields",
        &[usual.as_slice(), &fields].concat(),
        Want::Refusal,
    );
    let connect: [(&[u8], &[u8]); 2] = [(b":method", b"CONNECT"), (b":authority", b"example.com:443")];
    // gRPC refuses in its own words, under status 200.
    let want = if at.port == Port::Grpc {
        Want::Survive
    } else {
        Want::Refusal
    };
    at.request("head: CONNECT", &connect, want);
}

fn compression(at: &mut At<'_>) {
    let head = |block: &[u8]| frame(kind::HEADERS, WHOLE, 1, block);
    let mut huge_length = vec![0x00, 0x01, b'a'];
    number(0x7fff_ffff, 7, 0, &mut huge_length);
    for (name, bytes) in [
        ("index 0", vec![0x80]),
        ("an index out of the table", vec![0xff, 0x80, 0x01]),
        ("an integer without end", vec![0xff; 64]),
        ("a value longer than the block", huge_length),
        (
            "bad Huffman code",
            vec![0x00, 0x81, 0x00, 0x84, 0xff, 0xff, 0xff, 0xff],
        ),
        ("a table larger than agreed", vec![0x3f, 0xe1, 0xff, 0x7f]),
        (
            "a table change after a field",
            [get("/live"), vec![0x20]].concat(),
        ),
    ] {
        at.after_hello(&format!("compression: {name}"), head(&bytes), Want::End);
    }
    // A long value is stored once and then named again and again: 4 kB each time for one byte.
    let mut bomb = get("/live");
    bomb.extend([0x40, 0x01, b'a']);
    number(3900, 7, 0, &mut bomb);
    bomb.extend(vec![b'v'; 3900]);
    bomb.extend(vec![0xbe; 12_000]);
    let mut frames = Vec::new();
    for (n, part) in bomb.chunks(16_000).enumerate() {
        let last = (n + 1) * 16_000 >= bomb.len();
        let flags = if last { flag::END_HEADERS } else { 0 };
        match n {
            0 => frames.extend(frame(kind::HEADERS, flags | flag::END_STREAM, 1, part)),
            _ => frames.extend(frame(kind::CONTINUATION, flags, 1, part)),
        }
    }
    at.after_hello("compression: a bomb of 47 MB in 16 kB", frames, Want::Refusal);
}

fn floods(at: &mut At<'_>) {
    let quiet = Duration::from_millis(800);
    let flood = |once: Vec<u8>, times: usize| {
        Script::of(vec![
            Step::Bytes(hello()),
            Step::Repeat(once, times, Duration::ZERO),
        ])
        .patient(quiet)
    };
    let expect = |want| Expect::of(want).within(20);
    // 100,000 streams, each opened and reset at once.
    let mut resets = Vec::new();
    for stream in (1..2000_u32).step_by(2) {
        resets.extend(frame(kind::HEADERS, WHOLE, stream, &get("/live")));
        resets.extend(frame(kind::RST_STREAM, 0, stream, &[0, 0, 0, 8]));
    }
    at.add(
        "flood: 1,000 streams are opened and reset",
        flood(resets, 1),
        expect(Want::End),
    );
    let storm: Vec<Step> = (0..100_u32)
        .map(|round| {
            let stream = |n: u32| 2 * (round * 1000 + n) + 1;
            let pair = |n| {
                let opened = frame(kind::HEADERS, WHOLE, stream(n), &get("/health"));
                [opened, frame(kind::RST_STREAM, 0, stream(n), &[0, 0, 0, 8])].concat()
            };
            Step::Bytes((0..1000).flat_map(pair).collect())
        })
        .collect();
    let storm = [vec![Step::Bytes(hello())], storm].concat();
    at.add(
        "flood: 100,000 streams are opened and reset",
        Script::of(storm).patient(quiet),
        expect(Want::End),
    );
    let body = block(&[
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":authority", b"a"),
        (b":path", b"/webhooks/meta"),
    ]);
    let open = frame(kind::HEADERS, flag::END_HEADERS, 1, &body);
    let continued = vec![
        Step::Bytes([hello(), frame(kind::HEADERS, 0, 1, &get("/"))].concat()),
        Step::Repeat(
            frame(kind::CONTINUATION, 0, 1, &block(&[(b"x-a", &[b'v'; 1000])])),
            50_000,
            Duration::ZERO,
        ),
    ];
    at.add(
        "flood: 50 MB of CONTINUATION",
        Script::of(continued).patient(quiet),
        expect(Want::End),
    );
    let empty = vec![
        Step::Bytes([hello(), frame(kind::HEADERS, 0, 1, &get("/"))].concat()),
        Step::Repeat(frame(kind::CONTINUATION, 0, 1, &[]), 200_000, Duration::ZERO),
    ];
    at.add(
        "flood: 200,000 empty CONTINUATION",
        Script::of(empty).patient(quiet),
        expect(Want::End),
    );
    for (name, once, times) in [
        ("200,000 settings", frame(kind::SETTINGS, 0, 0, &[]), 200_000),
        ("200,000 pings", frame(kind::PING, 0, 0, &[7; 8]), 200_000),
        (
            "200,000 answers to pings",
            frame(kind::PING, flag::ACK, 0, &[7; 8]),
            200_000,
        ),
        (
            "200,000 priorities",
            frame(kind::PRIORITY, 0, 3, &[0, 0, 0, 1, 9]),
            200_000,
        ),
        ("100,000 unknown frames", frame(0xbb, 0, 0, &[0; 64]), 100_000),
        (
            "100,000 window updates",
            frame(kind::WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]),
            100_000,
        ),
    ] {
        at.add(
            &format!("flood: {name}"),
            flood(once, times),
            expect(Want::Survive),
        );
    }
    let data = vec![
        Step::Bytes([hello(), open].concat()),
        Step::Repeat(frame(kind::DATA, 0, 1, &[]), 200_000, Duration::ZERO),
    ];
    at.add(
        "flood: 200,000 empty DATA",
        Script::of(data).patient(quiet),
        expect(Want::Survive),
    );
}

fn stalls(at: &mut At<'_>) {
    let zero = [4_u16.to_be_bytes().to_vec(), 0_u32.to_be_bytes().to_vec()].concat();
    let path = if at.port == Port::Gateway {
        "/openapi.json"
    } else {
        "/grpc.health.v1.Health/Check"
    };
    let mut bytes = [PREFACE.to_vec(), frame(kind::SETTINGS, 0, 0, &zero)].concat();
    for stream in (1..200_u32).step_by(2) {
        bytes.extend(frame(kind::HEADERS, WHOLE, stream, &get(path)));
    }
    let script = Script::of(vec![Step::Bytes(bytes), Step::Wait(Duration::from_secs(2))]);
    at.add(
        "stall: 100 answers into a window of 0",
        script,
        Expect::of(Want::Survive).within(8),
    );
    let mut open = hello();
    for stream in (1..600_u32).step_by(2) {
        open.extend(frame(kind::HEADERS, flag::END_HEADERS, stream, &get("/live")));
    }
    let script = Script::of(vec![Step::Bytes(open), Step::Wait(Duration::from_secs(1))]);
    at.add(
        "stall: 300 streams that never end",
        script,
        Expect::of(Want::Survive).within(8),
    );
}
