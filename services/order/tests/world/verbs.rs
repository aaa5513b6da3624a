//! What the tests do with a world.

use std::time::Duration;

use khaacho_fault::Fault;
use khaacho_proto::order::v1 as pb;
use pb::OrderStatus;

use super::{By, World, answer};

/// A verb that takes an order, a version and nothing else.
macro_rules! step {
    ($name:ident, $request:ident) => {
        pub(crate) async fn $name(&self, by: By, order: &pb::Order) -> Result<pb::Order, Fault> {
            let body = pb::$request {
                request_id: self.request_id(),
                order: order.order_id.clone(),
                expected_version: 0,
            };
            answer(self.orders().$name(by.asks(body)).await).map(|a| a.order.expect("an order"))
        }
    };
}

/// Verbs over gRPC.
impl World {
    step!(pack_order, PackOrderRequest);
    step!(dispatch_order, DispatchOrderRequest);
    step!(send_out_order, SendOutOrderRequest);
    step!(deliver_order, DeliverOrderRequest);
    step!(complete_order, CompleteOrderRequest);

    /// Prices lines of (product, sacks) for shop 1.
    pub(crate) async fn quote(&self, lines: &[(&str, &str)]) -> pb::Quote {
        let body = pb::QuoteOrderRequest {
            request_id: self.request_id(),
            account_id: String::new(),
            lines: asked(lines),
        };
        answer(self.orders().quote_order(By::Shop(1).asks(body)).await)
            .expect("priced")
            .quote
            .expect("a quote")
    }

    /// A request that places a quote of shop 1.
    pub(crate) fn placing(&self, quote: &pb::Quote) -> pb::PlaceOrderRequest {
        pb::PlaceOrderRequest {
            request_id: self.request_id(),
            quote_id: quote.quote_id.clone(),
            ..Default::default()
        }
    }

    pub(crate) async fn place(&self, by: By, body: pb::PlaceOrderRequest) -> Result<pb::Order, Fault> {
        answer(self.orders().place_order(by.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    /// Two sacks of rice for shop 1, not secured yet.
    pub(crate) async fn placed(&self) -> pb::Order {
        let body = pb::PlaceOrderRequest {
            request_id: self.request_id(),
            lines: asked(&[("RICE", "2")]),
            ..Default::default()
        };
        self.place(By::Shop(1), body).await.expect("placed")
    }

    /// Two sacks of rice for shop 1, which vendor 1 is asked for.
    pub(crate) async fn offered(&self) -> pb::Order {
        let order = self.placed().await;
        self.reaches(&order, OrderStatus::SentToVendor).await
    }

    /// The same, taken by vendor 1.
    pub(crate) async fn accepted(&self) -> pb::Order {
        let order = self.offered().await;
        self.accept(By::Vendor(1), &order).await.expect("accepted")
    }

    /// The same, handed over and posted.
    pub(crate) async fn delivered(&self) -> pb::Order {
        let order = self.accepted().await;
        let vendor = By::Vendor(1);
        self.pack_order(vendor, &order).await.expect("packed");
        self.dispatch_order(vendor, &order).await.expect("dispatched");
        self.send_out_order(vendor, &order).await.expect("out");
        self.deliver_order(vendor, &order).await.expect("delivered")
    }

    pub(crate) async fn accept(&self, by: By, order: &pb::Order) -> Result<pb::Order, Fault> {
        let body = pb::AcceptOrderRequest {
            request_id: self.request_id(),
            order: order.order_number.clone(),
            vendor_id: String::new(),
        };
        answer(self.orders().accept_order(by.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    pub(crate) async fn decline(&self, by: By, order: &pb::Order) -> Result<pb::Order, Fault> {
        let body = pb::DeclineOrderRequest {
            request_id: self.request_id(),
            order: order.order_id.clone(),
            reason: "out of sacks".to_owned(),
            ..Default::default()
        };
        answer(self.orders().decline_order(by.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    pub(crate) async fn assign(&self, order: &pb::Order, vendor: &str) -> Result<pb::Order, Fault> {
        let body = pb::AssignVendorRequest {
            request_id: self.request_id(),
            order: order.order_id.clone(),
            vendor_id: vendor.to_owned(),
            reason: "he said yes on the phone".to_owned(),
        };
        answer(self.orders().assign_vendor(By::Operator.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    pub(crate) async fn cancel(&self, by: By, order: &pb::Order, reason: &str) -> Result<pb::Order, Fault> {
        let body = pb::CancelOrderRequest {
            request_id: self.request_id(),
            order: order.order_id.clone(),
            reason: reason.to_owned(),
            expected_version: 0,
        };
        answer(self.orders().cancel_order(by.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    pub(crate) async fn get(&self, by: By, order: &str) -> Result<pb::Order, Fault> {
        let body = pb::GetOrderRequest {
            order: order.to_owned(),
        };
        answer(self.orders().get_order(by.asks(body)).await).map(|a| a.order.expect("an order"))
    }

    pub(crate) async fn list(
        &self,
        by: By,
        body: pb::ListOrdersRequest,
    ) -> Result<pb::ListOrdersResponse, Fault> {
        answer(self.orders().list_orders(by.asks(body)).await)
    }

    pub(crate) async fn routing(&self, order: &pb::Order) -> Vec<pb::RoutingDecision> {
        let body = pb::ExplainRoutingRequest {
            order: order.order_id.clone(),
        };
        answer(self.orders().explain_routing(By::Operator.asks(body)).await)
            .expect("explained")
            .decisions
    }

    pub(crate) async fn story(&self, by: By, order: &pb::Order) -> pb::ExplainOrderResponse {
        let body = pb::ExplainOrderRequest {
            order: order.order_number.clone(),
        };
        answer(self.orders().explain_order(by.asks(body)).await).expect("explained")
    }

    /// Waits until the order is there, and reads it.
    pub(crate) async fn reaches(&self, order: &pb::Order, status: OrderStatus) -> pb::Order {
        self.becomes(order, status.as_str_name(), |o| o.status() == status)
            .await
    }

    /// Waits until the order is so, and reads it.
    pub(crate) async fn becomes(
        &self,
        order: &pb::Order,
        what: &str,
        so: impl Fn(&pb::Order) -> bool,
    ) -> pb::Order {
        let look = || self.get(By::Operator, &order.order_id);
        self.eventually(what, async || so(&look().await.expect("read")))
            .await;
        look().await.expect("read")
    }
}

/// Waiting and counting.
impl World {
    /// One number of the database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.db.pool())
            .await
            .expect("a number")
    }

    /// Waits until no job is left but timers and parked ones.
    pub(crate) async fn quiet(&self) {
        let sql = "select count(*) from orders.job where parked_at is null
                   and kind not in ('expire_offer', 'complete_order', 'sweep_request_log')";
        self.eventually("no job is left", async || self.count(sql).await == 0)
            .await;
    }

    /// Moves the clock.
    pub(crate) fn minutes_pass(&self, minutes: u64) {
        self.hand.advance(Duration::from_secs(minutes * 60));
    }

    /// Waits for something that another task does.
    pub(crate) async fn eventually(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let patience = tokio::time::timeout(Duration::from_secs(20), async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        assert!(patience.await.is_ok(), "never happened: {what}");
    }
}

/// Lines of (product, sacks).
pub(crate) fn asked(lines: &[(&str, &str)]) -> Vec<pb::LineRequest> {
    let line = |(sku, quantity): &(&str, &str)| pb::LineRequest {
        sku: (*sku).to_owned(),
        quantity: (*quantity).to_owned(),
        unit: String::new(),
    };
    lines.iter().map(line).collect()
}
