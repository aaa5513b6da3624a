//! Old pending reservations: the order service decides, time does not. Drift is seen.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use khaacho_lifecycle::Stop;
use khaacho_proto::inventory::v1 as pb;
use khaacho_proto::order::v1::{GetOrderRequest, GetOrderResponse, Order, OrderStatus};
use khaacho_rpc::Target;
use tonic::body::Body;
use tonic::codegen::{Service, http};
use tonic::{Request, Response, Status};

use crate::world::{World, order_id, reserve};

/// An order service that knows the status of some orders and nothing else.
#[derive(Clone)]
struct Orders(Arc<HashMap<String, OrderStatus>>);

impl tonic::server::NamedService for Orders {
    const NAME: &'static str = "khaacho.order.v1.OrderService";
}

impl tonic::server::UnaryService<GetOrderRequest> for Orders {
    type Response = GetOrderResponse;
    type Future = Ready<Result<Response<GetOrderResponse>, Status>>;

    fn call(&mut self, request: Request<GetOrderRequest>) -> Self::Future {
        let known = self.0.get(&request.get_ref().order);
        let order = |status: &OrderStatus| Order {
            status: (*status).into(),
            ..Default::default()
        };
        let answer = known.map(|status| {
            Response::new(GetOrderResponse {
                order: Some(order(status)),
            })
        });
        ready(answer.ok_or_else(|| khaacho_fault::Fault::not_found("ORDER_UNKNOWN").into()))
    }
}

impl Service<http::Request<Body>> for Orders {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let orders = self.clone();
        let codec = tonic_prost::ProstCodec::default();
        Box::pin(async move { Ok(tonic::server::Grpc::new(codec).unary(orders, request).await) })
    }
}

async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let give_up = tokio::time::Instant::now() + Duration::from_secs(20);
    while !condition().await {
        assert!(tokio::time::Instant::now() < give_up, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_reservations_of_orders_that_are_over_are_released() {
    let statuses = [
        ("cancelled", OrderStatus::Cancelled),
        ("refused", OrderStatus::Refused),
        ("waiting", OrderStatus::SentToVendor),
        ("delivered", OrderStatus::Delivered),
    ];
    let known = statuses
        .map(|(order, status)| (order_id(order), status))
        .into_iter()
        .collect();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket of tokio");
    let address = listener.local_addr().expect("an address");
    let incoming = tonic::transport::server::TcpIncoming::from(
        tokio::net::TcpListener::from_std(listener).expect("a listener"),
    );
    let stop = Stop::new();
    let tasks = khaacho_lifecycle::Tasks::new(stop.clone());
    let server = tonic::transport::Server::builder().add_service(Orders(Arc::new(known)));
    tasks.spawn(khaacho_lifecycle::Kind::Background, "orders", {
        let stop = stop.clone();
        async move {
            let _ = server
                .serve_with_incoming_shutdown(incoming, async move { stop.cancelled().await })
                .await;
        }
    });

    let mut world = World::with_peers(BTreeMap::from([("order".to_owned(), Target::Address(address))])).await;
    let vendor = world.shelf("V01", "RICE", 50).await;
    for order in ["cancelled", "refused", "waiting", "delivered", "unknown", "young"] {
        world
            .reservations()
            .reserve(reserve(order, 1, &vendor, &[("RICE", 1)]))
            .await
            .expect("reserved");
    }
    let hand = world.superuser().await;
    sqlx::query(
        "update inventory.reservation set created_at = created_at - interval '1 hour' where order_id <> $1",
    )
    .bind(
        order_id("young")
            .parse::<khaacho_ids::OrderId>()
            .expect("an id")
            .uuid(),
    )
    .execute(&hand)
    .await
    .expect("made old");

    let jobs = world
        .unit
        .background
        .iter()
        .position(|b| b.name == "inventory jobs")
        .expect("it has jobs");
    let jobs = world.unit.background.swap_remove(jobs);
    tasks.spawn(
        khaacho_lifecycle::Kind::Background,
        jobs.name,
        (jobs.start)(stop.clone()),
    );
    let released = "select count(*) from inventory.reservation where state = 'RELEASED'";
    eventually("two are released", async || world.number(released).await == 2).await;
    let left = "select count(*) from inventory.job where kind = 'release_stale'";
    eventually("the job is done", async || world.number(left).await == 0).await;
    stop.cancel();
    assert!(tasks.finish(Duration::from_secs(10)).await);

    let list = pb::ListReservationsRequest {
        state: pb::ReservationState::Pending.into(),
        ..Default::default()
    };
    let pending = world
        .reservations()
        .list_reservations(list)
        .await
        .expect("a list")
        .into_inner()
        .reservations;
    let mut pending: Vec<String> = pending.into_iter().map(|r| r.order_id).collect();
    let mut expected = ["waiting", "delivered", "unknown", "young"]
        .map(order_id)
        .to_vec();
    pending.sort();
    expected.sort();
    assert_eq!(pending, expected);
    assert_eq!(world.on_shelf(&vendor, "RICE").await, (50, 4));
    world.assert_conserved().await;
}
