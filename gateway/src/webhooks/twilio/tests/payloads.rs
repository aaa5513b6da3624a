use super::*;

fn parsed(name: &str) -> Event {
    parse(&fixtures::bytes(&format!("twilio_payloads/{name}.txt"))).expect("a form")
}

fn message(name: &str) -> Inbound {
    match parsed(name) {
        Event::Message(message) => message,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_recorded_message_means_what_the_sender_did() {
    use MessageKind::*;
    let names = fixtures::json("twilio_payloads/index.json");
    let inbound = names["files"]
        .as_object()
        .expect("files")
        .keys()
        .filter(|name| name.starts_with("inbound"));
    let cases = [
        (
            "text_romanized",
            Text,
            "dai namaste, 2 bora sona mansuli ra 1 petti tel pathaidinu hai",
            0,
        ),
        (
            "text_devanagari",
            Text,
            "साहुजी, चिनी ५० के.जी. र नुन १ बोरा चाहियो",
            0,
        ),
        (
            "text_multiline",
            Text,
            "Order:\n- Wai Wai 2 ctn\n- Chini 50kg\n- Dal masuro 25kg\n- Tel 1L x 12",
            0,
        ),
        ("text_long", Text, "1. item 1 1 packet\n", 0),
        ("image_caption", Image, "yo list ko saman pathaunu", 1),
        ("image_no_caption", Image, "", 1),
        ("voice_note", Audio, "", 1),
        ("document_pdf", Document, "order-list.pdf", 1),
        ("contact_vcard", Contacts, "", 1),
        ("location", Location, "", 0),
        ("button_reply", Interactive, "✅ Confirm", 0),
        ("list_reply", Interactive, "Wai Wai 75g x 30", 0),
        ("quoted_reply", Text, "yo cancel gardinu", 0),
        ("forwarded", Text, "chamal 5 bora", 0),
        ("ctwa_referral", Text, "Hello! Can I get more info on this?", 0),
        ("bsuid", Text, "chini 1 bora", 0),
        ("unsupported", Unsupported, "", 0),
        ("sandbox_join", Text, "join silent-forest", 0),
        ("stop", Text, "STOP", 0),
        ("empty_body", Text, "", 0),
    ];
    assert_eq!(inbound.count(), cases.len());
    for (name, kind, text, media) in cases {
        let message = message(&format!("inbound_{name}"));
        assert_eq!((message.kind, message.media.len()), (kind, media), "{name}");
        let long = name == "text_long" && message.text.starts_with(text);
        assert!(message.text == text || long, "{name}: {:?}", message.text);
        assert_eq!(message.provider, Provider::Twilio);
        assert_eq!(
            message.account,
            "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a/whatsapp:+14155238886"
        );
        assert_eq!(message.from_address, "whatsapp:+9779841234567");
        assert_eq!(message.phone.as_deref(), Some("+9779841234567"));
        assert_eq!(message.message_id, text_of(&message.raw, "MessageSid"));
        assert_eq!(message.message_id.len(), 34);
        assert_eq!(message.sent_at, None);
    }
}

fn text_of<'a>(raw: &'a Value, field: &str) -> &'a str {
    text(raw, field)
}

#[test]
fn details_of_recorded_messages_are_kept() {
    let button = message("inbound_button_reply");
    assert_eq!(button.reply_id.as_deref(), Some("order:confirm:01JD8Q3M4N"));
    assert_eq!(
        button.context_id.as_deref(),
        Some("MM2166e840a79e6e7f3f753979e9b02642")
    );
    let list = message("inbound_list_reply");
    assert_eq!(list.reply_id.as_deref(), Some("sku:WAIWAI-75G-30"));
    let quoted = message("inbound_quoted_reply");
    assert_eq!(
        quoted.context_id.as_deref(),
        Some("SMb3ceb5193e8e7c248fb3d0f477cb057c")
    );
    assert_eq!(
        message("inbound_bsuid").user_id.as_deref(),
        Some("NP.7301144820195566012")
    );
    assert_eq!(message("inbound_stop").user_id, None);
    let shop = message("inbound_text_devanagari");
    assert_eq!(shop.profile_name.as_deref(), Some("गणेश स्टोर"));
    let place = message("inbound_location").location.expect("a place");
    assert_eq!((place.latitude, place.longitude), (27.7051, 85.3131));
    assert_eq!(
        (place.name.as_deref(), place.address.as_deref()),
        (Some("Asan Tole"), Some("Asan, Kathmandu"))
    );
    assert_eq!(
        message("inbound_ctwa_referral").raw["ReferralSourceType"],
        json!("ad")
    );
    assert_eq!(message("inbound_forwarded").raw["Forwarded"], json!("true"));
    let picture = &message("inbound_image_no_caption").media[0];
    assert_eq!(picture.mime, "image/jpeg");
    assert!(
        picture
            .url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://api.twilio.com/2010-04-01/"))
    );
}

