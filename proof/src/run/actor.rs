//! Somebody who does one thing at a time, and writes down everything he asks and is told.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lost};
use crate::history::{Entry, Phase};

use super::outcome::{Outcome, classify, reason};
use super::stage::Stage;

/// Longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// Longer than the mesh gives itself for anything.
const WAITS: Duration = Duration::from_secs(25);

/// Whoever waits for less than this may go without an answer even when nothing is broken.
const HASTY_MS: u64 = 2000;

/// An actor.
pub(super) struct Actor {
    pub(super) stage: Arc<Stage>,
    pub(super) name: String,
    pub(super) random: Rng,
    pub(super) client: Client,
    next: u64,
    /// Delivers what this one says a second time at the same moment.
    shadow: Option<Box<Actor>>,
}

/// An operation over REST.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Its kind in the history.
    pub(super) f: &'static str,
    /// What the history says is asked.
    pub(super) v: Value,
    pub(super) method: Method,
    pub(super) path: String,
    /// Body of a `POST`.
    pub(super) body: Value,
    /// API key.
    pub(super) key: String,
    /// Idempotency key, when not the operation's id.
    pub(super) idem: Option<String>,
    /// Milliseconds that the mesh gives itself for the answer, for a client that waits longer than that.
    pub(super) deadline_ms: Option<u64>,
    /// Seconds that the answer may wait for the outcome.
    pub(super) wait: u64,
    /// Takes what the history keeps out of the answer.
    pub(super) keep: fn(&Value) -> Value,
    /// Whether an acknowledgement counts towards the length of the run.
    pub(super) counts: bool,
}

/// How an operation ended.
#[derive(Debug, Clone)]
pub(super) struct Done {
    /// Its id.
    pub(super) op: String,
    /// What its last try was told.
    pub(super) phase: Phase,
    /// Body of the answer; null without one.
    pub(super) body: Value,
    /// Reason of a refusal.
    pub(super) reason: String,
}

impl Done {
    pub(super) fn ok(&self) -> bool {
        self.phase == Phase::Ok
    }
}

impl Request {
    /// A read.
    pub(super) fn get(f: &'static str, path: String, key: &str, v: Value, keep: fn(&Value) -> Value) -> Self {
        Self {
            f,
            v,
            method: Method::GET,
            path,
            body: Value::Null,
            key: key.to_owned(),
            idem: None,
            deadline_ms: None,
            wait: 0,
            keep,
            counts: true,
        }
    }

    /// A change.
    pub(super) fn post(
        f: &'static str,
        path: String,
        key: &str,
        v: Value,
        body: Value,
        keep: fn(&Value) -> Value,
    ) -> Self {
        Self {
            method: Method::POST,
            body,
            ..Self::get(f, path, key, v, keep)
        }
    }

    /// The same, not counted.
    pub(super) fn uncounted(self) -> Self {
        Self {
            counts: false,
            ..self
        }
    }
}

/// Nothing of the answer is kept.
pub(super) fn nothing(_body: &Value) -> Value {
    json!({})
}

impl Actor {
    pub(super) fn new(stage: &Arc<Stage>, name: &str) -> Self {
        Self {
            random: stage.scenario.stream(name),
            client: stage.mesh.stranger(),
            stage: stage.clone(),
            name: name.to_owned(),
            next: 0,
            shadow: None,
        }
    }

    /// Somebody else with a history of his own, who acts while this one does. Given back with [`Actor::give_back`].
    pub(super) fn shadow(&mut self) -> Box<Actor> {
        let name = format!("{}x", self.name);
        self.shadow
            .take()
            .unwrap_or_else(|| Box::new(Actor::new(&self.stage, &name)))
    }

    pub(super) fn give_back(&mut self, shadow: Box<Actor>) {
        self.shadow = Some(shadow);
    }

    /// True in so many of a thousand cases.
    pub(super) fn chance(&mut self, thousandths: u32) -> bool {
        self.random.u32(0..1000) < thousandths
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() {
            None
        } else {
            from.get(self.random.usize(0..from.len()))
        }
    }

    /// The id of the next operation.
    pub(super) fn op(&mut self) -> String {
        self.next += 1;
        format!("{}-{}", self.name, self.next)
    }

    /// How long the next try may take. Some are left at once, as clients do.
    pub(super) fn patience(&mut self) -> Duration {
        let clients = self.stage.scenario.clients.clone();
        let milliseconds = if self.chance(clients.leave) {
            self.random.u64(2..=40)
        } else {
            self.random.u64(clients.timeout_ms.0..=clients.timeout_ms.1)
        };
        Duration::from_millis(milliseconds)
    }

