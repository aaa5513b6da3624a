//! One trace from the webhook to the posting in the ledger, seen by a collector.

use std::collections::BTreeSet;

use khaacho_e2e::otlp::{Collector, Span};
use khaacho_e2e::world;
use khaacho_e2e::{Chat, SOON, TestMesh};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_leads_from_the_webhook_to_the_ledger() {
    let collector = Collector::start().await;
    let (mesh, serve) = TestMesh::served(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]).await;
    let shop = world::rich_shop(&mesh).await;
    let basket = world::basket(&mesh).await;
    let mut phone = mesh.chat(&shop.phone).await;
    phone.ask(&basket.text(), "Your order:", SOON).await;

    // The caller's own trace goes on in ours.
    let (confirm, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    send(&mesh, &shop.phone, "CONFIRM", confirm, parent).await;
    let number = phone.expect("is placed", SOON).await.order_number();
    let wanted = [
        "POST /api/v1/simulator/messages",
        "IntakeService/ReceiveMessage",
        "job handle_message",
        "job secure_order",
        "HoldService/PlaceHold",
        "ReservationService/Reserve",
        "NotificationService/Enqueue",
        "job send_message",
    ];
    let spans = collector.expect(confirm, &wanted, SOON).await;
    let webhook = spans
        .iter()
        .find(|span| span.name.starts_with("POST "))
        .expect("it is there");
    assert_eq!(
        webhook.parent_id, parent,
        "the webhook hangs from the caller's span"
    );
    connected(&spans, parent);

    let order = world::order_is(&mesh, &number, "SENT_TO_VENDOR", SOON).await;
    let vendor = world::vendor(&mesh, order["vendorId"].as_str().expect("a vendor")).await;
    let mut vendor_phone = Chat::from_the_beginning(mesh.stranger(), &vendor.phone);
    for (word, answer) in [
        ("ACCEPT", "is yours"),
        ("PACKING", "packed"),
        ("DISPATCHED", "dispatched"),
        ("OUT", "out for"),
    ] {
        vendor_phone.ask(&format!("{word} {number}"), answer, SOON).await;
    }
    let deliver = "a3ce929d0e0e47364bf92f3577b34da6";
    send(
        &mesh,
        &vendor.phone,
        &format!("DELIVERED {number}"),
        deliver,
        parent,
    )
    .await;
    phone.expect("is delivered", SOON).await;
    let wanted = [
        "job handle_message",
        "job settle_delivery",
        "HoldService/PostHold",
        "ReservationService/Consume",
    ];
    let spans = collector.expect(deliver, &wanted, SOON).await;
    connected(&spans, parent);
    let posted: Vec<String> = sqlx::query_scalar("select trace_id from credit.entry where kind = 'delivery'")
        .fetch_all(&mesh.database)
        .await
        .expect("the database answers");
    assert_eq!(
        posted,
        [deliver],
        "the posting names the trace of the message that caused it"
    );
    mesh.finish().await;
    drop(serve);
}

/// A message with a trace context of its sender.
async fn send(mesh: &TestMesh, phone: &str, text: &str, trace: &str, parent: &str) {
    let traceparent = format!("00-{trace}-{parent}-01");
    let body = json!({ "from": phone, "text": text });
    let headers = [("traceparent", traceparent.as_str())];
    mesh.stranger()
        .post_with("/api/v1/simulator/messages", &headers, body)
        .await
        .ok();
}

/// Every span hangs from another one of the trace, up to the caller's.
fn connected(spans: &[Span], parent: &str) {
    let known: BTreeSet<&str> = spans.iter().map(|span| span.span_id.as_str()).collect();
    let lost: Vec<_> = spans
        .iter()
        .filter(|span| span.parent_id != parent && !known.contains(span.parent_id.as_str()))
        .collect();
    assert!(lost.is_empty(), "these hang in the air: {lost:#?}");
}
