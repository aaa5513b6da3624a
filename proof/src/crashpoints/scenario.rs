//! The fixed scenario, in chapters that share no entity: a crash in one of them cannot change another, so a crash point
//! is played with its own chapter only.

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};

use crate::fakes::{Incoming, Provider};
use crate::harness::Client;

use super::client::{Ask, Told, ask, deliver};
use super::stage::Stage;
use super::world::{Wanted, World};

/// A part of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Chapter {
    /// An order over REST from its placing to its payment, with keys of shop and vendor.
    Rest,
    /// An order by chat; the first vendor declines, the second accepts, the shop cancels.
    Chat,
    /// No vendor answers in time; an operator gives the order to one, and cancels it in the end.
    Silent,
    /// Refused for credit while the provider fails; refused for stock; cancelled before anybody accepted.
    Refused,
}

impl Chapter {
    pub(super) const ALL: [Self; 4] = [Self::Rest, Self::Chat, Self::Silent, Self::Refused];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Chat => "chat",
            Self::Silent => "silent",
            Self::Refused => "refused",
        }
    }

    /// Its actions in their order.
    pub(super) fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Rest => &[
                "order",
                "duplicate",
                "accept",
                "pack",
                "dispatch",
                "sendOut",
                "deliver",
                "payment",
                "limit",
                "complete",
            ],
            Self::Chat => &["list", "again", "confirm", "decline", "accept", "cancel"],
            Self::Silent => &["order", "silence", "nobody", "assign", "cancel"],
            Self::Refused => &[
                "credit", "limit", "quote", "shelf", "stock", "refill", "order", "cancel",
            ],
        }
    }

    pub(super) fn wanted(self) -> Wanted {
        Wanted {
            limit_paisa: if self == Self::Refused { 10_000 } else { 5_000_000 },
            provider: if self == Self::Chat {
                Provider::Twilio
            } else {
                Provider::Meta
            },
            keys: self == Self::Rest,
        }
    }
}

/// A chapter being played in a world.
pub(super) struct Play<'a> {
    stage: &'a Stage,
    pub(super) world: &'a World,
    pub(super) chapter: Chapter,
    client: Client,
    /// The order that is spoken of.
    order: String,
    number: String,
    quote: String,
    /// Action and what it was told.
    pub(super) answers: Vec<(String, String)>,
}

impl<'a> Play<'a> {
    pub(super) fn new(stage: &'a Stage, world: &'a World, chapter: Chapter) -> Self {
        Self {
            stage,
            world,
            chapter,
            client: stage.mesh.stranger(),
            order: String::new(),
            number: String::new(),
            quote: String::new(),
            answers: Vec::new(),
        }
    }

    /// Does one action and waits for its answer, not for what follows from it.
    pub(super) async fn act(&mut self, action: &'static str) -> anyhow::Result<()> {
        let told = match self.chapter {
            Chapter::Rest => self.rest(action).await,
            Chapter::Chat => self.chat(action).await.map(|()| "yes".to_owned()),
            Chapter::Silent => self.silent(action).await,
            Chapter::Refused => self.refused(action).await,
        };
        let told = told.with_context(|| format!("{}.{action}", self.chapter.name()))?;
        self.answers.push((action.to_owned(), told));
        Ok(())
    }

    async fn rest(&mut self, action: &'static str) -> anyhow::Result<String> {
        let world = self.world;
        let (shop, store) = (&world.account_key, &world.stores[0].key);
        let owner = self.stage.mesh.owner_key();
        let told = match action {
            "order" => {
                let told = self.place("order", [2, 1]).await?;
                self.remember(&told)?;
                told
            }
            "duplicate" => {
                let told = self.place("order", [2, 1]).await?;
                let same = told.body["order"]["orderId"] == self.order.as_str();
                anyhow::ensure!(same, "a repeated order is another order: {}", told.body);
                told
            }
            "complete" => self.step("complete", shop, json!({})).await?,
            "payment" => {
                let body = json!({
                    "account_id": world.account, "amount_paisa": 20_000, "method": "CASH",
                    "reference": format!("{}-payment", world.tag),
                });
                self.post(action, "/api/v1/payments", owner, &body).await?
            }
            "limit" => self.limit(4_000_000).await?,
            verb => self.step(verb, store, json!({})).await?,
        };
        Ok(told.short())
    }

    async fn silent(&mut self, action: &'static str) -> anyhow::Result<String> {
        let owner = self.stage.mesh.owner_key();
        let told = match action {
            "order" => {
                let told = self.place(action, [1, 1]).await?;
                self.remember(&told)?;
                told
            }
            "assign" => {
                let vendor = &self.world.stores[0].vendor;
                let body = json!({ "vendor_id": vendor, "reason": "somebody has to" });
                self.step(action, owner, body).await?
            }
            "cancel" => {
                self.step(action, owner, json!({ "reason": "it took too long" }))
                    .await?
            }
            _ => {
                self.stage.deadline_passes(&self.order).await?;
                return Ok("yes".to_owned());
            }
        };
        Ok(told.short())
    }

