//! Makes the data set: vendors and shops through the public API, products by SQL (see `goods.sql` for why).

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use sqlx::PgConnection;

use super::client::Connection;
use super::data;
use super::pace::{Arrival, Plan, Workload, offer};
use super::tally::Outcome;

const GOODS: &str = include_str!("goods.sql");

struct Seeding {
    key: String,
    requests: Vec<(&'static str, Value)>,
}

impl Workload for Seeding {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        let index = usize::try_from(n).unwrap_or(usize::MAX);
        let Some((path, body)) = self.requests.get(index) else {
            return Outcome::Bad("no such request".to_owned());
        };
        let once = format!("seed-{n}");
        let headers = [
            ("authorization", self.key.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &once),
        ];
        match connection.post(path, &headers, body.to_string().as_bytes()).await {
            Ok(answer) if (200..300).contains(&answer.status) => Outcome::Good("made"),
            Ok(answer) => Outcome::Bad(format!(
                "{path} {}: {}",
                answer.status,
                String::from_utf8_lossy(answer.body)
            )),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}

/// Makes the data set of a mesh that has none. `key` is an owner's, `database` a superuser's connection.
///
/// # Errors
/// When the mesh refuses any part of it.
pub async fn seed(address: &str, key: &str, database: &mut PgConnection) -> anyhow::Result<()> {
    let requests = data::parties();
    let wanted = u64::try_from(requests.len())?;
    let work = Arc::new(Seeding {
        key: format!("Bearer {key}"),
        requests,
    });
    let plan = Plan {
        arrival: Arrival::Closed,
        connections: 16,
        time: Duration::from_secs(120),
        count: wanted,
        first: 0,
    };
    let done = offer(work, address, &plan).await;
    let sum = done.tally.summary(done.wall);
    ensure!(sum.good == wanted, "the data set was not taken: {:?}", sum.errors);

    let goods = data::goods();
    let texts = |get: fn(&data::Goods) -> &str| goods.iter().map(get).collect::<Vec<_>>();
    let (made,): (i64,) = sqlx::query_as(GOODS)
        .bind(texts(|g| &g.sku))
        .bind(texts(|g| &g.vendor))
        .bind(goods.iter().map(|g| g.price_paisa).collect::<Vec<_>>())
        .bind(goods.iter().map(|g| g.units).collect::<Vec<_>>())
        .fetch_one(database)
        .await
        .context("the products were not taken")?;
    ensure!(
        usize::try_from(made)? == goods.len(),
        "only {made} products were taken"
    );
    Ok(())
}
