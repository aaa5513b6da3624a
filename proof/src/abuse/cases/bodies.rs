//! B3: bodies that are not what their head says, or are too much of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{CHAT, SHOP, SKU, World};
use crate::abuse::case::{Case, Class, Expect, Maker, Request, Script, Send, Step, Want};
use crate::abuse::{mesh, sign};

/// Routes that read JSON, each with a body that it would take.
const ROUTES: [&str; 5] = [
    "/api/v1/orders:quote",
    "/api/v1/payments",
    "/api/v1/accounts",
    "/api/v1/products:match",
    "/api/v1/simulator/messages",
];

/// All cases of B3.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B3);
    encodings(&mut make, world);
    media_types(&mut make, world);
    not_json(&mut make, world);
    deep_and_wide(&mut make, world);
    repeated_keys(&mut make, world);
    wrong_types(&mut make, world);
    too_long(&mut make, world);
    where_none_belongs(&mut make, world);
    make.done()
}

fn good(route: &str) -> Value {
    match route {
        "/api/v1/payments" => json!({"accountId": SHOP, "amountPaisa": 100, "method": "CASH"}),
        "/api/v1/accounts" => json!({"shopName": "Kasauti", "phones": ["+9779841000009"], "limitPaisa": 0}),
        "/api/v1/products:match" => json!({"phrases": [{"phrase": "chini"}]}),
        "/api/v1/simulator/messages" => json!({"from": "+9779841000009", "text": "kasauti"}),
        _ => json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": "1"}]}),
    }
}

fn encodings(make: &mut Maker, world: &World) {
    // A stream of gzip with its head, and as much of the others as their magic numbers.
    let gzip = [&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], &[0; 64]].concat();
    let zstd = b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00".to_vec();
    for coding in [
        "gzip",
        "x-gzip",
        "br",
        "zstd",
        "deflate",
        "compress",
        "gzip, gzip",
        "gzip, br, zstd",
        "identity, gzip",
        "GZIP",
        "aes128gcm",
        "unknown",
        "*",
    ] {
        let body = if coding.contains("zstd") {
            zstd.clone()
        } else {
            gzip.clone()
        };
        for route in [ROUTES[0], "/webhooks/meta", "/webhooks/twilio"] {
            let form = route.ends_with("twilio");
            let kind = if form {
                "application/x-www-form-urlencoded"
            } else {
                "application/json"
            };
            let request = Request::new("POST", route)
                .with("Authorization", &format!("Bearer {}", world.owner))
                .with("Content-Type", kind)
                .with("X-Hub-Signature-256", &sign::meta(mesh::META_SECRET, &body))
                .with("Content-Encoding", coding)
                .body(body.clone());
            make.add(
                format!("{coding} at {route}"),
                Send::Http(request),
                Expect::status(&[415]),
            );
        }
    }
    let twice = world
        .post(ROUTES[0], gzip)
        .with("Content-Encoding", "identity")
        .with("Content-Encoding", "gzip");
    make.add(
        "identity and gzip in two fields",
        Send::Http(twice),
        Expect::status(&[415]),
    );
}

fn media_types(make: &mut Maker, world: &World) {
    let body = good(ROUTES[0]).to_string();
    for kind in [
        "",
        "text/plain",
        "text/html",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=\"utf-7\"",
        "application/json, text/plain",
        "application/vnd.api+json",
        "json",
        "/",
        "application/",
        "application/json\u{e9}",
        "application/x-ndjson",
    ] {
        let mut request = Request::new("POST", ROUTES[0])
            .with("Authorization", &format!("Bearer {}", world.owner))
            .body(body.clone());
        if !kind.is_empty() {
            request = request.with("Content-Type", kind);
        }
        make.add(
            format!("media type {kind:?}"),
            Send::Http(request),
            Expect::status(&[415]),
        );
    }
    for charset in ["utf-16", "utf-32be", "shift_jis", "ebcdic-us"] {
        let request = world.post("/webhooks/meta", "{}").with("X-Charset", charset);
        let mut request = Request {
            headers: Vec::new(),
            ..request
        };
        request = request
            .with("Content-Type", &format!("application/json; charset={charset}"))
            .with("X-Hub-Signature-256", &sign::meta(mesh::META_SECRET, b"{}"));
        make.add(
            format!("a webhook in {charset}"),
            Send::Http(request),
            Expect::status(&[415]),
        );
    }
    let odd = Request::new("POST", ROUTES[3])
        .with("Authorization", &format!("Bearer {}", world.owner))
        .with("Content-Type", "APPLICATION/JSON ;  Charset=\"UTF-8\"")
        .body(good(ROUTES[3]).to_string());
    make.add(
        "media type in capitals with a charset",
        Send::Http(odd),
        Expect::status(&[200]),
    );
}

