//! B4: calls that are no calls, or that nobody may make.

mod contents;

use serde_json::json;

use super::tokens::claims;
use crate::abuse::case::{Call, Case, Class, Expect, Maker, Send, Token, Twist};
use crate::abuse::mesh::MESH_SECRET;
use crate::abuse::rpc::pb::{Message, framed, prefixed, varint};

/// Codes of gRPC.
pub const INVALID: u8 = 3;
const DEADLINE: u8 = 4;
const NOT_FOUND: u8 = 5;
const DENIED: u8 = 7;
const EXHAUSTED: u8 = 8;
const PRECONDITION: u8 = 9;
const OUT_OF_RANGE: u8 = 11;
const UNIMPLEMENTED: u8 = 12;
/// What gRPC prescribes for a message that cannot be read.
const UNREADABLE: u8 = 13;
const UNAUTHENTICATED: u8 = 16;

/// Calls, each with a caller that may make it and a message that can be read.
const CALLS: [(&str, &str, &str); 6] = [
    ("/khaacho.credit.v1.HoldService/PlaceHold", "order", "credit"),
    ("/khaacho.credit.v1.HoldService/PostHold", "order", "credit"),
    (
        "/khaacho.inventory.v1.ReservationService/Reserve",
        "order",
        "inventory",
    ),
    (
        "/khaacho.order.v1.IntakeService/ReceiveMessage",
        "gateway",
        "order",
    ),
    (
        "/khaacho.notification.v1.NotificationService/Enqueue",
        "order",
        "notification",
    ),
    (
        "/khaacho.notification.v1.DeliveryStatusService/ReceiveStatus",
        "gateway",
        "notification",
    ),
];

/// All cases of B4.
pub fn cases() -> Vec<Case> {
    let mut make = Maker::new(Class::B4);
    without_token(&mut make);
    prefixes(&mut make);
    wire(&mut make);
    contents::contents(&mut make);
    timeouts(&mut make);
    heads(&mut make);
    open_doors(&mut make);
    make.done()
}

fn token(signer: &str, callee: &str) -> Token {
    Token {
        claims: claims(signer, callee, 8),
        signer: signer.to_owned(),
        secret: MESH_SECRET.to_owned(),
        twist: Twist::None,
    }
}

fn call(at: usize, data: Vec<u8>) -> Call {
    let (path, signer, callee) = CALLS[at % CALLS.len()];
    Call {
        path: path.to_owned(),
        token: Some(token(signer, callee)),
        data: vec![data],
        ..Call::default()
    }
}

fn without_token(make: &mut Maker) {
    let paths = [
        "/khaacho.credit.v1.AccountService/OpenAccount",
        "/khaacho.credit.v1.AccountService/SetLimit",
        "/khaacho.credit.v1.AccountService/FindParty",
        "/khaacho.credit.v1.LedgerService/ListEntries",
        "/khaacho.credit.v1.PaymentService/RecordPayment",
        "/khaacho.inventory.v1.CatalogService/CreateProduct",
        "/khaacho.inventory.v1.StockService/AdjustStock",
        "/khaacho.inventory.v1.OfferService/SetOffer",
        "/khaacho.inventory.v1.VendorService/RegisterVendor",
        "/khaacho.inventory.v1.ReservationService/Release",
        "/khaacho.order.v1.OrderService/PlaceOrder",
        "/khaacho.order.v1.OrderService/GetOrder",
        "/khaacho.notification.v1.SimulatorService/ListSimulatorMessages",
        "/khaacho.ops.v1.OpsService/DropJob",
    ];
    for path in paths.into_iter().chain(CALLS.map(|(path, _, _)| path)) {
        let call = Call {
            path: path.to_owned(),
            data: vec![framed(&[])],
            ..Call::default()
        };
        make.add(
            format!("no token: {path}"),
            Send::Rpc(call),
            Expect::code(&[UNAUTHENTICATED]),
        );
    }
}

