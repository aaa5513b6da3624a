//! The main path, from the first word to the paid invoice, the same in one process and across six.

use std::collections::BTreeSet;

use chrono::{DateTime, Days};
use khaacho_e2e::world::{self, Basket, Shop, Vendor};
use khaacho_e2e::{Chat, REPLY, SOON, TestMesh};
use khaacho_money::Paisa;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_becomes_a_paid_debt_in_one_process() {
    let mesh = TestMesh::all_in_one(&[]).await;
    Journey::begin(&mesh).await.whole().await;
    mesh.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_becomes_a_paid_debt_across_six_processes() {
    let mesh = TestMesh::split(&[]).await;
    Journey::begin(&mesh).await.whole().await;
    mesh.finish().await;
}

struct Journey<'a> {
    mesh: &'a TestMesh,
    shop: Shop,
    phone: Chat,
    basket: Basket,
}

impl<'a> Journey<'a> {
    async fn begin(mesh: &'a TestMesh) -> Self {
        let shop = world::rich_shop(mesh).await;
        let phone = mesh.chat(&shop.phone).await;
        let basket = world::basket(mesh).await;
        Self {
            mesh,
            shop,
            phone,
            basket,
        }
    }

    async fn whole(mut self) {
        self.words().await;
        self.question().await;
        let (number, total) = self.places().await;
        let (vendor, mut vendor_phone) = self.vendor_accepts(&number).await;
        self.delivers(&number, &vendor, &mut vendor_phone).await;
        self.owes(&number, total).await;
        self.timeline(&number).await;
        self.pays(total).await;
        self.cancels().await;
        assert_eq!(
            self.phone.unexpected().await,
            Vec::<String>::new(),
            "nothing else was said to the shop"
        );
        assert_eq!(
            vendor_phone.unexpected().await.len(),
            2,
            "the offer and the end of the order that was cancelled"
        );
    }

    async fn words(&mut self) {
        let greeting = format!("Namaste, {}!", self.shop.name);
        self.phone.ask("namaste", &greeting, REPLY).await;
        self.phone.ask("HELP", "How to order", REPLY).await;
        let balance = self.phone.ask("balance", "Credit limit", REPLY).await;
        let limit = format!("Credit limit: {}", Paisa::new(self.shop.limit_paisa));
        assert!(balance.text.contains(&limit), "{limit} in {}", balance.text);
        self.phone
            .ask("CONFIRM", "There is nothing to confirm", REPLY)
            .await;
    }

    /// A phrase with several meanings becomes one question; its answer is a number.
    async fn question(&mut self) {
        let question = self
            .phone
            .ask(
                "2 bora jeera masino",
                "Which \"jeera masino\" do you mean?",
                REPLY,
            )
            .await;
        assert!(
            question.text.contains("1. ") && question.text.contains("2. "),
            "{}",
            question.text
        );
        self.phone
            .ask("99", "Which \"jeera masino\" do you mean?", REPLY)
            .await;
        let quote = self.phone.ask("1", "Your order:", REPLY).await;
        assert!(quote.text.contains("Jeera Masino rice 25 kg"), "{}", quote.text);
        self.phone.ask("CANCEL", "Nothing was ordered", REPLY).await;
    }