fn not_json(make: &mut Maker, world: &World) {
    let utf16: Vec<u8> = "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies: [(&str, Vec<u8>); 34] = [
        ("byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("UTF-16", utf16),
        (
            "bytes that are no UTF-8",
            b"{\"accountId\":\"\xff\xfe\"}".to_vec(),
        ),
        ("an overlong slash", b"{\"accountId\":\"\xc0\xaf\"}".to_vec()),
        (
            "a surrogate in UTF-8",
            b"{\"accountId\":\"\xed\xa0\x80\"}".to_vec(),
        ),
        ("half a pair", br#"{"accountId":"\ud800"}"#.to_vec()),
        ("the other half", br#"{"accountId":"\udc00"}"#.to_vec()),
        (
            "halves in the wrong order",
            br#"{"accountId":"\udc00\ud800"}"#.to_vec(),
        ),
        ("an unknown escape", br#"{"accountId":"\x41"}"#.to_vec()),
        ("a short escape", br#"{"accountId":"\u12"}"#.to_vec()),
        ("a raw control character", b"{\"accountId\":\"a\x01b\"}".to_vec()),
        ("a raw line break", b"{\"accountId\":\"a\nb\"}".to_vec()),
        ("NUL after the end", b"{}\0".to_vec()),
        ("two values", b"{}{}".to_vec()),
        ("something after the end", b"{} x".to_vec()),
        ("a comma too many", b"{\"accountId\":\"R004\",}".to_vec()),
        ("a comment", b"{/* x */}".to_vec()),
        ("single quotes", b"{'accountId':'R004'}".to_vec()),
        ("a name without quotes", b"{accountId:1}".to_vec()),
        ("NaN", b"{\"accountId\":NaN}".to_vec()),
        ("Infinity", b"{\"accountId\":-Infinity}".to_vec()),
        ("1e400", b"{\"accountId\":1e400}".to_vec()),
        (
            "a number of 10,000 digits",
            [b"{\"accountId\":".to_vec(), vec![b'9'; 10_000], b"}".to_vec()].concat(),
        ),
        (
            "an exponent of 10,000 digits",
            [b"{\"accountId\":1e".to_vec(), vec![b'9'; 10_000], b"}".to_vec()].concat(),
        ),
        ("a leading zero", b"{\"accountId\":01}".to_vec()),
        ("hexadecimal", b"{\"accountId\":0x1}".to_vec()),
        ("an open text", b"{\"accountId\":\"".to_vec()),
        ("an open object", b"{".to_vec()),
        ("an array", b"[{\"accountId\":\"R004\"}]".to_vec()),
        ("a text", b"\"R004\"".to_vec()),
        ("null", b"null".to_vec()),
        ("a number", b"7".to_vec()),
        ("blanks", b"     ".to_vec()),
        ("XML", b"<a/>".to_vec()),
    ];
    for (n, (name, body)) in bodies.into_iter().enumerate() {
        let route = ROUTES[n % ROUTES.len()];
        make.add(
            format!("{name} at {route}"),
            Send::Http(world.post(route, body)),
            Expect::status(&[400]),
        );
    }
}

fn deep_and_wide(make: &mut Maker, world: &World) {
    for depth in [33, 127, 129, 1000, 30_000] {
        for (name, open, close) in [("arrays", "[", "]"), ("objects", "{\"a\":", "}")] {
            let levels = depth.min(60_000 / (open.len() + close.len()));
            let body = format!("{{\"lines\":{}1{}}}", open.repeat(levels), close.repeat(levels));
            let request = world.post(ROUTES[0], body);
            make.add(
                format!("{levels} {name} inside each other"),
                Send::Http(request),
                Expect::status(&[400]),
            );
        }
    }
    // Larger ones are signed, so that they are read at all.
    for depth in [129, 100_000, 1_000_000] {
        let body = format!("{{\"object\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        make.add(
            format!("{depth} arrays in a proven webhook"),
            Send::Http(proven(body.into_bytes())),
            Expect::status(&[200]).may(super::KEPT).within(1),
        );
    }
    let keys: String = (0..4000).map(|n| format!("\"k{n}\":{n},")).collect();
    let body = format!("{{{keys}\"accountId\":\"R004\"}}");
    make.add(
        "4,000 unknown members",
        Send::Http(world.post(ROUTES[0], body)),
        Expect::status(&[400]),
    );
    let keys: String = (0..200_000).map(|n| format!("\"k{n:06}\":1,")).collect();
    let body = format!("{{\"object\":\"x\",{keys}\"z\":0}}");
    make.add(
        "200,000 members in a proven webhook",
        Send::Http(proven(body.into_bytes())),
        Expect::status(&[200]).may(super::KEPT),
    );
    let colliding = format!("{{{}\"a\":1}}", "\"\":1,".repeat(10_000));
    make.add(
        "10,000 members without a name",
        Send::Http(world.post(ROUTES[0], colliding)),
        Expect::status(&[400]),
    );
    let lines = vec![json!({"sku": SKU, "quantity": "1"}); 101];
    let body = json!({"accountId": SHOP, "lines": lines});
    make.add(
        "101 lines",
        Send::Http(world.json(ROUTES[0], &body)),
        Expect::status(&[400, 422]),
    );
    let lines = vec![json!({}); 20_000];
    let body = json!({"accountId": SHOP, "lines": lines}).to_string();
    make.add(
        "20,000 empty lines",
        Send::Http(world.post(ROUTES[0], body)),
        Expect::status(&[400, 422]),
    );
}

fn proven(body: Vec<u8>) -> Request {
    Request::new("POST", "/webhooks/meta")
        .with("Content-Type", "application/json")
        .with("X-Hub-Signature-256", &sign::meta(mesh::META_SECRET, &body))
        .body(body)
}

/// Two members of one name: readers disagree about which one counts, so nobody may act upon either.
fn repeated_keys(make: &mut Maker, world: &World) {
    for (name, route, body) in [
        (
            "two amounts",
            ROUTES[1],
            r#"{"accountId":"R004","amountPaisa":100,"amountPaisa":200,"method":"CASH"}"#,
        ),
        (
            "two accounts",
            ROUTES[1],
            r#"{"accountId":"R004","accountId":"R005","amountPaisa":100,"method":"CASH"}"#,
        ),
        (
            "two spellings",
            ROUTES[1],
            r#"{"accountId":"R004","account_id":"R005","amountPaisa":100,"method":"CASH"}"#,
        ),
        (
            "an escaped spelling",
            ROUTES[1],
            r#"{"accountId":"R004","\u0061ccountId":"R005","amountPaisa":100,"method":"CASH"}"#,
        ),
        (
            "two keys of idempotency",
            ROUTES[1],
            r#"{"requestId":"a","requestId":"b","accountId":"R004","amountPaisa":100,"method":"CASH"}"#,
        ),
        (
            "two limits",
            ROUTES[2],
            r#"{"shopName":"K","phones":["+9779841000009"],"limitPaisa":1,"limitPaisa":2}"#,
        ),
        (
            "two senders",
            ROUTES[4],
            r#"{"from":"+9779841000009","from":"+9779841000008","text":"x"}"#,
        ),
    ] {
        make.add(name, Send::Http(world.post(route, body)), Expect::status(&[400]));
    }
}

/// Each member of each route with each wrong type.
fn wrong_types(make: &mut Maker, world: &World) {
    let wrong = [
        json!(true),
        json!(12),
        json!("x"),
        json!([]),
        json!({}),
        json!([[]]),
        json!(1.5),
    ];
    for route in ROUTES {
        let body = good(route);
        let members: Vec<String> = body
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        for member in members {
            for (n, value) in wrong.iter().enumerate() {
                let same_type = match &body[&member] {
                    Value::String(_) => value.is_string(),
                    Value::Number(_) => value.is_i64(),
                    Value::Array(_) => value.is_array(),
                    _ => false,
                };
                if same_type {
                    continue;
                }
                let mut bad = body.clone();
                bad[&member] = value.clone();
                let request = world.json(route, &bad);
                make.add(
                    format!("{route}: {member} is wrong type {n}"),
                    Send::Http(request),
                    Expect::status(&[400]),
                );
            }
        }
        let mut more = body.clone();
        more["__proto__"] = json!({"role": "owner"});
        make.add(
            format!("{route}: an unknown member"),
            Send::Http(world.json(route, &more)),
            Expect::status(&[400]),
        );
        make.add(
            format!("{route}: an empty body"),
            Send::Http(world.post(route, "")),
            Expect::status(&[400]),
        );
    }
    let nulls = json!({"accountId": null, "lines": null, "requestId": null});
    make.add(
        "nothing but nulls",
        Send::Http(world.json(ROUTES[0], &nulls)),
        Expect::status(&[400]),
    );
}

fn too_long(make: &mut Maker, world: &World) {
    for (route, max) in [
        (ROUTES[0], 64 * 1024),
        ("/webhooks/twilio", 256 * 1024),
        ("/webhooks/meta", 4 * 1024 * 1024),
    ] {
        let kind = if route.ends_with("twilio") {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let request = |length: usize| {
            Request::new("POST", route)
                .with("Authorization", &format!("Bearer {}", world.owner))
                .with("Content-Type", kind)
                .body(vec![b' '; length])
        };
        make.add(
            format!("one byte too long at {route}"),
            Send::Http(request(max + 1)),
            Expect::status(&[413]),
        );
        make.add(
            format!("twice as long at {route}"),
            Send::Http(request(max * 2)),
            Expect::status(&[413]),
        );
        let chunked = format!(
            "POST {route} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        let chunk = [b"8000\r\n".to_vec(), vec![b' '; 0x8000], b"\r\n".to_vec()].concat();
        let script = Script::of(vec![
            Step::Bytes(chunked.into_bytes()),
            Step::Repeat(chunk, max / 0x8000 + 2, Duration::ZERO),
        ]);
        make.add(
            format!("too long in chunks at {route}"),
            Send::Raw(script),
            Expect::of(Want::Only(vec![413])),
        );
    }
    let text = json!({"from": "+9779841000009", "text": "x".repeat(60_000)});
    make.add(
        "a simulated message of 60,000 letters",
        Send::Http(world.json(ROUTES[4], &text)),
        Expect::status(&[400]),
    );
    let long = json!({"accountId": "R".repeat(60_000), "lines": []});
    make.add(
        "an id of 60,000 letters",
        Send::Http(world.json(ROUTES[0], &long)),
        Expect::status(&[400, 404]),
    );
}

fn where_none_belongs(make: &mut Maker, world: &World) {
    for target in ["/api/v1/orders", "/api/v1/accounts/R004", "/api/v1/products"] {
        let request = world
            .get(target)
            .with("Content-Type", "application/json")
            .body("{}");
        make.add(
            format!("a read of {target} with a body"),
            Send::Http(request),
            Expect::status(&[400]),
        );
    }
    let both = world.json("/api/v1/orders:quote?accountId=R005", &good(ROUTES[0]));
    make.add("a change with a query", Send::Http(both), Expect::status(&[400]));
    let two = world.json(
        "/api/v1/accounts/R004:setLimit",
        &json!({"account": "R005", "limitPaisa": 1, "reason": "x"}),
    );
    make.add(
        "another account in the body than in the address",
        Send::Http(two),
        Expect::status(&[400]),
    );
    let quiet = world.json(
        ROUTES[4],
        &json!({"from": "+9779841000009", "text": "x", "account": "other"}),
    );
    make.add(
        "a simulated message with a sender's account",
        Send::Http(quiet),
        Expect::status(&[400]).may(CHAT),
    );
}
