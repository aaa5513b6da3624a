//! B10: texts that look like something else, or have no visible form.

use serde_json::{Value, json};

use super::injection::product;
use super::strings::UNICODE;
use super::{CHAT, SHOP, SKU, World, meta, simulated};
use crate::abuse::case::{Case, Class, Expect, Maker, Send};

/// All cases of B10.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B10);
    for (kind, text) in UNICODE {
        one(&mut make, world, kind, text);
    }
    nul(&mut make, world);
    piles(&mut make, world);
    make.done()
}

fn one(make: &mut Maker, world: &World, kind: &str, text: &str) {
    let line = json!({"accountId": SHOP, "lines": [{"sku": text, "quantity": "1"}]});
    make.add(
        format!("{kind} as a product's key"),
        Send::Http(world.json("/api/v1/orders:quote", &line)),
        no_price(),
    );
    let quantity = json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": text}]});
    make.add(
        format!("{kind} as a quantity"),
        Send::Http(world.json("/api/v1/orders:quote", &quantity)),
        no_price(),
    );
    make.add(
        format!("{kind} as a message"),
        Send::Http(simulated(&world.phone, text)),
        Expect::status(&[200]).may(CHAT),
    );
    let found: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let target = format!("/api/v1/products:search?query={found}");
    make.add(
        format!("{kind} as a search"),
        Send::Http(world.get(&target)),
        Expect::status(&[200, 400]),
    );
    let sku = make.next_id().replace('-', "X");
    let rows: &'static [&'static str] = &[
        "inventory.product",
        "inventory.product_unit",
        "inventory.product_alias",
        "inventory.request_log",
        "inventory.catalogue",
    ];
    make.add(
        format!("{kind} as a product's name"),
        Send::Http(world.json("/api/v1/products", &product(&sku, text))),
        Expect::status(&[200, 201, 400])
            .may(rows)
            .echo("/product/name", Value::from(text)),
    );
}

/// Refused, or answered that it cannot be ordered.
fn no_price() -> Expect {
    let rows: &'static [&'static str] = &["orders.quote", "orders.request_log"];
    Expect::status(&[200, 400, 404, 422])
        .may(rows)
        .echo("/quote/placeable", Value::from(false))
}

