use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use khaacho_e2e::process::{Process, free_port, run};
use khaacho_e2e::world;
use khaacho_e2e::{SOON, TestMesh, eventually};
use serde_json::Value;

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_wrong_configuration_is_told_whole_and_nothing_starts() {
    let secret = "hunter2hunter2";
    let wrong = pairs([
        ("PORT", "many"),
        ("DB_POOL_MAX", "1000"),
        ("ENVIRONMENT", "moon"),
        ("KHAACHO_MESH_SECRET", secret),
        ("CORS_ORIGINS", "*"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("KHAACHO_ORDER_VENDOR_DEADLINE_MINUTES", "0"),
        ("LOG_FORMAT", "poem"),
        ("LOG_LEVEL", "[[["),
        ("HOST", "not a host"),
        ("DATABASE_URL", "bar:hunter2hunter2"),
        ("REDIS_URL", "foo:hunter2hunter2"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "xx"),
        ("SUPPORT_PHONE", "abc"),
        ("TWILIO_WHATSAPP_NUMBER", "abc"),
        ("PUBLIC_BASE_URL", "foo"),
        ("WHATSAPP_API_URL", "foo"),
    ]);
    for command in [&["config", "validate"][..], &["serve", "all"]] {
        let output = run(command, &wrong);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(64), "{command:?}: {text}");
        for (name, _) in wrong.iter().filter(|(name, _)| name != "TWILIO_ACCOUNT_SID") {
            assert!(text.contains(name.as_str()), "{name} in {command:?}: {text}");
        }
        assert!(
            text.contains("TWILIO_AUTH_TOKEN"),
            "what is missing is named too: {text}"
        );
        assert!(!text.contains(secret), "a secret was shown: {text}");
    }
    let output = run(&["config", "validate"], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = run(
        &["config", "summary"],
        &pairs([("KHAACHO_MESH_SECRET", "0123456789abcdef0123456789abcdef")]),
    );
    let text = said(&output);
    assert!(
        text.contains("KHAACHO_MESH_SECRET") && !text.contains("0123456789abcdef"),
        "{text}"
    );
}

#[test]
fn production_lacks_nothing_or_says_what() {
    let production = [
        ("ENVIRONMENT", "production"),
        ("WHATSAPP_PHONE_NUMBER_ID", "106"),
        ("WHATSAPP_ACCESS_TOKEN", "EAAG"),
    ];
    let lacking = pairs(production);
    for command in [&["config", "validate"][..], &["serve", "all"]] {
        let output = run(command, &lacking);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(64), "{command:?}: {text}");
        for name in [
            "2 settings",
            "DATABASE_URL: not set",
            "KHAACHO_MESH_SECRET: not set",
        ] {
            assert!(text.contains(name), "{name} in {command:?}: {text}");
        }
    }
    let output = run(&["work"], &[]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(64), "{text}");
    assert!(text.contains("KHAACHO_NOTIFICATION_ADDRESS: not set"), "{text}");
}

