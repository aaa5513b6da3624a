//! Proven deliveries that make no sense.

use serde_json::{Value, json};

use super::{change, delivery, proven, text};
use crate::abuse::case::{Expect, Maker, Send};
use crate::abuse::cases::{HOOK, KEPT};
use crate::abuse::mesh::META_NUMBER;
use crate::abuse::sign::scattered;

/// Proven, but nobody can make sense of it: acknowledged, or Meta would repeat it for a week.
pub fn weird(make: &mut Maker) {
    let bodies = [
        ("empty", String::new()),
        ("no JSON", "hello".to_owned()),
        ("half a JSON", "{\"object\":".to_owned()),
        ("null", "null".to_owned()),
        ("an array", "[]".to_owned()),
        ("a text", "\"x\"".to_owned()),
        ("an empty object", "{}".to_owned()),
        (
            "another object",
            json!({"object": "page", "entry": []}).to_string(),
        ),
        ("an object that is no text", json!({"object": 7}).to_string()),
        (
            "entries that are no list",
            json!({"object": "whatsapp_business_account",
            "entry": {"a": 1}})
            .to_string(),
        ),
        (
            "no entries",
            json!({"object": "whatsapp_business_account", "entry": []}).to_string(),
        ),
        (
            "entries of nothing",
            json!({"object": "whatsapp_business_account", "entry": [null, 1, "x",
            []]})
            .to_string(),
        ),
        (
            "changes that are no list",
            json!({"object": "whatsapp_business_account",
            "entry": [{"changes": 1}]})
            .to_string(),
        ),
        (
            "changes of nothing",
            json!({"object": "whatsapp_business_account", "entry": [{"changes": [null,
            1, "x"]}]})
            .to_string(),
        ),
        (
            "an unknown field",
            json!({"object": "whatsapp_business_account",
            "entry": [{"changes": [{"field": "x", "value": {}}]}]})
            .to_string(),
        ),
        (
            "a field that is no text",
            json!({"object": "whatsapp_business_account",
            "entry": [{"changes": [{"field": 1, "value": 1}]}]})
            .to_string(),
        ),
        (
            "no value",
            json!({"object": "whatsapp_business_account",
            "entry": [{"changes": [{"field": "messages"}]}]})
            .to_string(),
        ),
        (
            "messages that are no list",
            change(&json!({"messages": {"a": 1}})).to_string(),
        ),
        (
            "messages of nothing",
            change(&json!({"messages": [null, 1, "x", [], {}]})).to_string(),
        ),
        (
            "a message without sender",
            change(&json!({"messages": [{"id": "wamid.w1",
            "type": "text"}]}))
            .to_string(),
        ),
        (
            "a message without id",
            change(&json!({"messages": [{"from": "9779841000013",
            "type": "text"}]}))
            .to_string(),
        ),
        (
            "an id that is a number",
            change(&json!({"messages": [{"from": "9779841000013",
            "id": 5}]}))
            .to_string(),
        ),
        (
            "an id of 5,000 letters",
            text(&scattered(5000), "9779841000013", "x").to_string(),
        ),
        (
            "an id of 300 letters",
            text(&scattered(300), "9779841000013", "x").to_string(),
        ),
        (
            "a sender of 5,000 letters",
            text("wamid.w7", &scattered(5000), "x").to_string(),
        ),
        (
            "a number of ours of 5,000 letters",
            text("wamid.w8", "9779841000013", "x")
                .to_string()
                .replace(META_NUMBER, &scattered(5000)),
        ),
        (
            "a profile name of 20,000 letters",
            text("wamid.w9", "9779841000013", "x")
                .to_string()
                .replace("Kasauti", &scattered(20_000)),
        ),
        (
            "an answer to an id of 5,000 letters",
            delivery(
                "wamid.wA",
                "9779841000013",
                &json!({"type": "text", "text": {"body": "x"}, "context": {"id": scattered(5000)}}),
            )
            .to_string(),
        ),
        (
            "a user id of 5,000 letters",
            delivery(
                "wamid.wB",
                "9779841000013",
                &json!({"type": "text",
            "text": {"body": "x"}, "from_user_id": scattered(5000)}),
            )
            .to_string(),
        ),
        ("an empty id", text("", "9779841000013", "x").to_string()),
        (
            "an id with NUL",
            text("wamid.\0x", "9779841000013", "x").to_string(),
        ),
        (
            "an id with a line break",
            text("wamid.\r\nx", "9779841000013", "x").to_string(),
        ),
        (
            "a sender of letters",
            text("wamid.w2", "not-a-number", "x").to_string(),
        ),
        (
            "a sender of 200 digits",
            text("wamid.w3", &"9".repeat(200), "x").to_string(),
        ),
        (
            "a sender with NUL",
            text("wamid.w4", "97798410\0", "x").to_string(),
        ),
        (
            "half a pair of surrogates",
            text("wamid.w5", "9779841000013", "HALF")
                .to_string()
                .replace("HALF", "\\ud83d"),
        ),
        (
            "bytes that are no UTF-8",
            "{\"object\":\"\u{fffd}\"}".replace('\u{fffd}', "\\ufffd"),
        ),
        (
            "NUL in a text",
            text("wamid.w6", "9779841000013", "a\0b").to_string(),
        ),
        (
            "statuses that are no list",
            change(&json!({"statuses": "x"})).to_string(),
        ),
        (
            "a status without id",
            change(&json!({"statuses": [{"status": "sent"}]})).to_string(),
        ),
        (
            "an unknown status",
            change(&json!({"statuses": [{"id": "wamid.s",
            "status": "teleported"}]}))
            .to_string(),
        ),
        (
            "a status of nothing we sent",
            change(&json!({"statuses": [{"id": "wamid.s", "status": "failed",
            "errors": [{"code": 131_026}]}]}))
            .to_string(),
        ),
        (
            "a status with an absurd code",
            change(&json!({"statuses": [{"id": "wamid.t",
            "status": "failed", "errors": [{"code": 1e300}]}]}))
            .to_string(),
        ),
        (
            "a status of 10,000 letters",
            change(&json!({"statuses": [{"id": scattered(10_000),
            "status": "sent"}]}))
            .to_string(),
        ),
        (
            "a status with an opaque text of 10,000 letters",
            change(&json!({"statuses": [{"id": "wamid.u",
            "status": "sent", "biz_opaque_callback_data": scattered(10_000)}]}))
            .to_string(),
        ),
        (
            "a status with somebody's notification id",
            change(&json!({"statuses": [{"id": "wamid.v",
            "status": "sent", "biz_opaque_callback_data": "ntf_00000000000000000000000000000000"}]}))
            .to_string(),
        ),
        (
            "300 messages that cannot be read",
            change(&json!({"messages": vec![json!({"id": 1}); 300]})).to_string(),
        ),
        (
            "300 statuses of nothing",
            change(
                &json!({"statuses": (0..300).map(|n| json!({"id": format!("wamid.m{n}"),
                "status": "read"})).collect::<Vec<_>>()}),
            )
            .to_string(),
        ),
    ];
    for (name, body) in bodies {
        let expect = Expect::status(&[200]).may(HOOK);
        make.add(format!("Meta, proven: {name}"), Send::Http(proven(body)), expect);
    }
    let raw = [
        b"{\"object\":\"".to_vec(),
        vec![0xff, 0xfe, 0x80],
        b"\"}".to_vec(),
    ]
    .concat();
    make.add(
        "Meta, proven: raw bytes that are no text",
        Send::Http(proven(raw)),
        Expect::status(&[200]).may(KEPT),
    );
    let mut three: Vec<Value> = [("wamid.n1", "x"), ("LONG", "x"), ("wamid.n3", "x")]
        .iter()
        .map(|(id, body)| json!({"from": "9779841000015", "id": id, "type": "text", "text": {"body": body}}))
        .collect();
    three[1]["id"] = scattered(6000).into();
    let expect = Expect::status(&[200]).may(HOOK);
    let body = change(&json!({"messages": three})).to_string();
    make.add(
        "Meta, proven: one absurd id between two good messages",
        Send::Http(proven(body)),
        expect,
    );
    let same: Vec<Value> =
        vec![json!({"from": "9779841000014", "id": "wamid.same", "type": "text", "text": {"body": "x"}}); 50];
    let expect = Expect::status(&[200])
        .may(HOOK)
        .exactly(&[("orders.inbound_message", 1)]);
    make.add(
        "Meta, proven: one message 50 times in a delivery",
        Send::Http(proven(change(&json!({"messages": same})).to_string())),
        expect,
    );
}
