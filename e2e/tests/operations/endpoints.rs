use std::collections::BTreeSet;

use khaacho_e2e::world;
use khaacho_e2e::{SOON, TestMesh, eventually};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_metrics_contracts_and_documentation_are_where_they_belong() {
    let mesh = TestMesh::all_in_one(&[]).await;
    health(&mesh).await;
    metrics(&mesh).await;
    openapi(&mesh).await;
    grpc(&mesh).await;
    services(&mesh).await;
    mesh.finish().await;
}

fn names(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

async fn health(mesh: &TestMesh) {
    let rest = mesh.stranger();
    for (path, body) in [
        ("/ready", "ready"),
        ("/health/ready", "ready"),
        ("/live", "alive"),
        ("/health/live", "alive"),
    ] {
        let answer = rest.get(path).await;
        assert_eq!(
            (answer.status, answer.body),
            (200, json!({ body: true })),
            "{path}"
        );
    }
    let short = rest.get("/api/health").await.ok();
    assert_eq!(
        (names(&short), &short["status"]),
        (["status", "timestamp"].into(), &json!("ok"))
    );
    for path in ["/health", "/api/v1/health"] {
        let answer = rest.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let full = answer.ok();
        let wanted = [
            "status",
            "timestamp",
            "uptime",
            "version",
            "environment",
            "checks",
            "services",
            "agents",
        ];
        let missing: Vec<_> = wanted
            .into_iter()
            .filter(|name| full.get(name).is_none())
            .collect();
        assert!(missing.is_empty(), "{missing:?} in {full}");
        assert_eq!(
            (&full["status"], &full["checks"]["redis"]["status"]),
            (&json!("degraded"), &json!("off"))
        );
        assert_eq!(
            names(&full["checks"]),
            ["cpu", "database", "memory", "redis"].into()
        );
        let database = &full["checks"]["database"];
        assert_eq!(names(&database["connections"]), ["active", "idle", "max"].into());
        assert!(database["latency"].as_f64().is_some(), "{database}");
    }
}

/// Nobody takes a metric that is missing for one that is zero, or the other way round: all are there from the start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_documented_metric_is_there_before_anything_happens() {
    let (mesh, mut serve) = TestMesh::served(&[]).await;
    let document = include_str!("../../../docs/operations.md");
    let (_, table) = document.split_once("| metric | says |").expect("the table");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    // There is no Redis here, and open messages are counted every half a minute.
    let later = ["redis_up", "notifications_unresolved"];
    let wanted: Vec<&str> = names
        .map(|name| name.split(['{', '*']).next().unwrap_or(name))
        .filter(|name| !later.contains(name))
        .collect();
    assert!(wanted.len() > 30, "{wanted:?}");
    // Gauges are measured in the first seconds.
    eventually("the documented metrics", SOON, async || {
        let text = mesh.stranger().get("/metrics").await.text;
        let there = |name: &&&str| text.lines().any(|line| line.starts_with(**name));
        let missing: Vec<_> = wanted.iter().filter(|name| !there(name)).collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("{missing:?} are missing"))
        }
    })
    .await;
    let status = serve.process.terminate(SOON).await;
    assert!(status.success(), "{status}: {}", serve.process.log());
}

/// The names that dashboards know, once something has happened.
async fn metrics(mesh: &TestMesh) {
    let shop = world::rich_shop(mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    // The second time the shop is known.
    for _ in 0..2 {
        phone.ask("balance", "Credit limit", SOON).await;
    }
    mesh.stranger()
        .get("/api/v1/orders")
        .await
        .refused(401, "UNAUTHENTICATED");
    mesh.rest_as(khaacho_rpc::Role::Auditor, None)
        .await
        .post("/api/v1/payments", json!({}))
        .await
        .refused(403, "PERMISSION_DENIED");
    let wanted = [
        "http_requests_total",
        "http_request_duration_seconds",
        "api_request_duration_seconds",
        "security_events_total",
        "redis_cache_hits_total",
        "redis_cache_misses_total",
        "redis_cache_hit_rate",
        "grpc_server_handled_total",
        "grpc_server_handling_seconds",
        "queue_depth",
        "queue_oldest_age_seconds",
        "queue_job_seconds",
        "outbox_pending",
        "queue_jobs_total",
        "ledger_drift_paisa",
        "stock_drift_units",
    ];
    eventually("the metrics that dashboards know", SOON, async || {
        let answer = mesh.stranger().get("/metrics").await;
        assert!(
            answer.header("content-type").starts_with("text/plain"),
            "{:?}",
            answer.headers
        );
        let there = |name: &&str| answer.text.lines().any(|line| line.starts_with(*name));
        let missing: Vec<_> = wanted.iter().filter(|name| !there(name)).collect();
        assert!(!answer.text.contains(&shop.phone), "no phone in metrics");
        if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("{missing:?} are missing"))
        }
    })
    .await;
}

