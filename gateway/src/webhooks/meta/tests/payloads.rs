use super::*;

fn events(name: &str) -> Vec<Event> {
    parse(&fixtures::bytes(&format!("meta_payloads/{name}"))).expect("JSON")
}

fn message(name: &str) -> Inbound {
    match events(&format!("{name}.json")).as_slice() {
        [Event::Message(message)] => message.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

fn status(name: &str) -> StatusUpdate {
    match events(&format!("{name}.json")).as_slice() {
        [Event::Status(update)] => update.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

/// What `meta_payloads_expected.json` states, from an event.
fn summary(event: &Event) -> Option<Value> {
    match event {
        Event::Message(message) => Some(json!({
            "kind": "message", "phone_number_id": message.account, "id": message.message_id,
            "from": message.phone.as_deref().map(|phone| &phone[1..]), "from_user_id": message.user_id,
            "type": message.kind.as_str(), "timestamp": message.sent_at.map(|at| at.timestamp()),
        })),
        Event::Status(update) => Some(json!({
            "kind": "status", "id": update.provider_message_id, "status": update.raw_status,
            "timestamp": update.at.map(|at| at.timestamp()), "error_code": update.error_code,
        })),
        Event::Ignored { kind, .. } if kind.starts_with("object_") => None,
        Event::Ignored { kind, .. } => Some(json!({ "kind": "other", "field": kind })),
    }
}

#[test]
fn every_recorded_delivery_yields_the_expected_events() {
    let expected = fixtures::json("meta_payloads_expected.json");
    let files =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/meta_payloads")).expect("a folder");
    let expected = expected.as_object().expect("an object by file name");
    assert_eq!(files.count(), expected.len());
    for (name, events_expected) in expected {
        let mut wanted = events_expected.as_array().expect("a list").clone();
        for event in &mut wanted {
            let event = event.as_object_mut().expect("an object");
            // Our account is the number, not the business behind it; and a kind that we do not know is kept as such.
            event.remove("waba");
            let unknown = event
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|kind| MessageKind::named(kind).is_none());
            if unknown {
                event.insert("type".into(), json!("unsupported"));
            }
        }
        // We hand on messages before statuses, in the order of the delivery otherwise.
        wanted.sort_by_key(|event| event["kind"] != "message");
        let found: Vec<Value> = events(name).iter().filter_map(summary).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn contents_of_each_kind_are_found() {
    use MessageKind::*;
    let cases = [
        (
            "text_devanagari",
            Text,
            "दाइ, २ बोरा चामल र १ कार्टुन वाइवाइ पठाइदिनुस् 🙏",
            None,
            0,
        ),
        (
            "interactive_list_reply",
            Interactive,
            "Wai Wai 75g x 30",
            Some("sku:WAIWAI-75G-30"),
            0,
        ),
        ("interactive_nfm_reply", Interactive, "Sent", None, 0),
        (
            "template_quick_reply_button",
            Button,
            "Reorder",
            Some("reorder:last"),
            0,
        ),
        ("image_with_caption", Image, "yo list ko saman pathaunu", None, 1),
        ("image_no_caption", Image, "", None, 1),
        ("audio_file", Audio, "", None, 1),
        ("video", Video, "godam", None, 1),
        ("document_pdf", Document, "purchase order", None, 1),
        ("contacts", Contacts, "", None, 0),
        ("order_catalog", Order, "bholi bihana samma", None, 0),
        ("reaction", Reaction, "👍", None, 0),
        (
            "system_changed_number",
            System,
            "User Ram changed from 9779841234567 to 9779851234567",
            None,
            0,
        ),
        ("unsupported", Unsupported, "", None, 0),
        ("unknown_future_type", Unsupported, "", None, 0),
    ];
    for (name, kind, text, reply_id, media) in cases {
        let message = message(name);
        assert_eq!((message.kind, message.text.as_str()), (kind, text), "{name}");
        assert_eq!(
            (message.reply_id.as_deref(), message.media.len()),
            (reply_id, media),
            "{name}"
        );
        let contact = &message.raw["contact"];
        let profile_name = contact["profile"]["name"].as_str();
        assert!(
            profile_name.is_some() && message.profile_name.as_deref() == profile_name,
            "{name}"
        );
        assert_eq!(contact["wa_id"], json!("9779841234567"), "{name}");
        assert_eq!(message.from_address, "9779841234567", "{name}");
        assert_eq!(message.raw["element"]["id"], json!(message.message_id), "{name}");
    }
    let order = message("order_catalog");
    assert_eq!(
        order.raw["element"]["order"]["product_items"][1]["item_price"],
        json!(612.5)
    );
    let cart: Vec<_> = order
        .cart
        .iter()
        .map(|item| (item.sku.as_str(), item.quantity))
        .collect();
    assert_eq!(cart, [("WAIWAI-75G-30", 2), ("SALT-AAYO-1KG-25", 1)]);
    let quoted = "wamid.HRgNOTc3OTg0MTIzNDU2NxUCABEYFDE0NkExQkNFNzExQTczMjc4NAA=";
    assert_eq!(message("text_reply_context").context_id.as_deref(), Some(quoted));
    let liked = "wamid.HRgNOTc3OTg0MTIzNDU2NxUCABEYFDk1MzVGM0E4Nzk2N0U5OTM3MAA=";
    assert_eq!(message("reaction").context_id.as_deref(), Some(liked));
    let document = &message("document_pdf").media[0];
    assert_eq!(document.id.as_deref(), Some("1238778051773092"));
    assert_eq!(document.filename.as_deref(), Some("order-list.pdf"));
    assert!(
        document
            .sha256
            .as_deref()
            .is_some_and(|hash| hash.ends_with("AemA="))
    );
}

#[test]
fn statuses_keep_recipient_reason_and_what_we_attached() {
    assert_eq!(
        status("status_bsuid_recipient").recipient.as_deref(),
        Some("NP.46247107927349516")
    );
    assert_eq!(
        status("status_with_opaque_data").opaque.as_deref(),
        Some("outbox:01JD8Q3M4N;t=9f2c")
    );
    let failed = status("status_failed_131026");
    assert_eq!((failed.status, failed.error_code), (Status::Failed, Some(131026)));
    assert_eq!(failed.error_text.as_deref(), Some("Message Undeliverable."));
    assert_eq!(failed.account, "180000000000022");
    assert_eq!(status("status_old_cbp_pricing").status, Status::Delivered);
}

#[test]
fn messages_come_before_statuses_and_names_belong_to_their_senders() {
    let batch = events("batch_two_entries_messages_and_statuses.json");
    let kinds: Vec<bool> = batch
        .iter()
        .map(|event| matches!(event, Event::Message(_)))
        .collect();
    assert_eq!(kinds, [true, true, true, false, false]);
    // The contacts are in the other order here.
    let mut body = fixtures::json("meta_payloads/batch_two_senders_one_change.json");
    let contacts = body
        .pointer_mut("/entry/0/changes/0/value/contacts")
        .and_then(Value::as_array_mut);
    contacts.expect("contacts").reverse();
    let names: Vec<_> = parse(body.to_string().as_bytes())
        .expect("JSON")
        .into_iter()
        .filter_map(|event| match event {
            Event::Message(message) => message.profile_name,
            _ => None,
        })
        .collect();
    assert_eq!(names, ["Ram Bahadur Kirana Pasal", "Gita Store"]);
}

fn delivery(value: &Value) -> Vec<Event> {
    let body = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [{"field": "messages", "value": value}]}]});
    parse(body.to_string().as_bytes()).expect("JSON")
}

fn kinds(events: &[Event]) -> Vec<&str> {
    let kind = |event| match event {
        &Event::Message(_) => "message",
        &Event::Status(_) => "status",
        Event::Ignored { kind, .. } => kind.as_str(),
    };
    events.iter().map(kind).collect()
}

#[test]
fn one_bad_element_never_costs_the_others() {
    let found = delivery(&json!({
        "messages": [17, {"id": "m0"}, {"from": "9779841234567"}, null,
            {"id": "m1", "from": "9779841234567", "type": 4, "timestamp": {}},
            {"id": "m2", "from": "9779841234567", "type": "text", "text": "not an object", "timestamp": "99999999999999999"}],
        "statuses": ["x", {"id": "s0"}, {"id": "s1", "status": "evaporated"},
            {"id": "s2", "status": "read", "timestamp": 1762934500, "errors": [{"code": "131026"}]}],
        "errors": [{"code": 130429}]
    }));
    let bad = [
        "message_without_id",
        "message_without_sender",
        "message_without_id",
        "message_without_id",
    ];
    let states = [
        "status_without_id",
        "status_without_state",
        "unknown_status",
        "errors",
    ];
    let wanted = [&["message", "message", "status"][..], &bad, &states].concat();
    assert_eq!(kinds(&found), wanted);
    let Event::Status(update) = &found[2] else {
        panic!("a status")
    };
    assert_eq!(
        (update.error_code, update.at.map(|at| at.timestamp())),
        (Some(131026), Some(1762934500))
    );
    let Event::Ignored { provider, raw, .. } = &found[3] else {
        panic!("ignored")
    };
    assert_eq!((*provider, &raw["element"]), (Provider::Meta, &json!(17)));
}

#[test]
fn a_sender_who_hides_the_number_is_known_by_the_user_id() {
    let found = delivery(&json!({
        "metadata": {"phone_number_id": "22"},
        "contacts": [{"profile": {"username": "someone.else"}, "user_id": "NP.1"},
            {"profile": {"username": "gita.store"}, "user_id": "NP.2"}],
        "messages": [{"id": "m1", "from_user_id": "NP.2", "type": "text", "text": {"body": "2 bora chamal"}}]
    }));
    let [Event::Message(message)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (message.phone.as_deref(), message.user_id.as_deref()),
        (None, Some("NP.2"))
    );
    assert_eq!(message.from_address, "NP.2");
    assert_eq!(message.profile_name.as_deref(), Some("gita.store"));
}

#[test]
fn other_shapes_are_kept_and_acknowledged() {
    let cases = [
        (json!({}), "object_missing"),
        (json!({"object": "page", "entry": []}), "object_page"),
        (json!({"object": "whatsapp_business_account"}), "empty"),
        (
            json!({"object": "whatsapp_business_account", "entry": 3}),
            "empty",
        ),
        (
            json!({"object": "whatsapp_business_account", "entry": [{"id": "1"}]}),
            "empty_entry",
        ),
        (
            json!({"object": "whatsapp_business_account", "entry": [{"changes": [5]}]}),
            "missing_field",
        ),
        (
            json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "flows"}]}]}),
            "flows",
        ),
    ];
    for (body, kind) in cases {
        assert_eq!(
            kinds(&parse(body.to_string().as_bytes()).expect("JSON")),
            [kind],
            "{body}"
        );
    }
    assert_eq!(kinds(&delivery(&json!({"messages": {"id": "m1"}}))), ["messages"]);
    let half = delivery(&json!({"messages": {"id": "m1"}, "statuses": [{"id": "s1", "status": "sent"}]}));
    assert_eq!(kinds(&half), ["status", "malformed_change"]);
    for raw in ["", "[]", "7", "not json", "{"] {
        assert_eq!(parse(raw.as_bytes()), Err(Malformed), "{raw}");
    }
}

#[test]
fn nothing_of_a_damaged_cart_is_left_out() {
    let mut body: Value =
        serde_json::from_slice(&fixtures::bytes("meta_payloads/order_catalog.json")).expect("JSON");
    let order = &mut body["entry"][0]["changes"][0]["value"]["messages"][0]["order"];
    order["product_items"] = json!([
        { "product_retailer_id": "A-1", "quantity": "3" },
        { "quantity": 2 },
        { "product_retailer_id": 7, "quantity": -1 },
        { "product_retailer_id": "B-2", "quantity": 1.5 },
        null,
    ]);
    let events = parse(body.to_string().as_bytes()).expect("read");
    let [Event::Message(message)] = events.as_slice() else {
        panic!("{events:?}")
    };
    let cart: Vec<_> = message
        .cart
        .iter()
        .map(|item| (item.sku.as_str(), item.quantity))
        .collect();
    assert_eq!(cart, [("A-1", 3), ("", 2), ("", 0), ("B-2", 0), ("", 0)]);
}
