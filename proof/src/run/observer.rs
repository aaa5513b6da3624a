//! Somebody who only looks: at single things through the API, and at everything at once through the contract views.

use std::time::Duration;

use serde_json::json;

use crate::views;

use super::actor::{Actor, Request};
use super::kept;

/// What the gateway gives a read: whatever is broken behind it, there is an answer by then.
const DEADLINE_MS: u64 = 5000;

/// The observer.
pub(super) struct Observer {
    actor: Actor,
    snapshots: u64,
    every: u64,
}

impl Observer {
    /// Takes a snapshot after so many acknowledged operations.
    pub(super) fn new(actor: Actor, every: u64) -> Self {
        Self {
            actor,
            snapshots: 0,
            every,
        }
    }

    /// Looks until the end.
    pub(super) async fn run(mut self) {
        while !self.actor.stage.over() {
            self.look().await;
            if self.actor.stage.acked() >= (self.snapshots + 1) * self.every {
                self.snapshots += 1;
                self.snapshot().await;
            }
            let think = Duration::from_millis(self.actor.random.u64(50..=250));
            self.actor.stage.pause(think).await;
        }
    }

    async fn look(&mut self) {
        let world = self.actor.stage.world();
        let owner = world.owner.clone();
        if self.actor.random.bool() {
            let from = if self.actor.random.bool() {
                &world.shared
            } else {
                &world.shops
            };
            let Some(shop) = self.actor.pick(from).cloned() else {
                return;
            };
            let path = format!("/api/v1/accounts/{}", shop.account);
            let asked = json!({ "retailer": shop.account });
            let request = Request::get("get_account", path, &owner, asked, kept::account);
            self.actor.ask(&patient(request)).await;
            return;
        }
        let Some(store) = self.actor.pick(&world.stores).cloned() else {
            return;
        };
        let products = world.products_of(store.group);
        let Some(product) = self.actor.pick(&products).copied() else {
            return;
        };
        let path = format!("/api/v1/offers?vendor_id={}&sku={}", store.vendor, product.sku);
        let asked = json!({ "vendor": store.vendor, "sku": product.sku });
        let request = Request::get("get_stock", path, &owner, asked, kept::stock);
        self.actor.ask(&patient(request)).await;
    }

    /// All views in one snapshot. Without a database there is none, and that is no finding.
    async fn snapshot(&mut self) {
        let stage = &self.actor.stage;
        let label = format!("at-{}", self.snapshots);
        let after = stage.mark("snapshot_begins", json!({ "label": label }));
        let url = stage.postgres.url("khaacho");
        match views::dump(&url, &stage.mesh.plan().dir, &label).await {
            Ok(()) => {
                stage.mark("snapshot", json!({ "label": label, "after": after }));
            }
            Err(error) => {
                stage.mark(
                    "no_snapshot",
                    json!({ "label": label, "error": format!("{error:#}") }),
                );
            }
        }
    }
}

/// Waits for the mesh's own deadline, so that a read that hangs is seen.
fn patient(request: Request) -> Request {
    Request {
        deadline_ms: Some(DEADLINE_MS),
        ..request
    }
}