    /// Quote and confirmation; the order's number and its total come back.
    async fn places(&mut self) -> (String, i64) {
        let asked = json!({ "account_id": self.shop.account_id, "lines": self.basket.lines() });
        let priced = self.mesh.rest().post("/api/v1/orders:quote", asked).await.ok()["quote"].clone();
        let total = priced["totalPaisa"].as_i64().expect("a total");
        assert_eq!(
            total,
            by_hand(&priced),
            "sums of whole paisa, VAT half-up on the sum of what is taxed"
        );

        let quote = self.phone.ask(&self.basket.text(), "Your order:", REPLY).await;
        let ids: Vec<_> = quote.buttons.iter().filter_map(|id| id.split_once(' ')).collect();
        let words: Vec<_> = ids.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, ["CONFIRM", "CHANGE", "CANCEL"]);
        assert!(
            ids.iter()
                .all(|(_, own)| own.starts_with("quo_") && *own == ids[0].1),
            "of one quote: {ids:?}"
        );
        let left = Paisa::new(self.shop.limit_paisa - total);
        for part in [
            format!("Total: {}", Paisa::new(total)),
            format!("Credit left after it: {left}"),
        ] {
            assert!(quote.text.contains(&part), "{part:?} in {}", quote.text);
        }
        let placed = self.phone.ask("CONFIRM", "is placed", REPLY).await;
        let number = placed.order_number();
        let month = (self.mesh.now() + chrono::Duration::minutes(345))
            .format("ORD%y%m")
            .to_string();
        assert!(number.starts_with(&month) && number.len() >= 13, "{number}");
        assert!(
            placed.text.contains(&format!("Credit left: {left}")),
            "{}",
            placed.text
        );
        let balance = world::balance(self.mesh, &self.shop.account_id).await;
        assert_eq!(
            (balance["heldPaisa"].as_i64(), balance["owedPaisa"].as_i64()),
            (Some(total), Some(0))
        );
        (number, total)
    }

    async fn vendor_accepts(&mut self, number: &str) -> (Vendor, Chat) {
        let order = world::order_is(self.mesh, number, "SENT_TO_VENDOR", SOON).await;
        let vendor = world::vendor(self.mesh, order["vendorId"].as_str().expect("a vendor")).await;
        let stranger = self.mesh.stranger();
        let mut phone = Chat::from_the_beginning(stranger, &vendor.phone);
        let offer = phone.expect(&format!("New order {number}"), REPLY).await;
        assert_eq!(
            offer.buttons,
            [format!("ACCEPT {number}"), format!("DECLINE {number}")]
        );
        phone
            .ask(
                &format!("ACCEPT {number}"),
                &format!("Order {number} is yours"),
                REPLY,
            )
            .await;
        self.phone
            .expect(&format!("{} accepted your order {number}", vendor.name), REPLY)
            .await;
        let status = self
            .phone
            .ask(
                &format!("status {number}"),
                &format!("Order {number}: accepted"),
                REPLY,
            )
            .await;
        assert!(status.text.contains(&vendor.name), "{}", status.text);
        (vendor, phone)
    }

    /// The first two steps by the vendor's chat, the others over REST with the vendor's key.
    async fn delivers(&mut self, number: &str, vendor: &Vendor, phone: &mut Chat) {
        phone
            .ask(&format!("PACKING {number}"), "is being packed", REPLY)
            .await;
        self.phone.expect("is being packed by", REPLY).await;
        phone
            .ask(&format!("dispatched {number}"), "is dispatched", REPLY)
            .await;
        self.phone.expect("has been dispatched by", REPLY).await;
        let own = self
            .mesh
            .rest_as(khaacho_rpc::Role::Vendor, Some(&vendor.vendor_id))
            .await;
        own.post(&format!("/api/v1/orders/{number}:sendOut"), json!({}))
            .await
            .ok();
        self.phone.expect("is out for delivery", REPLY).await;
        own.post(&format!("/api/v1/orders/{number}:deliver"), json!({}))
            .await
            .ok();
        let delivered = self.phone.expect("is delivered", REPLY).await;
        for part in ["Invoice: ", "Please pay by: "] {
            assert!(delivered.text.contains(part), "{part:?} in {}", delivered.text);
        }
        self.phone
            .ask(&format!("COMPLETE {number}"), "is completed", REPLY)
            .await;
        self.phone
            .ask(
                &format!("status {number}"),
                &format!("Order {number}: completed"),
                REPLY,
            )
            .await;
    }

    async fn owes(&mut self, number: &str, total: i64) {
        let order = world::order_is(self.mesh, number, "COMPLETED", SOON).await;
        let time = |name: &str| DateTime::parse_from_rfc3339(order[name].as_str().unwrap_or_default());
        let (delivered, due) = (
            time("deliveredAt").expect("a time"),
            time("dueAt").expect("a time"),
        );
        let terms = Days::new(self.shop.terms_days.unsigned_abs());
        assert_eq!(
            Some(due),
            delivered.checked_add_days(terms),
            "due after the shop's own terms"
        );
        assert!(
            order["invoiceNumber"]
                .as_str()
                .is_some_and(|invoice| !invoice.is_empty()),
            "{order}"
        );
        let balance = world::balance(self.mesh, &self.shop.account_id).await;
        let seen = (
            balance["owedPaisa"].as_i64(),
            balance["heldPaisa"].as_i64(),
            balance["availablePaisa"].as_i64(),
        );
        assert_eq!(
            seen,
            (Some(total), Some(0), Some(self.shop.limit_paisa - total)),
            "the debt counts once"
        );
        let told = self.phone.ask("BALANCE", "You owe", REPLY).await;
        assert!(
            told.text.contains(&format!("You owe: {}", Paisa::new(total))),
            "{}",
            told.text
        );
    }

    /// Rows of all four services; what the confirmation caused is one trace.
    async fn timeline(&self, number: &str) {
        let story = self
            .mesh
            .rest()
            .get(&format!("/api/v1/orders/{number}/timeline"))
            .await
            .ok();
        assert_eq!(story["missing"], json!([]), "every service answered");
        let entries = story["entries"].as_array().cloned().unwrap_or_default();
        let services = |wanted: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
            let rows = entries.iter().filter(|entry| wanted(entry));
            rows.map(|entry| entry["service"].as_str().unwrap_or_default().to_owned())
                .collect()
        };
        let all = ["credit", "inventory", "notification", "order"]
            .map(str::to_owned)
            .into();
        assert_eq!(services(&|_| true), all);
        for entry in &entries {
            let cause = entry["causeId"].as_str().unwrap_or_default();
            let trace = entry["traceId"].as_str().unwrap_or_default();
            assert!(
                !cause.is_empty() && trace.len() == 32,
                "a row without cause or trace: {entry}"
            );
        }
        for (kind, start) in [
            ("message_in", "text message received, outcome answered"),
            ("message_out", "quote to "),
            ("message_out", "vendor_order_step to "),
        ] {
            let said = |entry: &Value| {
                entry["summary"]
                    .as_str()
                    .is_some_and(|text| text.starts_with(start))
            };
            assert!(
                entries.iter().any(|entry| entry["kind"] == kind && said(entry)),
                "no {start:?} in {entries:#?}"
            );
        }
        let placed = entries
            .iter()
            .find(|entry| entry["kind"] == "status")
            .expect("the order was placed");
        let (cause, trace) = (&placed["causeId"], &placed["traceId"]);
        assert!(
            cause.as_str().is_some_and(|cause| cause.starts_with("inb_")),
            "placed by a message: {placed}"
        );
        assert_eq!(
            services(&|entry| entry["traceId"] == *trace),
            all,
            "one trace through all services"
        );
        assert_eq!(
            services(&|entry| entry["causeId"] == *cause),
            all,
            "one cause in all services"
        );
        let posted = entries
            .iter()
            .any(|entry| entry["service"] == "credit" && entry["kind"] != placed["kind"]);
        assert!(posted, "the posting is part of the story");
    }

    async fn pays(&mut self, total: i64) {
        let paid = total / 3;
        let payment = json!({
            "account_id": self.shop.account_id, "amount_paisa": paid, "method": "MOBILE_MONEY", "reference": "esewa-1",
        });
        self.mesh.rest().post("/api/v1/payments", payment).await.ok();
        let told = self
            .phone
            .expect(&format!("We received your payment of {}", Paisa::new(paid)), SOON)
            .await;
        assert!(
            told.text
                .contains(&format!("You now owe {}", Paisa::new(total - paid))),
            "{}",
            told.text
        );
        let balance = world::balance(self.mesh, &self.shop.account_id).await;
        assert_eq!(balance["owedPaisa"].as_i64(), Some(total - paid));
    }

    /// A second order that is given up before its delivery: credit and stock are free again.
    async fn cancels(&mut self) {
        let before = world::balance(self.mesh, &self.shop.account_id).await;
        self.phone.ask(&self.basket.text(), "Your order:", REPLY).await;
        let number = self.phone.ask("confirm", "is placed", REPLY).await.order_number();
        self.phone
            .ask(
                &format!("CANCEL {number}"),
                &format!("Your order {number} is cancelled"),
                REPLY,
            )
            .await;
        world::order_is(self.mesh, &number, "CANCELLED", SOON).await;
        khaacho_e2e::check::quiesce(&self.mesh.database, self.mesh.now()).await;
        assert_eq!(world::balance(self.mesh, &self.shop.account_id).await, before);
    }
}

/// The total of a quote from its lines, in whole paisa.
fn by_hand(quote: &Value) -> i64 {
    let lines = quote["lines"].as_array().expect("lines");
    let sum = |taxed: bool| -> i64 {
        let wanted = lines
            .iter()
            .filter(|line| !taxed || line["vatBp"].as_i64() > Some(0));
        wanted
            .map(|line| line["amountPaisa"].as_i64().expect("an amount"))
            .sum()
    };
    sum(false) + (sum(true) * 13 + 50) / 100
}
