//! B9: texts that speak to an interpreter behind a field.

use serde_json::{Value, json};

use super::strings::INJECTIONS;
use super::{CHAT, SKU, VENDOR, World, meta, simulated};
use crate::abuse::case::{Case, Class, Expect, Maker, Request, Send};

/// All cases of B9.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B9);
    for (kind, text) in INJECTIONS {
        reads(&mut make, world, kind, text);
        ids(&mut make, world, kind, text);
        heads(&mut make, world, kind, text);
        kept_texts(&mut make, world, kind, text);
        chat(&mut make, world, kind, text);
    }
    make.done()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

/// Nothing is found, or it is no such thing: never a failure, never more than a second.
fn reads(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let text = encoded(text);
    for (field, target) in [
        ("query", format!("/api/v1/products:search?query={text}")),
        ("category", format!("/api/v1/products?category={text}")),
        ("page token", format!("/api/v1/orders?pageToken={text}")),
        ("order", format!("/api/v1/orders/{text}")),
    ] {
        let expect = Expect::status(&[200, 400, 404]);
        make.add(
            format!("{kind} as {field}"),
            Send::Http(world.get(&target)),
            expect,
        );
    }
}

fn ids(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let body = json!({"accountId": text, "lines": [{"sku": text, "quantity": "1", "unit": text}]});
    make.add(
        format!("{kind} as account, product and unit"),
        Send::Http(world.json("/api/v1/orders:quote", &body)),
        Expect::status(&[400, 404, 422]),
    );
}

/// A line break cannot be sent inside a field, so it goes as a blank here; the whole text is in the address.
fn heads(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let request = world
        .get(&format!("/nothing/{}", encoded(text)))
        .with("User-Agent", &plain)
        .with("X-Request-Id", &plain)
        .with("Referer", &plain)
        .with("traceparent", &plain)
        .with("Origin", &plain)
        .with("Prefer", &plain);
    make.add(
        format!("{kind} in heads and path"),
        Send::Http(request),
        Expect::status(&[400, 404]),
    );
    let keyed = world
        .json(
            "/api/v1/payments",
            &json!({"accountId": "NOBODY", "amountPaisa": 1, "method": "CASH"}),
        )
        .with("Idempotency-Key", &plain);
    make.add(
        format!("{kind} as key of idempotency"),
        Send::Http(keyed),
        Expect::status(&[400, 404]),
    );
}

/// Free texts are kept exactly as they came, or refused as a whole.
fn kept_texts(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let reason = json!({"vendorId": VENDOR, "sku": SKU, "deltaMilli": 1000, "reason": text});
    let stock: &'static [&'static str] = &[
        "inventory.stock",
        "inventory.stock_move",
        "inventory.request_log",
        "inventory.offer",
    ];
    make.add(
        format!("{kind} as reason"),
        Send::Http(world.json("/api/v1/stock:adjust", &reason)),
        Expect::status(&[200, 400]).may(stock),
    );
    let id = make.next_id();
    let sku = id.replace('-', "X");
    let body = product(&sku, text);
    let rows: &'static [&'static str] = &[
        "inventory.product",
        "inventory.product_unit",
        "inventory.product_alias",
        "inventory.request_log",
        "inventory.catalogue",
    ];
    make.add(
        format!("{kind} as a product's name"),
        Send::Http(world.json("/api/v1/products", &body)),
        Expect::status(&[200, 201, 400])
            .may(rows)
            .echo("/product/name", Value::from(text)),
    );
}

/// A product that could be sold.
pub fn product(sku: &str, name: &str) -> Value {
    json!({"product": {
        "sku": format!("KASAUTI-{sku}"), "name": name, "category": "test", "baseUnit": "sack", "packLabel": "25 kg",
        "packQuantity": 1, "orderUnits": [{"unit": "sack", "factor": 1}], "vatClass": "VAT_CLASS_EXEMPT",
    }})
}

fn chat(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let request = simulated(&world.phone, text);
    make.add(
        format!("{kind} as a message"),
        Send::Http(request),
        Expect::status(&[200, 400]).may(CHAT),
    );
    let id = make.next_id();
    let mut body = meta::text(&format!("wamid.{id}"), "9779841000031", text);
    body["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"]["name"] = text.into();
    let request: Request = meta::proven(body.to_string());
    make.add(
        format!("{kind} as text and name in a webhook"),
        Send::Http(request),
        Expect::status(&[200]).may(CHAT),
    );
    if kind.starts_with("fetch") {
        let medium =
            json!({"type": "image", "image": {"id": text, "url": text, "mime_type": text, "caption": text}});
        let body = meta::delivery(&format!("wamid.{id}m"), "9779841000031", &medium);
        make.add(
            format!("{kind} as a medium's address"),
            Send::Http(meta::proven(body.to_string())),
            Expect::status(&[200]).may(CHAT),
        );
    }
}
