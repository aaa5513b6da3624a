//! Calls that arrive after everybody has forgotten them: a release of credit for an order whose debt was posted
//! meanwhile. Credit must refuse it.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::abuse::case::{Call, Token, Twist};
use crate::abuse::rpc;
use crate::abuse::rpc::pb::{Message, framed};
use crate::harness::Role;

use super::actor::{Actor, Request, nothing};
use super::retailer::text;

/// Patience with a call.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who repeats old calls.
pub(super) struct Late {
    actor: Actor,
}

impl Late {
    pub(super) fn new(actor: Actor) -> Self {
        Self { actor }
    }

    /// Acts until the end.
    pub(super) async fn run(mut self) {
        while !self.actor.stage.over() {
            for order in self.posted().await {
                self.release(&order).await;
            }
            self.actor.stage.pause(Duration::from_millis(300)).await;
        }
    }

    /// Orders that have an invoice.
    async fn posted(&mut self) -> Vec<Value> {
        let owner = self.actor.stage.world().owner.clone();
        let path = "/api/v1/orders?page_size=20&status=ORDER_STATUS_DELIVERED".to_owned();
        let page = Request::get("list_orders", path, &owner, Value::Null, nothing);
        let listed = self.actor.ask(&page.uncounted()).await;
        let mut orders = listed.body["orders"].as_array().cloned().unwrap_or_default();
        orders.retain(|order| !text(&order["invoiceNumber"]).is_empty());
        orders
    }

    async fn release(&mut self, order: &Value) {
        let plan = self.actor.stage.mesh.plan();
        let Ok(address) = plan.grpc(Role::Credit).parse::<SocketAddr>() else {
            return;
        };
        let secret = plan.environment(Role::Order).remove("KHAACHO_MESH_SECRET");
        let claims = serde_json::json!({
            "iss": "order", "aud": "credit", "sub": "order", "role": 8, "cause": "late", "exp": "@30",
        });
        let asked = Message::new()
            .text(1, &text(&order["orderId"]))
            .text(2, &text(&order["accountId"]))
            .text(3, "LATE");
        let call = Call {
            path: "/khaacho.credit.v1.HoldService/ReleaseHold".to_owned(),
            token: Some(Token {
                claims: claims.to_string(),
                signer: "order".to_owned(),
                secret: secret.unwrap_or_default(),
                twist: Twist::None,
            }),
            data: vec![framed(&asked.0)],
            ..Call::default()
        };
        let seen = rpc::play(address, &call, PATIENCE).await;
        let code = seen.replies.first().and_then(|reply| reply.code);
        self.actor.stage.count(match code {
            Some(0) => "late releases taken",
            Some(_) => "late releases refused",
            None => "late releases without answer",
        });
    }
}
