//! The probes that ask: each looks again and again until it is told to stop. What changes something keeps its
//! idempotency key until it was acknowledged, as a good client does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::cell::Cell;
use super::diary::{Diary, Sample, again};
use super::parties::Parties;
use super::seen::{self, Probe, Seen};
use super::stage::Stage;
use crate::fakes::{Incoming, Provider};
use crate::harness::{Answer, Client, Lost};

/// Between two looks of one probe.
const PAUSE: Duration = Duration::from_millis(350);
/// Between two looks that make somebody's phone ring: a phone gets one message in six seconds after the first 45.
const LOUD: Duration = Duration::from_millis(600);
/// Longer than any deadline of the mesh.
const PATIENCE: Duration = Duration::from_secs(14);

/// What the probes of a cell share.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) stage: Arc<Stage>,
    pub(super) cell: Cell,
    /// Distinguishes the keys of this cell, and of this try of it.
    pub(super) tag: String,
    /// Numbers of phones from here on are nobody's.
    pub(super) strangers: u64,
    pub(super) parties: Parties,
    pub(super) diary: Diary,
    pub(super) stop: CancellationToken,
    /// When everything was mended.
    pub(super) healed: OnceLock<Duration>,
    pub(super) acked: Acked,
}

/// What was acknowledged, to be counted in the books afterwards.
#[derive(Debug, Default)]
pub(super) struct Acked {
    pub(super) orders: AtomicU64,
    pub(super) waited: AtomicU64,
    pub(super) talked: AtomicU64,
    /// Confirmations that were delivered; an order of one may be there before its shop hears of it.
    pub(super) confirmed: AtomicU64,
    pub(super) payments: AtomicU64,
    pub(super) moves: AtomicU64,
}

impl Scene {
    pub(super) fn note(&self, probe: Probe, began: Duration, seen: Seen) {
        self.diary.write(Sample {
            probe,
            began,
            ended: self.stage.now(),
            seen,
        });
    }
}

impl Scene {
    /// Whether a probe has seen that all is well again.
    fn is_over(&self, probe: Probe) -> bool {
        let healed = self.healed.get();
        healed.is_some_and(|healed| again(&self.diary.samples(), probe, *healed).is_some())
    }
}

/// Starts every probe that is no talk.
pub(super) fn start(scene: &Arc<Scene>, all: &mut JoinSet<()>) {
    for probe in Probe::ALL {
        if !probe.talks() {
            all.spawn(look(scene.clone(), probe));
        }
    }
}

async fn look(scene: Arc<Scene>, probe: Probe) {
    let mut n = 0;
    let pause = match probe {
        Probe::Order | Probe::OrderWait | Probe::Payment | Probe::Ack => LOUD,
        _ => PAUSE,
    };
    while !scene.stop.is_cancelled() && !scene.is_over(probe) {
        let began = scene.stage.now();
        let seen = match probe {
            Probe::Ready => ready(&scene).await,
            Probe::Health => health(&scene).await,
            Probe::Order | Probe::OrderWait => order(&scene, probe, &mut n).await,
            Probe::Accept => accept(&scene, &mut n).await,
            Probe::Payment => payment(&scene, &mut n).await,
            Probe::Stock => stock(&scene, &mut n).await,
            Probe::Ack => message(&scene, &mut n).await,
            _ => list(&scene, probe).await,
        };
        scene.note(probe, began, seen);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = scene.stop.cancelled() => {}
        }
    }
}

fn client(scene: &Scene, key: &str) -> Client {
    scene.stage.mesh.stranger().with_key(Some(key)).patient(PATIENCE)
}

/// Asks for a change under the key of its `n`-th try; the next one comes when this was acknowledged.
async fn change(
    scene: &Scene,
    probe: Probe,
    client: &Client,
    (path, body): (&str, Value),
    headers: &[(&str, &str)],
    n: &mut u64,
) -> (Result<Answer, Lost>, Duration, bool) {
    let key = format!("{}-{probe:?}-{n}", scene.tag);
    let mut all = vec![("idempotency-key", key.as_str())];
    all.extend_from_slice(headers);
    let began = scene.stage.now();
    let answer = client.post(path, &all, &body).await;
    let took = scene.stage.now() - began;
    let acked = matches!(&answer, Ok(answer) if (200..300).contains(&answer.status));
    // a no is remembered under its key, too
    let told = |status: u16| acked || matches!(status, 404 | 409 | 422);
    if matches!(&answer, Ok(answer) if told(answer.status)) {
        *n += 1;
    }
    (answer, took, acked)
}

