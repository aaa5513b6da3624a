//! Deliveries without a good proof.

use ring::hmac;

use super::{Fields, PATH, form, post, sample, signed};
use crate::abuse::case::{Expect, Maker, Request, Send};
use crate::abuse::mesh::{META_SECRET, PUBLIC_URL, TWILIO_ACCOUNT, TWILIO_TOKEN};
use crate::abuse::sign::{base64, base64url, hex, mac, meta, sha256, turned, twilio, twilio_text};

/// Deliveries without a good proof: 403, and nothing is kept.
pub fn forged(make: &mut Maker) {
    let url = format!("{PUBLIC_URL}{PATH}");
    let (fields, body) = (sample(), form(&sample()));
    let good = twilio(TWILIO_TOKEN, &url, &fields);
    let text = twilio_text(&url, &fields);
    let mut add =
        |name: String, request: Request| make.add(name, Send::Http(request), Expect::status(&[403]));
    let raw = mac(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        TWILIO_TOKEN.as_bytes(),
        text.as_bytes(),
    );
    let long = mac(hmac::HMAC_SHA256, TWILIO_TOKEN.as_bytes(), text.as_bytes());
    let shown: Vec<(&str, String)> = vec![
        ("empty", String::new()),
        ("one letter", "a".to_owned()),
        ("no base64", "!!!".to_owned()),
        ("without padding", good.trim_end_matches('=').to_owned()),
        ("with more padding", format!("{good}==")),
        ("in hexadecimal", hex(&raw)),
        ("in base64 for addresses", base64url(&[0xfb; 20])),
        ("twice in a row", format!("{good}{good}")),
        ("two, by comma", format!("{good},{good}")),
        ("cut", good[..20].to_owned()),
        ("in capitals", good.to_uppercase()),
        ("with a prefix", format!("sha1={good}")),
        ("20 zero bytes", base64(&[0; 20])),
        ("SHA-256", base64(&long)),
        ("SHA-256 cut to 20 bytes", base64(&long[..20])),
        ("100,000 letters", "A".repeat(10_000)),
        ("a hash without key", base64(sha256(text.as_bytes()).as_bytes())),
        ("empty secret", twilio("", &url, &fields)),
        (
            "another secret",
            twilio("0a1b2c3d4e5f60718293a4b5c6d7e8f8", &url, &fields),
        ),
        (
            "secret in capitals",
            twilio(&TWILIO_TOKEN.to_uppercase(), &url, &fields),
        ),
        ("the account as secret", twilio(TWILIO_ACCOUNT, &url, &fields)),
        ("Meta's secret", twilio(META_SECRET, &url, &fields)),
        ("Meta's way of signing", meta(TWILIO_TOKEN, body.as_bytes())),
        (
            "over the raw body",
            base64(&mac(
                hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
                TWILIO_TOKEN.as_bytes(),
                body.as_bytes(),
            )),
        ),
        ("over the address alone", twilio(TWILIO_TOKEN, &url, &Vec::new())),
        ("over the fields alone", twilio(TWILIO_TOKEN, "", &fields)),
    ];
    for (name, signature) in shown {
        add(
            format!("Twilio, signature: {name}"),
            post(PATH, body.clone(), &signature),
        );
    }
    for at in (0..27).step_by(3) {
        add(
            format!("Twilio, signature: letter {at} turned"),
            post(PATH, body.clone(), &turned(&good, at)),
        );
    }
    for (name, other) in [
        ("http", "http://abuse.example/webhooks/twilio/whatsapp"),
        (
            "another host",
            "https://abuse.example.org/webhooks/twilio/whatsapp",
        ),
        (
            "a host in capitals",
            "https://ABUSE.example/webhooks/twilio/whatsapp",
        ),
        ("localhost", "http://localhost/webhooks/twilio/whatsapp"),
        (
            "another port",
            "https://abuse.example:8443/webhooks/twilio/whatsapp",
        ),
        ("a slash more", "https://abuse.example/webhooks/twilio/whatsapp/"),
        ("two slashes", "https://abuse.example//webhooks/twilio/whatsapp"),
        ("another path", "https://abuse.example/webhooks/twilio"),
        ("a query", "https://abuse.example/webhooks/twilio/whatsapp?a=b"),
        (
            "a question mark",
            "https://abuse.example/webhooks/twilio/whatsapp?",
        ),
        ("a user", "https://u:p@abuse.example/webhooks/twilio/whatsapp"),
        (
            "a fragment",
            "https://abuse.example/webhooks/twilio/whatsapp#rc=5",
        ),
        (
            "an encoded path",
            "https://abuse.example/webhooks/twilio/what%73app",
        ),
    ] {
        add(
            format!("Twilio, signed for {name}"),
            post(PATH, body.clone(), &twilio(TWILIO_TOKEN, other, &fields)),
        );
    }
    let host = post(
        PATH,
        body.clone(),
        &twilio(
            TWILIO_TOKEN,
            "https://evil.example/webhooks/twilio/whatsapp",
            &fields,
        ),
    );
    add(
        "Twilio, the host of the request is believed".to_owned(),
        host.clone().with("Host", "evil.example"),
    );
    let forwarded = host
        .with("X-Forwarded-Host", "evil.example")
        .with("X-Forwarded-Proto", "https");
    add("Twilio, the forwarded host is believed".to_owned(), forwarded);
    let query = post(&format!("{PATH}?x=1"), body.clone(), &good);
    add("Twilio, a query that was not signed".to_owned(), query);
    let edits: Vec<(&str, Fields)> = vec![
        (
            "another text",
            edited(|fields| fields[4].1 = "9 bora chini".to_owned()),
        ),
        (
            "another sender",
            edited(|fields| fields[2].1 = "whatsapp:+9779841000022".to_owned()),
        ),
        (
            "one field more",
            edited(|fields| fields.push(("Extra".to_owned(), "1".to_owned()))),
        ),
        (
            "an empty field more",
            edited(|fields| fields.push((String::new(), "x".to_owned()))),
        ),
        ("one field less", edited(|fields| drop(fields.remove(5)))),
        (
            "a field renamed",
            edited(|fields| fields[4].0 = "body".to_owned()),
        ),
        (
            "a second value",
            edited(|fields| fields.push(("Body".to_owned(), "CONFIRM".to_owned()))),
        ),
        ("a blank after the text", edited(|fields| fields[4].1.push(' '))),
        ("another id", edited(|fields| fields[0].1.push('0'))),
        ("nothing", Vec::new()),
    ];
    for (name, other) in edits {
        add(format!("Twilio, fields: {name}"), post(PATH, form(&other), &good));
    }
    let bare = Request::new("POST", PATH)
        .with("Content-Type", "application/x-www-form-urlencoded")
        .body(body.clone());
    add("Twilio, no signature".to_owned(), bare.clone());
    add(
        "Twilio, Meta's header".to_owned(),
        bare.clone()
            .with("X-Hub-Signature-256", &meta(META_SECRET, body.as_bytes())),
    );
    add(
        "Twilio, two signatures".to_owned(),
        post(PATH, body.clone(), &good).with("X-Twilio-Signature", &good),
    );
    for settings in [
        "algorithm=HMAC_SHA256",
        "key=1,algorithm=HMAC_SHA256",
        "algorithm=none",
        "algorithm=HMAC_MD5",
        "algorithm=HMAC_SHA1,algorithm=HMAC_SHA256",
    ] {
        for signature in [good.clone(), base64(&long)] {
            let length = signature.len();
            let request =
                post(PATH, body.clone(), &signature).with("X-Twilio-Webhooks-Signature-Settings", settings);
            add(
                format!("Twilio, settings {settings} with {length} letters"),
                request,
            );
        }
    }
    let json = Request::new("POST", PATH)
        .with("Content-Type", "application/json")
        .with("X-Twilio-Signature", &good);
    add(
        "Twilio, a form signature over JSON".to_owned(),
        json.clone().body("{}"),
    );
    let stated = format!("{PATH}?bodySHA256={}", sha256(b"[]"));
    let mut other = json.body("{}");
    other.target.clone_from(&stated);
    other.headers.retain(|(name, _)| name != "X-Twilio-Signature");
    let other = other.with(
        "X-Twilio-Signature",
        &twilio(TWILIO_TOKEN, &format!("{PUBLIC_URL}{stated}"), &Vec::new()),
    );
    add("Twilio, JSON with the hash of another body".to_owned(), other);
    let foreign = edited(|fields| fields[1].1 = "AC00000000000000000000000000000002".to_owned());
    add(
        "Twilio, proven, but of another account".to_owned(),
        signed(PATH, &foreign),
    );
    let nobody = edited(|fields| drop(fields.remove(1)));
    add(
        "Twilio, proven, but of no account".to_owned(),
        signed(PATH, &nobody),
    );
    let get = Request::new("GET", &format!("{PATH}?{body}")).with("X-Twilio-Signature", &good);
    add("Twilio, a read with the form in its address".to_owned(), get);
}

fn edited(edit: impl FnOnce(&mut Fields)) -> Fields {
    let mut fields = sample();
    edit(&mut fields);
    fields
}
