//! B12: keys of idempotency: the same thing again, and things that only look the same.

use serde_json::{Value, json};

use super::{SHOP, SKU, World};
use crate::abuse::case::{Case, Class, Expect, Maker, Request, Send, Want};

const PAYMENT: &[&str] = &[
    "credit.account",
    "credit.account_event",
    "credit.entry",
    "credit.entry_line",
    "credit.allocation",
    "notification.notification",
];
const ONE_PAYMENT: [(&str, i64); 2] = [("credit.payment", 1), ("credit.request_log", 1)];

/// All cases of B12.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B12);
    storms(&mut make, world);
    steps(&mut make, world);
    same_body_differently(&mut make, world);
    same_number_differently(&mut make, world);
    other_bodies(&mut make, world);
    bad_keys(&mut make, world);
    odd_keys(&mut make, world);
    refusals(&mut make, world);
    make.done()
}

fn payment(amount: i64) -> Value {
    json!({"accountId": "R039", "amountPaisa": amount, "method": "CASH"})
}

fn pay(world: &World, key: &str, body: &Value) -> Request {
    world.json("/api/v1/payments", body).with("Idempotency-Key", key)
}

/// The same request many times at once: one effect, one answer.
fn storms(make: &mut Maker, world: &World) {
    let once = |expect: Expect| Expect {
        once: true,
        ..expect.within(15)
    };
    // A storm may be shed; whoever was shed asks again with the same key.
    let statuses = [200, 201, 202, 409, 503];
    let paid = once(Expect::status(&statuses).may(PAYMENT).exactly(&ONE_PAYMENT));
    make.add(
        "a payment 200 times at once",
        Send::Storm(pay(world, "kasauti-storm-1", &payment(100)), 200),
        paid.clone(),
    );
    let mut inside = payment(101);
    inside["requestId"] = "kasauti-storm-2".into();
    make.add(
        "a payment 100 times at once, key in the body",
        Send::Storm(world.json("/api/v1/payments", &inside), 100),
        paid,
    );
    let account = json!({"shopName": "Storm", "phones": ["+9779841000051"], "defaultTerms": true});
    make.add(
        "an account 100 times at once",
        Send::Storm(
            world
                .json("/api/v1/accounts", &account)
                .with("Idempotency-Key", "kasauti-storm-3"),
            100,
        ),
        once(
            Expect::status(&statuses)
                .may(&["credit.account_change", "credit.account_event"])
                .exactly(&[
                    ("credit.account", 1),
                    ("credit.account_phone", 1),
                    ("credit.request_log", 1),
                    ("credit.account:version", 1),
                ]),
        ),
    );
    let stock = json!({"vendorId": "V02", "sku": SKU, "deltaMilli": 1000, "reason": "kasauti"});
    make.add(
        "a stock adjustment 100 times at once",
        Send::Storm(
            world
                .json("/api/v1/stock:adjust", &stock)
                .with("Idempotency-Key", "kasauti-storm-4"),
            100,
        ),
        once(
            Expect::status(&statuses)
                .may(&["inventory.stock", "inventory.offer", "inventory.request_log"])
                .exactly(&[("inventory.stock_move", 1), ("inventory.stock:on_hand", 1000)]),
        ),
    );
    let quote = json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": "1"}]});
    make.add(
        "a quote 100 times at once",
        Send::Storm(
            world
                .json("/api/v1/orders:quote", &quote)
                .with("Idempotency-Key", "kasauti-storm-5"),
            100,
        ),
        once(
            Expect::status(&statuses)
                .may(&["orders.request_log"])
                .exactly(&[("orders.quote", 1)]),
        ),
    );
    let order = json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": "1"}]});
    let order_rows: &'static [&'static str] = &[
        "orders.quote",
        "orders.order_line",
        "orders.order_event",
        "orders.assignment",
        "orders.request_log",
        "credit.account",
        "credit.account_event",
        "credit.hold",
        "inventory.reservation",
        "inventory.reservation_line",
        "inventory.stock",
        "inventory.stock_move",
        "notification.notification",
        "orders.purchase_order",
    ];
    make.add(
        "an order 100 times at once",
        Send::Storm(
            world
                .json("/api/v1/orders", &order)
                .with("Idempotency-Key", "kasauti-storm-6"),
            100,
        ),
        Expect::status(&statuses)
            .may(order_rows)
            .exactly(&[("orders.purchase_order", 1), ("credit.hold", 1)])
            .within(15),
    );
    let message = Request::new("POST", "/api/v1/simulator/messages")
        .with("Content-Type", "application/json")
        .body(
            json!({"from": "+9779841000052", "text": "namaste", "message_id": "kasauti-storm-7"}).to_string(),
        );
    make.add(
        "a message 100 times at once",
        Send::Storm(message, 100),
        Expect::status(&[200])
            .may(super::CHAT)
            .exactly(&[("orders.inbound_message", 1)])
            .within(15),
    );
}

