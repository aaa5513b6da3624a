//! The part of a trace that travels between processes and waits in job rows.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use std::fmt::Write;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// One point in a trace: which trace, which span of it, and whether somebody records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trace {
    /// Id of the whole trace, not all zero.
    pub trace_id: [u8; 16],
    /// Id of the span, not all zero.
    pub span_id: [u8; 8],
    /// Whether spans of this trace are recorded somewhere.
    pub sampled: bool,
}

impl Trace {
    /// Reads a W3C `traceparent`. `None` when it is malformed, which callers treat as absent, as the
    /// standard says.
    pub fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.trim().split('-');
        let version: [u8; 1] = hex(parts.next()?)?;
        let trace_id: [u8; 16] = hex(parts.next()?)?;
        let span_id: [u8; 8] = hex(parts.next()?)?;
        let flags: [u8; 1] = hex(parts.next()?)?;
        // version 0 ends here; later versions may add parts; ff is no version
        let ended = parts.next().is_none();
        let readable = version[0] != 0xff && (ended || version[0] != 0);
        let valid = trace_id != [0; 16] && span_id != [0; 8];
        (readable && valid).then_some(Self {
            trace_id,
            span_id,
            sampled: flags[0] & 1 == 1,
        })
    }

    /// The W3C `traceparent` of this point.
    pub fn traceparent(&self) -> String {
        let mut out = String::with_capacity(55);
        out.push_str("00-");
        push_hex(&mut out, &self.trace_id);
        out.push('-');
        push_hex(&mut out, &self.span_id);
        out.push_str(if self.sampled { "-01" } else { "-00" });
        out
    }

    /// Id of the whole trace, 32 lower-case hex digits.
    pub fn trace_id(&self) -> String {
        let mut out = String::with_capacity(32);
        push_hex(&mut out, &self.trace_id);
        out
    }

    /// A trace of its own, for work that nothing outside began and no span surrounds. Not recorded.
    pub fn new_root() -> Self {
        // `| 1` in the last byte: never all zero
        let trace_id = (fastrand::u128(..) | 1).to_be_bytes();
        let span_id = (fastrand::u64(..) | 1).to_be_bytes();
        Self {
            trace_id,
            span_id,
            sampled: false,
        }
    }

    /// The point of the current span, `None` outside of spans and before `init`.
    pub fn current() -> Option<Self> {
        Context::map_current(|context| Self::of_context(context.span().span_context()))
            .or_else(|| Self::of(&Span::current()))
    }

    /// The point of a span that need not be entered. Starts it: `set_parent` must come before.
    pub fn of(span: &Span) -> Option<Self> {
        Self::of_context(span.context().span().span_context())
    }

    fn of_context(context: &SpanContext) -> Option<Self> {
        context.is_valid().then(|| Self {
            trace_id: context.trace_id().to_bytes(),
            span_id: context.span_id().to_bytes(),
            sampled: context.is_sampled(),
        })
    }

    fn remote(self) -> SpanContext {
        let flags = if self.sampled {
            TraceFlags::SAMPLED
        } else {
            TraceFlags::default()
        };
        let (trace_id, span_id) = (
            TraceId::from_bytes(self.trace_id),
            SpanId::from_bytes(self.span_id),
        );
        SpanContext::new(trace_id, span_id, flags, true, TraceState::NONE)
    }
}

/// Makes `span` a child of `parent`: same trace. Call it before the span is entered. Does nothing for a span
/// that the log level disabled.
pub fn set_parent(span: &Span, parent: &Trace) {
    let context = Context::new().with_remote_span_context(parent.remote());
    if let Err(error) = span.set_parent(context) {
        tracing::debug!(%error, "span keeps its parent");
    }
}

/// Links `span` to `other`, for work that others caused but do not wait for (a job and the request behind
/// it).
pub fn link(span: &Span, other: &Trace) {
    span.add_link(other.remote());
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        write!(out, "{byte:02x}").expect("a String takes everything");
    }
}

/// Exactly `N` bytes in lower-case hex.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    if text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}