async fn order(scene: &Scene, probe: Probe, n: &mut u64) -> Seen {
    let waits = probe == Probe::OrderWait;
    let parties = &scene.parties;
    let (shop, counter, headers) = if waits {
        (
            &parties.waiter,
            &scene.acked.waited,
            [("prefer", "wait=3")].as_slice(),
        )
    } else {
        (&parties.buyer, &scene.acked.orders, [].as_slice())
    };
    let seller = if waits { &parties.other } else { &parties.seller };
    let body = json!({ "lines": [{ "sku": seller.sku, "quantity": "1" }] });
    let asked = ("/api/v1/orders", body);
    let (answer, took, acked) = change(scene, probe, &client(scene, &shop.key), asked, headers, n).await;
    if acked {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    seen::answer(probe, &answer, took, |answer| {
        let status = answer.body["order"]["status"].as_str().unwrap_or_default();
        match (answer.body["settled"].as_bool(), status) {
            (_, "ORDER_STATUS_REFUSED") => Some("refused by a rule"),
            (Some(false), _) if waits => Some("202, outcome later"),
            _ => None,
        }
    })
}

/// The offered orders one after the other; the first again when all are accepted.
async fn accept(scene: &Scene, n: &mut u64) -> Seen {
    let vendor = &scene.parties.vendor;
    let place = usize::try_from(*n).unwrap_or(0) % vendor.offered.len().max(1);
    let Some(order) = vendor.offered.get(place) else {
        return Seen::other("nothing to accept");
    };
    let path = format!("/api/v1/orders/{order}:accept");
    let key = format!("{}-accept-{place}", scene.tag);
    let headers = [("idempotency-key", key.as_str())];
    let began = scene.stage.now();
    let answer = client(scene, &vendor.key).post(&path, &headers, &json!({})).await;
    *n += u64::from(matches!(&answer, Ok(answer) if answer.status == 200));
    seen::answer(Probe::Accept, &answer, scene.stage.now() - began, |_| None)
}

async fn payment(scene: &Scene, n: &mut u64) -> Seen {
    let shop = &scene.parties.payer;
    let body = json!({
        "account_id": shop.account, "amount_paisa": 100, "method": "CASH",
        "reference": format!("{}-{n}", scene.tag),
    });
    let owner = client(scene, scene.stage.mesh.owner_key());
    let asked = ("/api/v1/payments", body);
    let (answer, took, acked) = change(scene, Probe::Payment, &owner, asked, &[], n).await;
    if acked {
        scene.acked.payments.fetch_add(1, Ordering::Relaxed);
    }
    seen::answer(Probe::Payment, &answer, took, |_| None)
}

async fn stock(scene: &Scene, n: &mut u64) -> Seen {
    let vendor = &scene.parties.vendor;
    let body = json!({
        "vendor_id": vendor.id, "sku": vendor.sku, "delta_milli": 1000,
        "reason": format!("{}-{n}", scene.tag),
    });
    let owner = client(scene, scene.stage.mesh.owner_key());
    let asked = ("/api/v1/stock:adjust", body);
    let (answer, took, acked) = change(scene, Probe::Stock, &owner, asked, &[], n).await;
    if acked {
        scene.acked.moves.fetch_add(1, Ordering::Relaxed);
    }
    seen::answer(Probe::Stock, &answer, took, |_| None)
}

/// A message of somebody who has not written before; one that was not acknowledged is delivered again.
async fn message(scene: &Scene, n: &mut u64) -> Seen {
    let message = Incoming {
        provider: Provider::Meta,
        mid: format!("wamid.{}.stranger.{n}", scene.tag),
        phone: format!("+97798{:08}", scene.strangers + *n),
        text: "HELP".to_owned(),
        tapped: String::new(),
    };
    let gateway = scene.stage.mesh.stranger().patient(PATIENCE);
    let began = scene.stage.now();
    let answer = message.webhook().deliver(&gateway, "").await;
    *n += u64::from(matches!(&answer, Ok(answer) if answer.status == 200));
    seen::answer(Probe::Ack, &answer, scene.stage.now() - began, |_| None)
}

async fn list(scene: &Scene, probe: Probe) -> Seen {
    let path = match probe {
        Probe::Orders => "/api/v1/orders?page_size=5",
        Probe::Accounts => "/api/v1/accounts?page_size=5",
        Probe::Products => "/api/v1/products?page_size=5",
        Probe::Messages => "/api/v1/notifications?page_size=5",
        _ => "/api/v1/ops/jobs?service=order&page_size=5",
    };
    let began = scene.stage.now();
    let answer = client(scene, scene.stage.mesh.owner_key()).get(path).await;
    seen::answer(probe, &answer, scene.stage.now() - began, |_| None)
}

async fn health(scene: &Scene) -> Seen {
    let began = scene.stage.now();
    let answer = scene.stage.mesh.stranger().patient(PATIENCE).get("/health").await;
    let took = scene.stage.now() - began;
    match &answer {
        Ok(told) if matches!(told.status, 200 | 503) => {
            let mut seen = Seen::other(&health_words(told.status, &told.body));
            if told.status == 200 && told.body["status"] == "healthy" {
                seen = Seen::normal();
            }
            let late = took > Probe::Health.budget() + Duration::from_secs(1);
            seen.defect = late.then(|| format!("an answer after {:.1} s", took.as_secs_f64()));
            seen
        }
        _ => seen::answer(Probe::Health, &answer, took, |_| None),
    }
}

/// `200 degraded: redis`.
fn health_words(status: u16, body: &Value) -> String {
    let mut bad: Vec<&str> = Vec::new();
    for check in ["database", "redis"] {
        if body["checks"][check]["status"] != "healthy" {
            bad.push(check);
        }
    }
    let services = body["services"].as_object();
    for (name, word) in services.into_iter().flatten() {
        if word != "operational" {
            bad.push(name);
        }
    }
    let word = body["status"].as_str().unwrap_or("without a word");
    format!("{status} {word}: {}", bad.join(", "))
}

async fn ready(scene: &Scene) -> Seen {
    let mut not = scene.stage.not_ready().await;
    not.sort_unstable();
    if not.is_empty() {
        Seen::normal()
    } else if not.len() == scene.stage.mesh.roles().len() {
        Seen::other("503 from all")
    } else {
        Seen::other(&format!("503 from {}", not.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_names_what_is_not_well() {
        let body = json!({
            "status": "degraded",
            "checks": { "database": { "status": "healthy" }, "redis": { "status": "degraded" } },
            "services": { "credit": "operational", "order": "down" },
        });
        assert_eq!(health_words(200, &body), "200 degraded: redis, order");
    }
}
