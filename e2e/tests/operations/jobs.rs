use khaacho_e2e::world;
use khaacho_e2e::{Answer, SOON, TestMesh, eventually};
use serde_json::{Value, json};
use sqlx::types::Json;

/// A job that nobody can do is parked, seen, tried again by hand, and dropped with a reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parked_job_is_seen_retried_and_dropped_over_rest() {
    let mesh = TestMesh::all_in_one(&[]).await;
    enqueue(&mesh, "teleport", json!({}), false).await;
    let job = parked(&mesh, "teleport").await;
    assert!(
        job["lastFault"].as_str().is_some_and(|fault| !fault.is_empty()),
        "{job}"
    );
    let id = job["jobId"].as_str().expect("an id");
    act(&mesh, id, "retry", "try again").await.ok();
    eventually("a second attempt", SOON, async || {
        let job = parked(&mesh, "teleport").await;
        if job["attempts"].as_i64() > Some(1) {
            Ok(())
        } else {
            Err(job.to_string())
        }
    })
    .await;
    act(&mesh, id, "drop", "").await.refused(400, "INVALID_ARGUMENT");
    act(&mesh, id, "drop", "there is no such thing").await.ok();
    act(&mesh, id, "retry", "it is gone")
        .await
        .refused(404, "NOT_FOUND");

    // One that can be done after all ends at its retry.
    let shop = world::rich_shop(&mesh).await;
    let lines = world::basket(&mesh).await.lines();
    let body = json!({ "account_id": shop.account_id, "lines": lines });
    let placed = mesh
        .rest()
        .post_with("/api/v1/orders", &[("Prefer", "wait=5")], body)
        .await
        .ok();
    let order_id = placed["order"]["orderId"].clone();
    enqueue(&mesh, "secure_order", json!({ "order_id": order_id }), true).await;
    let job = parked(&mesh, "secure_order").await;
    act(
        &mesh,
        job["jobId"].as_str().expect("an id"),
        "retry",
        "the peer is back",
    )
    .await
    .ok();
    khaacho_e2e::check::quiesce(&mesh.database, mesh.now()).await;
    assert_eq!(list(&mesh, true).await, json!([]));
    mesh.finish().await;
}

async fn enqueue(mesh: &TestMesh, kind: &str, body: Value, parked: bool) {
    sqlx::query(
        "insert into orders.job (id, kind, body, cause, trace_parent, run_at, parked_at, last_fault)
         values (gen_random_uuid(), $1, $2, 'e2e', '', now() - interval '1 second', case when $3 then now() end,
                 case when $3 then 'UNAVAILABLE: the peer was away' end)",
    )
    .bind(kind)
    .bind(Json(body))
    .bind(parked)
    .execute(&mesh.database)
    .await
    .expect("the database answers");
}

async fn list(mesh: &TestMesh, parked: bool) -> Value {
    let path = format!("/api/v1/ops/jobs?service=order&parked={parked}");
    mesh.rest().get(&path).await.ok()["jobs"].clone()
}

async fn parked(mesh: &TestMesh, kind: &str) -> Value {
    eventually(&format!("a parked job of kind {kind}"), SOON, async || {
        let jobs = list(mesh, true).await;
        let found = jobs
            .as_array()
            .into_iter()
            .flatten()
            .find(|job| job["kind"] == kind)
            .cloned();
        found.ok_or_else(|| jobs.to_string())
    })
    .await
}

async fn act(mesh: &TestMesh, job: &str, verb: &str, reason: &str) -> Answer {
    let body = json!({ "service": "order", "reason": reason });
    mesh.rest()
        .post(&format!("/api/v1/ops/jobs/{job}:{verb}"), body)
        .await
}
