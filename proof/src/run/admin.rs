//! Operators: payments, limits, blocks, stock, orders that nobody takes.

use std::time::Duration;

use serde_json::{Value, json};

use super::actor::{Actor, Request, nothing};
use super::kept;
use super::retailer::text;
use super::world::{Shop, counted, with_reason};

/// An operator.
pub(super) struct Admin {
    pub(super) actor: Actor,
    /// An account that is blocked for a while.
    blocked: Option<Shop>,
}

impl Admin {
    pub(super) fn new(actor: Actor) -> Self {
        Self { actor, blocked: None }
    }

    /// Acts until the end; nobody stays blocked.
    pub(super) async fn run(mut self) {
        while !self.actor.stage.over() {
            match self.actor.random.u32(0..100) {
                0..=54 => self.payment().await,
                55..=69 => self.limit().await,
                70..=76 => self.count().await,
                77..=82 => self.block().await,
                83..=92 => self.rescue().await,
                _ => self.cancel().await,
            }
            let think = Duration::from_millis(self.actor.random.u64(10..=80));
            self.actor.stage.pause(think).await;
        }
        self.unblock().await;
    }

    fn owner(&self) -> String {
        self.actor.stage.world().owner.clone()
    }

    fn any_shop(&mut self) -> Option<Shop> {
        let world = self.actor.stage.world();
        let shared = self.actor.chance(250);
        let from = if shared { &world.shared } else { &world.shops };
        self.actor.pick(from).cloned()
    }

    /// A shop pays what it owes, a part of it, or in advance.
    async fn payment(&mut self) {
        let Some(shop) = self.any_shop() else { return };
        let key = self.owner();
        let path = format!("/api/v1/accounts/{}", shop.account);
        let asked = json!({ "retailer": shop.account });
        let look = Request::get("get_account", path, &key, asked, kept::account);
        let seen = self.actor.ask(&look.uncounted()).await;
        let owed = seen.body["account"]["balance"]["owedPaisa"]
            .as_i64()
            .unwrap_or_default();
        let amount = match (owed > 0, self.actor.random.u32(0..10)) {
            (true, 0..=6) => owed,
            (true, 7) => owed + 1,
            (true, _) => self.actor.random.i64(1..=owed),
            (false, 0) => self.actor.random.i64(1..=20_000),
            (false, _) => return,
        };
        let op = self.actor.op();
        let methods = ["CASH", "BANK_TRANSFER", "MOBILE_MONEY", "CHEQUE"];
        let method = *self.actor.pick(&methods).unwrap_or(&"CASH");
        let asked =
            json!({ "retailer": shop.account, "amount_paisa": amount, "method": method, "reference": op });
        let body =
            json!({ "account_id": shop.account, "amount_paisa": amount, "method": method, "reference": op });
        let request = Request::post(
            "payment",
            "/api/v1/payments".to_owned(),
            &key,
            asked,
            body,
            kept::payment,
        );
        self.actor.ask_as(&request, op).await;
    }

    /// Mostly near what it was; sometimes below what is owed, sometimes nothing.
    async fn limit(&mut self) {
        let Some(shop) = self.any_shop() else { return };
        let limit = match self.actor.random.u32(0..10) {
            0 => 0,
            1 => shop.limit / 4,
            _ => shop.limit + self.actor.random.i64(-50_000..=100_000),
        };
        let limit = limit.max(0);
        let path = format!("/api/v1/accounts/{}:setLimit", shop.account);
        let asked = json!({ "retailer": shop.account, "limit_paisa": limit });
        let body = json!({ "limit_paisa": limit, "reason": "reviewed" });
        let key = self.owner();
        self.actor
            .ask(&Request::post("limit", path, &key, asked, body, kept::account))
            .await;
    }

    /// A store's goods are counted.
    async fn count(&mut self) {
        let world = self.actor.stage.world();
        let Some(store) = self.actor.pick(&world.stores).cloned() else {
            return;
        };
        let products = world.products_of(store.group);
        let Some(product) = self.actor.pick(&products).copied() else {
            return;
        };
        let most = self.actor.stage.scenario.catalog.stock.1;
        let milli = self.actor.random.i64(0..=most) * 1000;
        let op = self.actor.op();
        let request = with_reason(counted(&store.vendor, &product.sku, milli, &world.owner), &op);
        self.actor.ask_as(&request, op).await;
    }

    /// Blocks an account, or lets the blocked one go.
    async fn block(&mut self) {
        if self.blocked.is_some() {
            return self.unblock().await;
        }
        let Some(shop) = self.any_shop() else { return };
        self.switch(&shop, "block").await;
        self.blocked = Some(shop);
    }

    async fn unblock(&mut self) {
        if let Some(shop) = self.blocked.take() {
            self.switch(&shop, "unblock").await;
        }
    }

    async fn switch(&mut self, shop: &Shop, verb: &'static str) {
        let path = format!("/api/v1/accounts/{}:{verb}", shop.account);
        let key = self.owner();
        let asked = json!({ "retailer": shop.account });
        let body = json!({ "reason": "overdue" });
        self.actor
            .ask(&Request::post(verb, path, &key, asked, body, kept::account))
            .await;
    }

    async fn listed(&mut self, filter: &str) -> Option<Value> {
        let key = self.owner();
        let path = format!("/api/v1/orders?page_size=50{filter}");
        let request = Request::get("list_orders", path, &key, json!({ "filter": filter }), nothing);
        let listed = self.actor.ask(&request.uncounted()).await;
        let orders = listed.body["orders"].as_array().cloned().unwrap_or_default();
        self.actor.pick(&orders).cloned()
    }

    /// Gives an order that nobody took, or that somebody thinks about, to somebody else; or ends it.
    async fn rescue(&mut self) {
        let filters = [
            "&needs_operator=true",
            "&needs_operator=true",
            "&status=ORDER_STATUS_SENT_TO_VENDOR",
        ];
        let filter = *self.actor.pick(&filters).unwrap_or(&filters[0]);
        let Some(order) = self.listed(filter).await else {
            return;
        };
        let id = text(&order["orderId"]);
        let world = self.actor.stage.world();
        let store = self.actor.pick(&world.stores).cloned();
        match store {
            Some(store) if self.actor.chance(700) => {
                let asked = json!({ "order": id, "vendor": store.vendor, "reason": "somebody has to" });
                let body = json!({ "vendor_id": store.vendor, "reason": "somebody has to" });
                let path = format!("/api/v1/orders/{id}:assign");
                self.actor
                    .ask(&Request::post(
                        "assign",
                        path,
                        &world.owner,
                        asked,
                        body,
                        kept::order,
                    ))
                    .await;
            }
            _ => self.end(&id).await,
        }
    }

    async fn cancel(&mut self) {
        let filters = [
            "",
            "&status=ORDER_STATUS_DISPATCHED",
            "&status=ORDER_STATUS_OUT_FOR_DELIVERY",
        ];
        let filter = *self.actor.pick(&filters).unwrap_or(&"");
        if let Some(order) = self.listed(filter).await {
            self.end(&text(&order["orderId"])).await;
        }
    }

    async fn end(&mut self, id: &str) {
        let key = self.owner();
        let asked = json!({ "order": id, "reason": "ended by an operator" });
        let body = json!({ "reason": "ended by an operator" });
        let path = format!("/api/v1/orders/{id}:cancel");
        self.actor
            .ask(&Request::post("cancel", path, &key, asked, body, kept::order))
            .await;
    }
}
