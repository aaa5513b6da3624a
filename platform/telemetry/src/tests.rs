use super::*;
use crate::init::{subscriber, tracer_provider};
use serde_json::Value;
use std::{
    io::Write,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn read(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap();
        std::str::from_utf8(&bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn options() -> Options {
    Options {
        service: "order".to_owned(),
        version: "1.2.3".to_owned(),
        environment: "test".to_owned(),
        otlp_endpoint: None,
        log_level: "info,noisy=warn".to_owned(),
        json: true,
    }
}

/// Runs `f` under a subscriber of its own and returns the log lines.
fn logged(f: impl FnOnce()) -> Vec<Value> {
    let (lines, tracer) = (Lines::default(), tracer_provider(&options()).unwrap());
    let subscriber = subscriber(&options(), &tracer, lines.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, f);
    lines.read()
}

#[test]
fn a_line_is_flat_json_with_the_ids_of_the_span() {
    let mut seen = None;
    let lines = logged(|| {
        let _span = tracing::info_span!("place_order").entered();
        seen = Trace::current();
        let error = std::io::Error::other("no \"route\"\n");
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::warn!(
            order.id = "ord_1",
            count = 3,
            ok = true,
            target = "mine",
            error,
            "order {}",
            "refused"
        );
    });
    let trace = seen.unwrap();
    let line = &lines[0];
    assert_eq!(line["message"], "order refused");
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["service"], "order");
    assert_eq!(line["environment"], "test");
    assert_eq!(line["target"], "khaacho_telemetry::tests");
    assert_eq!(line["fields.target"], "mine");
    assert_eq!(line["order.id"], "ord_1");
    assert_eq!(
        (&line["count"], &line["ok"]),
        (&Value::from(3), &Value::from(true))
    );
    assert_eq!(line["error"], "no \"route\"\n");
    assert_eq!(line["trace_id"], trace.trace_id());
    assert_eq!(line["span_id"], trace.traceparent()[36..52]);
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn lines_outside_of_spans_have_no_trace_and_filters_hold() {
    let lines = logged(|| {
        assert_eq!(Trace::current(), None);
        tracing::info!("alone");
        tracing::debug!("too fine");
        tracing::info!(target: "noisy", "too noisy");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].get("trace_id"), None);
}

#[test]
fn a_span_joins_the_trace_of_its_remote_parent() {
    let parent = Trace {
        sampled: true,
        ..Trace::new_root()
    };
    let lines = logged(|| {
        let span = tracing::info_span!("handle");
        set_parent(&span, &parent);
        link(&span, &Trace::new_root());
        let point = Trace::of(&span).unwrap();
        assert_eq!((point.trace_id, point.sampled), (parent.trace_id, true));
        assert_ne!(point.span_id, parent.span_id);
        span.in_scope(|| {
            let _child = tracing::info_span!("inner").entered();
            tracing::info!("deep");
        });
        let alone = tracing::info_span!("other");
        assert_ne!(Trace::of(&alone).unwrap().trace_id, parent.trace_id);
    });
    assert_eq!(lines[0]["trace_id"], parent.trace_id());
}

#[test]
fn without_an_exporter_nothing_claims_to_be_recorded() {
    logged(|| assert!(!Trace::of(&tracing::info_span!("root")).unwrap().sampled));
}

#[test]
fn traceparent_is_read_as_the_standard_says() {
    let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let trace = Trace::parse(text).unwrap();
    assert!(trace.sampled);
    assert_eq!(trace.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(trace.traceparent(), text);
    let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-more";
    assert_eq!(Trace::parse(later), Some(trace));
    for bad in [
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-éaf7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
    ] {
        assert_eq!(Trace::parse(bad), None, "{bad}");
    }
    let root = Trace::new_root();
    assert_eq!(Trace::parse(&root.traceparent()), Some(root));
    assert_ne!(root.trace_id, Trace::new_root().trace_id);
}

#[test]
fn bad_options_are_refused() {
    let tracer = tracer_provider(&options()).unwrap();
    let bad_filter = Options {
        log_level: "info,=[".to_owned(),
        ..options()
    };
    assert!(subscriber(&bad_filter, &tracer, Lines::default()).is_err());
    let no_tls = Options {
        otlp_endpoint: Some("https://collector:4317".to_owned()),
        ..options()
    };
    assert!(
        tracer_provider(&no_tls)
            .unwrap_err()
            .to_string()
            .contains("http://")
    );
    let no_runtime = Options {
        otlp_endpoint: Some("http://collector:4317".to_owned()),
        ..options()
    };
    assert!(tracer_provider(&no_runtime).is_err());
}

#[tokio::test]
async fn init_may_be_called_again_and_metrics_have_buckets() {
    let first = init(options()).unwrap();
    let second = init(Options {
        service: "other".to_owned(),
        ..options()
    })
    .unwrap();
    ::metrics::histogram!(metrics::HTTP_DURATION, "route" => "/x").record(0.15);
    ::metrics::histogram!("batch_size").record(3.0);
    let text = second.metrics_text();
    assert_eq!(text, first.metrics_text());
    assert!(
        text.contains(r#"http_request_duration_seconds_bucket{route="/x",le="0.2"} 1"#),
        "{text}"
    );
    assert!(
        text.contains(r#"http_request_duration_seconds_bucket{route="/x",le="0.1"} 0"#),
        "{text}"
    );
    assert!(text.contains(r#"batch_size_bucket{le="4"} 1"#), "{text}");
    first.shutdown().await;
}

#[test]
fn masked_values_print_masked() {
    let phone = "whatsapp:+9779841234567".to_owned();
    assert_eq!(
        format!("{} {:?}", Masked(&phone), Masked("x")),
        "+97798****567 ****"
    );
}

#[test]
fn a_filter_of_log_lines_is_known_before_it_is_used() {
    for fine in [
        "info",
        "WARN",
        "warn,khaacho=debug",
        "off,sqlx=info,h2=off",
        "info,[{order.id}]=debug",
    ] {
        assert!(is_log_filter(fine), "{fine}");
    }
    for wrong in ["[[[", "loud", "warn,khaacho=loud", "info,khaacho", "info;warn"] {
        assert!(!is_log_filter(wrong), "{wrong}");
    }
}

/// The names in the table of `docs/operations.md`, without the families that end in `*`.
fn documented() -> Vec<&'static str> {
    let document = include_str!("../../../docs/operations.md");
    let (_, table) = document
        .split_once("| metric | says |")
        .expect("the table is there");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    names
        .map(|name| name.split('{').next().unwrap_or(name))
        .filter(|name| !name.ends_with('*'))
        .collect()
}

#[test]
fn what_is_documented_is_there_before_anything_happens() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new()
        .set_buckets(&metrics::SECONDS)
        .unwrap()
        .build_recorder();
    ::metrics::with_local_recorder(&recorder, || {
        for part in metrics::Part::ALL {
            metrics::announce(part, &[("service", "order")]);
        }
    });
    let text = recorder.handle().render();
    let known: Vec<_> = metrics::Part::ALL
        .iter()
        .flat_map(|part| part.metrics())
        .collect();
    for metric in &known {
        let (name, gauge) = (metric.name, metric.kind == metrics::Kind::Gauge);
        assert_eq!(
            text.contains(&format!("# TYPE {name} ")),
            !gauge,
            "{name} in {text}"
        );
    }
    assert!(
        text.contains(r#"queue_job_seconds_count{service="order",kind="sweep_request_log"} 0"#),
        "{text}"
    );
    assert!(
        text.contains("security_events_total{service=\"order\",kind=\"bad_signature\"} 0"),
        "{text}"
    );

    // A cache announces its own.
    let of_caches = ["redis_cache_hits_total", "redis_cache_misses_total"];
    let documented = documented();
    assert!(documented.len() > 30, "{documented:?}");
    for name in &documented {
        let there = known.iter().any(|metric| metric.name == *name) || of_caches.contains(name);
        assert!(there, "{name} is documented and not in the catalogue");
    }
    for name in known
        .iter()
        .map(|metric| metric.name)
        .filter(|name| !name.starts_with("edge_"))
    {
        assert!(documented.contains(&name), "{name} is not in docs/operations.md");
    }
}
