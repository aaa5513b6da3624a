//! A language model that lies, stalls or fails: the message is answered as if there were none, and in time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use khaacho_fault::Fault;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::world::World;
use crate::world::books::{account_id, shop_phone};
use crate::world::chat::Said;
use crate::world::model::{Model, Reply, completion};
use crate::world::stage::Play;

/// A message with something that nobody knows.
const TEXT: &str = "1 bora jeera, 2 bora zebra";

fn said(said: &Said) -> (String, Vec<(String, String)>) {
    let replies = said
        .replies
        .iter()
        .map(|n| (n.template.clone(), n.data_json.clone()));
    (said.outcome.clone(), replies.collect())
}

/// What is answered to these messages when there is no model.
async fn without(texts: &[&str]) -> Vec<(String, Vec<(String, String)>)> {
    let world = World::new().await;
    told(&world, texts).await
}

async fn told(world: &World, texts: &[&str]) -> Vec<(String, Vec<(String, String)>)> {
    let mut out = Vec::new();
    for text in texts {
        out.push(said(&world.say(&shop_phone(1), text).await));
        world.say(&shop_phone(1), "CANCEL").await;
    }
    out
}

fn answer(status: u16, body: &str) -> Reply {
    Reply::Answer(status, String::new(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_lies_changes_no_answer() {
    let texts = [TEXT, "5 bora zebra", "zebra pathaidinus"];
    let expected = without(&texts).await;
    let many = vec![r#"{"phrase":"zebra","products":["sugar"]}"#; 10_000].join(",");
    let lies = [
        Reply::Says(vec![("zebra", "UNICORN-1")]),
        Reply::Says(vec![("zebra", "unicorn")]),
        Reply::Says(vec![("quagga", "sugar")]),
        Reply::Says(vec![("ZEBRA", "sugar"), ("zeb", "sugar"), ("", "sugar")]),
        Reply::Says(vec![("jeera", "sugar"), ("2 bora zebra", "sugar")]),
        Reply::Says(vec![("zebra", "sugar, jeera rice")]),
        Reply::Says(Vec::new()),
        Reply::Talks(format!(r#"{{"proposals":[{many}]}}"#)),
        Reply::Talks(r#"{"proposals":[{"phrase":["zebra"],"products":"sugar"}]}"#.to_owned()),
        Reply::Talks("I think that zebra is sugar.".to_owned()),
        Reply::Talks(format!(
            r#"{{"proposals":[{}]}}"#,
            vec![r#"{"phrase":"zebra","products":["sugar"]}"#; 17].join(",")
        )),
        answer(200, ""),
        answer(200, "{"),
        answer(200, r#"{"choices":[]}"#),
        answer(200, r#"{"choices":[{"message":{"content":null}}]}"#),
        answer(200, &"[".repeat(30_000)),
        answer(
            200,
            &completion(&format!(
                r#"{{"proposals":[],"talk":"{}"}}"#,
                "x".repeat(5_000_000)
            )),
        ),
    ];
    for lie in lies {
        let model = Model::start([lie]).await;
        let world = World::with(&model.settings()).await;
        let told = told(&world, &texts).await;
        assert_eq!(told, expected, "{:?}", model.requests());
        assert!(model.asked() > 0);
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_stalls_costs_three_seconds_and_soon_nothing() {
    let expected = without(&[TEXT]).await;
    for silence in [Reply::Silence, Reply::Stalls] {
        let model = Model::start([silence]).await;
        let world = World::with(&model.settings()).await;
        let mut slow = 0;
        for _ in 0..5 {
            let begun = Instant::now();
            assert_eq!(told(&world, &[TEXT]).await, expected);
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(5), "{took:?}");
            slow += u32::from(took > Duration::from_secs(2));
        }
        assert_eq!(slow, 3, "then it is left alone");
        assert!(model.asked() <= 6);
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_that_passes_is_tried_again_and_trouble_that_lasts_is_not() {
    let good = Reply::Says(vec![("zebra", "sugar")]);
    for (replies, asked, helps) in [
        (vec![answer(500, "down"), answer(503, ""), good.clone()], 3, true),
        (vec![Reply::HangUp, good.clone()], 2, true),
        (vec![answer(429, "slow down"), good.clone()], 2, true),
        (vec![answer(500, "down")], 3, false),
        (vec![Reply::HangUp], 3, false),
        (vec![answer(401, "who?"), good.clone()], 1, false),
        (vec![answer(400, "what?"), good.clone()], 1, false),
        (vec![Reply::Talks("no".to_owned()), good.clone()], 1, false),
    ] {
        let model = Model::start(replies).await;
        let world = World::with(&model.settings()).await;
        let told = told(&world, &[TEXT]).await;
        let question = told[0].1[0].0 == "choose_product";
        assert_eq!((model.asked(), question), (asked, helps), "{told:?}");
        world.assert_sound().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_to_be_left_alone_is() {
    let expected = without(&[TEXT]).await;
    let later = Reply::Answer(429, "Retry-After: 60\r\n".to_owned(), String::new());
    let model = Model::start([later, Reply::Says(vec![("zebra", "sugar")])]).await;
    let world = World::with(&model.settings()).await;
    for _ in 0..4 {
        let begun = Instant::now();
        assert_eq!(told(&world, &[TEXT]).await, expected);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
    assert_eq!(model.asked(), 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_where_nobody_listens_is_soon_not_asked_any_more() {
    let expected = without(&[TEXT]).await;
    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", port.local_addr().expect("bound"));
    drop(port);
    let model = Model::saying(&[]).await;
    let mut settings = model.settings();
    settings[0].1 = &url;
    let world = World::with(&settings).await;
    for _ in 0..4 {
        assert_eq!(told(&world, &[TEXT]).await, expected);
    }
    let used = "select used::bigint from orders.assist_quota";
    assert_eq!(
        world.count(used).await,
        3,
        "the fourth asked nobody, and costs nothing"
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_elsewhere_with_the_key() {
    let elsewhere = Model::saying(&[("zebra", "sugar")]).await;
    let to = format!("Location: {}\r\n", elsewhere.settings()[0].1);
    for status in [301, 302, 307, 308] {
        let model = Model::start([Reply::Answer(status, to.clone(), String::new())]).await;
        let world = World::with(&model.settings()).await;
        assert_eq!(told(&world, &[TEXT]).await[0].1[0].0, "ask_name");
        assert_eq!(model.asked(), 1);
    }
    assert_eq!(elsewhere.asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_has_its_questions_of_a_day_and_not_more() {
    let model = Model::saying(&[]).await;
    let settings = model.settings();
    let few = [("KHAACHO_ORDER_ASSIST_DAILY", "3")];
    let all: Vec<_> = settings.iter().copied().chain(few).collect();
    let world = World::with(&all).await;
    let phones: Vec<String> = (20..28).map(shop_phone).collect();
    world.books().accounts[0].phones.extend(phones.clone());
    // one shop, many phones, at the same time, each time other words
    for round in 0..3 {
        let words = (b'a'..).map(|letter| format!("2 bora zebra{}q{round}", char::from(letter)));
        let texts: Vec<String> = words.take(phones.len()).collect();
        join_all(
            phones
                .iter()
                .zip(&texts)
                .map(|(phone, text)| world.say(phone, text)),
        )
        .await;
        assert!(model.asked() <= 3, "{}", model.asked());
    }
    assert_eq!(model.asked(), 3);
    // the other shop has its own, and tomorrow there are new ones
    world.say(&shop_phone(2), "2 bora quagga").await;
    assert_eq!(model.asked(), 4);
    world.hand.advance(Duration::from_secs(24 * 60 * 60));
    world.say(&phones[0], "2 bora okapi").await;
    assert_eq!(model.asked(), 5);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_model_holds_up_two_messages_and_no_others() {
    let until = Arc::new(Notify::new());
    let model = Model::start([Reply::Waits(until.clone(), vec![("zebra", "sugar")])]).await;
    let world = World::with(&model.settings()).await;
    let phones: Vec<String> = (20..26).map(shop_phone).collect();
    world.books().accounts[0].phones.extend(phones.clone());
    let ask = |n: usize, word: &'static str| {
        let world = &world;
        let phone = phones[n].clone();
        async move {
            world
                .receive(vec![world.message(&phone, &format!("2 bora {word}"))])
                .await
        }
    };
    ask(0, "zebra").await.expect("received");
    ask(1, "quagga").await.expect("received");
    world.eventually("both ask", async || model.asked() == 2).await;
    ask(2, "okapi").await.expect("received");
    let answered = async || !world.books().told(&phones[2]).is_empty();
    world.eventually("the third is answered", answered).await;
    assert_eq!(model.asked(), 2);
    assert!(world.books().told(&phones[0]).is_empty(), "the first still waits");
    until.notify_waiters();
    world.quiet().await;
    assert_eq!(world.books().told(&phones[0]), ["choose_product"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_handled_again_has_one_end() {
    let first = Reply::Says(vec![("zebra", "sugar")]);
    let model = Model::start([first, Reply::Says(vec![("zebra", "mansuli rice")])]).await;
    let world = World::with(&model.settings()).await;
    // the handler breaks off after the model has answered: its second look at what is learned fails
    world.script(
        "FindAliases",
        [Play::Wait(open()), Play::Refuse(Fault::bug("breaks off"))],
    );
    let asked = world.say(&shop_phone(1), TEXT).await;
    assert_eq!(asked.templates(), ["choose_product"]);
    assert_eq!(asked.data()["options"][0]["sku"], "SUGAR");
    assert_eq!(world.stage.calls("FindAliases"), 4, "it was handled twice");
    assert_eq!(model.asked(), 1, "and asked about once");
    let key = "select count(*) from orders.assist_quota where used = 1";
    assert_eq!(world.count(key).await, 1);
    assert_eq!(world.say(&shop_phone(1), "1").await.templates(), ["quote"]);
    assert_eq!(world.say(&shop_phone(1), "CONFIRM").await.outcome, "ordered");
    let learned = (account_id(1), "zebra".to_owned());
    assert!(world.books().aliases.contains_key(&learned));
    world.assert_sound().await;
}

/// A gate that lets the first call pass.
fn open() -> Arc<crate::world::stage::Gate> {
    let gate = crate::world::stage::Gate::new();
    gate.open();
    gate
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_that_fails_for_the_names_changes_no_answer() {
    let expected = without(&[TEXT]).await;
    let model = Model::saying(&[("zebra", "sugar")]).await;
    let world = World::with(&model.settings()).await;
    world.script(
        "MatchProducts",
        [Play::Wait(open()), Play::Refuse(Fault::bug("breaks off"))],
    );
    assert_eq!(told(&world, &[TEXT]).await, expected);
    world.assert_sound().await;
}
