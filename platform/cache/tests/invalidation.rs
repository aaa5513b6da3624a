use std::time::Duration;

use khaacho_cache::{Cache, Event, cmd};
use tokio_util::sync::CancellationToken;

use crate::support::{Process, Proxy, Server, eventually, fresh_key, options};

const HEARD: Duration = Duration::from_secs(5);

#[tokio::test]
async fn other_processes_drop_their_memory_copy() {
    let server = Server::start().await;
    let (writer, reader) = (
        Process::start(&server.url).await,
        Process::start(&server.url).await,
    );
    let (key, quoted) = (fresh_key(), format!("\"{}\n", fresh_key()));
    for key in [&key, &quoted] {
        // Its subscription drops everything once; wait until a copy stays.
        let stays = async || {
            reader.get(key, "old").await;
            reader.get(key, "old").await == "old"
        };
        eventually("a copy", HEARD, stays).await;
        writer.cache.invalidate(key).await;
        eventually("the reader forgets", HEARD, async || {
            reader.get(key, "new").await == "new"
        })
        .await;
    }
    writer.stop().await;
    reader.stop().await;
}

#[tokio::test]
async fn two_caches_of_one_process_with_the_same_name_forget_together() {
    let server = Server::start().await;
    let process = Process::without_tasks(&server.url, options());
    let twin = Cache::<String>::new(options(), process.redis.clone());
    let key = fresh_key();
    let load = |value: &'static str| move || async move { Ok(Some(value.to_owned())) };
    assert_eq!(
        twin.get_or_load(&key, load("old")).await.unwrap().as_deref(),
        Some("old")
    );
    process.cache.invalidate(&key).await;
    assert_eq!(
        twin.get_or_load(&key, load("new")).await.unwrap().as_deref(),
        Some("new")
    );
}

#[tokio::test]
async fn a_missed_message_is_bounded_by_the_memory_lifetime() {
    let server = Server::start().await;
    let mut short = options();
    short.ttl = Duration::from_millis(300);
    let (writer, deaf) = (
        Process::start(&server.url).await,
        Process::without_tasks(&server.url, short),
    );
    let key = fresh_key();
    assert_eq!(deaf.get(&key, "old").await, "old");
    writer.cache.invalidate(&key).await;
    eventually("its copy expires", HEARD, async || {
        deaf.get(&key, "new").await == "new"
    })
    .await;
    writer.stop().await;
}

#[tokio::test]
async fn a_subscription_made_anew_drops_all_copies_once() {
    let server = Server::start().await;
    let mut proxy = Proxy::before(&server.address).await;
    let (writer, reader) = (
        Process::start(&server.url).await,
        Process::start(&proxy.url).await,
    );
    let key = fresh_key();
    assert_eq!(writer.get(&key, "old").await, "old");
    assert_eq!(reader.get(&key, "old").await, "old");
    proxy.cut().await;
    writer.cache.invalidate(&key).await;
    proxy.mend().await;
    eventually("the reader forgets", HEARD, async || {
        reader.get(&key, "new").await == "new"
    })
    .await;
    writer.stop().await;
    reader.stop().await;
}

#[tokio::test]
async fn a_subscriber_of_any_channel_gets_its_messages() {
    let server = Server::start().await;
    let process = Process::start(&server.url).await;
    let channel = format!("khaacho:feed:{}", fresh_key());
    let (stop, mut joined, mut heard) = (CancellationToken::new(), 0, Vec::new());
    let publishing = async {
        let publish = async || {
            process
                .redis
                .run::<u32>(cmd("PUBLISH").arg(&channel).arg("hello"))
                .await
                == Ok(1)
        };
        eventually("somebody listens", HEARD, publish).await;
    };
    let ends = stop.clone();
    let listening = process
        .redis
        .subscribe(&channel, stop.clone(), |event| match event {
            Event::Joined => joined += 1,
            Event::Message(body) => {
                heard.push(body.to_vec());
                ends.cancel();
            }
        });
    tokio::join!(publishing, listening);
    assert_eq!((joined, heard), (1, vec![b"hello".to_vec()]));
    process.stop().await;
}
