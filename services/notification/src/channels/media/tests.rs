mod site;

use std::net::SocketAddr;
use std::sync::Once;

use khaacho_config::{Reader, Strings};
use khaacho_ids::InboundId;
use reqwest::dns::Resolve as _;
use serde_json::json;

use self::site::{Say, Site};
use super::*;
use crate::domain::media::id;

const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 a picture of a list";
const ACCOUNT: &str = "AC00000000000000000000000000000001";
const PATH: &str = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/MM1/Media/ME1";
const TOKEN: &str = "EAAG-test-token-0123456789";
/// Long enough for a busy machine to answer.
const LIMIT: Duration = Duration::from_secs(8);
/// Short enough to wait for.
const SHORT: Duration = Duration::from_millis(700);

/// A fetcher of both providers at this address. Every name has the addresses that the test gives it.
fn fetcher(url: Option<&str>, addresses: &[&str], limit: Duration) -> Fetcher {
    static RING: Once = Once::new();
    RING.call_once(|| {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let meta = url.map(|url| format!("{url}/v26.0"));
    let mut pairs = vec![
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", "twilio-auth-token"),
        ("TWILIO_WHATSAPP_NUMBER", "+14155238886"),
        ("WHATSAPP_PHONE_NUMBER_ID", "106540352242922"),
        ("WHATSAPP_ACCESS_TOKEN", TOKEN),
    ];
    pairs.extend(url.map(|url| ("TWILIO_API_URL", url)));
    pairs.extend(meta.as_deref().map(|url| ("WHATSAPP_API_URL", url)));
    let strings = Strings::from_pairs(pairs);
    let mut reader = Reader::new(&strings);
    let config = Config::read(&mut reader);
    reader.finish().expect("good settings");
    Fetcher::with(&config, names(addresses), limit)
}

fn names(addresses: &[&str]) -> PublicOnly {
    let addresses: Vec<SocketAddr> = addresses
        .iter()
        .map(|address| SocketAddr::new(address.parse().expect("an address"), 0))
        .collect();
    PublicOnly::with(move |_| {
        let found = addresses.clone();
        Box::pin(async move { Ok(found) })
    })
}

fn named(provider: Provider) -> Named {
    Named {
        id: id(provider, "a", "b", 0),
        provider,
        inbound_id: InboundId::derive(&["a"]),
        media_id: if provider == Provider::Meta {
            "1046175677145819"
        } else {
            ""
        }
        .to_owned(),
        url: if provider == Provider::Twilio {
            format!("https://api.twilio.com{PATH}")
        } else {
            String::new()
        },
        mime: "image/jpeg".to_owned(),
        sha256: String::new(),
    }
}

/// What becomes of Twilio's medium when its API answers so.
async fn twilio(say: Say) -> (Result<Found, Miss>, Site) {
    let site = Site::start(move |_, _| say.clone()).await;
    let found = fetcher(Some(&site.url), &[], LIMIT)
        .fetch(&named(Provider::Twilio))
        .await;
    (found, site)
}

/// What becomes of Meta's medium when its API answers so.
async fn meta(about: impl Fn(&str) -> Say + Send + Sync + 'static) -> (Result<Found, Miss>, Site) {
    let site = Site::start(move |path, own| match path {
        "/v26.0/1046175677145819" => about(own),
        _ => Say::body(PICTURE),
    })
    .await;
    let found = fetcher(Some(&site.url), &[], LIMIT)
        .fetch(&named(Provider::Meta))
        .await;
    (found, site)
}

fn never(unfit: Unfit) -> Result<Found, Miss> {
    Err(Miss::Never(unfit))
}

/// Why it is to be asked for again.
#[track_caller]
fn later_why(found: Result<Found, Miss>) -> String {
    match found {
        Err(Miss::Later { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn twilio_redirects_and_sees_our_credentials_only_itself() {
    let site = Site::start(|path, own| match path {
        PATH => Say::redirect(&format!("{own}/cdn/1?x=y")),
        "/cdn/1?x=y" => Say::redirect("/cdn/2"),
        _ => Say::body(PICTURE),
    })
    .await;
    let mut medium = named(Provider::Twilio);
    let fetcher = fetcher(Some(&site.url), &[], LIMIT);
    let found = fetcher.fetch(&medium).await.expect("found");
    assert_eq!((found.mime, found.content.as_slice()), ("image/jpeg", PICTURE));
    assert_eq!(found.sha256, digest::digest(&digest::SHA256, PICTURE).as_ref());
    let seen = site.seen();
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert!(seen[0].contains("authorization: basic ") && seen[0].contains("user-agent: khaacho/"));
    assert!(
        seen[1..].iter().all(|request| !request.contains("authorization")),
        "{seen:?}"
    );
    // of the address that the message names only the ids count
    medium.url = format!("{}{PATH}?to=elsewhere#x", site.url);
    fetcher.fetch(&medium).await.expect("found");
    assert!(site.seen()[3].starts_with(&format!("get {} http", PATH.to_lowercase())));
}

#[tokio::test]
async fn meta_is_asked_by_id_and_both_requests_carry_the_token() {
    let hash = digest::digest(&digest::SHA256, PICTURE);
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let (found, site) = meta(move |own| {
        let url = format!("{own}/whatsapp_business/attachments/?mid=1");
        Say::json(
            200,
            &json!({ "url": url, "mime_type": "image/jpeg", "sha256": hex, "file_size": 25 }),
        )
    })
    .await;
    assert_eq!(found.expect("found").content, PICTURE);
    let seen = site.seen();
    assert_eq!(seen.len(), 2, "{seen:?}");
    let bearer = format!("authorization: bearer {}", TOKEN.to_lowercase());
    for request in &seen {
        assert!(
            request.contains(&bearer) && request.contains("user-agent: khaacho/"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn a_message_cannot_name_another_place() {
    let ours = Site::start(|_, _| Say::body(PICTURE)).await;
    let api = Site::start(|_, _| Say::body(PICTURE)).await;
    let fetcher = fetcher(Some(&api.url), &["127.0.0.1"], LIMIT);
    for url in [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        format!("{}{PATH}", ours.url),
        format!("https://api.twilio.com@127.0.0.1{PATH}"),
        format!("https://mms.twiliocdn.com{PATH}"),
        format!("http://api.twilio.com{PATH}"),
        "file:///etc/passwd".to_owned(),
        "not an address".to_owned(),
    ] {
        let medium = Named {
            url: url.clone(),
            ..named(Provider::Twilio)
        };
        assert_eq!(fetcher.fetch(&medium).await, never(Unfit::Place), "{url}");
    }
    for media_id in ["", "../me", "1?fields=x", "1/2"] {
        let medium = Named {
            media_id: media_id.to_owned(),
            url: format!("{}/x", ours.url),
            ..named(Provider::Meta)
        };
        assert_eq!(fetcher.fetch(&medium).await, never(Unfit::Unnamed), "{media_id}");
    }
    let nowhere = Named {
        url: String::new(),
        ..named(Provider::Twilio)
    };
    assert_eq!(fetcher.fetch(&nowhere).await, never(Unfit::Unnamed));
    assert_eq!(
        fetcher.fetch(&named(Provider::Simulator)).await,
        never(Unfit::Unnamed)
    );
    assert!(ours.seen().is_empty() && api.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_to_our_own_side_is_refused() {
    let ours = Site::start(|_, _| Say::body(PICTURE)).await;
    for to in [
        ours.url.as_str(),
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:5432/",
        "https://127.0.0.1/",
        "http://mms.twiliocdn.com/plain",
        "https://mms.twiliocdn.com:8443/",
        "https://lookaside.fbsbx.com/of-the-other-provider",
        "https://mms.twiliocdn.com.evil.example/",
        "gopher://mms.twiliocdn.com/",
    ] {
        let (found, site) = twilio(Say::redirect(to)).await;
        assert_eq!(found, never(Unfit::Place), "{to}");
        assert_eq!(site.seen().len(), 1);
        let own = to.contains("//lookaside.fbsbx.com/");
        let address = to.to_owned();
        let (found, site) = meta(move |_| Say::json(200, &json!({ "url": address }))).await;
        // its own host has no address here
        let expected = if own {
            Err(later("could not connect"))
        } else {
            never(Unfit::Place)
        };
        assert_eq!((found, site.seen().len()), (expected, 1), "{to}");
    }
    assert!(ours.seen().is_empty());
    let (nowhere, _) = twilio(Say::Answer(302, String::new(), Vec::new())).await;
    assert_eq!(nowhere, never(Unfit::Place));
    let (round, site) = twilio(Say::redirect(PATH)).await;
    assert_eq!((round, site.seen().len()), (never(Unfit::Place), 4));
}

#[tokio::test]
async fn a_good_name_with_a_private_address_is_refused() {
    for address in [
        "127.0.0.1",
        "10.0.0.7",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ] {
        let site = Site::start(|_, _| Say::redirect("https://mms.twiliocdn.com/1")).await;
        let fetcher = fetcher(Some(&site.url), &[address], LIMIT);
        let found = fetcher.fetch(&named(Provider::Twilio)).await;
        assert_eq!(found, never(Unfit::Place), "{address}");
    }
    // nor does a provider's usual address become one of ours when its name does
    let usual = fetcher(None, &["127.0.0.1"], LIMIT);
    for provider in [Provider::Twilio, Provider::Meta] {
        assert_eq!(
            usual.fetch(&named(provider)).await,
            never(Unfit::Place),
            "{provider}"
        );
    }
}

#[tokio::test]
async fn of_several_addresses_only_the_public_ones_are_connected_to() {
    let several = names(&["10.0.0.1", "157.240.1.1", "::1", "2a03:2880:f10c::1"]);
    let name = || "lookaside.fbsbx.com".parse().expect("a name");
    let kept = several.resolve(name()).await.expect("two are public");
    let kept: Vec<String> = kept.map(|address| address.ip().to_string()).collect();
    assert_eq!(kept, ["157.240.1.1", "2a03:2880:f10c::1"]);
    assert!(
        names(&["10.0.0.1"])
            .resolve(name())
            .await
            .is_err_and(|error| error.is::<NotPublic>())
    );
    // a name without any address is trouble that passes
    let site = Site::start(|_, _| Say::redirect("https://mms.twiliocdn.com/1")).await;
    let found = fetcher(Some(&site.url), &[], LIMIT)
        .fetch(&named(Provider::Twilio))
        .await;
    assert_eq!(later_why(found), "could not connect");
}

#[tokio::test]
async fn what_is_too_large_is_cut_off_while_it_comes() {
    let (stated, _) = twilio(Say::body(&vec![7; BYTES_MAX + 1])).await;
    assert_eq!(stated, never(Unfit::TooLarge));
    let (flood, site) = twilio(Say::Flood).await;
    assert_eq!(flood, never(Unfit::TooLarge));
    // What is under way in buffers of the machine comes on top.
    assert!(site.sent() < 4 * BYTES_MAX, "{}", site.sent());
    let (told, site) = meta(|own| Say::json(200, &json!({ "url": own, "file_size": BYTES_MAX + 1 }))).await;
    assert_eq!((told, site.seen().len()), (never(Unfit::TooLarge), 1));
    let mut largest = PICTURE.to_vec();
    largest.resize(BYTES_MAX, 7);
    let (fits, _) = twilio(Say::body(&largest)).await;
    assert_eq!(fits.expect("just fits").content.len(), BYTES_MAX);
}

#[tokio::test]
async fn a_provider_that_stalls_costs_the_time_limit_and_no_more() {
    for say in [Say::Silence, Say::Stall, Say::Drip] {
        let site = Site::start(move |_, _| say.clone()).await;
        let fetcher = fetcher(Some(&site.url), &[], SHORT);
        for provider in [Provider::Twilio, Provider::Meta] {
            let started = Instant::now();
            let found = fetcher.fetch(&named(provider)).await;
            assert_eq!(later_why(found), "no answer in time");
            assert!(started.elapsed() < LIMIT, "{:?}", started.elapsed());
        }
    }
}

#[tokio::test]
async fn what_is_something_else_than_it_claims_is_refused() {
    for body in [
        &b"<html><script>alert(1)</script>"[..],
        b"",
        b"MZ\x90\0",
        b"%PDF-1.7",
        b"OggS\0",
    ] {
        let (found, _) = twilio(Say::body(body)).await;
        assert_eq!(found, never(Unfit::Kind), "{body:?}");
    }
}

#[tokio::test]
async fn a_wrong_hash_is_refused_whoever_named_it() {
    let site = Site::start(|path, own| match path {
        "/v26.0/1046175677145819" => Say::json(
            200,
            &json!({ "url": format!("{own}/x"), "sha256": "00".repeat(32) }),
        ),
        _ => Say::body(PICTURE),
    })
    .await;
    let fetcher = fetcher(Some(&site.url), &[], LIMIT);
    assert_eq!(fetcher.fetch(&named(Provider::Meta)).await, never(Unfit::Hash));
    let base64 = STANDARD.encode(digest::digest(&digest::SHA256, PICTURE));
    for (sha256, expected) in [
        (base64.as_str(), true),
        ("rD0akWwQAewkp6O2vc1WtpGB/Pl6hxj8u8jfJUBnsKI=", false),
    ] {
        let medium = Named {
            sha256: sha256.to_owned(),
            ..named(Provider::Twilio)
        };
        assert_eq!(fetcher.fetch(&medium).await.is_ok(), expected, "{sha256}");
    }
}

#[tokio::test]
async fn what_is_gone_is_told_from_trouble_that_passes() {
    let empty = |status, headers: &str| Say::Answer(status, headers.to_owned(), b"{}".to_vec());
    for status in [404, 410] {
        assert_eq!(twilio(empty(status, "")).await.0, never(Unfit::Gone), "{status}");
    }
    for status in [401, 403, 429, 500, 503] {
        assert_eq!(
            later_why(twilio(empty(status, "")).await.0),
            format!("HTTP {status}")
        );
    }
    let waits = twilio(empty(429, "Retry-After: 17\r\n")).await.0;
    let Err(Miss::Later { retry_after, .. }) = waits else {
        panic!("{waits:?}")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(17)));
    assert_eq!(later_why(twilio(Say::Torn).await.0), "the connection broke");
    let error = |status, code| {
        move |_: &str| Say::json(status, &json!({ "error": { "message": "no", "code": code } }))
    };
    assert_eq!(meta(error(400, 100)).await.0, never(Unfit::Gone));
    assert_eq!(
        later_why(meta(error(400, 190)).await.0),
        "refused, sender_stopped"
    );
    assert_eq!(later_why(meta(error(500, 1)).await.0), "refused, retry");
    assert_eq!(
        later_why(meta(|_| Say::body(b"{}")).await.0),
        "an answer without an address"
    );
    // the address that Meta has just given knows less than Meta itself
    let (lost, _) = meta(|own| Say::json(200, &json!({ "url": format!("{own}/x") }))).await;
    assert_eq!(lost.expect("it is there").mime, "image/jpeg");
    let site = Site::start(|path, own| match path {
        "/v26.0/1046175677145819" => Say::json(200, &json!({ "url": format!("{own}/x") })),
        _ => Say::Answer(404, String::new(), Vec::new()),
    })
    .await;
    let found = fetcher(Some(&site.url), &[], LIMIT)
        .fetch(&named(Provider::Meta))
        .await;
    assert_eq!(later_why(found), "HTTP 404");
}
