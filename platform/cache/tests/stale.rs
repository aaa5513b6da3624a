//! A value whose load began before an invalidation is never served to those who ask after it.

use std::time::Duration;

use futures_util::future::join;
use khaacho_cache::{Cache, Redis};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::support::{Process, Server, fresh_key, options};

#[tokio::test]
async fn a_load_that_ends_after_the_invalidation_is_not_put_back_into_memory() {
    let cache = Cache::<String>::new(options(), Redis::connect(None));
    let (finish, gate) = oneshot::channel::<()>();
    let mut early = Box::pin(cache.get_or_load("a", || async {
        gate.await.expect("the test lets it finish");
        Ok(Some("old".to_owned()))
    }));
    assert!(futures_util::poll!(&mut early).is_pending());
    cache.invalidate("a").await;

    let later = cache.get_or_load("a", || async { Ok(Some("new".to_owned())) });
    let later = timeout(Duration::from_secs(5), later)
        .await
        .expect("it does not join the old load");
    assert_eq!(
        later.unwrap().as_deref(),
        Some("new"),
        "it must not see the old load"
    );
    finish.send(()).unwrap();
    assert_eq!(
        early.await.unwrap().as_deref(),
        Some("old"),
        "who asked before may see the old value"
    );
    let last = cache
        .get_or_load("a", || async { Ok(Some("not asked".to_owned())) })
        .await;
    assert_eq!(last.unwrap().as_deref(), Some("new"));
}

#[tokio::test]
async fn a_load_that_ends_after_another_process_invalidated_is_not_believed_in_redis() {
    let server = Server::start().await;
    for whole_cache in [false, true] {
        let key = fresh_key();
        let slow = Process::without_tasks(&server.url, options());
        let writer = Process::without_tasks(&server.url, options());
        let (loading, begun) = oneshot::channel::<()>();
        let (finish, gate) = oneshot::channel::<()>();
        let early = slow.cache.get_or_load(&key, || async {
            loading.send(()).expect("the test waits for it");
            gate.await.expect("the test lets it finish");
            Ok(Some("old".to_owned()))
        });
        let change = async {
            begun.await.expect("the load begins");
            match whole_cache {
                true => writer.cache.invalidate_all().await,
                false => writer.cache.invalidate(&key).await,
            }
            finish.send(()).expect("the load waits for it");
        };
        // The slow process hears nothing and stores its old value in Redis after the invalidation.
        let (early, ()) = join(early, change).await;
        assert_eq!(early.unwrap().as_deref(), Some("old"));
        let stored: bool = server.does(&["EXISTS", &format!("khaacho:test:v1:{key}")]).await;
        assert!(stored, "the old value did get there");

        let reader = Process::without_tasks(&server.url, options());
        assert_eq!(reader.get(&key, "new").await, "new");
        let another = Process::without_tasks(&server.url, options());
        assert_eq!(another.get(&key, "not asked").await, "new", "and it was replaced");
    }
}
