//! A collector of traces: takes what processes export over OTLP/gRPC.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::background::Background;
use crate::wait::eventually;

/// A span.
#[derive(Debug, Clone)]
pub struct Span {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// 16 hexadecimal digits; empty for the first span of a trace.
    pub parent_id: String,
    /// Name.
    pub name: String,
}

#[derive(Debug, Clone, Default)]
struct Taken(Arc<Mutex<Vec<Span>>>);

/// A running collector.
#[derive(Debug)]
pub struct Collector {
    /// `http://127.0.0.1:…`.
    pub url: String,
    taken: Taken,
    _task: Background,
}

impl Collector {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let taken = Taken::default();
        let service = TraceServiceServer::new(taken.clone());
        let task = Background::start(async move {
            let server = tonic::transport::Server::builder().add_service(service);
            server
                .serve_with_incoming(TcpIncoming::from(listener))
                .await
                .expect("it serves until the end");
        });
        Self {
            url,
            taken,
            _task: task,
        }
    }

    /// Spans of a trace.
    pub fn spans(&self, trace_id: &str) -> Vec<Span> {
        let taken = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken
            .iter()
            .filter(|span| span.trace_id == trace_id)
            .cloned()
            .collect()
    }

    /// Waits until a trace has spans with all these words in their names, and returns all of its spans.
    pub async fn expect(&self, trace_id: &str, words: &[&str], within: Duration) -> Vec<Span> {
        eventually(
            &format!("spans {words:?} of the trace {trace_id}"),
            within,
            async || {
                let spans = self.spans(trace_id);
                let names: BTreeSet<&str> = spans.iter().map(|span| span.name.as_str()).collect();
                let missing: Vec<_> = words
                    .iter()
                    .filter(|word| !names.iter().any(|name| name.contains(**word)))
                    .collect();
                if missing.is_empty() {
                    Ok(spans.clone())
                } else {
                    Err(format!("{missing:?} are missing from {names:#?}"))
                }
            },
        )
        .await
    }
}

#[tonic::async_trait]
impl TraceService for Taken {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans.into_iter();
        let spans = spans
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans);
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.extend(spans.map(|span| Span {
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            parent_id: hex(&span.parent_span_id),
            name: span.name,
        }));
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
