//! Messages of phones, delivered as providers do.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fakes::{Incoming, Provider, Webhook};
use crate::history::Phase;

use super::actor::Actor;
use super::outcome::classify;
use super::world::Phone;

/// Meta goes on for days. A run that repeats a message this often will not get it through.
const META_TRIES: u32 = 400;
/// Twilio repeats once where its settings ask for it.
const TWILIO_TRIES: u32 = 2;
/// Longest pause between two deliveries; Meta's grows to hours.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// A message that was delivered at least once.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) op: String,
    pub(super) message: Incoming,
    /// Whether it was acknowledged.
    pub(super) acked: bool,
}

impl Actor {
    /// Says something and delivers it until it is acknowledged, or until the provider gives up. `v` has the intent and
    /// what belongs to it.
    pub(super) async fn say(&mut self, phone: &Phone, text: &str, tapped: &str, v: Value) -> Said {
        let op = self.op();
        let mid = match phone.provider {
            Provider::Meta => format!("wamid.{op}.{}", phone.provider.name()),
            Provider::Twilio => {
                let (left, right) = (self.random.u64(..), self.random.u64(..));
                format!("SM{left:016x}{right:016x}")
            }
        };
        let message = Incoming {
            provider: phone.provider,
            mid,
            phone: phone.number.clone(),
            text: text.to_owned(),
            tapped: tapped.to_owned(),
        };
        let mut v = v;
        v["prov"] = json!(phone.provider.name());
        v["mid"] = json!(message.mid);
        v["phone"] = json!(phone.number);
        v["text"] = json!(text);
        v["party"] = json!(phone.party);
        let doubled = self.stage.scenario.clients.doubled;
        let webhook = message.webhook();
        if !self.chance(doubled) {
            let acked = self.deliver("message", &op, phone.provider, &webhook, &v).await;
            return Said { op, message, acked };
        }
        let mut shadow = self.shadow();
        let said = Said {
            op: op.clone(),
            message,
            acked: false,
        };
        let second = async {
            let pause = shadow.random.u64(0..=8);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            shadow.deliver_again(&said).await;
        };
        let first = self.deliver("message", &op, phone.provider, &webhook, &v);
        let (acked, ()) = tokio::join!(first, second);
        self.give_back(shadow);
        Said { acked, ..said }
    }

    /// Delivers a message that was delivered before, byte for byte; whether it was acknowledged now.
    pub(super) async fn deliver_again(&mut self, said: &Said) -> bool {
        let op = self.op();
        let message = &said.message;
        let v = json!({
            "prov": message.provider.name(), "mid": message.mid, "phone": message.phone, "of": said.op,
        });
        self.deliver("dup", &op, message.provider, &message.webhook(), &v)
            .await
    }

    /// Delivers another text under the id of a message that was delivered before.
    pub(super) async fn deliver_twin(&mut self, said: &Said, text: &str) {
        let op = self.op();
        let message = Incoming {
            text: text.to_owned(),
            tapped: String::new(),
            ..said.message.clone()
        };
        let v = json!({
            "prov": message.provider.name(), "mid": message.mid, "phone": message.phone, "text": text,
            "of": said.op,
        });
        self.deliver("twin", &op, message.provider, &message.webhook(), &v)
            .await;
    }

    /// Delivers a message with a signature that somebody guessed.
    pub(super) async fn forge(&mut self, phone: &Phone, text: &str) {
        let op = self.op();
        let message = Incoming {
            provider: phone.provider,
            mid: format!("forged.{op}"),
            phone: phone.number.clone(),
            text: text.to_owned(),
            tapped: String::new(),
        };
        let v = json!({ "prov": message.provider.name(), "mid": message.mid });
        self.deliver("forged", &op, phone.provider, &message.webhook().forged(), &v)
            .await;
    }

    /// Whether it was acknowledged in the end.
    async fn deliver(&mut self, f: &str, op: &str, provider: Provider, webhook: &Webhook, v: &Value) -> bool {
        let tries = match provider {
            Provider::Meta => META_TRIES,
            Provider::Twilio => TWILIO_TRIES,
        };
        let mut pause = Duration::from_millis(self.random.u64(30..=150));
        for attempt in 1..=tries {
            let patience = self.patience();
            self.asked(f, op, attempt, v.clone());
            let began = self.stage.recorder.now_ns();
            let answer = webhook.deliver(&self.client.patient(patience), op).await;
            let took = (self.stage.recorder.now_ns() - began) / 1_000_000;
            let outcome = classify(&answer);
            let kept =
                json!({ "ms": took, "budget_ms": u64::try_from(patience.as_millis()).unwrap_or(u64::MAX) });
            self.told(f, op, attempt, outcome.phase, &answer, kept);
            if outcome.phase == Phase::Ok {
                self.stage.acked.fetch_add(1, Ordering::Relaxed);
                return true;
            }
            if !outcome.again {
                return false;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
        false
    }
}
