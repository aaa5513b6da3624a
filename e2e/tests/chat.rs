//! What the chat remembers and changes at the other services.

use khaacho_e2e::wait::eventually;
use khaacho_e2e::{Model, REPLY, SOON, TestMesh, world};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_in_chat_is_kept_where_it_belongs() {
    let mesh = TestMesh::all_in_one(&[]).await;
    learned(&mesh).await;
    updated(&mesh).await;
    asked_back(&mesh).await;
    stopped(&mesh).await;
    spoken(&mesh).await;
    mesh.finish().await;
}

/// A language model proposes what a word means; the catalogue says what that is, the shop whether it is right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_model_takes_a_word_for_is_asked_and_learned() {
    let model = Model::start().await;
    let url = format!("{}/v1/chat/completions", model.url);
    let settings = [
        ("KHAACHO_ORDER_ASSIST_URL", url.as_str()),
        ("KHAACHO_ORDER_ASSIST_MODEL", "test"),
    ];
    let mesh = TestMesh::all_in_one(&settings).await;
    let vendors = world::vendors(&mesh).await;
    for (sku, name) in [
        ("TEST-INCENSE", "Mandir sugandha"),
        ("TEST-LENTIL", "Rahar lentil"),
    ] {
        let product = world::product(&mesh, sku, name, 1000).await;
        world::offer(&mesh, &vendors[..1], &product.sku, 1000, 500).await;
    }
    let mut phone = mesh.chat(&world::rich_shop(&mesh).await.phone).await;
    // nothing of it is understood; the quantity is what our reader finds
    let asked = phone.ask("qqbasne xxdhuwa 3", "qqbasne xxdhuwa", REPLY).await;
    assert!(asked.text.contains("Mandir sugandha"), "{asked:?}");
    phone.ask("1", "Your order:", REPLY).await;
    phone.ask("CONFIRM", "ORD", SOON).await;
    eventually("the learned words", SOON, async || {
        let found = mesh.rest().get("/api/v1/aliases?sku=TEST-INCENSE").await.ok()["aliases"].clone();
        let learned = found
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["phrase"] == "qqbasne xxdhuwa"));
        if learned { Ok(()) } else { Err(found.to_string()) }
    })
    .await;
    phone
        .ask("TEST-LENTIL x 1, qqbasne xxdhuwa 2", "As you chose before", REPLY)
        .await;
    assert_eq!(model.asked(), 1);
    let metrics = mesh.stranger().get("/metrics").await.text;
    for line in [
        "assist_calls_total{outcome=\"answered\"} 1",
        "assist_answers_total{result=\"asked\"} 1",
        "assist_seconds_count 1",
    ] {
        assert!(metrics.contains(line), "{line}");
    }
    mesh.finish().await;
}

/// An answer is learned with the order, used with the next one, and forgotten on request.
async fn learned(mesh: &TestMesh) {
    let vendors = world::vendors(mesh).await;
    for name in ["Kalo dana", "Seto dana"] {
        let sku = format!("TEST-{}", name.replace(' ', "-").to_uppercase());
        let product = world::product(mesh, &sku, name, 1000).await;
        world::offer(mesh, &vendors[..1], &product.sku, 1000, 500).await;
    }
    let mut phone = mesh.chat(&world::rich_shop(mesh).await.phone).await;
    phone
        .ask("2 packet qqdana, TEST-KALO-DANA x 1", "qqdana", REPLY)
        .await;
    phone.ask("TEST-SETO-DANA", "Your order:", REPLY).await;
    phone.ask("CONFIRM", "ORD", SOON).await;
    let aliases = eventually("the learned word", SOON, async || {
        let found = mesh.rest().get("/api/v1/aliases?sku=TEST-SETO-DANA").await.ok()["aliases"].clone();
        let own = |alias: &&Value| alias["source"] == "answer";
        let learned = found.as_array().and_then(|all| all.iter().find(own)).cloned();
        learned.ok_or_else(|| found.to_string())
    })
    .await;
    assert_eq!(
        (&aliases["phrase"], &aliases["active"]),
        (&json!("qqdana"), &json!(true))
    );
    phone.ask("3 packet qqdana", "As you chose before", REPLY).await;
    phone.ask("CANCEL", "Nothing was ordered", REPLY).await;
    phone.ask("FORGET qqdana", "I will ask you again", REPLY).await;
}

/// A wholesaler's stock and price.
async fn updated(mesh: &TestMesh) {
    let vendors = world::vendors(mesh).await;
    let vendor = &vendors[0];
    let product = world::product(mesh, "TEST-COUNTED", "Counted thing", 1000).await;
    world::offer(mesh, &vendors[..1], &product.sku, 1000, 7).await;
    let mut phone = mesh.chat(&vendor.phone).await;
    phone.ask("TEST-COUNTED 9 @ 12", "CONFIRM", REPLY).await;
    phone.ask("CONFIRM", "Counted thing", REPLY).await;
    let path = format!("/api/v1/offers?vendorId={}&sku={}", vendor.vendor_id, product.sku);
    let offer = mesh.rest().get(&path).await.ok()["offers"][0].clone();
    let number = |field: &str| offer[field].as_i64();
    assert_eq!(
        (number("onHandMilli"), number("pricePaisa")),
        (Some(9_000), Some(1_200)),
        "{offer}"
    );
}

