//! Which limit applies to whom.

use std::time::Duration;

use khaacho_config::Secret;
use khaacho_fault::Fault;
use khaacho_lifecycle::Clock;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::edge::Arrival;
use crate::limits::{Decision, Limiter, Outcome, Policies, Policy};
use crate::problem::Problem;

/// The limiter with its policies.
#[derive(Clone)]
pub(crate) struct Rates {
    limiter: Limiter,
    pub(crate) policies: Policies,
    enabled: bool,
}

impl Rates {
    /// Counts in Redis when an address is given, else in this process.
    pub(crate) fn new(clock: Clock, policies: Policies, enabled: bool, redis: Option<&Secret>) -> Self {
        Self {
            limiter: Limiter::new(clock, redis.and_then(shared)),
            policies,
            enabled,
        }
    }

    /// Takes one unit for `subject`, and notes the figures for the answer.
    ///
    /// # Errors
    /// 429 with `RATE_LIMITED` above the limit.
    pub(crate) async fn take(
        &self,
        policy: &Policy,
        subject: &str,
        arrival: &Arrival,
    ) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        let decision = self.limiter.check(policy, subject).await;
        let refused = decision.outcome == Outcome::Refused;
        let wait = decision.retry_after;
        // Two limits of one request: the answer shows the first one that was looked at, unless a later one
        // refuses.
        let _shown = arrival.limit.set(decision);
        if refused {
            metrics::counter!("security_events_total", "kind" => "rate_limited").increment(1);
            return Err(Fault::exhausted(wait).fact("policy", policy.name).into());
        }
        Ok(())
    }

    /// Takes one unit without consequences for the caller.
    pub(crate) async fn count(&self, policy: &Policy, subject: &str) -> Option<Decision> {
        if !self.enabled {
            return None;
        }
        Some(self.limiter.check(policy, subject).await)
    }
}

/// A connection that is made on first use and never waited for longer than the limiter allows.
fn shared(url: &Secret) -> Option<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(Duration::from_secs(1)))
        .set_response_timeout(Some(Duration::from_millis(50)));
    let manager = redis::Client::open(url.expose())
        .and_then(|client| ConnectionManager::new_lazy_with_config(client, config));
    match manager {
        Ok(manager) => Some(manager),
        Err(error) => {
            tracing::warn!(%error, "rate limits count in this process only");
            None
        }
    }
}