fn prefixes(make: &mut Maker) {
    let body = Message::new().text(1, "x").0;
    let unreadable = [INVALID, EXHAUSTED, OUT_OF_RANGE, UNIMPLEMENTED, UNREADABLE];
    for (at, (name, data)) in [
        ("no message", vec![]),
        ("half a prefix", vec![0, 0, 0]),
        ("a prefix without message", prefixed(0, 10, &[])),
        ("shorter than announced", prefixed(0, 100, &body)),
        ("longer than announced", prefixed(0, 1, &body)),
        ("compressed without encoding", prefixed(1, 3, &body)),
        ("flag 2", prefixed(2, 3, &body)),
        ("flag 255", prefixed(255, 3, &body)),
        ("4 GiB are announced", prefixed(0, u32::MAX, &body)),
        ("2 GiB are announced", prefixed(0, 1 << 31, &body)),
        ("5 MiB are announced", prefixed(0, 5 << 20, &body)),
        (
            "5 MiB are sent",
            framed(&Message::new().bytes(1, &vec![b'a'; 5 << 20]).0),
        ),
        (
            "20 MiB are sent",
            framed(&Message::new().bytes(1, &vec![b'a'; 20 << 20]).0),
        ),
        ("two messages", [framed(&body), framed(&body)].concat()),
        ("a thousand empty messages", framed(&[]).repeat(1000)),
        ("text instead of a message", b"{\"orderId\":\"x\"}".to_vec()),
        ("HTTP/1 instead of a message", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ]
    .into_iter()
    .enumerate()
    {
        make.add(
            format!("prefix: {name}"),
            Send::Rpc(call(at, data)),
            Expect::code(&unreadable),
        );
    }
    for (name, encoding) in [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("an unknown coding", "lzma"),
        ("two codings", "gzip,zstd"),
    ] {
        let mut coded = call(0, prefixed(1, 4, b"\x1f\x8b\x08\0"));
        coded.metadata.push(("grpc-encoding".to_owned(), encoding.into()));
        make.add(
            format!("prefix: {name}"),
            Send::Rpc(coded),
            Expect::code(&unreadable),
        );
    }
    let mut cut = call(2, prefixed(0, 100, &body));
    cut.reset = true;
    make.add(
        "the stream is reset inside a message",
        Send::Rpc(cut),
        Expect::of(crate::abuse::case::Want::Survive),
    );
}

fn wire(make: &mut Maker) {
    let nested = (0..2000).fold(Message::new(), |inner, _| Message::new().message(1, &inner));
    let groups = vec![0x0b; 5000];
    let unknown = (0..100_000_u64).fold(Message::new(), |message, n| {
        message.tag(1000 + n % 5000, 0).raw(&[1])
    });
    for (name, message) in [
        (
            "invalid UTF-8",
            Message::new().bytes(1, b"\xff\xfe").bytes(2, b"\xc0\x80"),
        ),
        ("a surrogate in UTF-8", Message::new().bytes(1, b"\xed\xa0\x80")),
        ("a number where text belongs", Message::new().int(1, 5)),
        ("text where a number belongs", Message::new().text(3, "hundred")),
        (
            "fixed width where a number belongs",
            Message::new().tag(3, 1).raw(&[1; 8]),
        ),
        ("wire type 6", Message::new().tag(1, 6)),
        ("wire type 7", Message::new().tag(1, 7).raw(&[1; 4])),
        ("field 0", Message::new().tag(0, 0).raw(&[1])),
        (
            "a field number beyond 2^29",
            Message::new().tag(1 << 29, 0).raw(&[1]),
        ),
        (
            "a number of 11 bytes",
            Message::new().tag(3, 0).raw(&[0xff; 10]).raw(&[1]),
        ),
        ("a number without end", Message::new().tag(3, 0).raw(&[0xff; 40])),
        (
            "a length beyond the end",
            Message::new().tag(1, 2).raw(&[100]).raw(b"abc"),
        ),
        ("a length of 2^63", Message::new().tag(1, 2).raw(&varint(1 << 63))),
        ("an open group", Message::new().raw(&groups)),
        ("the end of a group that was not begun", Message::new().tag(1, 4)),
        ("half a fixed number", Message::new().tag(9, 5).raw(&[1, 2])),
        ("2,000 messages inside each other", nested),
        ("100,000 unknown fields", unknown),
        (
            "one field 10,000 times",
            (0..10_000).fold(Message::new(), |m, _| m.text(1, "a")),
        ),
    ] {
        for at in [0, 3] {
            let codes = [INVALID, NOT_FOUND, PRECONDITION, UNREADABLE];
            let call = call(at, framed(&message.0));
            make.add(
                format!("wire: {name} to {}", CALLS[at].0),
                Send::Rpc(call),
                Expect::code(&codes),
            );
        }
    }
}

fn timeouts(make: &mut Maker) {
    let refused = [INVALID, DEADLINE, NOT_FOUND, PRECONDITION, 1];
    for timeout in [
        "0n",
        "0S",
        "1n",
        "1u",
        "99999999H",
        "-1S",
        "123456789S",
        "999999999999999999999S",
        "1",
        "S",
        "",
        "1s",
        "1X",
        "1.5S",
        " 1S",
        "1S ",
        "+1S",
        "0x1S",
        "1SS",
        "١S",
    ] {
        let mut timed = call(0, framed(&[]));
        timed.metadata.push(("grpc-timeout".to_owned(), timeout.into()));
        make.add(
            format!("grpc-timeout {timeout:?}"),
            Send::Rpc(timed),
            Expect::code(&refused),
        );
    }
}

fn heads(make: &mut Maker) {
    let unwanted = [INVALID, UNIMPLEMENTED, UNREADABLE, UNAUTHENTICATED, NOT_FOUND, 2];
    for kind in [
        "",
        "application/json",
        "application/grpc-web",
        "application/grpc+json",
        "text/html",
        "APPLICATION/GRPC",
        "application/grpcx",
    ] {
        let mut typed = call(0, framed(&[]));
        typed.metadata.push(("content-type".to_owned(), kind.into()));
        make.add(
            format!("content type {kind:?}"),
            Send::Rpc(typed),
            Expect::code(&unwanted),
        );
    }
    for method in ["GET", "PUT", "HEAD", "OPTIONS"] {
        let mut other = call(0, framed(&[]));
        other.method = method.to_owned();
        make.add(
            format!("method {method}"),
            Send::Rpc(other),
            Expect::code(&unwanted),
        );
    }
    for path in [
        "/",
        "//",
        "/khaacho.credit.v1.HoldService",
        "/khaacho.credit.v1.HoldService/",
        "/khaacho.credit.v1.HoldService/Nothing",
        "/KHAACHO.CREDIT.V1.HOLDSERVICE/PLACEHOLD",
        "/khaacho.credit.v1.HoldService/PlaceHold/",
        "/khaacho.credit.v1.HoldService/PlaceHold%00",
        "/../khaacho.credit.v1.HoldService/PlaceHold",
        "/grpc.health.v1.Health/Nothing",
        "/grpc.channelz.v1.Channelz/GetServers",
        "/grpc.admin/x",
    ] {
        let mut other = call(0, framed(&[]));
        path.clone_into(&mut other.path);
        make.add(
            format!("path {path:?}"),
            Send::Rpc(other),
            Expect::code(&unwanted),
        );
    }
    let mut wide = call(0, framed(&[]));
    wide.metadata = (0..2000).map(|n| (format!("x-{n}"), b"v".to_vec())).collect();
    make.add(
        "2,000 metadata",
        Send::Rpc(wide),
        Expect::of(crate::abuse::case::Want::Refusal),
    );
    let mut binary = call(0, framed(&[]));
    binary
        .metadata
        .push(("trace-bin".to_owned(), b"not base64 !".to_vec()));
    make.add(
        "binary metadata that is no base64",
        Send::Rpc(binary),
        Expect::code(&unwanted),
    );
    let mut huge = call(0, framed(&[]));
    huge.metadata.push(("x-long".to_owned(), vec![b'v'; 200_000]));
    make.add(
        "metadata of 200 kB",
        Send::Rpc(huge),
        Expect::of(crate::abuse::case::Want::Refusal),
    );
}

/// Health and reflection answer everybody, so they must bear everybody.
fn open_doors(make: &mut Maker) {
    let open = |path: &str, data: Vec<u8>| Call {
        path: path.to_owned(),
        data: vec![data],
        ..Call::default()
    };
    let service = |name: &str| framed(&Message::new().text(1, name).0);
    for name in ["nothing", "", "'; drop", "\u{202e}", &"s".repeat(100_000)] {
        let shown: String = name.chars().take(20).collect();
        let call = open("/grpc.health.v1.Health/Check", service(name));
        make.add(
            format!("health of {shown:?}"),
            Send::Rpc(call),
            Expect::code(&[0, INVALID, NOT_FOUND]),
        );
    }
    let ask = |field: u64, text: &str| framed(&Message::new().text(1, "").text(field, text).0);
    for (field, text) in [
        (3, "../../etc/passwd"),
        (4, "no.such.Symbol"),
        (4, ""),
        (7, "x"),
        (6, "x"),
        (99, "x"),
    ] {
        let call = open(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            ask(field, text),
        );
        let codes = [0, INVALID, NOT_FOUND, UNIMPLEMENTED, UNREADABLE];
        make.add(
            format!("reflection {field} {text:?}"),
            Send::Rpc(call),
            Expect::code(&codes),
        );
    }
    let echo = json!({"role": "owner"}).to_string();
    let mut fake = open(CALLS[0].0, framed(&[]));
    fake.metadata
        .push(("x-khaacho-principal".to_owned(), echo.into_bytes()));
    fake.metadata
        .push(("authorization".to_owned(), b"Bearer x".to_vec()));
    make.add(
        "a principal in metadata of its own",
        Send::Rpc(fake),
        Expect::code(&[UNAUTHENTICATED, DENIED]),
    );
}
