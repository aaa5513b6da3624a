//! W5: payments, each a balanced entry of two lines in the ledger.

use super::client::Connection;
use super::data;
use super::orders::{Mix, trouble};
use super::pace::Workload;
use super::tally::Outcome;

/// Recording payments.
#[derive(Debug)]
pub struct Payments {
    mix: Mix,
    seed: u64,
    tag: String,
    key: String,
}

impl Payments {
    /// With [`Mix::Hot`] all of one shop, otherwise of all shops alike.
    #[must_use]
    pub fn new(mix: Mix, seed: u64, tag: &str, key: &str) -> Self {
        Self {
            mix,
            seed,
            tag: tag.to_owned(),
            key: format!("Bearer {key}"),
        }
    }
}

impl Workload for Payments {
    async fn operate(&self, n: u64, connection: &mut Connection) -> Outcome {
        let mut rng = data::stream(self.seed, n);
        let shop = match self.mix {
            Mix::Hot => data::shop(0),
            _ => data::shop(rng.u64(0..data::SHOPS)),
        };
        let once = format!("{}-{n}", self.tag);
        let body = format!(
            r#"{{"accountId":"{shop}","amountPaisa":{},"method":"CASH"}}"#,
            rng.u64(100..100_000)
        );
        let headers = [
            ("authorization", self.key.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &once),
        ];
        match connection
            .post("/api/v1/payments", &headers, body.as_bytes())
            .await
        {
            Ok(answer) if (200..300).contains(&answer.status) => Outcome::Good("posted"),
            Ok(answer) => Outcome::Bad(trouble(&answer)),
            Err(broken) => Outcome::Bad(broken.name().to_owned()),
        }
    }
}
