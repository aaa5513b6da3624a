//! Tokens of calls inside the mesh: forged, stale, relabelled.

use serde_json::{Value, json};

use crate::abuse::case::{Call, Expect, Maker, Send, Token, Twist};
use crate::abuse::mesh::{MESH_SECRET, META_SECRET};
use crate::abuse::rpc::pb::framed;

const PLACE_HOLD: &str = "/khaacho.credit.v1.HoldService/PlaceHold";
const UNAUTHENTICATED: u8 = 16;
const DENIED: u8 = 7;

/// Claims of a good token; roles have the numbers of the contracts, 8 is a service.
pub fn claims(caller: &str, callee: &str, role: i64) -> String {
    claims_with(caller, callee, role, json!({})).to_string()
}

fn claims_with(caller: &str, callee: &str, role: i64, more: Value) -> Value {
    let mut claims =
        json!({"iss": caller, "aud": callee, "sub": caller, "role": role, "cause": "kasauti", "exp": "@30"});
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        for (name, value) in more {
            if value.is_null() {
                claims.remove(&name);
            } else {
                claims.insert(name, value);
            }
        }
    }
    claims
}

fn call(token: Token) -> Call {
    Call {
        path: PLACE_HOLD.to_owned(),
        token: Some(token),
        data: vec![framed(&[])],
        ..Call::default()
    }
}

fn token(claims: String, signer: &str, twist: Twist) -> Token {
    Token {
        claims,
        signer: signer.to_owned(),
        secret: MESH_SECRET.to_owned(),
        twist,
    }
}

/// All cases about tokens of the mesh.
pub fn add(make: &mut Maker) {
    damaged(make);
    claims_of_others(make);
    foreign_keys(make);
    header_tricks(make);
}

fn refuse(make: &mut Maker, name: String, token: Token) {
    make.add(name, Send::Rpc(call(token)), Expect::code(&[UNAUTHENTICATED]));
}

fn damaged(make: &mut Maker) {
    let good = || claims("order", "credit", 8);
    for at in [0, 3, 10, 25, 40, 60, 90, 120, 150, 170, 180, 190] {
        refuse(
            make,
            format!("mesh token: letter {at} turned"),
            token(good(), "order", Twist::Turn(at)),
        );
    }
    let jwt = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJvcmRlciJ9.";
    for (name, twist) in [
        ("one letter cut", Twist::Cut(1)),
        ("signature cut in half", Twist::Cut(21)),
        ("only the body", Twist::Cut(43)),
        ("no signature", Twist::Unsigned),
        ("parts swapped", Twist::Swap),
        ("padded", Twist::Append("=".to_owned())),
        ("a third part", Twist::Append(".x".to_owned())),
        ("a letter more", Twist::Append("A".to_owned())),
        ("a blank in front", Twist::Prepend(" x".to_owned())),
        ("Bearer in front", Twist::Prepend("Bearer ".to_owned())),
        ("empty signature of zeros", Twist::Signature("A".repeat(43))),
        ("signature of another length", Twist::Signature("A".repeat(86))),
        (
            "signature in standard base64",
            Twist::Signature("++//".repeat(10) + "+++"),
        ),
        ("nothing", Twist::Text(String::new())),
        ("a dot", Twist::Text(".".to_owned())),
        ("e30.e30", Twist::Text("e30.e30".to_owned())),
        ("a JWT without algorithm", Twist::Text(jwt.to_owned())),
        ("a JWT with None", Twist::Text(jwt.replace("Jub25l", "JOb25l"))),
        ("10,000 letters", Twist::Text("A".repeat(10_000))),
        ("10,000 dots", Twist::Text(".".repeat(10_000))),
        (
            "an API key",
            Twist::Text(format!("kha_000000000000_{}", "A".repeat(43))),
        ),
    ] {
        refuse(make, format!("mesh token: {name}"), token(good(), "order", twist));
    }
}