fn steps(make: &mut Maker, world: &World) {
    let paid = |sets: &[&[u16]]| {
        let sets = sets.iter().map(|set| set.to_vec()).collect();
        Expect::of(Want::Each(sets)).may(PAYMENT).exactly(&ONE_PAYMENT)
    };
    let key = "kasauti-step-1";
    let three = vec![pay(world, key, &payment(200)); 3];
    make.add(
        "three times in turn",
        Send::Steps(three),
        Expect {
            once: true,
            ..paid(&[&[200], &[200], &[200]])
        },
    );
    let other = vec![
        pay(world, "kasauti-step-2", &payment(200)),
        pay(world, "kasauti-step-2", &payment(201)),
    ];
    make.add("then another amount", Send::Steps(other), paid(&[&[200], &[422]]));
    let back = vec![
        pay(world, "kasauti-step-3", &payment(200)),
        pay(world, "kasauti-step-3", &payment(201)),
        pay(world, "kasauti-step-3", &payment(200)),
    ];
    make.add(
        "another amount in between",
        Send::Steps(back),
        Expect {
            once: true,
            ..paid(&[&[200], &[422], &[200]])
        },
    );
    let limit = json!({"limitPaisa": 25_000_000, "reason": "kasauti"});
    let elsewhere = vec![
        pay(world, "kasauti-step-4", &payment(200)),
        world
            .json("/api/v1/accounts/R039:setLimit", &limit)
            .with("Idempotency-Key", "kasauti-step-4"),
    ];
    let both: &'static [&'static str] = &[
        "credit.payment",
        "credit.request_log",
        "credit.account_change",
        "credit.account",
        "credit.account_event",
        "credit.entry",
        "credit.entry_line",
        "credit.allocation",
        "notification.notification",
    ];
    make.add(
        "the same key at another route is another key",
        Send::Steps(elsewhere),
        Expect::of(Want::Each(vec![vec![200], vec![200]]))
            .may(both)
            .exactly(&[("credit.payment", 1)]),
    );
    let mut support = pay(world, "kasauti-step-5", &payment(200));
    for (name, value) in &mut support.headers {
        if name == "Authorization" {
            *value = format!("Bearer {}", world.support);
        }
    }
    let people = vec![pay(world, "kasauti-step-5", &payment(200)), support];
    make.add(
        "the same key of somebody who may not",
        Send::Steps(people),
        paid(&[&[200], &[403]]),
    );
    let agreeing = {
        let mut body = payment(200);
        body["requestId"] = "kasauti-step-6".into();
        vec![
            pay(world, "kasauti-step-6", &body),
            pay(world, "kasauti-step-6", &payment(200)),
        ]
    };
    make.add(
        "the key in head and body, then in the head",
        Send::Steps(agreeing),
        Expect {
            once: true,
            ..paid(&[&[200], &[200]])
        },
    );
}

