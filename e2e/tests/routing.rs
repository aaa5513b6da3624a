//! Vendors that refuse, are silent, or come too late.

use std::time::Duration;

use khaacho_e2e::world::{self, Product, Shop, Vendor};
use khaacho_e2e::{Chat, REPLY, SOON, TestMesh, eventually};
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(30 * 60 + 1);

/// A mesh with a product that these vendors offer at one price.
struct Market {
    mesh: TestMesh,
    vendors: Vec<Vendor>,
    product: Product,
    shop: Shop,
    phone: Chat,
}

impl Market {
    async fn open(vendors: usize, settings: &[(&str, &str)]) -> Self {
        let mesh = TestMesh::all_in_one(settings).await;
        let vendors = world::vendors(&mesh).await[..vendors].to_vec();
        let product = world::product(&mesh, "TEST-SOAP", "Test soap", 4000).await;
        world::offer(&mesh, &vendors, &product.sku, 4000, 500).await;
        let shop = world::rich_shop(&mesh).await;
        let phone = mesh.chat(&shop.phone).await;
        Self {
            mesh,
            vendors,
            product,
            shop,
            phone,
        }
    }

    async fn order(&mut self) -> String {
        self.phone
            .ask(&format!("{} x 10", self.product.sku), "Your order:", SOON)
            .await;
        self.phone.ask("CONFIRM", "is placed", REPLY).await.order_number()
    }

    /// The vendor that has the offer now, and his phone.
    async fn asked(&self, number: &str, offer: usize) -> (Vendor, Chat) {
        let vendor_id = eventually(&format!("offer {offer} of {number}"), SOON, async || {
            let decisions = self.decisions(number).await;
            let last = decisions.last().cloned().unwrap_or_default();
            let asked = decisions.len() == offer && last["answer"] == "OFFERED";
            if asked {
                Ok(last["vendorId"].clone())
            } else {
                Err(format!("{} were asked, {last}", decisions.len()))
            }
        })
        .await;
        let vendor = world::vendor(&self.mesh, vendor_id.as_str().expect("a vendor")).await;
        let mut phone = Chat::from_the_beginning(self.mesh.stranger(), &vendor.phone);
        phone.expect(&format!("New order {number}"), SOON).await;
        (vendor, phone)
    }