/// A wholesaler's sentences about an order, in the words that he reads.
async fn asked_back(mesh: &TestMesh) {
    let vendors = world::vendors(mesh).await;
    let vendor = &vendors[1];
    let product = world::product(mesh, "TEST-ASKED", "Asked thing", 1000).await;
    world::offer(mesh, &vendors[1..2], &product.sku, 1000, 50).await;
    let mut phone = mesh.chat(&vendor.phone).await;
    let mut shop = mesh.chat(&world::rich_shop(mesh).await.phone).await;
    shop.ask("TEST-ASKED x 7", "Your order:", REPLY).await;
    shop.ask("CONFIRM", "ORD", SOON).await;
    phone.expect("New order", SOON).await;
    // without it he is answered in the Nepali that he writes
    phone
        .ask("LANGUAGE ENGLISH", "From now on I answer you in English", REPLY)
        .await;
    let part = phone
        .ask("TEST-ASKED 2 packet matra cha", "as I understand you", REPLY)
        .await;
    assert!(
        part.text.contains("Asked thing: 2 packets of 7 packets"),
        "{}",
        part.text
    );
    let asked = phone
        .ask("hami pathauna sakchau", "Do you take order", REPLY)
        .await;
    assert!(asked.text.contains("Nothing is done yet"), "{}", asked.text);
    let number = asked.text.split_whitespace().find(|word| word.starts_with("ORD"));
    let number = number.expect("a number").trim_end_matches('?').to_owned();
    phone.ask(&format!("ACCEPT {number}"), "is yours", SOON).await;
}

async fn stopped(mesh: &TestMesh) {
    let shop = world::rich_shop(mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask("STOP", "START", REPLY).await;
    eventually("who wants no messages", SOON, async || {
        let found = mesh.rest().get("/api/v1/consents").await.ok()["consents"].clone();
        let listed = found
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["who"] == shop.phone.as_str()));
        if listed { Ok(()) } else { Err(found.to_string()) }
    })
    .await;
}

/// Who has no language is answered in the one that is written, and sets it with a tap; an operator may set another.
async fn spoken(mesh: &TestMesh) {
    let phone = "+9779841222333";
    let shop = json!({
        "shop_name": "Naya Pasal", "phones": [phone], "municipality": "Birendranagar", "limit_paisa": 1_000_000,
    });
    let opened = mesh.rest().post("/api/v1/accounts", shop).await.ok()["account"].clone();
    assert_eq!(opened["language"], "LANGUAGE_UNSPECIFIED", "{opened}");
    let account = format!(
        "/api/v1/accounts/{}",
        opened["accountId"].as_str().expect("an id")
    );
    let language = async || mesh.rest().get(&account).await.ok()["account"]["language"].clone();

    let mut chat = mesh.chat(phone).await;
    chat.ask("BALANCE", "Credit left", REPLY).await;
    chat.say("mero hisab kati cha").await;
    chat.expect("Tirna baki", REPLY).await;
    let told = chat.expect("LANGUAGE NEPALI", REPLY).await;
    assert_eq!(told.buttons, ["LANGUAGE NE_LATN", "LANGUAGE"]);
    assert_eq!(language().await, "LANGUAGE_UNSPECIFIED", "nobody has set it yet");
    chat.tap("LANGUAGE NE_LATN").await;
    chat.expect("Abadekhi", REPLY).await;
    assert_eq!(language().await, "LANGUAGE_NE_LATN");
    let set = json!({ "language": "HI" });
    mesh.rest()
        .post(&format!("{account}:setLanguage"), set)
        .await
        .ok();
    chat.ask("LANGUAGE", "किस भाषा", REPLY).await;
    chat.ask("what is my balance", "आपका बकाया", REPLY).await;
    chat.ask("language english", "From now on I answer you in English", REPLY)
        .await;
    assert_eq!(language().await, "LANGUAGE_EN");

    let mut stranger = mesh.chat("+9779841222334").await;
    stranger.ask("malai chini chahiyo", "darta", REPLY).await;
    let vendor = &world::vendors(mesh).await[3];
    let set = json!({ "language": "NE" });
    let path = format!("/api/v1/vendors/{}:setLanguage", vendor.vendor_id);
    mesh.rest().post(&path, set).await.ok();
    let mut vendor = mesh.chat(&vendor.phone).await;
    vendor.ask("HELP", "अर्डर", REPLY).await;
}