/// The same request in other words.
fn same_body_differently(make: &mut Maker, world: &World) {
    let bodies = [
        (
            "members in another order",
            r#"{"method":"CASH","amountPaisa":300,"accountId":"R039"}"#,
        ),
        (
            "with blanks",
            "{ \"accountId\" : \"R039\",\n \"amountPaisa\": 300, \"method\": \"CASH\" }",
        ),
        (
            "the number as a text",
            r#"{"accountId":"R039","amountPaisa":"300","method":"CASH"}"#,
        ),
        (
            "snake case",
            r#"{"account_id":"R039","amount_paisa":300,"method":"CASH"}"#,
        ),
        (
            "the whole name of the method",
            r#"{"accountId":"R039","amountPaisa":300,"method":"PAYMENT_METHOD_CASH"}"#,
        ),
        (
            "the method in small letters",
            r#"{"accountId":"R039","amountPaisa":300,"method":"cash"}"#,
        ),
        (
            "an empty reference",
            r#"{"accountId":"R039","amountPaisa":300,"method":"CASH","reference":""}"#,
        ),
        (
            "a null",
            r#"{"accountId":"R039","amountPaisa":300,"method":"CASH","receivedAt":null}"#,
        ),
        (
            "escaped letters",
            r#"{"accountId":"\u0052039","amountPaisa":300,"method":"CASH"}"#,
        ),
    ];
    for (n, (name, body)) in bodies.into_iter().enumerate() {
        let key = format!("kasauti-same-{n}");
        let first = pay(world, &key, &payment(300));
        let second = world.post("/api/v1/payments", body).with("Idempotency-Key", &key);
        let expect = Expect::of(Want::Each(vec![vec![200], vec![200]]))
            .may(PAYMENT)
            .exactly(&ONE_PAYMENT);
        make.add(
            format!("the same, {name}"),
            Send::Steps(vec![first, second]),
            Expect { once: true, ..expect },
        );
    }
}

