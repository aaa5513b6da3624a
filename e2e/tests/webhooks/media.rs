//! Pictures and voices from a webhook to the person who looks at them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use khaacho_rpc::Role;

use super::*;

const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 a picture of a list";
const VOICE: &[u8] = b"OggS\0 two sacks of rice";
/// Writes down the type and the length of what it hears.
const TRANSCRIBER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../services/notification/fixtures/transcribers/echo.sh"
);

/// Twilio delivers a picture that it says to lie there.
async fn twilio_picture(rest: &Rest, phone: &str, sid: &str, words: &str, url: &str) {
    let from = format!("whatsapp:{phone}");
    let to = format!("whatsapp:{OUR_NUMBER}");
    let fields = [
        ("AccountSid", ACCOUNT),
        ("Body", words),
        ("From", &from),
        ("MediaContentType0", "image/jpeg"),
        ("MediaUrl0", url),
        ("MessageSid", sid),
        ("MessageType", "image"),
        ("NumMedia", "1"),
        ("SmsStatus", "received"),
        ("To", &to),
    ];
    assert_eq!(signed_form(rest, &fields).await.status, 200);
}

/// Meta delivers a voice message.
async fn meta_voice(rest: &Rest, phone: &str, id: &str, media_id: &str) {
    let digits = phone.trim_start_matches('+');
    let message = json!({
        "from": digits, "id": id, "timestamp": "1762934401", "type": "audio",
        "audio": { "id": media_id, "mime_type": "audio/ogg; codecs=opus", "voice": true },
    });
    let body =
        json!({ "contacts": [{ "wa_id": digits, "profile": { "name": "Shop" } }], "messages": [message] });
    assert_eq!(meta(rest, body).await.status, 200);
}

/// Waits until the newest message of the conversation that waits at this provider has a medium that is settled like this.
async fn medium(rest: &Rest, provider: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    eventually("the medium to be settled", SOON, async || {
        let all = rest.get("/api/v1/conversations").await.ok();
        let all = all["conversations"].as_array().cloned().unwrap_or_default();
        let own = all.iter().find(|waits| waits["address"]["provider"] == provider);
        let id = own
            .and_then(|own| own["conversationId"].as_str())
            .unwrap_or("none yet");
        let told = rest.get(&format!("/api/v1/conversations/{id}")).await.body;
        let medium = told["messages"][0]["media"][0].clone();
        if wanted(&medium) {
            Ok(medium)
        } else {
            Err(told.to_string())
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_and_a_voice_reach_a_person() {
    let provider = Provider::start().await;
    let mesh = mesh_with(&provider, &[("KHAACHO_NOTIFICATION_TRANSCRIBER", TRANSCRIBER)]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let person = mesh.rest_as(Role::Support, None).await;
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1");
    provider.redirect(&path, &format!("{}/cdn/1", provider.url));
    provider.hold("/cdn/1", PICTURE);
    let url = format!("https://api.twilio.com{path}");
    for _ in 0..2 {
        twilio_picture(&mesh.stranger(), &shop.phone, "MM1", &basket.text(), &url).await;
    }
    provider
        .expect(&shop.phone, "A person will look at what you sent", SOON)
        .await;
    provider.expect(&shop.phone, "Your order:", SOON).await;
    let picture = medium(&person, "PROVIDER_TWILIO", |medium| medium["state"] == "STORED").await;
    let path = format!("/api/v1/media/{}", picture["mediaId"].as_str().expect("an id"));
    let read = person.get(&path).await.ok()["media"].clone();
    assert_eq!(
        (&read["contentType"], &read["content"]),
        (&json!("image/jpeg"), &json!(STANDARD.encode(PICTURE)))
    );
    let other = mesh.rest_as(Role::Retailer, Some(&shop.account_id)).await;
    other.get(&path).await.refused(403, "PERMISSION_DENIED");
    let stored: i64 = sqlx::query_scalar("select count(*) from notification.media")
        .fetch_one(&mesh.database)
        .await
        .expect("the database answers");
    assert_eq!(stored, 1, "two deliveries of one message have one picture");

    let about = json!({ "url": format!("{}/file/77", provider.url), "mime_type": "audio/ogg", "file_size": VOICE.len() });
    provider.hold("/v26.0/77", about.to_string().as_bytes());
    provider.hold("/file/77", VOICE);
    meta_voice(&mesh.stranger(), &shop.phone, "wamid.voice", "77").await;
    provider
        .expect(
            &shop.phone,
            "We got your voice message. A person will see to it.",
            SOON,
        )
        .await;
    let heard = medium(&person, "PROVIDER_META", |medium| medium["transcript"] != "").await;
    assert!(
        heard["transcript"]
            .as_str()
            .is_some_and(|words| words.contains("audio/ogg 23")),
        "{heard}"
    );
    let metrics = mesh.stranger().get("/metrics").await.text;
    for series in [
        r#"media_fetches_total{provider="twilio",outcome="stored"} 1"#,
        r#"media_transcripts_total{outcome="written"} 1"#,
    ] {
        assert!(metrics.contains(series), "{series}");
    }
    mesh.finish().await;
}

/// A medium that lies on our own side, whoever says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_ours_is_fetched_for_a_stranger_or_a_provider() {
    let provider = Provider::start().await;
    let mesh = mesh(&provider).await;
    let shop = world::rich_shop(&mesh).await;
    let person = mesh.rest_as(Role::Support, None).await;
    let refused = |medium: &Value| medium["state"] == "REFUSED";
    let inside = "http://169.254.169.254/latest/meta-data/";
    twilio_picture(&mesh.stranger(), &shop.phone, "MM1", "", inside).await;
    let medium_of_twilio = medium(&person, "PROVIDER_TWILIO", refused).await;
    assert_eq!(medium_of_twilio["reason"], "PLACE_NOT_ALLOWED");
    let about = json!({ "url": format!("{}/metrics", mesh.http) });
    provider.hold("/v26.0/77", about.to_string().as_bytes());
    meta_voice(&mesh.stranger(), &shop.phone, "wamid.voice", "77").await;
    let medium_of_meta = medium(&person, "PROVIDER_META", refused).await;
    assert_eq!(medium_of_meta["reason"], "PLACE_NOT_ALLOWED");
    mesh.finish().await;
}
