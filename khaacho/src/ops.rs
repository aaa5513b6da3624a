//! The operation RPCs: once per process. What is not here is asked of the process that has it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use khaacho_durable::{Door, JobRow};
use khaacho_fault::Fault;
use khaacho_ids::JobId;
use khaacho_proto::methods;
use khaacho_proto::ops::v1 as pb;
use khaacho_proto::ops::v1::ops_service_client::OpsServiceClient;
use khaacho_proto::ops::v1::ops_service_server::{OpsService, OpsServiceServer};
use khaacho_rpc::{Answer, Ctx, Peers, open};
use khaacho_telemetry::Trace;
use tonic::{Request, Response};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use uuid::Uuid;

use crate::roles::SERVICES;

/// A service that does not answer its health within this is not serving.
const HEALTH_WITHIN: Duration = Duration::from_millis(500);

/// Serves `khaacho.ops.v1.OpsService`.
#[derive(Clone)]
pub struct Ops(Arc<Inner>);

struct Inner {
    doors: BTreeMap<&'static str, Door>,
    remote: BTreeMap<String, Peers>,
}

impl Ops {
    /// Operation of the services behind these doors; `remote` reaches the others.
    pub fn new(doors: BTreeMap<&'static str, Door>, remote: BTreeMap<String, Peers>) -> Self {
        Self(Arc::new(Inner { doors, remote }))
    }

    /// The gRPC service.
    pub fn into_server(self) -> OpsServiceServer<Self> {
        OpsServiceServer::new(self)
    }

    fn place(&self, service: &str) -> Result<Place<'_>, Fault> {
        if let Some(door) = self.0.doors.get(service) {
            return Ok(Place::Here(door));
        }
        if let Some(peers) = self.0.remote.get(service) {
            return Ok(Place::There(Box::new(OpsServiceClient::new(
                peers.channel("ops"),
            ))));
        }
        Err(Fault::invalid(
            "service",
            "must be order, credit, inventory or notification",
        ))
    }
}

enum Place<'a> {
    Here(&'a Door),
    There(Box<OpsServiceClient<khaacho_rpc::MeshChannel>>),
}

#[tonic::async_trait]
impl OpsService for Ops {
    async fn list_jobs(&self, request: Request<pb::ListJobsRequest>) -> Answer<pb::ListJobsResponse> {
        let (ctx, body) = open(request)?;
        match self.place(&body.service)? {
            Place::There(mut client) => client.list_jobs(ctx.outgoing(body)).await,
            Place::Here(door) => Ok(Response::new(list(door, &body).await?)),
        }
    }

    async fn retry_job(&self, request: Request<pb::RetryJobRequest>) -> Answer<pb::RetryJobResponse> {
        let (ctx, body) = open(request)?;
        match self.place(&body.service)? {
            Place::There(mut client) => client.retry_job(ctx.outgoing(body)).await,
            Place::Here(door) => {
                let row = door.retry_job(parse(&body.job)?).await?.ok_or_else(unknown)?;
                tell(&ctx, door, &row, "let a parked job run again", &body.reason);
                Ok(Response::new(pb::RetryJobResponse {
                    job: Some(render(door, row)),
                }))
            }
        }
    }

    async fn drop_job(&self, request: Request<pb::DropJobRequest>) -> Answer<pb::DropJobResponse> {
        let (ctx, body) = open(request)?;
        if body.reason.trim().is_empty() {
            return Err(Fault::invalid("reason", "is mandatory").into());
        }
        match self.place(&body.service)? {
            Place::There(mut client) => client.drop_job(ctx.outgoing(body)).await,
            Place::Here(door) => {
                let row = door.drop_job(parse(&body.job)?).await?.ok_or_else(unknown)?;
                tell(&ctx, door, &row, "dropped a parked job", &body.reason);
                Ok(Response::new(pb::DropJobResponse {
                    job: Some(render(door, row)),
                }))
            }
        }
    }

