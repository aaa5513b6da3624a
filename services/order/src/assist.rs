//! Asks a language model what words may mean that our reader does not know. An accelerator of talk and nothing else:
//! whatever goes wrong, and whatever it says that does not hold, the message is answered as if there were none. See
//! ADR 0011.

mod wire;

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use khaacho_lifecycle::Breaker;
use moka::future::Cache;
use reqwest::Client;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, field};

use crate::config::AssistConfig;
use crate::domain::assist::{Proposal, Unread};
use crate::store::assist_quota;
use wire::Trouble;

/// All of it, over all tries.
const TIME_MAX: Duration = Duration::from_secs(3);
/// One try, so that a connection that went dead leaves time for another.
const TRY_MAX: Duration = Duration::from_secs(2);
/// Tries of one question.
const TRIES_MAX: u32 = 3;
/// Pause after the first try that failed; the next one is twice as long.
const PAUSE: Duration = Duration::from_millis(200);
/// Questions that failed in a row after which nobody is asked for a while.
const FAILURES_MAX: u32 = 3;
/// For how long.
const REST: Duration = Duration::from_secs(30);
/// Longest rest that we let an endpoint ask for.
const REST_MAX: Duration = Duration::from_secs(300);
/// Questions under way at once: handlers of other messages go on meanwhile.
const AT_ONCE: usize = 2;
/// Answers that are kept, and for how long.
const ANSWERS_MAX: u64 = 1_000;
const ANSWER_LIFE: Duration = Duration::from_secs(60 * 60);

/// The model and what it has said.
pub struct Assist {
    config: AssistConfig,
    client: Client,
    /// By version of the catalogue and by what was asked.
    answers: Cache<(i64, String), Arc<Vec<Proposal>>>,
    breaker: Breaker,
    places: Semaphore,
}

impl Assist {
    /// A model that was not asked yet.
    ///
    /// # Errors
    /// Without a TLS provider of the process.
    pub fn new(config: AssistConfig) -> Result<Self, reqwest::Error> {
        let answers = Cache::builder()
            .max_capacity(ANSWERS_MAX)
            .time_to_live(ANSWER_LIFE);
        Ok(Self {
            config,
            client: wire::client(TRY_MAX)?,
            answers: answers.build(),
            breaker: Breaker::new(FAILURES_MAX, REST),
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// What the model takes the words for; nothing when it cannot be asked, does not answer in time, or talks of
    /// something else. Takes at most three seconds. Not to be called in a transaction.
    pub async fn ask(
        &self,
        pool: &PgPool,
        account_id: &str,
        day: NaiveDate,
        catalogue: i64,
        unread: &Unread,
    ) -> Arc<Vec<Proposal>> {
        let key = (catalogue, wire::question(unread));
        if let Some(known) = self.answers.get(&key).await {
            count("cached");
            return known;
        }
        let span = tracing::info_span!("assist", outcome = field::Empty, tries = field::Empty);
        let asking = async {
            let outcome = match self.answer(pool, account_id, day, &key.1).await {
                Ok(said) => {
                    let said = Arc::new(said);
                    self.answers.insert(key, said.clone()).await;
                    Ok(said)
                }
                Err(outcome) => Err(outcome),
            };
            let name = outcome.as_ref().err().copied().unwrap_or("answered");
            tracing::Span::current().record("outcome", name);
            count(name);
            outcome.unwrap_or_default()
        };
        asking.instrument(span).await
    }

    /// The answer, or why there is none.
    async fn answer(
        &self,
        pool: &PgPool,
        account_id: &str,
        day: NaiveDate,
        question: &str,
    ) -> Result<Vec<Proposal>, &'static str> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err("busy");
        };
        if !self.breaker.admits() {
            return Err("resting");
        }
        let deadline = Instant::now() + TIME_MAX;
        let most = self.config.daily;
        let taken = timeout_at(deadline, assist_quota::take(pool, account_id, day, most)).await;
        match taken {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Err("quota"),
            Ok(Err(_)) | Err(_) => return Err("database"),
        }
        let begun = Instant::now();
        let asked = timeout_at(deadline, self.tries(deadline, question)).await;
        metrics::histogram!("assist_seconds").record(begun.elapsed().as_secs_f64());
        let trouble = match asked {
            Ok(Ok(said)) => {
                self.breaker.succeeded();
                return Ok(said);
            }
            Ok(Err(trouble)) => trouble,
            Err(_elapsed) => Trouble::late(),
        };
        let open = match trouble.rest {
            Some(rest) => {
                self.breaker.open_for(rest.min(REST_MAX));
                true
            }
            None => self.breaker.failed(),
        };
        if open {
            tracing::warn!(outcome = trouble.outcome, "the assist rests, nobody waits for it");
        }
        Err(trouble.outcome)
    }

    /// Asks until there is an answer, a no that stays one, or no time.
    async fn tries(&self, deadline: Instant, question: &str) -> Result<Vec<Proposal>, Trouble> {
        let mut pause = PAUSE;
        let mut tried = 1;
        loop {
            tracing::Span::current().record("tries", tried);
            let trouble = match wire::exchange(&self.client, &self.config, question).await {
                Ok(said) => return Ok(said),
                Err(trouble) => trouble,
            };
            let wait = pause.max(trouble.rest.unwrap_or_default());
            if !trouble.passes || tried >= TRIES_MAX || Instant::now() + wait >= deadline {
                return Err(trouble);
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
            tried += 1;
        }
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("assist_calls_total", "outcome" => outcome).increment(1);
}
