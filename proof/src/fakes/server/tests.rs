use super::*;

async fn fakes(name: &str) -> (std::path::PathBuf, Fakes) {
    let dir = std::env::temp_dir().join(format!("kasauti-fakes-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    let recorder = Arc::new(Recorder::create(&dir).expect("a history"));
    let fakes = Fakes::start(&dir, recorder, "http://127.0.0.1:9", 1)
        .await
        .expect("a port");
    (dir, fakes)
}

#[tokio::test]
async fn both_take_messages_and_write_them_down() {
    let (dir, fakes) = fakes("take").await;
    let client = Client::new(&fakes.url, None);
    let message = json!({
        "to": "9779841000001", "biz_opaque_callback_data": "ntf_1",
        "interactive": { "body": { "text": "Your order:" }, "action": { "buttons": [{ "reply": { "id": "CONFIRM q" } }] } },
    });
    let taken = client
        .post("/v26.0/1/messages", &[], &message)
        .await
        .expect("an answer");
    assert_eq!(
        (taken.status, &taken.body["messages"][0]["id"]),
        (200, &json!("wamid.out.1"))
    );
    let form = super::super::form(&[("To", "whatsapp:+9779841000002"), ("Body", "hello")]);
    let path = "/2010-04-01/Accounts/AC1/Messages.json";
    let taken = client
        .send(Method::POST, path, &[], Bytes::from(form))
        .await
        .expect("an answer");
    assert_eq!(taken.status, 201);
    let heard = fakes.since("+9779841000001", 0);
    assert_eq!(
        (heard[0].text.as_str(), heard[0].buttons[0].as_str()),
        ("Your order:", "CONFIRM q")
    );
    let listed = client
        .get(&format!("{path}?To=whatsapp%3A%2B9779841000002&PageSize=5"))
        .await
        .expect("an answer");
    assert_eq!(listed.body["messages"][0]["body"], "hello");
    let log = std::fs::read_to_string(dir.join("provider.jsonl")).expect("a log");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["notice"], &lines[0]["verdict"]),
        (&json!("ntf_1"), &json!("accepted"))
    );
    assert_eq!(lines[1]["to"], "+9779841000002");
    std::fs::remove_dir_all(&dir).expect("ours");
}

#[tokio::test]
async fn refusals_and_cuts_are_not_heard_and_lost_answers_are() {
    let (dir, fakes) = fakes("refuse").await;
    let client = Client::new(&fakes.url, None);
    let message = json!({ "to": "1", "text": { "body": "x" } });
    let all = |manners: Manners| {
        fakes.behave(manners);
        client.post("/v26.0/1/messages", &[], &message)
    };
    let good = Manners::good;
    assert_eq!(
        all(Manners {
            too_many: 1000,
            ..good()
        })
        .await
        .expect("an answer")
        .status,
        429
    );
    assert_eq!(
        all(Manners {
            broken: 1000,
            ..good()
        })
        .await
        .expect("an answer")
        .status,
        500
    );
    assert_eq!(
        all(Manners {
            redirected: 1000,
            ..good()
        })
        .await
        .expect("an answer")
        .status,
        302
    );
    assert_eq!(
        all(Manners {
            never: 1000,
            ..good()
        })
        .await
        .expect("an answer")
        .status,
        400
    );
    assert!(
        all(Manners {
            cut_before: 1000,
            ..good()
        })
        .await
        .is_err()
    );
    assert_eq!(fakes.count("+1"), 0);
    assert!(
        all(Manners {
            cut_after: 1000,
            ..good()
        })
        .await
        .is_err()
    );
    assert_eq!(fakes.count("+1"), 1, "taken, though nobody was told");
    let log = std::fs::read_to_string(dir.join("provider.jsonl")).expect("a log");
    let last: Value = serde_json::from_str(log.lines().last().expect("a line")).expect("JSON");
    assert_eq!(
        (&last["verdict"], &last["lost"]),
        (&json!("accepted"), &json!(true))
    );
    std::fs::remove_dir_all(&dir).expect("ours");
}
