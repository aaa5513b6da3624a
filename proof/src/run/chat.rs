//! An order by chat: a list, a quote, a confirmation.

use std::time::Duration;

use serde_json::json;

use crate::fakes::{Heard, Provider};

use super::actor::Request;
use super::retailer::{Own, Retailer};
use super::world::Shop;
use super::{basket, kept};

/// What a reply to a list says.
#[derive(Debug, PartialEq, Eq)]
enum Reply {
    Quote,
    CreditShort,
    StockShort,
    Blocked,
}

fn read(heard: &Heard) -> Option<Reply> {
    let text = heard.text.as_str();
    if text.contains("Reply CONFIRM to place it") {
        Some(Reply::Quote)
    } else if text.contains("more than your credit allows") {
        Some(Reply::CreditShort)
    } else if [
        "is out of stock",
        "There is not enough of",
        "No wholesaler has all",
    ]
    .iter()
    .any(|words| text.contains(words))
    {
        Some(Reply::StockShort)
    } else if text.contains("blocked") {
        Some(Reply::Blocked)
    } else {
        None
    }
}

/// The order number behind a word, such as that of `Order ORD2611000427 is placed`.
pub(super) fn number(text: &str) -> Option<&str> {
    let is_number = |word: &&str| {
        word.len() >= 13
            && word
                .get(3..)
                .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.starts_with("ORD"))
        .find(is_number)
}

impl Retailer {
    pub(super) async fn order_by_chat(&mut self) {
        let world = self.actor.stage.world();
        let place = self.shop();
        let shop = self.shops[place].clone();
        let basket = basket::draw(&mut self.actor, &world, &shop);
        self.actor.stage.count("order attempts");
        let from = self.actor.stage.fakes.count(&shop.phone.number);
        let asked = json!({ "intent": "list", "lines": basket.asked() });
        let list = self.actor.say(&shop.phone, &basket.text(), "", asked).await;
        let of = list.op.clone();
        let acked = list.acked;
        self.remember(list);
        if !acked {
            return self.actor.stage.count("orders without outcome");
        }
        let heard = self.hear(&shop, from, |heard| read(heard).is_some()).await;
        let Some(heard) = heard else {
            return self.actor.stage.count("orders without outcome");
        };
        match read(&heard) {
            Some(Reply::CreditShort | Reply::Blocked) => self.actor.stage.count("orders refused for credit"),
            Some(Reply::StockShort) => self.actor.stage.count("orders refused for stock"),
            _ => self.answer(place, &shop, &heard, &of).await,
        }
    }

    /// Mostly confirms; some drop the quote, some say nothing.
    async fn answer(&mut self, place: usize, shop: &Shop, quote: &Heard, of: &str) {
        let drawn = self.actor.random.u32(0..100);
        if drawn >= 90 {
            return self.actor.stage.count("quotes left");
        }
        if drawn >= 84 {
            let said = self
                .actor
                .say(&shop.phone, "CANCEL", "", json!({ "intent": "cancel", "of": of }))
                .await;
            self.actor.stage.count("quotes left");
            return self.remember(said);
        }
        let from = self.actor.stage.fakes.count(&shop.phone.number);
        let button = quote.buttons.iter().find(|id| id.starts_with("CONFIRM"));
        let asked = json!({ "intent": "confirm", "of": of });
        let said = match button {
            Some(id) if shop.phone.provider == Provider::Meta && self.actor.random.bool() => {
                self.actor.say(&shop.phone, "Confirm", id, asked).await
            }
            _ => {
                let word = *self
                    .actor
                    .pick(&["CONFIRM", "yes", "huncha", "ok"])
                    .unwrap_or(&"CONFIRM");
                self.actor.say(&shop.phone, word, "", asked).await
            }
        };
        self.remember(said);
        let ended = |heard: &Heard| {
            let words = [
                "is placed",
                "could not be placed",
                "There is nothing to confirm",
                "already placed",
                "have expired",
            ];
            words.iter().any(|words| heard.text.contains(words))
        };
        let Some(heard) = self.hear(shop, from, ended).await else {
            return self.actor.stage.count("orders without outcome");
        };
        match number(&heard.text) {
            Some(number) if heard.text.contains("placed") && !heard.text.contains("could not") => {
                self.actor.stage.count("orders placed");
                self.find(place, shop, number).await;
            }
            Some(_) => self.actor.stage.count("orders refused for credit"),
            None => self.actor.stage.count("orders without outcome"),
        }
    }

    /// Reads an order that is known by its number only.
    async fn find(&mut self, place: usize, shop: &Shop, number: &str) {
        let path = format!("/api/v1/orders/{number}");
        let asked = json!({ "number": number });
        let request = Request::get("find_order", path, &shop.key, asked, kept::order);
        let found = self.actor.ask(&request.uncounted()).await;
        if let Some(id) = found.body["order"]["orderId"].as_str() {
            self.orders.push(Own {
                shop: place,
                id: id.to_owned(),
                number: number.to_owned(),
            });
        }
    }

    async fn hear(&mut self, shop: &Shop, from: usize, wanted: impl Fn(&Heard) -> bool) -> Option<Heard> {
        let (shortest, longest) = self.actor.stage.scenario.clients.reply_ms;
        let patience = Duration::from_millis(self.actor.random.u64(shortest..=longest));
        self.actor
            .stage
            .fakes
            .hear(&shop.phone.number, from, patience, wanted)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Heard {
        Heard {
            reference: String::new(),
            text: text.to_owned(),
            buttons: Vec::new(),
        }
    }

    #[test]
    fn replies_are_told_apart() {
        let quote = said("Your order:\n1. X\n\nReply CONFIRM to place it, CHANGE to correct it");
        assert_eq!(read(&quote), Some(Reply::Quote));
        let short = said("Your order:\n1. X\nThis is Rs 5 more than your credit allows, so");
        assert_eq!(read(&short), Some(Reply::CreditShort));
        assert_eq!(
            read(&said("X is out of stock; you asked")),
            Some(Reply::StockShort)
        );
        assert_eq!(read(&said("Your order ORD1 is being packed.")), None);
    }

    #[test]
    fn numbers_are_found() {
        assert_eq!(number("Order ORD2611000427 is placed."), Some("ORD2611000427"));
        assert_eq!(number("Your order is placed"), None);
        assert_eq!(number("ORDER123"), None);
    }
}
