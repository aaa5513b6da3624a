//! B11: numbers at and beyond the edges of every numeric field.

use serde_json::{Value, json};

use super::strings::{NUMBERS, QUANTITIES};
use super::{SHOP, SKU, World, simulated};
use crate::abuse::case::{Case, Class, Expect, Maker, Send};

/// A numeric field: where it is, a body that holds the token `@`, and the values that the contract takes.
struct Field {
    name: &'static str,
    target: &'static str,
    body: &'static str,
    least: i128,
    most: i128,
    may: &'static [&'static str],
}

const ACCOUNT: &[&str] = &[
    "credit.account",
    "credit.account_change",
    "credit.account_event",
    "credit.account_phone",
    "credit.request_log",
];
const PAYMENT: &[&str] = &[
    "credit.payment",
    "credit.account",
    "credit.account_event",
    "credit.entry",
    "credit.entry_line",
    "credit.allocation",
    "credit.request_log",
    "notification.notification",
];
const OFFER: &[&str] = &["inventory.offer", "inventory.request_log"];
const STOCK: &[&str] = &[
    "inventory.stock",
    "inventory.stock_move",
    "inventory.request_log",
    "inventory.offer",
];
const U32: i128 = u32::MAX as i128;
const LIMIT: i128 = 1_000_000_000_000;
const PRICE: i128 = 1_000_000_000;

const FIELDS: [Field; 10] = [
    Field {
        name: "limit",
        target: "/api/v1/accounts/R040:setLimit",
        body: r#"{"limitPaisa":@,"reason":"kasauti"}"#,
        least: 0,
        most: LIMIT,
        may: ACCOUNT,
    },
    Field {
        name: "payment",
        target: "/api/v1/payments",
        body: r#"{"accountId":"R040","amountPaisa":@,"method":"CASH"}"#,
        least: 1,
        most: LIMIT,
        may: PAYMENT,
    },
    Field {
        name: "terms",
        target: "/api/v1/accounts",
        body: r#"{"shopName":"K","phones":["+977984100~"],"termsDays":@}"#,
        least: 0,
        most: 180,
        may: ACCOUNT,
    },
    Field {
        name: "ward",
        target: "/api/v1/accounts",
        body: r#"{"shopName":"K","phones":["+977984100~"],"defaultTerms":true,"ward":@}"#,
        least: 0,
        most: U32,
        may: ACCOUNT,
    },
    Field {
        name: "latitude",
        target: "/api/v1/accounts",
        body: r#"{"shopName":"K","phones":["+977984100~"],"defaultTerms":true,"latitude":@,"longitude":81}"#,
        least: -90,
        most: 90,
        may: ACCOUNT,
    },
    Field {
        name: "price",
        target: "/api/v1/offers",
        body: r#"{"vendorId":"V12","sku":"SUGAR-50KG","pricePaisa":@}"#,
        least: 1,
        most: PRICE,
        may: OFFER,
    },
    Field {
        name: "lead time",
        target: "/api/v1/offers",
        body: r#"{"vendorId":"V12","sku":"SUGAR-50KG","pricePaisa":450000,"leadTimeDays":@}"#,
        least: 0,
        most: 60,
        may: OFFER,
    },
    Field {
        name: "least quantity",
        target: "/api/v1/offers",
        body: r#"{"vendorId":"V12","sku":"SUGAR-50KG","pricePaisa":450000,"minimumQuantity":@}"#,
        least: 0,
        most: 100_000,
        may: OFFER,
    },
    Field {
        name: "stock difference",
        target: "/api/v1/stock:adjust",
        body: r#"{"vendorId":"V12","sku":"SUGAR-50KG","deltaMilli":@,"reason":"kasauti"}"#,
        least: -LIMIT,
        most: LIMIT,
        may: STOCK,
    },
    Field {
        name: "counted stock",
        target: "/api/v1/stock:adjust",
        body: r#"{"vendorId":"V12","sku":"SUGAR-50KG","counted":true,"countedMilli":@,"reason":"kasauti"}"#,
        least: 0,
        most: LIMIT,
        may: STOCK,
    },
];

/// All cases of B11.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B11);
    for field in &FIELDS {
        for (token, value) in NUMBERS {
            number(&mut make, world, field, token, value);
        }
    }
    quantities(&mut make, world);
    queries(&mut make, world);
    sums(&mut make, world);
    make.done()
}

fn number(make: &mut Maker, world: &World, field: &Field, token: &str, value: Option<i128>) {
    let digits = format!(
        "{:04}",
        make.next_id()
            .bytes()
            .fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000)
    );
    let body = field.body.replace('@', token).replace('~', &digits);
    let taken = value.is_some_and(|value| (field.least..=field.most).contains(&value));
    // Latitudes have fractions, and a difference may go below an empty stock.
    let fraction = field.name == "latitude" && matches!(token, "0.5" | "1.0000000000000000001");
    let expect = if taken || fraction {
        Expect::status(&[200, 201, 400, 409, 422]).may(field.may)
    } else {
        Expect::status(&[400, 422])
    };
    make.add(
        format!("{} {token}", field.name),
        Send::Http(world.post(field.target, body)),
        expect,
    );
}

