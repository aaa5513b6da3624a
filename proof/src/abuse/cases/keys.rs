//! B6: keys that are none, keys of others, and tokens inside the mesh.

use serde_json::json;

use super::{SHOP, World, tokens};
use crate::abuse::case::{Case, Class, Expect, Maker, Request, Send};
use crate::abuse::sign::{base64, base64url, turned};

/// All cases of B6.
pub fn cases(world: &World) -> Vec<Case> {
    let mut make = Maker::new(Class::B6);
    damaged(&mut make, world);
    headers(&mut make, world);
    other_schemes(&mut make, world);
    roles(&mut make, world);
    making_keys(&mut make, world);
    tokens::add(&mut make);
    make.done()
}

fn ask(value: &str) -> Request {
    Request::new("GET", "/api/v1/accounts").with("Authorization", value)
}

fn refuse(make: &mut Maker, name: String, request: Request) {
    make.add(name, Send::Http(request), Expect::status(&[401]));
}

fn damaged(make: &mut Maker, world: &World) {
    let key = &world.owner;
    for at in [0, 3, 4, 8, 15, 16, 17, 30, 45, 58, 59] {
        refuse(
            make,
            format!("key: letter {at} turned"),
            ask(&format!("Bearer {}", turned(key, at))),
        );
    }
    let (id, secret) = key.split_at(17);
    for (name, text) in [
        ("empty", String::new()),
        ("only the prefix", "kha_".to_owned()),
        ("only the id", id.to_owned()),
        ("only the secret", secret.to_owned()),
        ("one letter cut", key[..key.len() - 1].to_owned()),
        ("one letter more", format!("{key}A")),
        ("twice", format!("{key}{key}")),
        ("in capitals", key.to_uppercase()),
        ("padded", format!("{key}=")),
        ("with a line break in percent", format!("{key}%0a")),
        ("with NUL in percent", format!("{key}%00")),
        ("in quotes", format!("\"{key}\"")),
        ("of a revoked key", world.revoked.clone()),
        ("an unknown id", format!("kha_{}_{}", "0".repeat(12), secret)),
        (
            "the id of another key",
            format!("{}{secret}", &world.support[..17]),
        ),
        ("a secret of zeros", format!("{id}{}", "A".repeat(43))),
        ("an id in capitals", format!("kha_{}_{secret}", "ABCDEF012345")),
        ("an id of SQL", format!("kha_' OR 1=1 --_{secret}")),
        ("an id of a path", format!("kha_../../../ab_{secret}")),
        ("wild cards", format!("kha_%%%%%%%%%%%%_{secret}")),
        ("10,000 letters", format!("kha_{}", "a".repeat(10_000))),
        ("base64 of it", base64(key.as_bytes())),
        ("the hash of it", crate::abuse::sign::sha256(key.as_bytes())),
        ("with a zero-width space", format!("{key}\u{200b}")),
        ("in full-width letters", "ｋｈａ＿０００".to_owned()),
        ("null", "null".to_owned()),
        ("undefined", "undefined".to_owned()),
    ] {
        refuse(make, format!("key: {name}"), ask(&format!("Bearer {text}")));
        let in_other = Request::new("GET", "/api/v1/accounts").with("X-Api-Key", &text);
        refuse(make, format!("X-Api-Key: {name}"), in_other);
    }
}

