use crate::{json::JsonLines, metrics};
use anyhow::{Context, ensure};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::LevelFilter,
    fmt::{MakeWriter, format::debug_fn},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// What becomes a span. The transport's own are left out, the exporter's would otherwise export themselves.
const SPANS: &str = "info,h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,reqwest=off,opentelemetry=off";
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// What a process says about itself and where its telemetry goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the process or role, `order` or `up`.
    pub service: String,
    /// Version of the build.
    pub version: String,
    /// `production`, `development`, …
    pub environment: String,
    /// `http://host:4317` of an OTLP/gRPC collector; `None`: spans are not exported.
    pub otlp_endpoint: Option<String>,
    /// Filter of log lines, `info` or `info,sqlx=warn` (the syntax of `EnvFilter`).
    pub log_level: String,
    /// JSON lines; `false`: text for a person at a terminal.
    pub json: bool,
}

/// Handle to what [`init`] installed. Cheap to clone.
#[derive(Clone)]
pub struct Telemetry {
    tracer: SdkTracerProvider,
    prometheus: PrometheusHandle,
}

/// Whether a text can be [`Options::log_level`]. A lone word has to be a level: the filter's own syntax takes any
/// other one for the name of a module, and everything else would fall silent.
pub fn is_log_filter(text: &str) -> bool {
    let lone = |part: &str| !part.contains(['=', '[']);
    let level = |part: &str| part.trim().parse::<LevelFilter>().is_ok();
    EnvFilter::try_new(text).is_ok() && text.split(',').filter(|part| lone(part)).all(level)
}

static INSTALLED: Mutex<Option<Telemetry>> = Mutex::new(None);

/// Installs logs, traces and metrics for this process, once: a later call returns the first handle and
/// ignores its options. With an endpoint it must run inside a tokio runtime.
///
/// Fails on a filter or endpoint that cannot be read, and when something else has installed a subscriber or
/// recorder.
pub fn init(options: Options) -> anyhow::Result<Telemetry> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(telemetry) = &*installed {
        return Ok(telemetry.clone());
    }
    let tracer = tracer_provider(&options)?;
    let subscriber = subscriber(&options, &tracer, std::io::stderr)?;
    let prometheus = PrometheusBuilder::new()
        .set_buckets(&metrics::SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), &metrics::SIZES)?
        .install_recorder()
        .context("metrics recorder")?;
    subscriber.try_init().context("log subscriber")?;
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    opentelemetry::global::set_tracer_provider(tracer.clone());
    let telemetry = Telemetry { tracer, prometheus };
    *installed = Some(telemetry.clone());
    Ok(telemetry)
}

impl Telemetry {
    /// All metrics in the text format of Prometheus.
    pub fn metrics_text(&self) -> String {
        self.prometheus.render()
    }

    /// Keeps the memory of the recorder bounded. Never returns: spawn it.
    pub async fn upkeep(self) {
        let mut tick = tokio::time::interval(UPKEEP_EVERY);
        loop {
            tick.tick().await;
            self.prometheus.run_upkeep();
        }
    }

    /// Sends the spans that are still here and ends the exporter. Call it last, after the servers ended:
    /// spans after it are lost.
    pub async fn shutdown(self) {
        // blocks its thread until the exporter's thread is done
        let ended = tokio::task::spawn_blocking(move || self.tracer.shutdown()).await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "last spans were not exported"),
            Err(error) => tracing::warn!(%error, "exporter did not end"),
        }
    }
}

/// A provider without exporter still gives every span its ids; it then samples nothing, so that spans cost
/// nothing and `traceparent` tells peers the truth.
pub(crate) fn tracer_provider(options: &Options) -> anyhow::Result<SdkTracerProvider> {
    let resource = Resource::builder()
        .with_service_name(options.service.clone())
        .with_attribute(KeyValue::new("service.version", options.version.clone()))
        .with_attribute(KeyValue::new(
            "deployment.environment.name",
            options.environment.clone(),
        ))
        .build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = &options.otlp_endpoint else {
        return Ok(builder
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOff)))
            .build());
    };
    ensure!(
        endpoint.starts_with("http://"),
        "otlp endpoint must begin with http:// (a collector on the private network), not {endpoint}"
    );
    tokio::runtime::Handle::try_current().context("exporting spans needs a tokio runtime")?;
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint.clone())
        .with_timeout(Duration::from_secs(5))
        .build()
        .context("otlp exporter")?;
    let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
    Ok(builder
        .with_batch_exporter(exporter)
        .with_sampler(sampler)
        .build())
}

/// Spans first: the log layer reads the context that the span layer makes current.
pub(crate) fn subscriber<W>(
    options: &Options,
    tracer: &SdkTracerProvider,
    writer: W,
) -> anyhow::Result<impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync + use<W>>
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    let filter = || {
        EnvFilter::try_new(&options.log_level).with_context(|| format!("log filter {:?}", options.log_level))
    };
    let spans = tracing_opentelemetry::layer()
        .with_tracer(tracer.tracer("khaacho"))
        .with_filter(EnvFilter::new(SPANS));
    let json = options.json.then(|| {
        tracing_subscriber::fmt::layer()
            // the lines carry no fields of spans, so these need no formatting
            .fmt_fields(debug_fn(|_, _, _| Ok(())))
            .event_format(JsonLines::new(&options.service, &options.environment))
            .with_writer(writer.clone())
    });
    let text = (!options.json).then(|| {
        tracing_subscriber::fmt::layer()
            .compact()
            .with_writer(writer.clone())
    });
    let (json_filter, text_filter) = (filter()?, filter()?);
    Ok(tracing_subscriber::registry()
        .with(spans)
        .with(json.map(|layer| layer.with_filter(json_filter)))
        .with(text.map(|layer| layer.with_filter(text_filter))))
}