/// U+0000, which PostgreSQL cannot hold, in every field that takes a text.
fn nul(make: &mut Maker, world: &World) {
    let text = "a\0b";
    for (target, body) in [
        (
            "/api/v1/orders:quote",
            json!({"accountId": text, "lines": [{"sku": SKU, "quantity": "1"}]}),
        ),
        (
            "/api/v1/orders:quote",
            json!({"accountId": SHOP, "lines": [{"sku": text, "quantity": "1"}]}),
        ),
        (
            "/api/v1/orders:quote",
            json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": text}]}),
        ),
        (
            "/api/v1/orders:quote",
            json!({"accountId": SHOP, "lines": [{"sku": SKU, "quantity": "1", "unit": text}]}),
        ),
        ("/api/v1/orders", json!({"accountId": SHOP, "quoteId": text})),
        (
            "/api/v1/orders",
            json!({"requestId": text, "accountId": SHOP, "lines": [{"sku": "NONE", "quantity": "1"}]}),
        ),
        ("/api/v1/orders/ORD2611000427:cancel", json!({"reason": text})),
        (
            "/api/v1/orders/ORD2611000427:assign",
            json!({"vendorId": text, "reason": text}),
        ),
        (
            "/api/v1/orders/ORD2611000427:decline",
            json!({"vendorId": "V01", "reason": text}),
        ),
        (
            "/api/v1/accounts",
            json!({"shopName": text, "phones": ["+9779841000041"], "defaultTerms": true}),
        ),
        (
            "/api/v1/accounts",
            json!({"shopName": "K", "ownerName": text, "phones": ["+9779841000041"], "defaultTerms": true}),
        ),
        (
            "/api/v1/accounts",
            json!({"shopName": "K", "phones": [text], "defaultTerms": true}),
        ),
        (
            "/api/v1/accounts",
            json!({"shopName": "K", "phones": ["+9779841000041"], "municipality": text, "defaultTerms": true}),
        ),
        (
            "/api/v1/accounts",
            json!({"shopName": "K", "code": text, "phones": ["+9779841000041"], "defaultTerms": true}),
        ),
        (
            "/api/v1/accounts/R004:setLimit",
            json!({"limitPaisa": 25_000_000, "reason": text}),
        ),
        ("/api/v1/accounts/R004:block", json!({"reason": text})),
        (
            "/api/v1/payments",
            json!({"accountId": SHOP, "amountPaisa": 1, "method": "CHEQUE", "reference": text}),
        ),
        ("/api/v1/products", product("NUL", text)),
        (
            "/api/v1/products:match",
            json!({"phrases": [{"phrase": text, "unit": text, "quantity": text}]}),
        ),
        (
            "/api/v1/vendors",
            json!({"name": text, "phone": "+9779841000042"}),
        ),
        ("/api/v1/vendors", json!({"name": "K", "phone": text})),
        (
            "/api/v1/vendors",
            json!({"name": "K", "phone": "+9779841000042", "municipality": text}),
        ),
        (
            "/api/v1/vendors",
            json!({"name": "K", "phone": "+9779841000042", "opens": text}),
        ),
        (
            "/api/v1/offers",
            json!({"vendorId": text, "sku": SKU, "pricePaisa": 1}),
        ),
        (
            "/api/v1/stock:adjust",
            json!({"vendorId": "V01", "sku": SKU, "deltaMilli": 1000, "reason": text}),
        ),
        ("/api/v1/apikeys", json!({"name": text, "role": "support"})),
        (
            "/api/v1/apikeys",
            json!({"name": "x", "role": "retailer", "scope": text}),
        ),
        (
            "/api/v1/ops/jobs/job_00000000000000000000000000000000:drop",
            json!({"service": text, "reason": text}),
        ),
        (
            "/api/v1/notifications/ntf_00000000000000000000000000000000:resend",
            json!({"requestId": text}),
        ),
        (
            "/api/v1/simulator/messages",
            json!({"from": world.phone, "text": "x", "message_id": text}),
        ),
    ] {
        let field = body.to_string().chars().take(60).collect::<String>();
        // A matcher has nothing to keep: it may simply find nothing.
        let expect = match target {
            "/api/v1/products:match" => Expect::status(&[200, 400]),
            "/api/v1/orders:quote" => no_price(),
            _ => Expect::status(&[400, 404]),
        };
        make.add(
            format!("NUL at {target} in {field}"),
            Send::Http(world.json(target, &body)),
            expect,
        );
    }
    for target in [
        "/api/v1/accounts/%00",
        "/api/v1/vendors/%00",
        "/api/v1/products/%00",
        "/api/v1/orders/%00",
        "/api/v1/notifications/%00",
        "/api/v1/accounts?pageToken=%00",
        "/api/v1/vendors?pageToken=%00",
        "/api/v1/products?pageToken=%00",
        "/api/v1/products?category=%00",
        "/api/v1/orders?accountId=%00",
        "/api/v1/orders?vendorId=%00",
        "/api/v1/payments?accountId=%00",
        "/api/v1/offers?sku=%00",
        "/api/v1/offers?vendorId=%00",
        "/api/v1/stock/moves?vendorId=V01&sku=%00",
        "/api/v1/reservations?orderId=%00",
        "/api/v1/notifications?orderId=%00",
        "/api/v1/templates?namePrefix=%00",
        "/api/v1/services?namePrefix=%00",
        "/api/v1/ops/jobs?service=%00",
        "/api/v1/apikeys?after=%00",
        "/docs/reasons/%00",
        "/api/v1/simulator/messages?phone=%00",
        "/api/v1/simulator/messages?after=%00",
        "/api/v1/products:search?query=%00",
    ] {
        make.add(
            format!("NUL in {target}"),
            Send::Http(world.get(target)),
            Expect::status(&[200, 400, 404]),
        );
    }
    make.add(
        "NUL in a message",
        Send::Http(simulated(&world.phone, text)),
        Expect::status(&[200, 400]).may(CHAT),
    );
}

fn piles(make: &mut Maker, world: &World) {
    let pile = format!("Z{}", "\u{301}".repeat(4000));
    make.add(
        "4,000 combining marks as a message",
        Send::Http(simulated(&world.phone, &pile)),
        Expect::status(&[200]).may(CHAT),
    );
    let million = format!("Z{}", "\u{301}".repeat(1_000_000));
    let body = meta::text("wamid.pile", "9779841000043", &million).to_string();
    make.add(
        "a million combining marks in a webhook",
        Send::Http(meta::proven(body)),
        Expect::status(&[200]).may(CHAT),
    );
    let wide = "ﷺ".repeat(4096);
    make.add(
        "4,096 of the widest letter",
        Send::Http(simulated(&world.phone, &wide)),
        Expect::status(&[200]).may(CHAT),
    );
    let emoji = "👨‍👩‍👧‍👦".repeat(580);
    make.add(
        "580 families",
        Send::Http(simulated(&world.phone, &emoji)),
        Expect::status(&[200]).may(CHAT),
    );
    let long = json!({"shopName": "श".repeat(121), "phones": ["+9779841000044"], "defaultTerms": true});
    make.add(
        "121 letters of three bytes as a name",
        Send::Http(world.json("/api/v1/accounts", &long)),
        Expect::status(&[400]),
    );
}