/// Money is written in digits: what a reader might have rounded is refused, whatever it comes to.
fn same_number_differently(make: &mut Maker, world: &World) {
    let numbers = [("a fraction of zero", "300.0"), ("an exponent", "3e2")];
    for (n, (name, number)) in numbers.into_iter().enumerate() {
        let key = format!("kasauti-number-{n}");
        let first = pay(world, &key, &payment(300));
        let body = format!(r#"{{"accountId":"R039","amountPaisa":{number},"method":"CASH"}}"#);
        let second = world.post("/api/v1/payments", body).with("Idempotency-Key", &key);
        let expect = Expect::of(Want::Each(vec![vec![200], vec![400]]))
            .may(PAYMENT)
            .exactly(&ONE_PAYMENT);
        make.add(
            format!("the same number with {name}"),
            Send::Steps(vec![first, second]),
            expect,
        );
    }
}

fn other_bodies(make: &mut Maker, world: &World) {
    let others = [
        (
            "another account",
            json!({"accountId": "R038", "amountPaisa": 400, "method": "CASH"}),
        ),
        (
            "one paisa more",
            json!({"accountId": "R039", "amountPaisa": 401, "method": "CASH"}),
        ),
        (
            "another method",
            json!({"accountId": "R039", "amountPaisa": 400, "method": "CHEQUE", "reference": "k1"}),
        ),
        (
            "a reference",
            json!({"accountId": "R039", "amountPaisa": 400, "method": "CASH", "reference": "k"}),
        ),
        (
            "a time",
            json!({"accountId": "R039", "amountPaisa": 400, "method": "CASH", "receivedAt": "2026-01-01T00:00:00Z"}),
        ),
    ];
    for (n, (name, body)) in others.into_iter().enumerate() {
        let key = format!("kasauti-other-{n}");
        let both = vec![pay(world, &key, &payment(400)), pay(world, &key, &body)];
        let expect = Expect::of(Want::Each(vec![vec![200], vec![422]]))
            .may(PAYMENT)
            .exactly(&ONE_PAYMENT);
        make.add(format!("the same key with {name}"), Send::Steps(both), expect);
    }
}

fn bad_keys(make: &mut Maker, world: &World) {
    for (name, key) in [
        ("empty", String::new()),
        ("of 129 letters", "k".repeat(129)),
        ("of 256 letters", "k".repeat(256)),
        ("of 10,000 letters", "k".repeat(10_000)),
        ("with a blank", "a b".to_owned()),
        ("with a tab", "a\tb".to_owned()),
        ("in Devanagari", "कुञ्जी".to_owned()),
        ("with an emoji", "k🔑".to_owned()),
        ("with a no-break space", "a\u{a0}b".to_owned()),
        ("with a zero-width space", "a\u{200b}b".to_owned()),
    ] {
        make.add(
            format!("a key {name}"),
            Send::Http(pay(world, &key, &payment(500))),
            Expect::status(&[400]),
        );
        let mut inside = payment(500);
        inside["requestId"] = key.clone().into();
        let expect = if key.is_empty() {
            Expect::status(&[200]).may(PAYMENT).exactly(&ONE_PAYMENT)
        } else {
            Expect::status(&[400])
        };
        make.add(
            format!("a key in the body {name}"),
            Send::Http(world.json("/api/v1/payments", &inside)),
            expect,
        );
    }
    let twice = pay(world, "kasauti-a", &payment(500)).with("Idempotency-Key", "kasauti-b");
    make.add("two keys", Send::Http(twice), Expect::status(&[400]));
    let same_twice = pay(world, "kasauti-a", &payment(500)).with("Idempotency-Key", "kasauti-a");
    make.add(
        "one key in two fields",
        Send::Http(same_twice),
        Expect::status(&[400]),
    );
    let mut differ = payment(500);
    differ["requestId"] = "kasauti-c".into();
    make.add(
        "a key in the head and another in the body",
        Send::Http(pay(world, "kasauti-d", &differ)),
        Expect::status(&[400]),
    );
    for (name, key) in [
        ("a number", json!(7)),
        ("a list", json!(["a"])),
        ("an object", json!({"a": 1})),
        ("true", json!(true)),
    ] {
        let mut body = payment(500);
        body["requestId"] = key;
        make.add(
            format!("a key that is {name}"),
            Send::Http(world.json("/api/v1/payments", &body)),
            Expect::status(&[400]),
        );
    }
    let nul = {
        let mut body = payment(500);
        body["requestId"] = "a\0b".into();
        body
    };
    make.add(
        "a key with NUL",
        Send::Http(world.json("/api/v1/payments", &nul)),
        Expect::status(&[400]),
    );
}

/// Keys that look odd and are good: each pays once.
fn odd_keys(make: &mut Maker, world: &World) {
    for key in [
        "k",
        "'; DROP TABLE credit.payment; --",
        "../../x",
        "{{7*7}}",
        "%00",
        "null",
        "0",
        "kasauti%20x",
        "<script>",
        "\"\"",
        "a,b",
        "=1+1",
        "*",
    ] {
        let key: String = key.chars().filter(|letter| *letter != ' ').collect();
        let two = vec![pay(world, &key, &payment(600)); 2];
        let expect = Expect::of(Want::Each(vec![vec![200], vec![200]]))
            .may(PAYMENT)
            .exactly(&ONE_PAYMENT);
        make.add(
            format!("the key {key:?} twice"),
            Send::Steps(two),
            Expect { once: true, ..expect },
        );
    }
    let long = vec![pay(world, &"k".repeat(128), &payment(600)); 2];
    let expect = Expect::of(Want::Each(vec![vec![200], vec![200]]))
        .may(PAYMENT)
        .exactly(&ONE_PAYMENT);
    make.add(
        "a key of 128 letters twice",
        Send::Steps(long),
        Expect {
            once: true,
            ..expect.clone()
        },
    );
    let upper = vec![
        pay(world, "kasauti-case", &payment(600)),
        pay(world, "KASAUTI-CASE", &payment(600)),
    ];
    let two = Expect::of(Want::Each(vec![vec![200], vec![200]]))
        .may(PAYMENT)
        .exactly(&[("credit.payment", 2), ("credit.request_log", 2)]);
    make.add("keys that differ in their case", Send::Steps(upper), two);
}

/// What is wrong in itself leaves its key free; what was refused stays refused.
fn refusals(make: &mut Maker, world: &World) {
    let wrong = json!({"accountId": "R039", "amountPaisa": 0, "method": "CASH"});
    let mended = vec![
        pay(world, "kasauti-refused", &wrong),
        pay(world, "kasauti-refused", &payment(700)),
    ];
    make.add(
        "a refused key is free again",
        Send::Steps(mended),
        Expect::of(Want::Each(vec![vec![400], vec![200]]))
            .may(PAYMENT)
            .exactly(&ONE_PAYMENT),
    );
    let nobody = json!({"accountId": "NOBODY", "amountPaisa": 1, "method": "CASH"});
    let twice = vec![pay(world, "kasauti-nobody", &nobody); 2];
    make.add(
        "an unknown account twice",
        Send::Steps(twice),
        Expect::of(Want::Each(vec![vec![404], vec![404]])),
    );
}
