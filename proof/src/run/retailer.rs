//! A retailer: orders by chat and over REST, cancels, confirms receipt, asks, and gets things wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::actor::{Actor, Done, Request, nothing};
use super::message::Said;
use super::world::Shop;
use super::{basket, garbage, kept};

/// Things of the past that may be repeated.
const REMEMBERED: usize = 12;

/// A retailer with his shops.
pub(super) struct Retailer {
    pub(super) actor: Actor,
    pub(super) shops: Vec<Shop>,
    /// Orders: shop, id, number.
    pub(super) orders: Vec<Own>,
    pub(super) said: Vec<Said>,
    done: Vec<(Request, Done)>,
}

/// An order of one's own.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) shop: usize,
    pub(super) id: String,
    pub(super) number: String,
}

impl Retailer {
    pub(super) fn new(actor: Actor, shops: Vec<Shop>) -> Self {
        Self {
            actor,
            shops,
            orders: Vec::new(),
            said: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Acts until the end.
    pub(super) async fn run(mut self) {
        while !self.actor.stage.over() {
            self.step().await;
            let think = Duration::from_millis(self.actor.random.u64(0..=20));
            self.actor.stage.pause(think).await;
        }
    }

    async fn step(&mut self) {
        let mix = self.actor.stage.scenario.mix.clone();
        let all = mix.order + mix.dup + mix.twin + mix.forged + mix.replay + mix.reuse + mix.cancel;
        let all = all + mix.complete + mix.read + mix.ask + mix.garbage + mix.foreign + mix.enormous;
        let mut drawn = self.actor.random.u32(0..all);
        let mut is = |weight: u32| {
            let mine = drawn < weight;
            drawn = if mine {
                u32::MAX
            } else {
                drawn.saturating_sub(weight)
            };
            mine
        };
        if is(mix.order) {
            self.order().await;
        } else if is(mix.dup) {
            if let Some(said) = self.remembered() {
                self.actor.deliver_again(&said).await;
            }
        } else if is(mix.twin) {
            if let Some(said) = self.remembered() {
                self.actor.deliver_twin(&said, "TOUCH-000 x 9").await;
            }
        } else if is(mix.forged) {
            let phone = self.any().phone;
            self.actor.forge(&phone, "TOUCH-000 x 9").await;
        } else if is(mix.replay) {
            self.replay().await;
        } else if is(mix.reuse) {
            self.reuse().await;
        } else if is(mix.cancel) {
            self.cancel().await;
        } else if is(mix.complete) {
            self.complete().await;
        } else if is(mix.read) {
            self.read().await;
        } else if is(mix.ask) {
            let phone = self.any().phone;
            let (text, intent) = if self.actor.random.bool() {
                ("BALANCE", "balance")
            } else {
                ("STATUS", "status")
            };
            let said = self
                .actor
                .say(&phone, text, "", json!({ "intent": intent }))
                .await;
            self.remember(said);
        } else if is(mix.garbage) {
            self.garbage().await;
        } else if is(mix.enormous) {
            self.enormous().await;
        } else {
            self.foreign().await;
        }
    }

    pub(super) fn shop(&mut self) -> usize {
        let mut place = self.actor.random.usize(0..self.shops.len());
        for _ in 0..self.shops.len() {
            if self.actor.stage.has_room(&self.shops[place].phone.number) {
                break;
            }
            place = (place + 1) % self.shops.len();
        }
        place
    }

    fn any(&mut self) -> Shop {
        let place = self.shop();
        self.shops[place].clone()
    }

    pub(super) fn remember(&mut self, said: Said) {
        // What was never acknowledged may still be delivered later: that is what makes it interesting.
        if self.said.len() == REMEMBERED {
            let place = self.actor.random.usize(0..REMEMBERED);
            self.said.swap_remove(place);
        }
        self.said.push(said);
    }

    fn remembered(&mut self) -> Option<Said> {
        self.actor.pick(&self.said).cloned()
    }

    async fn order(&mut self) {
        if self.actor.chance(self.actor.stage.scenario.mix.chat) {
            self.order_by_chat().await;
        } else {
            self.order_over_rest().await;
        }
    }

    async fn order_over_rest(&mut self) {
        let world = self.actor.stage.world();
        let own = self.shop();
        let race = self.actor.chance(self.actor.stage.scenario.mix.shared);
        let one = self.actor.stage.scenario.staging.one_after_another;
        let has_room = |shop: &&Shop| self.actor.stage.has_room(&shop.phone.number);
        let first = world.shared.iter().find(has_room).filter(|_| one).cloned();
        let other = first.or_else(|| self.actor.pick(&world.shared).cloned());
        let other = other.filter(|shop| race && self.actor.stage.has_room(&shop.phone.number));
        let shared = other.is_some();
        let shop = other.unwrap_or_else(|| self.shops[own].clone());
        let basket = basket::draw(&mut self.actor, &world, &shop);
        self.actor.stage.count("order attempts");
        let mut request = Request::post(
            "order",
            "/api/v1/orders".to_owned(),
            &shop.key,
            json!({ "retailer": shop.account, "lines": basket.asked() }),
            json!({ "lines": basket.lines() }),
            kept::order,
        );
        request.wait = if self.actor.chance(600) { 2 } else { 0 };
        if self.actor.chance(300) {
            self.quote(&shop, &mut request).await;
        }
        let done = self.actor.ask(&request).await;
        self.judge(&done);
        if done.ok() {
            if !shared {
                self.own(own, &done.body);
            }
            self.keep(request, done);
        }
    }

    /// Lets prices be bound first, and thinks for a while: others may buy the goods meanwhile.
    async fn quote(&mut self, shop: &Shop, request: &mut Request) {
        let asked = json!({ "retailer": shop.account });
        let path = "/api/v1/orders:quote".to_owned();
        let quote = Request::post("quote", path, &shop.key, asked, request.body.clone(), nothing);
        let quoted = self.actor.ask(&quote).await;
        if let Some(id) = quoted.body["quote"]["quoteId"].as_str() {
            request.body = json!({ "quote_id": id });
            request.v["quote_id"] = json!(id);
            let think = Duration::from_millis(self.actor.random.u64(0..=1500));
            self.actor.stage.pause(think).await;
        }
    }

    /// Counts what became of an order.
    fn judge(&self, done: &Done) {
        let refused = done.body["order"]["reason"].as_str().unwrap_or_default();
        let reason = if done.ok() { refused } else { &done.reason };
        self.actor.stage.count(match reason {
            "CREDIT_SHORT" | "ACCOUNT_BLOCKED" | "ORDERING_BLOCKED" => "orders refused for credit",
            "STOCK_SHORT" | "NO_SINGLE_VENDOR" | "VENDOR_NOT_ELIGIBLE" => "orders refused for stock",
            _ if done.ok() => "orders placed",
            _ => "orders without outcome",
        });
    }

    fn own(&mut self, shop: usize, body: &Value) {
        let text = |name: &str| body["order"][name].as_str().unwrap_or_default().to_owned();
        self.orders.push(Own {
            shop,
            id: text("orderId"),
            number: text("orderNumber"),
        });
    }

    fn keep(&mut self, request: Request, done: Done) {
        if self.done.len() == REMEMBERED {
            self.done.swap_remove(0);
        }
        self.done.push((request, done));
    }

    /// The same request under the same key: the first answer, and no second effect.
    async fn replay(&mut self) {
        let Some((request, first)) = self.actor.pick(&self.done).cloned() else {
            return;
        };
        let again = Request {
            f: "replay",
            v: json!({ "of": first.op, "kind": request.f, "idem": first.op }),
            idem: Some(first.op),
            ..request
        };
        self.actor.ask(&again).await;
    }

    /// Another request under the same key: refused.
    async fn reuse(&mut self) {
        let Some((request, first)) = self.actor.pick(&self.done).cloned() else {
            return;
        };
        let mut body = request.body.clone();
        let Some(quantity) = body.pointer_mut("/lines/0/quantity") else {
            return;
        };
        // Whatever the first one was, this one differs.
        let first_time: i64 = quantity.as_str().and_then(|text| text.parse().ok()).unwrap_or(0);
        *quantity = json!((first_time + 1).to_string());
        let other = Request {
            f: "reuse",
            v: json!({ "of": first.op, "kind": request.f, "idem": first.op }),
            idem: Some(first.op),
            body,
            ..request
        };
        self.actor.ask(&other).await;
    }

    async fn cancel(&mut self) {
        let Some(own) = self.actor.pick(&self.orders).cloned() else {
            return;
        };
        let shop = self.shops[own.shop].clone();
        if self.actor.random.bool() {
            let text = format!("CANCEL {} not needed any more", own.number);
            let asked = json!({ "intent": "cancel", "order": own.id });
            let said = self.actor.say(&shop.phone, &text, "", asked).await;
            self.remember(said);
            return;
        }
        let request = Request::post(
            "cancel",
            format!("/api/v1/orders/{}:cancel", own.id),
            &shop.key,
            json!({ "order": own.id, "reason": "not needed any more" }),
            json!({ "reason": "not needed any more" }),
            kept::order,
        );
        self.actor.ask(&request).await;
    }

    /// Looks for a delivered order and confirms its receipt.
    async fn complete(&mut self) {
        let shop = self.any();
        let page = Request::get(
            "list_orders",
            "/api/v1/orders?page_size=20&status=ORDER_STATUS_DELIVERED".to_owned(),
            &shop.key,
            json!({ "retailer": shop.account }),
            nothing,
        );
        let listed = self.actor.ask(&page.uncounted()).await;
        let orders = listed.body["orders"].as_array().cloned().unwrap_or_default();
        let Some(order) = self.actor.pick(&orders).cloned() else {
            return;
        };
        let (id, number) = (text(&order["orderId"]), text(&order["orderNumber"]));
        if self.actor.random.bool() {
            let asked = json!({ "intent": "complete", "order": id });
            let said = self
                .actor
                .say(&shop.phone, &format!("COMPLETE {number}"), "", asked)
                .await;
            self.remember(said);
            return;
        }
        let request = Request::post(
            "complete",
            format!("/api/v1/orders/{id}:complete"),
            &shop.key,
            json!({ "order": id }),
            json!({}),
            kept::order,
        );
        self.actor.ask(&request).await;
    }

    async fn read(&mut self) {
        if self.actor.random.bool() {
            let shop = self.any();
            self.actor.ask(&account(&shop)).await;
            return;
        }
        let Some(own) = self.actor.pick(&self.orders).cloned() else {
            return;
        };
        let path = format!("/api/v1/orders/{}", own.id);
        let key = self.shops[own.shop].key.clone();
        let request = Request::get("get_order", path, &key, json!({ "order": own.id }), kept::order);
        self.actor.ask(&request).await;
    }

    async fn garbage(&mut self) {
        let shop = self.any();
        if self.actor.random.bool() {
            let text = garbage::text(&mut self.actor.random);
            let said = self
                .actor
                .say(&shop.phone, text, "", json!({ "intent": "garbage" }))
                .await;
            self.remember(said);
            return;
        }
        let request = garbage::request(&mut self.actor.random, &shop);
        self.actor.ask(&request).await;
    }

    /// Orders more than there can be.
    async fn enormous(&mut self) {
        let shop = self.any();
        let request = garbage::enormous(&mut self.actor.random, &shop);
        self.actor.ask(&request).await;
    }

    /// Asks for what belongs to somebody else: his account, or an order of his.
    async fn foreign(&mut self) {
        let world = self.actor.stage.world();
        let shop = self.any();
        let Some(other) = self.actor.pick(&world.shared).cloned() else {
            return;
        };
        if self.actor.random.bool() {
            return self.foreign_order(&shop, &other, &world.owner).await;
        }
        let path = format!("/api/v1/accounts/{}", other.account);
        let asked = json!({ "what": "account", "id": other.account });
        self.actor
            .ask(&Request::get("foreign", path, &shop.key, asked, nothing))
            .await;
    }
}

impl Retailer {
    /// Asks for an order of another shop, whose id the owner knows.
    async fn foreign_order(&mut self, shop: &Shop, other: &Shop, owner: &str) {
        let path = format!("/api/v1/orders?page_size=20&account_id={}", other.account);
        let asked = json!({ "filter": other.account });
        let page = Request::get("list_orders", path, owner, asked, nothing);
        let listed = self.actor.ask(&page.uncounted()).await;
        let orders = listed.body["orders"].as_array().cloned().unwrap_or_default();
        let Some(order) = self.actor.pick(&orders).map(|order| text(&order["orderId"])) else {
            return;
        };
        let asked = json!({ "what": "order", "id": order });
        let path = format!("/api/v1/orders/{order}");
        self.actor
            .ask(&Request::get("foreign", path, &shop.key, asked, nothing))
            .await;
    }
}

/// A read of a shop's own account.
pub(super) fn account(shop: &Shop) -> Request {
    let path = format!("/api/v1/accounts/{}", shop.account);
    Request::get(
        "get_account",
        path,
        &shop.key,
        json!({ "retailer": shop.account }),
        kept::account,
    )
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
