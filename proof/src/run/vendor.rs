//! A vendor's people: answer offers and bring orders to their end, by chat and over REST; count stock.

use std::time::Duration;

use serde_json::{Value, json};

use super::actor::{Actor, Request, nothing};
use super::kept;
use super::message::Said;
use super::retailer::text;
use super::world::{Store, moved, with_reason};

/// A person with some stores.
pub(super) struct Vendor {
    pub(super) actor: Actor,
    pub(super) stores: Vec<Store>,
    last: Option<Said>,
}

/// A step of an order: name in the history, verb of the API, word of the chat.
type Step = (&'static str, &'static str, &'static str);

const ACCEPT: Step = ("accept", "accept", "ACCEPT");
const DECLINE: Step = ("decline", "decline", "DECLINE");

fn next(status: &str) -> Option<Step> {
    match status {
        "ORDER_STATUS_SENT_TO_VENDOR" => Some(ACCEPT),
        "ORDER_STATUS_ACCEPTED" => Some(("pack", "pack", "PACKING")),
        "ORDER_STATUS_PACKING" => Some(("dispatch", "dispatch", "DISPATCHED")),
        "ORDER_STATUS_DISPATCHED" => Some(("send_out", "sendOut", "OUT")),
        "ORDER_STATUS_OUT_FOR_DELIVERY" => Some(("deliver", "deliver", "DELIVERED")),
        _ => None,
    }
}

impl Vendor {
    pub(super) fn new(actor: Actor, stores: Vec<Store>) -> Self {
        Self {
            actor,
            stores,
            last: None,
        }
    }

    /// Acts until the end.
    pub(super) async fn run(mut self) {
        while !self.actor.stage.over() {
            let place = self.actor.random.usize(0..self.stores.len());
            let store = self.stores[place].clone();
            let worked = self.work(&store, 4).await;
            if self.actor.chance(if worked == 0 { 250 } else { 80 }) {
                self.stock(&store).await;
            }
            if self.actor.chance(40)
                && let Some(said) = self.last.clone()
            {
                self.actor.deliver_again(&said).await;
            }
            let think = if worked == 0 { 30..=120 } else { 0..=20 };
            let think = Duration::from_millis(self.actor.random.u64(think));
            self.actor.stage.pause(think).await;
        }
    }

    /// Answers every offer that is left, so that no deadline is running any more.
    pub(super) async fn answer_all(&mut self) {
        for store in self.stores.clone() {
            for order in self.orders(&store, "&status=ORDER_STATUS_SENT_TO_VENDOR").await {
                self.over_rest(&store, &text(&order["orderId"]), ACCEPT).await;
            }
        }
    }

    async fn orders(&mut self, store: &Store, filter: &str) -> Vec<Value> {
        let path = format!("/api/v1/orders?page_size=50{filter}");
        let asked = json!({ "vendor": store.vendor });
        let request = Request::get("list_orders", path, &store.key, asked, nothing);
        let listed = self.actor.ask(&request.uncounted()).await;
        listed.body["orders"].as_array().cloned().unwrap_or_default()
    }

    /// Takes the next step of some orders; how many comes back.
    async fn work(&mut self, store: &Store, most: usize) -> usize {
        let mut open = self.orders(store, "").await;
        open.retain(|order| next(order["status"].as_str().unwrap_or_default()).is_some());
        self.actor.random.shuffle(&mut open);
        open.truncate(most);
        for order in &open {
            let Some(step) = next(order["status"].as_str().unwrap_or_default()) else {
                continue;
            };
            let step = if step == ACCEPT && self.actor.chance(120) {
                DECLINE
            } else {
                step
            };
            let id = text(&order["orderId"]);
            if self.actor.chance(250) && self.actor.stage.has_room(&store.phone.number) {
                let words = format!("{} {}", step.2, text(&order["orderNumber"]));
                let asked = json!({ "intent": step.0, "order": id });
                self.last = Some(self.actor.say(&store.phone, &words, "", asked).await);
            } else {
                self.over_rest(store, &id, step).await;
            }
        }
        open.len()
    }

    async fn over_rest(&mut self, store: &Store, id: &str, step: Step) {
        let path = format!("/api/v1/orders/{id}:{}", step.1);
        let asked = json!({ "order": id, "vendor": store.vendor });
        self.actor
            .ask(&Request::post(
                step.0,
                path,
                &store.key,
                asked,
                json!({}),
                kept::order,
            ))
            .await;
    }

    /// Goods come in, or are found to be fewer.
    async fn stock(&mut self, store: &Store) {
        let world = self.actor.stage.world();
        let products = world.products_of(store.group);
        let Some(product) = self.actor.pick(&products).copied() else {
            return;
        };
        let packets = if self.actor.chance(700) {
            self.actor.random.i64(5..=80)
        } else {
            -self.actor.random.i64(1..=30)
        };
        let op = self.actor.op();
        let request = with_reason(
            moved(&store.vendor, &product.sku, packets * 1000, &store.key),
            &op,
        );
        self.actor.ask_as(&request, op).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_a_vendor_has_one_step() {
        let mut status = "ORDER_STATUS_SENT_TO_VENDOR";
        let reached = [
            "ACCEPTED",
            "PACKING",
            "DISPATCHED",
            "OUT_FOR_DELIVERY",
            "DELIVERED",
        ];
        let mut words = Vec::new();
        for after in reached {
            words.push(next(status).expect("a step").2);
            status = match after {
                "ACCEPTED" => "ORDER_STATUS_ACCEPTED",
                "PACKING" => "ORDER_STATUS_PACKING",
                "DISPATCHED" => "ORDER_STATUS_DISPATCHED",
                "OUT_FOR_DELIVERY" => "ORDER_STATUS_OUT_FOR_DELIVERY",
                _ => "ORDER_STATUS_DELIVERED",
            };
        }
        assert_eq!(words, ["ACCEPT", "PACKING", "DISPATCHED", "OUT", "DELIVERED"]);
        assert_eq!(next(status), None);
        assert_eq!(next("ORDER_STATUS_CANCELLED"), None);
    }
}
