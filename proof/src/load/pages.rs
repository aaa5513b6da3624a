//! W6: pages of a shop's orders: the first one, and the one after it where there is one.

use std::time::Instant;

use anyhow::Context as _;

use super::client::Connection;
use super::data;
use super::orders::trouble;
use super::pace::Workload;
use super::tally::Outcome;

/// Reading lists.
#[derive(Debug)]
pub struct Pages {
    seed: u64,
    key: String,
    shops: Vec<String>,
}

impl Pages {
    /// Asks the mesh which shops there are; lists take their ids only. `key` is an owner's.
    ///
    /// # Errors
    /// When it does not say.
    pub async fn new(seed: u64, key: &str, address: &str) -> anyhow::Result<Self> {
        let mut pages = Self {
            seed,
            key: format!("Bearer {key}"),
            shops: Vec::new(),
        };
        let mut connection = Connection::new(address);
        let mut token = String::new();
        loop {
            let headers = [("authorization", pages.key.as_str())];
            let path = format!("/api/v1/accounts?pageSize=100&pageToken={token}");
            let answer = connection.get(&path, &headers).await;
            let answer = answer.map_err(|broken| anyhow::anyhow!("no list of shops: {}", broken.name()))?;
            let json = answer.json();
            let shops = json["accounts"].as_array().context("no list of shops")?;
            let ids = shops.iter().filter_map(|shop| shop["accountId"].as_str());
            pages.shops.extend(ids.map(str::to_owned));
            json["nextPageToken"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut token);
            if token.is_empty() {
                anyhow::ensure!(!pages.shops.is_empty(), "there are no shops");
                return Ok(pages);
            }
        }
    }

    async fn page(&self, connection: &mut Connection, path: &str) -> Result<String, Outcome> {
        let headers = [("authorization", self.key.as_str())];
        match connection.get(path, &headers).await {
            Ok(answer) if answer.status == 200 => {
                let json = answer.json();
                if json["orders"].as_array().is_none_or(Vec::is_empty) {
                    return Err(Outcome::Bad("an empty page".to_owned()));
                }
                Ok(json["nextPageToken"].as_str().unwrap_or_default().to_owned())
            }
            Ok(answer) => Err(Outcome::Bad(trouble(&answer))),
            Err(broken) => Err(Outcome::Bad(broken.name().to_owned())),
        }
    }

    async fn read(&self, n: u64, connection: &mut Connection) -> Result<Outcome, Outcome> {
        let mut rng = data::stream(self.seed, n);
        let shop = rng.choice(&self.shops).map_or("", String::as_str);
        let first = format!("/api/v1/orders?pageSize=50&accountId={shop}");
        let began = Instant::now();
        let token = self.page(connection, &first).await?;
        let mut steps = vec![("first page", began.elapsed())];
        if !token.is_empty() {
            let began = Instant::now();
            self.page(connection, &format!("{first}&pageToken={token}"))
                .await?;
            steps.push(("second page", began.elapsed()));
        }
        Ok(Outcome::Steps("listed", steps))
    }
}

impl Workload for Pages {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        self.read(n, connection).await.unwrap_or_else(|outcome| outcome)
    }
}