fn claims_of_others(make: &mut Maker) {
    for (name, more) in [
        ("expired", json!({"exp": "@-6"})),
        ("expired a minute ago", json!({"exp": "@-60"})),
        ("good for an hour", json!({"exp": "@3600"})),
        ("good until 9999", json!({"exp": 253_402_300_799_i64})),
        ("no expiry", json!({"exp": null})),
        ("expiry 0", json!({"exp": 0})),
        ("expiry is the largest number", json!({"exp": i64::MAX})),
        ("expiry is the smallest number", json!({"exp": i64::MIN})),
        ("expiry is a text", json!({"exp": "soon"})),
        ("expiry is a fraction", json!({"exp": 1e300})),
        ("for another service", json!({"aud": "inventory"})),
        ("for nobody", json!({"aud": ""})),
        ("for all", json!({"aud": "*"})),
        ("for several", json!({"aud": ["credit", "order"]})),
        ("no audience", json!({"aud": null})),
        ("in capitals", json!({"aud": "CREDIT"})),
        ("from another issuer", json!({"iss": "gateway"})),
        ("from nobody", json!({"iss": ""})),
        ("no issuer", json!({"iss": null})),
        ("from a path", json!({"iss": "../../order"})),
        ("from SQL", json!({"iss": "order' OR '1'='1"})),
        ("from a long name", json!({"iss": "o".repeat(5000)})),
        ("no subject", json!({"sub": null})),
        ("no role", json!({"role": null})),
        ("a role that is no number", json!({"role": "owner"})),
        ("a role that does not exist", json!({"role": 99})),
        ("a negative role", json!({"role": -1})),
        ("a role beyond 32 bits", json!({"role": 4_294_967_297_i64})),
        ("no cause", json!({"cause": null})),
    ] {
        let claims = claims_with("order", "credit", 8, more).to_string();
        refuse(
            make,
            format!("mesh token: {name}"),
            token(claims, "order", Twist::None),
        );
    }
    for claims in [
        "",
        "{}",
        "null",
        "[]",
        "\"order\"",
        "{\"iss\":\"order\"",
        "{\"iss\":{\"iss\":\"order\"}}",
    ] {
        refuse(
            make,
            format!("mesh token: claims {claims:?}"),
            token(claims.to_owned(), "order", Twist::None),
        );
    }
    let doubled =
        claims("order", "credit", 8).replace("\"aud\":\"credit\"", "\"aud\":\"x\",\"aud\":\"credit\"");
    refuse(
        make,
        "mesh token: two audiences".to_owned(),
        token(doubled, "order", Twist::None),
    );
}

fn foreign_keys(make: &mut Maker) {
    for signer in [
        "gateway",
        "inventory",
        "notification",
        "credit",
        "",
        "Order",
        "order ",
    ] {
        let token = token(claims("order", "credit", 8), signer, Twist::None);
        refuse(
            make,
            format!("mesh token: signed by {signer:?} in the name of order"),
            token,
        );
    }
    for secret in [
        "",
        "kasauti-mesh-secret-8c1f0d5e7b2a4964",
        META_SECRET,
        "0000000000000000000000000000000000000000",
    ] {
        let mut token = token(claims("order", "credit", 8), "order", Twist::None);
        token.secret = secret.to_owned();
        refuse(
            make,
            format!("mesh token: under a secret of {} letters", secret.len()),
            token,
        );
    }
    // Rightly signed, but the contract does not list the caller.
    for caller in ["inventory", "notification", "gateway", "ops", "worker"] {
        let token = token(claims(caller, "credit", 8), caller, Twist::None);
        let expect = Expect::code(&[DENIED, UNAUTHENTICATED]);
        make.add(
            format!("mesh token: {caller} may not place a hold"),
            Send::Rpc(call(token)),
            expect,
        );
    }
    // The gateway speaks for people: the role counts.
    for (role, name) in [
        (0, "nobody"),
        (4, "support"),
        (5, "auditor"),
        (6, "vendor"),
        (7, "retailer"),
    ] {
        let limit = Call {
            path: "/khaacho.credit.v1.AccountService/SetLimit".to_owned(),
            ..call(token(claims("gateway", "credit", role), "gateway", Twist::None))
        };
        let expect = Expect::code(&[DENIED, UNAUTHENTICATED]);
        make.add(
            format!("mesh token: {name} may not set a limit"),
            Send::Rpc(limit),
            expect,
        );
    }
}

fn header_tricks(make: &mut Maker) {
    let good = token(claims("order", "inventory", 8), "order", Twist::Twice);
    refuse(
        make,
        "mesh token: for another service, sent twice".to_owned(),
        good,
    );
    let mut elsewhere = call(token(
        claims("order", "credit", 8),
        "order",
        Twist::Text(String::new()),
    ));
    elsewhere
        .metadata
        .push(("authorization".to_owned(), b"Bearer x.y".to_vec()));
    elsewhere
        .metadata
        .push(("x-khaacho-mesh-bin".to_owned(), b"AAAA".to_vec()));
    make.add(
        "mesh token: in other metadata",
        Send::Rpc(elsewhere),
        Expect::code(&[UNAUTHENTICATED]),
    );
}