    /// Asks until there is a definite answer, a few times, always under the same key.
    pub(super) async fn ask(&mut self, request: &Request) -> Done {
        let op = self.op();
        self.ask_as(request, op).await
    }

    /// [`Actor::ask`] under a chosen id.
    pub(super) async fn ask_as(&mut self, request: &Request, op: String) -> Done {
        let mut pause = Duration::from_millis(self.random.u64(20..=120));
        for attempt in 1.. {
            let (outcome, answer) = self.attempt(request, &op, attempt).await;
            if !outcome.again || attempt >= self.stage.scenario.clients.tries {
                return Done {
                    op,
                    phase: outcome.phase,
                    reason: answer.as_ref().map(reason).unwrap_or_default().to_owned(),
                    body: answer.map(|answer| answer.body).unwrap_or_default(),
                };
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
        unreachable!("attempts end by their number")
    }

    async fn attempt(&mut self, request: &Request, op: &str, attempt: u32) -> (Outcome, Option<Answer>) {
        let patience = match request.deadline_ms {
            Some(_) => WAITS,
            None => self.patience() + Duration::from_secs(request.wait),
        };
        let wait = format!("wait={}", request.wait);
        let mut headers = vec![("x-request-id", op)];
        if request.method == Method::POST {
            headers.extend([
                ("content-type", "application/json"),
                ("idempotency-key", request.idem.as_deref().unwrap_or(op)),
            ]);
        }
        if request.wait > 0 {
            headers.push(("prefer", wait.as_str()));
        }
        let body = match &request.body {
            Value::Null => Bytes::new(),
            // A text is sent as it is: that is how a body comes to be no JSON.
            Value::String(raw) => Bytes::from(raw.clone()),
            body => Bytes::from(body.to_string()),
        };
        self.asked(request.f, op, attempt, request.v.clone());
        let client = self
            .client
            .with_key((!request.key.is_empty()).then_some(&request.key))
            .patient(patience);
        let began = self.stage.recorder.now_ns();
        let answer = client
            .send(request.method.clone(), &request.path, &headers, body)
            .await;
        let took = (self.stage.recorder.now_ns() - began) / 1_000_000;
        let outcome = classify(&answer);
        let mut v = match (&answer, outcome.phase) {
            (Ok(answer), Phase::Ok) => (request.keep)(&answer.body),
            _ => json!({}),
        };
        v["ms"] = json!(took);
        let budget = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        v["budget_ms"] = json!(request.deadline_ms.unwrap_or(budget));
        self.told(request.f, op, attempt, outcome.phase, &answer, v);
        if outcome.phase == Phase::Ok && request.counts {
            self.stage.acked.fetch_add(1, Ordering::Relaxed);
        }
        (outcome, answer.ok())
    }

    /// Writes down that a try begins.
    pub(super) fn asked(&self, f: &str, op: &str, attempt: u32, v: Value) {
        self.write(Phase::Invoke, f, op, attempt, 0, v, String::new());
    }

    /// Writes down how a try ended.
    pub(super) fn told(
        &self,
        f: &str,
        op: &str,
        attempt: u32,
        phase: Phase,
        answer: &Result<Answer, Lost>,
        mut v: Value,
    ) {
        let hasty = v["budget_ms"].as_u64().is_some_and(|budget| budget < HASTY_MS);
        let (http, err) = match answer {
            Ok(answer) => {
                if answer.header("idempotent-replay") == "true" {
                    v["replayed"] = json!(true);
                }
                if phase != Phase::Ok {
                    v["reason"] = json!(reason(answer));
                    v["outcome"] = json!(answer.header("x-outcome"));
                }
                (u32::from(answer.status), String::new())
            }
            Err(Lost::Timeout) if hasty => (0, "gave_up".to_owned()),
            Err(lost) => (0, lost.to_string()),
        };
        self.write(phase, f, op, attempt, http, v, err);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a line of the history has as many fields"
    )]
    fn write(&self, ph: Phase, f: &str, op: &str, attempt: u32, http: u32, v: Value, err: String) {
        self.stage.recorder.record(Entry {
            p: self.name.clone(),
            ph,
            f: f.to_owned(),
            op: op.to_owned(),
            attempt,
            http,
            v,
            err,
        });
    }
}