#[test]
fn every_recorded_status_is_read() {
    let cases = [
        ("queued", Status::Queued, None),
        ("sent", Status::Sent, None),
        ("delivered", Status::Delivered, None),
        ("read", Status::Read, None),
        ("failed_63016", Status::Failed, Some(63016)),
        ("failed_63018", Status::Failed, Some(63018)),
        ("undelivered_63024", Status::Undelivered, Some(63024)),
        ("undelivered_63049", Status::Undelivered, Some(63049)),
    ];
    for (name, status, error_code) in cases {
        let Event::Status(update) = parsed(&format!("status_{name}")) else {
            panic!("{name} is a status")
        };
        assert_eq!((update.status, update.error_code), (status, error_code), "{name}");
        assert_eq!(update.raw_status, status.as_str());
        assert_eq!(
            update.account,
            "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a/whatsapp:+14155238886"
        );
        assert_eq!(update.recipient.as_deref(), Some("whatsapp:+9779841234567"));
        assert!(update.provider_message_id.starts_with("SM"));
    }
}

#[test]
fn a_sender_without_a_phone_number_is_still_a_sender() {
    let body = b"MessageSid=SM1&AccountSid=AC1&To=whatsapp%3A%2B1415&From=whatsapp%3ANP.73011&Body=hi";
    let Ok(Event::Message(message)) = parse(body) else {
        panic!("a message")
    };
    assert_eq!(
        (message.phone, message.user_id.as_deref()),
        (None, Some("NP.73011"))
    );
    assert_eq!(message.from_address, "whatsapp:NP.73011");
}

#[test]
fn a_media_type_decides_before_the_hint_does() {
    let base = "MessageSid=MM1&AccountSid=AC1&To=whatsapp%3A%2B14155238886&From=whatsapp%3A%2B9779841234567";
    let cases = [
        (
            "&MessageType=text&MediaUrl0=u&MediaContentType0=video%2Fmp4",
            MessageKind::Video,
        ),
        (
            "&MessageType=sticker&MediaUrl0=u&MediaContentType0=image%2Fwebp",
            MessageKind::Sticker,
        ),
        (
            "&MediaUrl0=u&MediaContentType0=TEXT%2FVCARD",
            MessageKind::Contacts,
        ),
        ("&MediaUrl0=u", MessageKind::Document),
        ("&MessageType=hologram", MessageKind::Unsupported),
        ("&MessageType=hologram&Body=hi", MessageKind::Text),
        ("&MessageType=reaction&Body=x", MessageKind::Reaction),
        (
            "&MessageType=button&ButtonText=Yes&ButtonPayload=y",
            MessageKind::Button,
        ),
        ("&ButtonText=Yes", MessageKind::Interactive),
        ("", MessageKind::Text),
    ];
    for (more, kind) in cases {
        let Ok(Event::Message(message)) = parse(format!("{base}{more}").as_bytes()) else {
            panic!("{more}")
        };
        assert_eq!(message.kind, kind, "{more}");
    }
}

#[test]
fn other_forms_are_kept_and_acknowledged() {
    let cases = [
        ("CallSid=CA1&From=%2B1", "no_message_id"),
        ("MessageSid=SM1&Body=x", "no_sender"),
        ("MessageSid=SM1&MessageStatus=teleported", "unknown_status"),
        ("MessageStatus=sent", "no_message_id"),
    ];
    for (body, expected) in cases {
        let Ok(Event::Ignored { kind, raw, .. }) = parse(body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!(kind, expected);
        assert!(raw.as_object().is_some_and(|fields| !fields.is_empty()));
    }
    assert_eq!(parse(b""), Err(Malformed));
}

#[test]
fn repeated_fields_and_nul_characters_reach_the_store_in_a_form_it_takes() {
    let body = b"MessageSid=SM1&From=%2B977984123&To=%2B1&Body=a%00b&Tag=1&Tag=2&Tag=3";
    let Ok(Event::Message(message)) = parse(body) else {
        panic!("a message")
    };
    assert_eq!(message.text, "a\u{FFFD}b");
    assert_eq!(message.raw["Tag"], json!(["1", "2", "3"]));
    assert_eq!(message.raw["Body"], json!("a\u{FFFD}b"));
}
