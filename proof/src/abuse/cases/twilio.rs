//! Deliveries of Twilio: forged, proven but senseless, and repeated.

mod forged;

pub use forged::forged;

use super::{CHAT, HOOK, KEPT};
use crate::abuse::case::{Expect, Maker, Request, Send};
use crate::abuse::mesh::{PUBLIC_URL, TWILIO_ACCOUNT, TWILIO_NUMBER, TWILIO_TOKEN};
use crate::abuse::sign::{scattered, twilio};

/// Where Twilio delivers.
const PATH: &str = "/webhooks/twilio/whatsapp";

type Fields = Vec<(String, String)>;

/// The fields of a text.
pub fn text(id: &str, from: &str, body: &str) -> Fields {
    [
        ("MessageSid", id),
        ("AccountSid", TWILIO_ACCOUNT),
        ("From", &format!("whatsapp:{from}")),
        ("To", &format!("whatsapp:{TWILIO_NUMBER}")),
        ("Body", body),
        ("NumMedia", "0"),
        ("ProfileName", "Kasauti"),
        ("ApiVersion", "2010-04-01"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .to_vec()
}

fn form(fields: &Fields) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A request with this body and signature.
fn post(path: &str, body: impl Into<Vec<u8>>, signature: &str) -> Request {
    Request::new("POST", path)
        .with("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        .with("X-Twilio-Signature", signature)
        .body(body)
}

/// A proven request.
pub fn signed(path: &str, fields: &Fields) -> Request {
    post(
        path,
        form(fields),
        &twilio(TWILIO_TOKEN, &format!("{PUBLIC_URL}{path}"), fields),
    )
}

fn sample() -> Fields {
    text(
        "SM00000000000000000000000000000f01",
        "+9779841000021",
        "2 bora chini",
    )
}

/// Proven, but senseless: acknowledged, and nothing but a note is kept.
pub fn proven(make: &mut Maker) {
    let account = ("AccountSid", TWILIO_ACCOUNT);
    let tables: Vec<(&str, Vec<(&str, &str)>)> = vec![
        ("nothing but the account", vec![account]),
        (
            "no id",
            vec![
                account,
                ("From", "whatsapp:+9779841000023"),
                ("To", "x"),
                ("Body", "x"),
            ],
        ),
        ("no sender", vec![account, ("MessageSid", "SMw1"), ("Body", "x")]),
        (
            "an unknown status",
            vec![account, ("MessageSid", "SMw2"), ("MessageStatus", "teleported")],
        ),
        (
            "a status of nothing we sent",
            vec![account, ("MessageSid", "SMw3"), ("MessageStatus", "delivered")],
        ),
        (
            "a status with an absurd code",
            vec![
                account,
                ("MessageSid", "SMw4"),
                ("MessageStatus", "failed"),
                ("ErrorCode", "99999999999999999999"),
            ],
        ),
        (
            "a call",
            vec![account, ("CallSid", "CA1"), ("CallStatus", "ringing")],
        ),
        (
            "an error of the debugger",
            vec![account, ("Sid", "NO1"), ("Level", "ERROR"), ("Payload", "{}")],
        ),
        (
            "NUL in its id",
            vec![
                account,
                ("MessageSid", "SM\0w5"),
                ("From", "whatsapp:+9779841000023"),
                ("To", "x"),
                ("Body", "x"),
            ],
        ),
        (
            "NUL in its text",
            vec![
                account,
                ("MessageSid", "SMw6"),
                ("From", "whatsapp:+9779841000023"),
                ("To", "x"),
                ("Body", "a\0b"),
            ],
        ),
        (
            "a sender of letters",
            vec![
                account,
                ("MessageSid", "SMw7"),
                ("From", "whatsapp:hello"),
                ("To", "x"),
                ("Body", "x"),
            ],
        ),
        (
            "a sender of another channel",
            vec![
                account,
                ("MessageSid", "SMw8"),
                ("From", "messenger:123"),
                ("To", "x"),
                ("Body", "x"),
            ],
        ),
        (
            "eleven media",
            vec![
                account,
                ("MessageSid", "SMw9"),
                ("From", "whatsapp:+9779841000023"),
                ("To", "x"),
                ("NumMedia", "99999999999"),
            ],
        ),
        (
            "a medium inside our network",
            vec![
                account,
                ("MessageSid", "SMwA"),
                ("From", "whatsapp:+9779841000023"),
                ("To", "x"),
                ("NumMedia", "1"),
                ("MediaUrl0", "http://169.254.169.254/latest/meta-data/"),
                ("MediaContentType0", "image/jpeg"),
            ],
        ),
    ];
    for (name, fields) in tables {
        let fields: Fields = fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        make.add(
            format!("Twilio, proven: {name}"),
            Send::Http(signed(PATH, &fields)),
            Expect::status(&[200]).may(HOOK),
        );
    }
    let empty = post(
        PATH,
        "",
        &twilio(TWILIO_TOKEN, &format!("{PUBLIC_URL}{PATH}"), &Vec::new()),
    );
    make.add(
        "Twilio, proven: an empty form",
        Send::Http(empty),
        Expect::status(&[200, 403]).may(KEPT),
    );
    let long = text("SMwB", "+9779841000023", &"x".repeat(100_000));
    make.add(
        "Twilio, proven: a text of 100,000 letters",
        Send::Http(signed(PATH, &long)),
        Expect::status(&[200]).may(HOOK),
    );
    let absurd = text(&scattered(5000), "+9779841000023", "x");
    make.add(
        "Twilio, proven: an id of 5,000 letters",
        Send::Http(signed(PATH, &absurd)),
        Expect::status(&[200]).may(HOOK),
    );
    let stranger = text("SMwE", &scattered(5000), "x");
    make.add(
        "Twilio, proven: a sender of 5,000 letters",
        Send::Http(signed(PATH, &stranger)),
        Expect::status(&[200]).may(HOOK),
    );
    let mut wide = text("SMwC", "+9779841000023", "x");
    wide.extend((0..5000).map(|n| (format!("Extra{n}"), "1".to_owned())));
    make.add(
        "Twilio, proven: 5,000 fields more",
        Send::Http(signed(PATH, &wide)),
        Expect::status(&[200]).may(HOOK),
    );
    let mut twice = text("SMwD", "+9779841000023", "one");
    twice.push(("Body".to_owned(), "two".to_owned()));
    make.add(
        "Twilio, proven: two texts",
        Send::Http(signed(PATH, &twice)),
        Expect::status(&[200]).may(HOOK),
    );
}

/// The same again, in other orders and at other places.
pub fn repeated(make: &mut Maker) {
    let fields = text("SM00000000000000000000000000000r01", "+9779841000024", "namaste");
    let one = [("orders.inbound_message", 1)];
    make.add(
        "Twilio, 300 times the same delivery",
        Send::Storm(signed(PATH, &fields), 300),
        Expect::status(&[200, 503]).may(CHAT).exactly(&one).within(15),
    );
    make.add(
        "Twilio, the same once more",
        Send::Http(signed(PATH, &fields)),
        Expect::status(&[200]),
    );
    for path in ["/webhooks/twilio", "/api/v1/whatsapp/webhook"] {
        make.add(
            format!("Twilio, the same at {path}"),
            Send::Http(signed(path, &fields)),
            Expect::status(&[200]),
        );
    }
    let mut moved = signed(PATH, &fields);
    "/webhooks/twilio".clone_into(&mut moved.target);
    make.add(
        "Twilio, the same signature at another address",
        Send::Http(moved),
        Expect::status(&[403]),
    );
    let mut meta_path = signed("/webhooks/meta", &fields);
    "/webhooks/meta".clone_into(&mut meta_path.target);
    make.add(
        "Twilio's delivery at Meta's address",
        Send::Http(meta_path),
        Expect::status(&[403, 415]),
    );
    let mut shuffled = fields.clone();
    shuffled.reverse();
    make.add(
        "Twilio, the fields in another order",
        Send::Http(signed(PATH, &shuffled)),
        Expect::status(&[200]),
    );
    let mut doubled = fields.clone();
    doubled.extend(fields.clone());
    make.add(
        "Twilio, every field twice",
        Send::Http(signed(PATH, &doubled)),
        Expect::status(&[200]),
    );
    let port = post(
        PATH,
        form(&fields),
        &twilio(TWILIO_TOKEN, &format!("{PUBLIC_URL}:443{PATH}"), &fields),
    );
    make.add(
        "Twilio, signed with the usual port",
        Send::Http(port),
        Expect::status(&[200]),
    );
    let changed = text("SM00000000000000000000000000000r01", "+9779841000024", "CONFIRM");
    make.add(
        "Twilio, a known id with another text",
        Send::Http(signed(PATH, &changed)),
        Expect::status(&[200]).may(KEPT),
    );
    for (key, value) in [
        ("I-Twilio-Idempotency-Token", "x"),
        ("X-Twilio-Email-Event-Webhook-Timestamp", "0"),
    ] {
        let request = signed(PATH, &fields).with(key, value);
        make.add(
            format!("Twilio, with {key}"),
            Send::Http(request),
            Expect::status(&[200]),
        );
    }
}
