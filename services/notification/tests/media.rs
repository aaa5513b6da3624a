//! Media of messages: fetched once, kept, read by people, and listened to where the owner wants it.

use khaacho_proto::common::v1::Provider;
use khaacho_proto::notification::v1 as pb;
use pb::MediaState as State;
use serde_json::json;
use tonic::Status;

use crate::support::fake::{Fake, Reply};
use crate::support::{World, asked, eventually, reason};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 a picture of a list";
const VOICE: &[u8] = b"OggS\0 two sacks of rice";

fn of_meta(id: &str) -> pb::FetchMediaRequest {
    pb::FetchMediaRequest {
        provider: Provider::Meta.into(),
        account: "106540352242922".to_owned(),
        provider_message_id: format!("wamid.{id}"),
        inbound_id: khaacho_ids::InboundId::derive(&[id]).to_string(),
        provider_media_id: id.to_owned(),
        ..Default::default()
    }
}

fn of_twilio(id: &str) -> pb::FetchMediaRequest {
    pb::FetchMediaRequest {
        provider: Provider::Twilio.into(),
        provider_message_id: format!("MM{id}"),
        inbound_id: khaacho_ids::InboundId::derive(&[id]).to_string(),
        url: format!("https://api.twilio.com{}", twilio_path(id)),
        mime_type: "image/jpeg".to_owned(),
        ..Default::default()
    }
}

fn twilio_path(id: &str) -> String {
    format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{id}/Media/ME{id}")
}

/// Meta has a medium with this content.
fn hold(meta: &Fake, id: &str, content: &[u8]) {
    let about = json!({ "url": format!("{}/file/{id}", meta.url), "file_size": content.len() });
    meta.hold(&format!("/v26.0/{id}"), Reply::Answer(200, "", about));
    meta.hold(
        &format!("/file/{id}"),
        Reply::Bytes(200, String::new(), content.to_vec()),
    );
}

async fn fetch(world: &World, request: pb::FetchMediaRequest) -> Result<pb::FetchMediaResponse, Status> {
    Ok(world.media().fetch_media(asked(request)).await?.into_inner())
}

async fn read(world: &World, id: &str) -> Result<pb::Media, Status> {
    let request = asked(pb::GetMediaRequest { media: id.to_owned() });
    let answer = world.media().get_media(request).await?;
    Ok(answer.into_inner().media.expect("always there"))
}

#[tokio::test]
async fn a_medium_is_fetched_once_and_read_with_its_content() {
    let meta = Fake::start([]).await;
    hold(&meta, "1001", PICTURE);
    let world = World::meta(&meta.url).await;
    let (one, two) = tokio::join!(fetch(&world, of_meta("1001")), fetch(&world, of_meta("1001")));
    let (one, two) = (one.expect("stored"), two.expect("stored"));
    assert_eq!((one.state(), one.reason.as_str()), (State::Stored, ""));
    assert_eq!(one, two, "whoever comes second");
    let before = meta.asked().len();
    assert_eq!(fetch(&world, of_meta("1001")).await.expect("known"), one);
    assert_eq!(meta.asked().len(), before, "the provider is not asked again");
    let medium = read(&world, &one.media_id).await.expect("read");
    assert_eq!(medium.content, PICTURE);
    assert_eq!((medium.content_type.as_str(), medium.size), ("image/jpeg", 24));
    assert_eq!((medium.sha256.len(), medium.transcript.as_str()), (64, ""));
    assert_eq!(medium.inbound_id, of_meta("1001").inbound_id);
    let request = asked(pb::ListMediaRequest {
        media_ids: vec![one.media_id, khaacho_ids::MediaId::derive(&["none"]).to_string()],
    });
    let listed = world
        .media()
        .list_media(request)
        .await
        .expect("listed")
        .into_inner()
        .media;
    let [only] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (only.id == medium.id, only.content.len(), only.size),
        (true, 0, 24)
    );
}