fn quantities(make: &mut Maker, world: &World) {
    for text in QUANTITIES {
        let body = json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": text, "unit": "sack"}]});
        make.add(
            format!("quantity {text:?}"),
            Send::Http(world.json("/api/v1/orders:quote", &body)),
            Expect::status(&[400, 422]),
        );
    }
    for text in ["२", "1000", "2.0"] {
        let body = json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": text, "unit": "sack"}]});
        make.add(
            format!("quantity {text:?}"),
            Send::Http(world.json("/api/v1/orders:quote", &body)),
            Expect::status(&[200, 400, 422]).may(&["orders.quote", "orders.request_log"]),
        );
    }
    for text in [
        "1e3 bora chini",
        "-5 bora chini",
        "0 bora chini",
        "99999999999999999999 bora chini",
        "1,000 bora chini",
        "0x10 bora chini",
        "½ bora chini",
        "1.0005 bora chini",
        "chini x 2147483648",
        "१,००० bora chini",
    ] {
        make.add(
            format!("message {text:?}"),
            Send::Http(simulated(&world.phone, text)),
            Expect::status(&[200]).may(super::CHAT),
        );
    }
}

fn queries(make: &mut Maker, world: &World) {
    for (name, target) in [
        ("page size", "/api/v1/orders?pageSize="),
        ("limit of a search", "/api/v1/products:search?query=chini&limit="),
        ("limit of the simulator", "/api/v1/simulator/messages?limit="),
    ] {
        for value in [
            "-1",
            "0x10",
            "1e3",
            "101000",
            "4294967296",
            "18446744073709551616",
            "1.5",
            "",
            "%D9%A3",
            "1%00",
            "+1+",
            "NaN",
        ] {
            let request = world.get(&format!("{target}{value}"));
            make.add(
                format!("{name} {value:?}"),
                Send::Http(request),
                Expect::status(&[400]),
            );
        }
    }
    for value in ["0", "100"] {
        make.add(
            format!("page size {value}"),
            Send::Http(world.get(&format!("/api/v1/orders?pageSize={value}"))),
            Expect::status(&[200]),
        );
    }
    for version in ["-1", "9223372036854775807", "9223372036854775808", "1.5"] {
        let body = format!("{{\"expectedVersion\":{version}}}");
        let request = world.post("/api/v1/orders/ORD2611000427:pack", body);
        make.add(
            format!("version {version}"),
            Send::Http(request),
            Expect::status(&[400, 404, 409]),
        );
    }
    for wait in [
        "wait=-1",
        "wait=99999999999",
        "wait=1e9",
        "wait=",
        "wait=5, wait=6",
        "wait=\u{663}",
    ] {
        let body = json!({"accountId": "NOBODY", "lines": [{"sku": SKU, "quantity": "1"}]});
        let request = world.json("/api/v1/orders", &body).with("Prefer", wait);
        make.add(
            format!("Prefer {wait:?}"),
            Send::Http(request),
            Expect::status(&[400, 404]),
        );
    }
}

/// Numbers that are fine alone and too much together.
fn sums(make: &mut Maker, world: &World) {
    let quote = |lines: Vec<Value>| json!({"accountId": SHOP, "lines": lines});
    let line = |quantity: &str| json!({"sku": SKU, "quantity": quantity, "unit": "sack"});
    let rows: &'static [&'static str] = &["orders.quote", "orders.request_log"];
    for (name, lines) in [
        ("a hundred lines of the same", vec![line("1"); 100]),
        ("a hundred lines of 1,000,000", vec![line("1000000"); 100]),
        ("one line of 1,000,000", vec![line("1000000")]),
        ("one line of 999,999.999", vec![line("999999.999")]),
        ("no lines", Vec::new()),
    ] {
        let request = world.json("/api/v1/orders:quote", &quote(lines));
        make.add(
            format!("sum: {name}"),
            Send::Http(request),
            Expect::status(&[200, 400, 422]).may(rows),
        );
    }
    for (name, body) in [
        ("a factor of 0", json!({"unit": "carton", "factor": 0})),
        (
            "a factor of 100,001",
            json!({"unit": "carton", "factor": 100_001}),
        ),
        (
            "a factor of 2^32",
            json!({"unit": "carton", "factor": 4_294_967_296_i64}),
        ),
        ("a negative factor", json!({"unit": "carton", "factor": -1})),
    ] {
        let mut product = super::injection::product("FACTOR", "Factor");
        product["product"]["orderUnits"] = json!([{"unit": "sack", "factor": 1}, body]);
        make.add(
            format!("product with {name}"),
            Send::Http(world.json("/api/v1/products", &product)),
            Expect::status(&[400]),
        );
    }
    for (field, value) in [
        ("mrpPaisa", -1),
        ("mrpPaisa", 1_000_000_001),
        ("typicalWholesalePaisa", i64::MAX),
        ("packQuantity", 0),
        ("packQuantity", -5),
    ] {
        let mut product = super::injection::product("PRICE", "Price");
        product["product"][field] = value.into();
        make.add(
            format!("product with {field} {value}"),
            Send::Http(world.json("/api/v1/products", &product)),
            Expect::status(&[400]),
        );
    }
}