    async fn decisions(&self, number: &str) -> Vec<Value> {
        let routing = self
            .mesh
            .rest()
            .get(&format!("/api/v1/orders/{number}/routing"))
            .await
            .ok();
        routing["decisions"].as_array().cloned().unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_declined_goes_to_the_next_vendor_with_its_stock() {
    let mut market = Market::open(3, &[]).await;
    let number = market.order().await;
    let (first, mut first_phone) = market.asked(&number, 1).await;
    first_phone
        .ask(
            &format!("DECLINE {number} no soap today"),
            "you do not take order",
            REPLY,
        )
        .await;
    first_phone
        .ask(&format!("ACCEPT {number}"), "is not yours", REPLY)
        .await;
    let (second, mut second_phone) = market.asked(&number, 2).await;
    assert_ne!(first.vendor_id, second.vendor_id);
    second_phone
        .ask(&format!("accept {number}"), "is yours", REPLY)
        .await;
    market
        .phone
        .expect(&format!("{} accepted your order", second.name), REPLY)
        .await;
    first_phone
        .ask(&format!("ACCEPT {number}"), "Another wholesaler has it", SOON)
        .await;
    second_phone
        .ask(&format!("DECLINE {number}"), "is yours, it is accepted", REPLY)
        .await;

    let decisions = market.decisions(&number).await;
    let answers: Vec<_> = decisions
        .iter()
        .map(|decision| decision["answer"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(answers, ["DECLINED", "ACCEPTED"]);
    assert_eq!(decisions[0]["answerReason"], "no soap today");
    let candidates = decisions[0]["candidates"].as_array().expect("candidates");
    assert_eq!(candidates.len(), 3, "everybody who offers it was looked at");
    assert!(
        candidates
            .iter()
            .all(|candidate| candidate["components"].as_array().is_some_and(|c| c.len() >= 4))
    );
    world::order_is(&market.mesh, &number, "ACCEPTED", SOON).await;
    market.mesh.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_silent_vendors_bring_an_operator_who_gives_the_order_away() {
    let operator = "+9779841222222";
    let mut market = Market::open(5, &[("KHAACHO_ORDER_OPERATOR_PHONE", operator)]).await;
    let number = market.order().await;
    let mut silent = Vec::new();
    for offer in 1..=3 {
        let (vendor, phone) = market.asked(&number, offer).await;
        assert!(
            silent
                .iter()
                .all(|(before, _): &(Vendor, Chat)| before.vendor_id != vendor.vendor_id)
        );
        silent.push((vendor, phone));
        market.mesh.advance(DEADLINE).await;
    }
    market.phone.expect("takes longer than usual", SOON).await;
    let mut desk = Chat::from_the_beginning(market.mesh.stranger(), operator);
    desk.expect(&format!("Order {number} needs you"), SOON).await;
    for (_, phone) in &mut silent {
        phone.expect("The time to answer is over", SOON).await;
    }
    let waiting = market
        .mesh
        .rest()
        .get("/api/v1/orders?needs_operator=true")
        .await
        .ok();
    assert_eq!(waiting["orders"][0]["orderNumber"], number.as_str());

    silent[0]
        .1
        .ask(&format!("ACCEPT {number}"), "is not yours", REPLY)
        .await;
    let last = market
        .vendors
        .iter()
        .find(|v| silent.iter().all(|(s, _)| s.vendor_id != v.vendor_id));
    let last = last.expect("two vendors were never asked").clone();
    assign(&market, &number, &last).await;
    silent[0]
        .1
        .ask(&format!("ACCEPT {number}"), "Another wholesaler has it", SOON)
        .await;
    market.mesh.finish().await;
}

async fn assign(market: &Market, number: &str, vendor: &Vendor) {
    let path = format!("/api/v1/orders/{number}:assign");
    let rest = market.mesh.rest();
    rest.post(&path, json!({ "vendor_id": vendor.vendor_id }))
        .await
        .refused(400, "REASON_MISSING");
    let asked = json!({ "vendor_id": vendor.vendor_id, "reason": "he said yes on the phone" });
    rest.post(&path, asked).await.ok();
    let order = world::order_is(&market.mesh, number, "ACCEPTED", SOON).await;
    assert_eq!(order["vendorId"], vendor.vendor_id.as_str());
    assert_eq!(order["needsOperator"], false);
    let mut phone = Chat::from_the_beginning(market.mesh.stranger(), &vendor.phone);
    phone.expect(&format!("Order {number} is yours"), SOON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_confirmations_and_a_repeated_delivery_make_one_order() {
    let mut market = Market::open(2, &[]).await;
    market.phone.ask("TEST-SOAP x 3", "Your order:", SOON).await;
    let first = market
        .phone
        .deliver("wire-1", "CONFIRM")
        .await
        .expect("delivered")
        .ok();
    let again = market
        .phone
        .deliver("wire-1", "CONFIRM")
        .await
        .expect("delivered")
        .ok();
    assert_eq!(
        (&first["status"], &again["status"]),
        (&json!("ACCEPTED"), &json!("DUPLICATE"))
    );
    assert_eq!(first["id"], again["id"]);
    market
        .phone
        .deliver("wire-2", "CONFIRM")
        .await
        .expect("delivered")
        .ok();
    let number = market.phone.expect("is placed", REPLY).await.order_number();
    market.phone.expect("There is nothing to confirm", REPLY).await;
    let path = format!("/api/v1/orders?account_id={}", market.shop.account_id);
    let orders = market.mesh.rest().get(&path).await.ok();
    assert_eq!(orders["orders"].as_array().map(Vec::len), Some(1));
    assert_eq!(orders["orders"][0]["orderNumber"], number.as_str());
    market.mesh.finish().await;
}

/// Prices are bound for ten minutes; later the basket is quoted anew and needs a new confirmation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_quote_is_not_placed_but_quoted_again() {
    let mut market = Market::open(2, &[]).await;
    market.phone.ask("TEST-SOAP x 10", "Your order:", SOON).await;
    market.mesh.advance(Duration::from_secs(10 * 60 + 1)).await;
    world::offer(&market.mesh, &market.vendors, &market.product.sku, 5000, 500).await;
    market
        .phone
        .ask("CONFIRM", "These prices have expired", REPLY)
        .await;
    let quote = market.phone.expect("Your order:", REPLY).await;
    assert!(quote.text.contains("Rs 50 "), "the new price: {}", quote.text);
    market.phone.ask("CONFIRM", "is placed", REPLY).await;
    market.mesh.finish().await;
}
