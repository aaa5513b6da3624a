//! W2: a shop writes a list, reads the price, confirms, and reads that the order is placed. All over signed
//! webhooks and a provider that takes what the mesh sends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::client::Connection;
use super::data;
use super::orders::trouble;
use super::pace::Workload;
use super::sink::Sink;
use super::tally::Outcome;
use super::webhooks::Meta;

/// Longest wait for a message of the mesh.
const PATIENCE: Duration = Duration::from_secs(15);

/// Conversations that end with an order.
#[derive(Debug)]
pub struct Chats {
    meta: Meta,
    sink: Arc<Sink>,
    seed: u64,
    tag: String,
}

impl Chats {
    /// `tag` makes message ids this run's own.
    #[must_use]
    pub fn new(sink: Arc<Sink>, seed: u64, tag: &str) -> Self {
        Self {
            meta: Meta::default(),
            sink,
            seed,
            tag: tag.to_owned(),
        }
    }

    async fn say(
        &self,
        connection: &mut Connection,
        phone: &str,
        id: &str,
        text: &str,
    ) -> Result<(), Outcome> {
        match self.meta.deliver(connection, phone, id, text).await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(Outcome::Bad(trouble(&answer))),
            Err(broken) => Err(Outcome::Bad(broken.name().to_owned())),
        }
    }

    async fn talk(&self, n: u64, connection: &mut Connection) -> Result<Outcome, Outcome> {
        let mut rng = data::stream(self.seed, n);
        let phone = data::shop_phone(n % data::SHOPS);
        let vendor = rng.u64(0..data::VENDORS);
        let products = [rng.u64(1..=6), rng.u64(7..=13), rng.u64(14..=20)];
        let lines = products.map(|product| format!("{} x {}", data::sku(vendor, product), rng.u64(1..=5)));
        let began = Instant::now();
        let quoted = self.sink.expect(&phone, "CONFIRM");
        let id = |part: &str| format!("wamid.{}.{n}.{part}", self.tag);
        self.say(connection, &phone, &id("list"), &lines.join(", "))
            .await?;
        let quoted = heard(quoted, "no quote").await?;
        let confirmed = Instant::now();
        let placed = self.sink.expect(&phone, "is placed");
        self.say(connection, &phone, &id("yes"), "CONFIRM").await?;
        let placed = heard(placed, "not placed").await?;
        Ok(Outcome::Steps(
            "ordered by chat",
            vec![
                ("list to quote", quoted - began),
                ("confirmation to placed", placed - confirmed),
            ],
        ))
    }
}

impl Workload for Chats {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        self.talk(n, connection).await.unwrap_or_else(|outcome| outcome)
    }
}

async fn heard(told: oneshot::Receiver<Instant>, missing: &str) -> Result<Instant, Outcome> {
    match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(at)) => Ok(at),
        _ => Err(Outcome::Bad(missing.to_owned())),
    }
}