fn headers(make: &mut Maker, world: &World) {
    let key = &world.owner;
    for (name, value) in [
        ("no scheme", key.clone()),
        ("Basic", format!("Basic {}", base64(format!("{key}:").as_bytes()))),
        ("Digest", format!("Digest username=\"{key}\"")),
        ("Token", format!("Token {key}")),
        ("a comma", format!("Bearer {key}, Bearer {key}")),
        ("no blank", format!("Bearer{key}")),
        ("two keys", format!("Bearer {key} {}", world.support)),
        ("a tab", format!("Bearer\t{key}")),
        ("scheme twice", format!("Bearer Bearer {key}")),
    ] {
        refuse(make, format!("Authorization: {name}"), ask(&value));
    }
    let differ = ask(&format!("Bearer {key}")).with("X-Api-Key", &world.support);
    refuse(make, "two headers with different keys".to_owned(), differ);
    let twice = ask("Bearer x").with("Authorization", &format!("Bearer {key}"));
    refuse(make, "a bad field before a good one".to_owned(), twice);
    for (name, target) in [
        ("in the query", format!("/api/v1/accounts?api_key={key}")),
        (
            "in the query as access_token",
            format!("/api/v1/accounts?access_token={key}"),
        ),
        (
            "as a parameter of the path",
            format!("/api/v1/accounts;key={key}"),
        ),
    ] {
        let request = Request::new("GET", &target);
        make.add(
            format!("key {name}"),
            Send::Http(request),
            Expect::status(&[401, 404]),
        );
    }
    let cookie = Request::new("GET", "/api/v1/accounts")
        .with("Cookie", &format!("key={key}; authorization=Bearer {key}"));
    refuse(make, "key in a cookie".to_owned(), cookie);
    for (name, value) in [
        ("X-Original-URL", "/live"),
        ("X-Rewrite-URL", "/live"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-User", "owner"),
        ("X-HTTP-Method-Override", "GET"),
        ("X-Role", "owner"),
    ] {
        let request = Request::new("GET", "/api/v1/accounts").with(name, value);
        refuse(make, format!("{name} instead of a key"), request);
    }
}

/// Tokens of a scheme that is not ours, in all their usual disguises.
fn other_schemes(make: &mut Maker, world: &World) {
    let payload = base64url(
        json!({"sub": "owner", "role": "owner", "exp": 253_402_300_799_i64})
            .to_string()
            .as_bytes(),
    );
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "nOnE", "typ": "JWT"}),
        json!({"alg": "HS256", "kid": "../../../../dev/null"}),
        json!({"alg": "HS256", "kid": "x' UNION SELECT 'a"}),
        json!({"alg": "RS256", "jku": "http://169.254.169.254/jwks.json"}),
        json!({"alg": "RS256", "x5u": "file:///etc/passwd"}),
        json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}),
        json!({"alg": "HS256", "crit": ["exp"], "b64": false}),
    ] {
        let token = format!("{}.{payload}.AAAA", base64url(header.to_string().as_bytes()));
        refuse(
            make,
            format!("JWT with {header}"),
            ask(&format!("Bearer {token}")),
        );
    }
    let simulator = Request::new("POST", "/api/v1/simulator/messages")
        .with("Content-Type", "application/json")
        .with("X-Forwarded-For", "127.0.0.1")
        .body(json!({"from": world.phone, "text": "CONFIRM"}).to_string());
    refuse(
        make,
        "the simulator through a proxy without key".to_owned(),
        simulator.clone(),
    );
    let forwarded = Request {
        headers: simulator
            .headers
            .iter()
            .filter(|(name, _)| name != "X-Forwarded-For")
            .cloned()
            .collect(),
        ..simulator
    };
    refuse(
        make,
        "the simulator with a bad key".to_owned(),
        forwarded.clone().with("Authorization", "Bearer x"),
    );
    refuse(
        make,
        "the simulator behind Forwarded".to_owned(),
        forwarded.with("Forwarded", "for=127.0.0.1"),
    );
}