#[tokio::test]
async fn what_twilio_redirects_to_our_own_side_is_refused_for_good() {
    let twilio = Fake::start([]).await;
    let inside = Fake::start([]).await;
    let to = format!("Location: {}/file\r\n", twilio.url);
    twilio.hold(&twilio_path("1"), Reply::Bytes(307, to, Vec::new()));
    twilio.hold("/file", Reply::Bytes(200, String::new(), PICTURE.to_vec()));
    inside.hold("/file", Reply::Bytes(200, String::new(), PICTURE.to_vec()));
    let to = format!("Location: {}/file\r\n", inside.url);
    twilio.hold(&twilio_path("2"), Reply::Bytes(307, to, Vec::new()));
    twilio.hold(
        &twilio_path("3"),
        Reply::Bytes(200, String::new(), b"<html>".to_vec()),
    );
    let world = World::twilio(&twilio.url).await;
    let good = fetch(&world, of_twilio("1")).await.expect("fetched");
    assert_eq!(read(&world, &good.media_id).await.expect("read").content, PICTURE);
    for (id, why) in [
        ("2", "PLACE_NOT_ALLOWED"),
        ("3", "KIND_NOT_ALLOWED"),
        ("4", "GONE"),
    ] {
        if id == "4" {
            twilio.hold(
                &twilio_path("4"),
                Reply::Answer(404, "", json!({ "code": 20404 })),
            );
        }
        for _ in 0..2 {
            let refused = fetch(&world, of_twilio(id)).await.expect("an answer");
            assert_eq!((refused.state(), refused.reason.as_str()), (State::Refused, why));
            let medium = read(&world, &refused.media_id).await.expect("read");
            assert_eq!((medium.reason.as_str(), medium.content.len()), (why, 0));
        }
    }
    assert_eq!(
        twilio.asked().len(),
        5,
        "a refused one is not asked for again: {:?}",
        twilio.asked()
    );
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn trouble_that_passes_stores_nothing_until_nobody_asks_any_more() {
    let meta = Fake::start([]).await;
    meta.hold("/v26.0/7", Reply::Answer(503, "Retry-After: 9\r\n", json!({})));
    let world = World::meta(&meta.url).await;
    let later = fetch(&world, of_meta("7")).await.expect("an answer");
    assert_eq!((later.state(), later.retry_after_seconds), (State::Later, 9));
    assert_eq!(
        reason(read(&world, &later.media_id).await.expect_err("nothing")),
        "MEDIA_UNKNOWN"
    );
    hold(&meta, "7", PICTURE);
    assert_eq!(
        fetch(&world, of_meta("7")).await.expect("an answer").state(),
        State::Stored
    );
    meta.hold("/v26.0/8", Reply::HangUp);
    let last = pb::FetchMediaRequest {
        last_try: true,
        ..of_meta("8")
    };
    let refused = fetch(&world, last).await.expect("an answer");
    assert_eq!(
        (refused.state(), refused.reason.as_str()),
        (State::Refused, "UNREACHABLE")
    );
}

#[tokio::test]
async fn a_request_that_names_no_medium_is_refused_with_its_field() {
    let world = World::simulated().await;
    type Spoil = fn(&mut pb::FetchMediaRequest);
    let spoils: [(&str, Spoil); 6] = [
        ("provider", |r| r.provider = 0),
        ("provider_message_id", |r| r.provider_message_id.clear()),
        ("inbound_id", |r| r.inbound_id = "inb_x".to_owned()),
        ("index", |r| r.index = 10),
        ("url", |r| r.url = "u".repeat(2_049)),
        ("mime_type", |r| r.mime_type = "m".repeat(256)),
    ];
    for (field, spoil) in spoils {
        let mut request = of_meta("1");
        spoil(&mut request);
        let fault = khaacho_fault::Fault::from(fetch(&world, request).await.expect_err("refused"));
        assert_eq!(fault.violations()[0].field, field);
    }
    // an installation without the provider fetches nothing, and says so once
    let refused = fetch(&world, of_meta("1")).await.expect("an answer");
    assert_eq!(
        (refused.state(), refused.reason.as_str()),
        (State::Refused, "UNNAMED")
    );
    let request = asked(pb::ListMediaRequest::default());
    assert_eq!(
        reason(world.media().list_media(request).await.expect_err("none")),
        "INVALID_ARGUMENT"
    );
    assert_eq!(
        reason(read(&world, "med_x").await.expect_err("no id")),
        "INVALID_ARGUMENT"
    );
}

/// A world whose voices are listened to by one of the programs of the fixtures.
async fn listening(meta: &Fake, program: &str, seconds: &str) -> World {
    let program = format!("{}/fixtures/transcribers/{program}", env!("CARGO_MANIFEST_DIR"));
    let api = format!("{}/v26.0", meta.url);
    World::new(&[
        ("WHATSAPP_PHONE_NUMBER_ID", "106540352242922"),
        ("WHATSAPP_ACCESS_TOKEN", "EAAG-test-token-0123456789"),
        ("WHATSAPP_API_URL", &api),
        ("KHAACHO_NOTIFICATION_TRANSCRIBER", &program),
        ("KHAACHO_NOTIFICATION_TRANSCRIBER_SECONDS", seconds),
    ])
    .await
}

#[tokio::test]
async fn a_voice_is_written_down_once_and_a_picture_is_not_listened_to() {
    let meta = Fake::start([]).await;
    hold(&meta, "1", VOICE);
    hold(&meta, "2", PICTURE);
    let world = listening(&meta, "echo.sh", "60").await;
    let voice = fetch(&world, of_meta("1")).await.expect("fetched").media_id;
    let picture = fetch(&world, of_meta("2")).await.expect("fetched").media_id;
    fetch(&world, of_meta("1")).await.expect("known");
    let jobs = "select count(*) from notification.job where kind = 'transcribe_media'";
    let jobs: i64 = sqlx::query_scalar(jobs)
        .fetch_one(world.door.db().pool())
        .await
        .expect("counts");
    assert_eq!(jobs, 1);
    let running = world.work();
    let written = eventually(async || !read(&world, &voice).await.expect("read").transcript.is_empty()).await;
    assert!(written);
    let transcript = read(&world, &voice).await.expect("read").transcript;
    assert!(
        transcript.starts_with("दुई बोरा चामल audio/ogg 23 "),
        "{transcript}"
    );
    world.until_quiet().await;
    assert_eq!(read(&world, &picture).await.expect("read").transcript, "");
    running.stop().await;
}

#[tokio::test]
async fn a_program_that_fails_or_hangs_leaves_a_voice_without_words() {
    let meta = Fake::start([]).await;
    hold(&meta, "1", VOICE);
    for (program, seconds) in [
        ("fail.sh", "60"),
        ("flood.sh", "60"),
        ("hang.sh", "1"),
        ("no-such.sh", "60"),
    ] {
        let world = listening(&meta, program, seconds).await;
        let voice = fetch(&world, of_meta("1")).await.expect("fetched").media_id;
        let running = world.work();
        world.until_quiet().await;
        let medium = read(&world, &voice).await.expect("read");
        assert_eq!(
            (medium.transcript.as_str(), medium.content.as_slice()),
            ("", VOICE),
            "{program}"
        );
        let left = "select count(*) from notification.job where kind = 'transcribe_media'";
        let left: i64 = sqlx::query_scalar(left)
            .fetch_one(world.door.db().pool())
            .await
            .expect("counts");
        assert_eq!(left, 0, "{program}");
        running.stop().await;
    }
}

/// Dies while the program listens: the voice is listened to again.
#[tokio::test]
async fn a_crash_while_a_voice_is_listened_to_loses_nothing() {
    let meta = Fake::start([]).await;
    hold(&meta, "1", VOICE);
    let world = listening(&meta, "echo.sh", "60").await;
    let voice = fetch(&world, of_meta("1")).await.expect("fetched").media_id;
    let running = world.work();
    let begun = "select count(*) from notification.job where kind = 'transcribe_media' and attempts = 0";
    let begun = eventually(async || {
        let waits: i64 = sqlx::query_scalar(begun)
            .fetch_one(world.door.db().pool())
            .await
            .expect("counts");
        waits == 0
    })
    .await;
    assert!(begun);
    running.kill(&world).await;
    let again = world.work();
    let written = eventually(async || !read(&world, &voice).await.expect("read").transcript.is_empty()).await;
    assert!(written);
    again.stop().await;
}
