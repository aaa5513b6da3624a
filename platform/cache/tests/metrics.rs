use metrics_exporter_prometheus::PrometheusBuilder;

use crate::support::{Process, Proxy, Server, fresh_key, options};

/// Runs `work` on this thread with a recorder of its own and returns what `/metrics` would show.
fn recorded(work: impl Future<Output = ()>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    metrics::with_local_recorder(&recorder, || runtime.block_on(work));
    recorder.handle().render()
}

fn assert_shows(page: &str, line: &str) {
    assert!(page.lines().any(|one| one == line), "no line {line:?} in\n{page}");
}

#[test]
fn hits_and_misses_are_counted_by_layer_and_the_rate_over_both() {
    let page = recorded(async {
        let server = Server::start().await;
        let key = fresh_key();
        let one = Process::without_tasks(&server.url, options());
        one.get(&key, "value").await;
        one.get(&key, "value").await;
        one.get(&key, "value").await;
        Process::without_tasks(&server.url, options())
            .get(&key, "value")
            .await;
        one.get(&key, "value").await;
    });
    assert_shows(&page, r#"redis_cache_hits_total{cache="test",layer="memory"} 3"#);
    assert_shows(&page, r#"redis_cache_hits_total{cache="test",layer="redis"} 1"#);
    assert_shows(
        &page,
        r#"redis_cache_misses_total{cache="test",layer="memory"} 2"#,
    );
    assert_shows(&page, r#"redis_cache_misses_total{cache="test",layer="redis"} 1"#);
    assert_shows(&page, r#"redis_cache_hit_rate{cache="test"} 0.75"#);
    assert_shows(&page, "redis_up 1");
}

#[test]
fn errors_are_counted_by_kind() {
    let page = recorded(async {
        let mut proxy = Proxy::before("127.0.0.1:1").await;
        proxy.cut().await;
        let process = Process::without_tasks(&proxy.url, options());
        for _ in 0..20 {
            process.get(&fresh_key(), "value").await;
        }
    });
    assert_shows(&page, r#"redis_errors_total{kind="io"} 5"#);
    assert_shows(&page, "redis_up 0");
}