/// Good keys that may not.
fn roles(make: &mut Maker, world: &World) {
    let limit = json!({"limitPaisa": 1, "reason": "x"}).to_string();
    let pay = json!({"accountId": SHOP, "amountPaisa": 1, "method": "CASH"}).to_string();
    let made = json!({"name": "x", "role": "owner"}).to_string();
    let stock =
        json!({"vendorId": "V01", "sku": "SUGAR-50KG", "deltaMilli": 1000, "reason": "x"}).to_string();
    for (who, key) in [("support", &world.support), ("retailer", &world.retailer)] {
        for (target, body) in [
            (format!("/api/v1/accounts/{SHOP}:setLimit"), &limit),
            (format!("/api/v1/accounts/{SHOP}:unblock"), &limit),
            ("/api/v1/payments".to_owned(), &pay),
            ("/api/v1/apikeys".to_owned(), &made),
            ("/api/v1/stock:adjust".to_owned(), &stock),
            ("/api/v1/vendors".to_owned(), &made),
            ("/api/v1/products".to_owned(), &made),
        ] {
            let request = Request::new("POST", &target)
                .with("Authorization", &format!("Bearer {key}"))
                .with("Content-Type", "application/json")
                .body(body.clone());
            make.add(
                format!("{who} may not POST {target}"),
                Send::Http(request),
                Expect::status(&[403]),
            );
        }
    }
    let theirs = |target: &str| {
        Request::new("GET", target).with("Authorization", &format!("Bearer {}", world.retailer))
    };
    for target in [
        "/api/v1/accounts/R005",
        "/api/v1/accounts/R005/balance",
        "/api/v1/accounts/R005/entries",
    ] {
        make.add(
            format!("a shop does not see {target}"),
            Send::Http(theirs(target)),
            Expect::status(&[404]),
        );
    }
    for target in [
        "/api/v1/accounts",
        "/api/v1/vendors",
        "/api/v1/notifications",
        "/api/v1/ops/jobs",
        "/api/v1/apikeys",
    ] {
        make.add(
            format!("a shop may not read {target}"),
            Send::Http(theirs(target)),
            Expect::status(&[403]),
        );
    }
    let order = json!({"accountId": "R005", "lines": [{"sku": "SUGAR-50KG", "quantity": "1"}]}).to_string();
    for target in ["/api/v1/orders", "/api/v1/orders:quote"] {
        let request = Request::new("POST", target)
            .with("Authorization", &format!("Bearer {}", world.retailer))
            .with("Content-Type", "application/json")
            .body(order.clone());
        make.add(
            format!("a shop orders for another at {target}"),
            Send::Http(request),
            Expect::status(&[403, 404]),
        );
    }
}

fn making_keys(make: &mut Maker, world: &World) {
    for (name, body) in [
        ("no role", json!({"name": "x"})),
        ("an unknown role", json!({"name": "x", "role": "root"})),
        ("role service", json!({"name": "x", "role": "service"})),
        ("a role in capitals", json!({"name": "x", "role": "OWNER"})),
        ("a vendor without scope", json!({"name": "x", "role": "vendor"})),
        (
            "a retailer with a vendor's scope",
            json!({"name": "x", "role": "retailer", "scope": "ven_00000000000000000000000000000001"}),
        ),
        (
            "a scope that is no id",
            json!({"name": "x", "role": "retailer", "scope": "*"}),
        ),
        ("no name", json!({"role": "owner"})),
        (
            "a name of 10,000 letters",
            json!({"name": "x".repeat(10_000), "role": "support"}),
        ),
        (
            "a chosen id",
            json!({"name": "x", "role": "support", "id": "key_000000000000"}),
        ),
        (
            "a chosen secret",
            json!({"name": "x", "role": "support", "secret": "A"}),
        ),
        (
            "an expiry in the past",
            json!({"name": "x", "role": "support", "expires_at": "1999-01-01T00:00:00Z"}),
        ),
        (
            "an expiry that is no time",
            json!({"name": "x", "role": "support", "expires_at": "soon"}),
        ),
    ] {
        let request = world.json("/api/v1/apikeys", &body);
        make.add(
            format!("making a key: {name}"),
            Send::Http(request),
            Expect::status(&[400]),
        );
    }
    for id in [
        "key_000000000000",
        "key_zzz",
        "%00",
        "..",
        "key_000000000000%0a",
        "'%20OR%201=1--",
    ] {
        let mut request = world.get(&format!("/api/v1/apikeys/{id}"));
        "DELETE".clone_into(&mut request.method);
        make.add(
            format!("revoking {id:?}"),
            Send::Http(request),
            Expect::status(&[400, 404]),
        );
    }
}