async fn openapi(mesh: &TestMesh) {
    let document = mesh.stranger().get("/openapi.json").await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = names(&document["paths"]);
    let wanted = [
        "/api/v1/orders",
        "/api/v1/orders/{order}",
        "/api/v1/orders/{order}:accept",
        "/api/v1/orders/{order}/timeline",
        "/api/v1/accounts/{account}/balance",
        "/api/v1/payments",
        "/api/v1/products:match",
        "/api/v1/offers",
        "/api/v1/stock:adjust",
        "/api/v1/notifications",
        "/api/v1/ops/jobs",
        "/api/v1/whatsapp/webhook",
        "/health",
    ];
    let missing: Vec<_> = wanted.into_iter().filter(|path| !paths.contains(path)).collect();
    assert!(missing.is_empty(), "{missing:?} in {paths:#?}");
    let viewer = mesh.stranger().get("/docs").await;
    assert!(
        viewer.header("content-type").starts_with("text/html"),
        "{:?}",
        viewer.headers
    );
    let problem = mesh
        .rest()
        .get("/api/v1/orders/ORD2611999999")
        .await
        .refused(404, "ORDER_UNKNOWN");
    let page = mesh
        .stranger()
        .get(problem["type"].as_str().unwrap_or_default())
        .await;
    assert_eq!(page.status, 200, "a refusal leads to its page: {problem}");
}

/// Health and reflection answer whoever asks; nothing else does.
async fn grpc(mesh: &TestMesh) {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    let channel =
        tonic::transport::Channel::from_shared(format!("http://{}", mesh.grpc)).expect("an address");
    let channel = channel.connect().await.expect("gRPC listens");
    for service in [
        "",
        "khaacho.order.v1.OrderService",
        "khaacho.credit.v1.HoldService",
    ] {
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        let health = HealthClient::new(channel.clone())
            .check(request)
            .await
            .expect("answered")
            .into_inner();
        assert_eq!(health.status, 1, "{service:?} serves");
    }
    let listed = reflected(channel.clone()).await;
    for service in [
        "khaacho.order.v1.OrderService",
        "khaacho.inventory.v1.QuoteService",
        "grpc.health.v1.Health",
    ] {
        assert!(listed.contains(service), "{service} in {listed:#?}");
    }
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("connected");
    let path = axum::http::uri::PathAndQuery::from_static("/khaacho.order.v1.OrderService/ListOrders");
    let codec = tonic_health_codec();
    let refused = client
        .unary(tonic::Request::new(HealthCheckRequest::default()), path, codec)
        .await;
    assert_eq!(
        refused.expect_err("no token").code(),
        tonic::Code::Unauthenticated
    );
}

type HealthCodec =
    tonic_prost::ProstCodec<tonic_health::pb::HealthCheckRequest, tonic_health::pb::HealthCheckResponse>;

/// Any message will do: the call ends before somebody reads it.
fn tonic_health_codec() -> HealthCodec {
    HealthCodec::default()
}

async fn reflected(channel: tonic::transport::Channel) -> BTreeSet<String> {
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(channel);
    let answers = client
        .server_reflection_info(tokio_stream::iter([request]))
        .await
        .expect("answered");
    let answer = answers
        .into_inner()
        .message()
        .await
        .expect("a message")
        .expect("one");
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("a list of services, not {answer:?}");
    };
    list.service.into_iter().map(|service| service.name).collect()
}

async fn services(mesh: &TestMesh) {
    let mesh_view = mesh.rest().get("/api/v1/services").await.ok();
    let agents = mesh.rest().get("/api/v1/agents").await.ok();
    assert_eq!(
        agents["services"].as_array().map(Vec::len),
        mesh_view["services"].as_array().map(Vec::len)
    );
    let services = mesh_view["services"].as_array().cloned().unwrap_or_default();
    let names: BTreeSet<_> = services
        .iter()
        .map(|service| service["name"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(names, ["credit", "inventory", "notification", "order"].into());
    assert!(
        services.iter().all(|service| service["status"] == "SERVING"),
        "{mesh_view}"
    );
}