    async fn get_mesh(&self, request: Request<pb::GetMeshRequest>) -> Answer<pb::GetMeshResponse> {
        let (ctx, body) = open(request)?;
        let looks = SERVICES
            .iter()
            .map(|r| r.name())
            .filter(|n| n.starts_with(&body.name_prefix))
            .map(|name| {
                let ctx = ctx.clone();
                async move { self.look(&ctx, name).await }
            });
        let services = futures_util::future::join_all(looks).await;
        Ok(Response::new(pb::GetMeshResponse { services }))
    }
}

impl Ops {
    async fn look(&self, ctx: &Ctx, name: &str) -> pb::MeshService {
        let local = self.0.doors.contains_key(name);
        let started = Instant::now();
        let status = if local {
            "SERVING".to_owned()
        } else {
            match self.0.remote.get(name) {
                None => "UNKNOWN".to_owned(),
                Some(peers) => health_of(ctx, peers, name).await,
            }
        };
        let mut names: Vec<String> = methods()
            .filter(|m| m.service == name)
            .map(|m| m.path.trim_start_matches('/').to_owned())
            .collect();
        names.sort();
        pb::MeshService {
            name: name.to_owned(),
            local,
            status,
            latency_us: u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX),
            methods: names,
        }
    }
}

async fn health_of(ctx: &Ctx, peers: &Peers, name: &str) -> String {
    let mut client = HealthClient::new(peers.channel(name));
    let asked = client.check(ctx.outgoing(HealthCheckRequest {
        service: String::new(),
    }));
    match tokio::time::timeout(HEALTH_WITHIN, asked).await {
        Ok(Ok(answer)) if answer.get_ref().status() == ServingStatus::Serving => "SERVING".to_owned(),
        _ => "NOT_SERVING".to_owned(),
    }
}

async fn list(door: &Door, body: &pb::ListJobsRequest) -> Result<pb::ListJobsResponse, Fault> {
    let limit = match body.page_size {
        0 => 20,
        n @ 1..=100 => i64::from(n),
        _ => return Err(Fault::invalid("page_size", "must be 1 to 100")),
    };
    let after = place_of(&body.page_token)?;
    let mut rows = door.list_jobs(body.parked, after, limit + 1).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more);
    let next_page_token = next
        .map(|r| format!("{}.{}", r.created_at.timestamp_micros(), r.id.simple()))
        .unwrap_or_default();
    let jobs = rows.into_iter().map(|row| render(door, row)).collect();
    Ok(pb::ListJobsResponse {
        jobs,
        next_page_token,
    })
}

fn place_of(token: &str) -> Result<Option<(DateTime<Utc>, Uuid)>, Fault> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (at, id) = token.split_once('.')?;
        Some((
            DateTime::from_timestamp_micros(at.parse().ok()?)?,
            id.parse().ok()?,
        ))
    };
    read()
        .map(Some)
        .ok_or_else(|| Fault::invalid("page_token", "is none of ours"))
}

fn parse(job: &str) -> Result<JobId, Fault> {
    job.parse()
        .map_err(|_| Fault::invalid("job", "is no id of a job"))
}

fn unknown() -> Fault {
    Fault::not_found(khaacho_fault::reason::NOT_FOUND).say("there is no such parked job")
}

fn tell(ctx: &Ctx, door: &Door, row: &JobRow, what: &str, reason: &str) {
    let (subject, service) = (&ctx.principal().subject, door.service());
    tracing::warn!(job.id = %row.id, job.kind = %row.kind, service, actor = %subject, reason, "{what}");
}

fn render(door: &Door, row: JobRow) -> pb::Job {
    let key = row
        .ordering_key
        .as_deref()
        .map(khaacho_telemetry::mask_phone)
        .unwrap_or_default();
    let trace_id = Trace::parse(&row.trace_parent)
        .map(|t| t.trace_id())
        .unwrap_or_default();
    pb::Job {
        job_id: JobId::from(row.id).to_string(),
        service: door.service().to_owned(),
        kind: row.kind,
        ordering_key_masked: key,
        attempts: row.attempts.unsigned_abs(),
        last_fault: row.last_fault.unwrap_or_default(),
        run_at: Some(timestamp(row.run_at)),
        created_at: Some(timestamp(row.created_at)),
        parked_at: row.parked_at.map(timestamp),
        cause_id: row.cause,
        trace_id,
    }
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}