#[test]
fn commands_that_look_make_no_directory() {
    let home = Home::new("nothing");
    let data = home.0.join("absent");
    let shown = data.display().to_string();
    for command in [
        &["why", "ORD2611000001", "--data-dir", &shown][..],
        &["chat", "--data-dir", &shown, "hello"],
        &["apikey", "create", "--data-dir", &shown],
    ] {
        let output = run(command, &[]);
        let text = said(&output);
        assert!(!output.status.success(), "{command:?}: {text}");
        assert!(
            text.contains(&format!("there is no data directory {shown}")),
            "{command:?}: {text}"
        );
        assert!(!data.exists(), "{command:?} made it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_prints_the_story_and_apikey_makes_a_key() {
    let mesh = TestMesh::all_in_one(&[]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", SOON).await;
    let number = phone.ask("CONFIRM", "is placed", SOON).await.order_number();
    khaacho_e2e::check::quiesce(&mesh.database, mesh.now()).await;
    let home = Home::new("commands");
    let data = home.0.display().to_string();
    let environment = pairs([
        ("KHAACHO_ORDER_ADDRESS", mesh.grpc.as_str()),
        ("KHAACHO_MESH_SECRET", "0f4c1e7a9b2d4836b5e0c7d19a3f6e58"),
        ("DATABASE_URL", mesh.database_url.as_str()),
    ]);
    let run = async |arguments: Vec<String>| {
        let environment = environment.clone();
        let done = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            run(&arguments, &environment)
        });
        done.await.expect("it ran")
    };
    let why = run(vec![
        "why".to_owned(),
        number.clone(),
        "--data-dir".to_owned(),
        data.clone(),
    ])
    .await;
    let story = said(&why);
    assert!(why.status.success(), "{story}");
    for part in [
        &number,
        "SENT_TO_VENDOR",
        "order",
        "credit",
        "inventory",
        "notification",
        "cause inb_",
        "trace ",
    ] {
        assert!(story.contains(part), "{part:?} in {story}");
    }
    assert!(!story.contains(&shop.phone), "phones stay masked: {story}");
    let unknown = run(vec![
        "why".to_owned(),
        "ORD2611999999".to_owned(),
        "--data-dir".to_owned(),
        data.clone(),
    ])
    .await;
    assert!(
        !unknown.status.success() && said(&unknown).contains("no such order"),
        "{}",
        said(&unknown)
    );

    let made = run(["apikey", "create", "--role", "finance", "--data-dir", &data]
        .map(str::to_owned)
        .into())
    .await;
    let key = said(&made).trim().to_owned();
    let finance = khaacho_e2e::Rest::new(&mesh.http, Some(&key));
    finance.get("/api/v1/payments").await.ok();
    finance
        .get("/api/v1/stock/moves")
        .await
        .refused(403, "PERMISSION_DENIED");
    mesh.finish().await;
}

/// `khaacho up` from nothing: private database, demonstration, first chat; stopped and started again it has its data.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn up_starts_from_nothing_and_again_from_what_it_left() {
    let home = Home::new("up");
    let mut up = Up::start(&home).await;
    let first = up.chat("2 bora jeera masino").await;
    assert!(first.contains("Which \"jeera masino\" do you mean?"), "{first}");
    up.stop().await;
    let mut up = Up::start(&home).await;
    let second = up.chat("1").await;
    assert!(
        second.contains("Your order:"),
        "the question of before is still open: {second}"
    );
    up.stop().await;
}

struct Up {
    process: Process,
    data: String,
}

impl Up {
    async fn start(home: &Home) -> Self {
        let data = home.0.join("data").display().to_string();
        let port = free_port().to_string();
        let arguments = ["up", "--data-dir", &data, "--port", &port];
        let process = Process::start("khaacho up", &arguments, &pairs([("HOST", "127.0.0.1")]));
        let running = home.0.join("data/running.json");
        eventually(
            "khaacho up",
            Duration::from_secs(60),
            async || match fs::read_to_string(&running) {
                Ok(text) if serde_json::from_str::<Value>(&text).is_ok() => Ok(()),
                Ok(text) => Err(text),
                Err(error) => Err(format!("{error}\n{}", process.log())),
            },
        )
        .await;
        Self { process, data }
    }

    async fn chat(&self, text: &str) -> String {
        let (data, text) = (self.data.clone(), text.to_owned());
        let done =
            tokio::task::spawn_blocking(move || said(&run(&["chat", "--data-dir", &data, &text], &[])));
        done.await.expect("it ran")
    }

    async fn stop(&mut self) {
        let status = self.process.terminate(Duration::from_secs(30)).await;
        assert!(status.success(), "{status}: {}", self.process.log());
    }
}

/// A directory that goes with its value.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("khaacho-e2e-{name}-{}", std::process::id()));
        // A private server runs as another user when the tests run as root; it has to get through.
        fs::DirBuilder::new()
            .mode(0o755)
            .create(&path)
            .expect("a new directory");
        Self(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