    async fn refused(&mut self, action: &'static str) -> anyhow::Result<String> {
        let world = self.world;
        let owner = self.stage.mesh.owner_key();
        let told = match action {
            "credit" => {
                self.stage.provider.break_for(&world.phone, 1);
                self.place(action, [1, 1]).await?
            }
            "limit" => self.limit(5_000_000).await?,
            "quote" => {
                let body = self.lines([3, 0]);
                let told = self.post(action, "/api/v1/orders:quote", owner, &body).await?;
                self.quote = told.body["quote"]["quoteId"]
                    .as_str()
                    .context("a quote has an id")?
                    .to_owned();
                told
            }
            "shelf" => self.shelf(action, 0).await?,
            "stock" => {
                let body = json!({ "quote_id": self.quote });
                self.post(action, "/api/v1/orders", owner, &body).await?
            }
            "refill" => self.shelf(action, 40_000).await?,
            "order" => {
                let told = self.place(action, [1, 2]).await?;
                self.remember(&told)?;
                told
            }
            _ => {
                self.step("cancel", owner, json!({ "reason": "not needed any more" }))
                    .await?
            }
        };
        Ok(told.short())
    }

    async fn chat(&mut self, action: &'static str) -> anyhow::Result<()> {
        let world = self.world;
        let [first, second] = &world.stores;
        let meta = Provider::Meta;
        match action {
            "list" | "again" => {
                let text = format!("{} x 2, {} x 1", world.skus[0], world.skus[1]);
                self.say("list", &world.phone, world.provider, &text).await
            }
            "confirm" => self.say(action, &world.phone, world.provider, "CONFIRM").await,
            "decline" => {
                self.find().await?;
                let text = format!("DECLINE {} out of rice", self.number);
                self.say(action, &first.phone, meta, &text).await
            }
            "accept" => {
                let text = format!("ACCEPT {}", self.number);
                self.say(action, &second.phone, meta, &text).await
            }
            _ => {
                let text = format!("CANCEL {} not needed any more", self.number);
                self.say(action, &world.phone, world.provider, &text).await
            }
        }
    }

    /// The order of a shop that has one.
    async fn find(&mut self) -> anyhow::Result<()> {
        let found = self.stage.order_of(&self.world.account).await?;
        (self.order, self.number) = found.context("no order came from the confirmation")?;
        Ok(())
    }

    fn remember(&mut self, told: &Told) -> anyhow::Result<()> {
        let text = |name: &str| told.body["order"][name].as_str().unwrap_or_default().to_owned();
        (self.order, self.number) = (text("orderId"), text("orderNumber"));
        anyhow::ensure!(
            !self.order.is_empty(),
            "an order was refused: {} {}",
            told.status,
            told.body
        );
        Ok(())
    }

    fn lines(&self, packets: [i64; 2]) -> Value {
        let lines: Vec<Value> = self
            .world
            .skus
            .iter()
            .zip(packets)
            .filter(|(_, packets)| *packets > 0)
            .map(|(sku, packets)| json!({ "sku": sku, "quantity": packets.to_string() }))
            .collect();
        json!({ "account_id": self.world.account, "lines": lines })
    }

    async fn place(&self, action: &str, packets: [i64; 2]) -> anyhow::Result<Told> {
        let body = self.lines(packets);
        self.post(action, "/api/v1/orders", &self.world.account_key, &body)
            .await
    }

    async fn step(&self, verb: &str, key: &str, body: Value) -> anyhow::Result<Told> {
        let path = format!("/api/v1/orders/{}:{verb}", self.order);
        self.post(verb, &path, key, &body).await
    }

    async fn limit(&self, paisa: i64) -> anyhow::Result<Told> {
        let path = format!("/api/v1/accounts/{}:setLimit", self.world.account);
        let body = json!({ "limit_paisa": paisa, "reason": "reviewed" });
        self.post("limit", &path, self.stage.mesh.owner_key(), &body)
            .await
    }

    /// Counts the first product in both stores.
    async fn shelf(&self, action: &str, milli: i64) -> anyhow::Result<Told> {
        let mut last = None;
        for (n, store) in self.world.stores.iter().enumerate() {
            let body = json!({
                "vendor_id": store.vendor, "sku": self.world.skus[0], "counted": true, "counted_milli": milli,
                "reason": format!("{}-{action}", self.world.tag),
            });
            let told = self
                .post(&format!("{action}{n}"), "/api/v1/stock:adjust", &store.key, &body)
                .await?;
            last = Some(told);
        }
        last.context("there are stores")
    }

    async fn post(&self, action: &str, path: &str, key: &str, body: &Value) -> anyhow::Result<Told> {
        let asked = Ask {
            id: &format!("{}-{action}", self.world.tag),
            method: Method::POST,
            path,
            body,
        };
        ask(&self.client.with_key(Some(key)), &asked).await
    }

    async fn say(&self, action: &str, phone: &str, provider: Provider, text: &str) -> anyhow::Result<()> {
        let id = format!("{}-{action}", self.world.tag);
        let message = Incoming {
            provider,
            mid: match provider {
                Provider::Meta => format!("wamid.{id}"),
                // Twilio's ids have 32 digits.
                Provider::Twilio => format!("SM{:0>32}", hex(&id)),
            },
            phone: phone.to_owned(),
            text: text.to_owned(),
            tapped: String::new(),
        };
        deliver(&self.client, &id, &message.webhook()).await
    }
}

/// The last sixteen bytes of a text as hexadecimal digits.
fn hex(text: &str) -> String {
    let start = text.len().saturating_sub(16);
    text.as_bytes()
        .iter()
        .skip(start)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
