//! One log line as one flat JSON object.

use opentelemetry::{Context, trace::TraceContextExt};
use serde_json::Value;
use std::fmt;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

/// Keys that a line has anyway: a field of that name gets `fields.` before it.
const RESERVED: [&str; 7] = [
    "timestamp",
    "level",
    "target",
    "service",
    "environment",
    "trace_id",
    "span_id",
];

/// Formats `{"timestamp":…,"level":…,"message":…,"trace_id":…,"span_id":…,"target":…,"service":…, fields…}`.
pub(crate) struct JsonLines {
    /// `"service":"order","environment":"production"`, the same in every line.
    fixed: String,
}

impl JsonLines {
    pub(crate) fn new(service: &str, environment: &str) -> Self {
        Self {
            fixed: format!(
                r#""service":{},"environment":{}"#,
                Value::from(service),
                Value::from(environment)
            ),
        }
    }
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let meta = event.metadata();
        out.write_str(r#"{"timestamp":""#)?;
        SystemTime.format_time(&mut out)?;
        write!(out, r#"","level":"{}""#, meta.level())?;
        let mut fields = Fields {
            out: String::with_capacity(128),
        };
        event.record(&mut fields);
        out.write_str(&fields.out)?;
        // the OpenTelemetry layer keeps the context of the entered span current, so no registry look-up is
        // needed
        let span = Context::map_current(|context| {
            let context = context.span().span_context().clone();
            context
                .is_valid()
                .then_some((context.trace_id(), context.span_id()))
        });
        if let Some((trace_id, span_id)) = span {
            write!(out, r#","trace_id":"{trace_id}","span_id":"{span_id}""#)?;
        }
        writeln!(
            out,
            r#","target":{},{}}}"#,
            Value::from(meta.target()),
            self.fixed
        )
    }
}

/// Writes `,"name":value` for every field.
struct Fields {
    out: String,
}

impl Fields {
    fn put(&mut self, field: &Field, value: &Value) {
        // `r#type` is called type
        let name = field.name().trim_start_matches("r#");
        let name = if RESERVED.contains(&name) {
            format!("fields.{name}")
        } else {
            name.to_owned()
        };
        self.out.push(',');
        self.out.push_str(&Value::from(name).to_string());
        self.out.push(':');
        self.out.push_str(&value.to_string());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, &Value::from(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, &Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, &Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, &Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, &Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, &Value::from(value));
    }

    /// The error and everything that caused it, separated by colons.
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut next = value.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        self.put(field, &Value::from(text));
    }
}
