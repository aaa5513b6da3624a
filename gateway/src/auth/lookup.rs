//! From a presented key to a principal, with a short memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use khaacho_fault::Fault;
use khaacho_lifecycle::Clock;
use khaacho_pg::Db;
use khaacho_rpc::Principal;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::key::Credential;
use super::store::{self, Stored};
use crate::edge::OVERLOADED;

/// How long a look-up is remembered; so long may a revoked key go on in another process.
const REMEMBERED_FOR: Duration = Duration::from_secs(30);
/// Keys remembered at once. Unknown ids are remembered too, so somebody could send many.
const REMEMBERED_MAX: usize = 4096;
/// Keys that were never good here and are looked up at once: half of the gateway's connections.
const TURNS: usize = 1;
/// Longest wait for one's turn.
const TURN: Duration = Duration::from_secs(1);
/// How often the last use of a key is written.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// Checks API keys. Cheap to clone; clones share their memory.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    clock: Clock,
    known: Arc<Mutex<HashMap<String, Known>>>,
    turns: Arc<Semaphore>,
}

#[derive(Clone)]
struct Known {
    stored: Option<Arc<Stored>>,
    loaded: Instant,
    touched: Option<Instant>,
}

impl Auth {
    /// A checker over the gateway's own schema.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            known: Arc::default(),
            turns: Arc::new(Semaphore::new(TURNS)),
        }
    }

    /// Who has this key. Every defect of a key is the same `UNAUTHENTICATED`.
    ///
    /// # Errors
    /// `Unauthenticated`, or `Unavailable` when the key is not remembered and the database does not say.
    pub(crate) async fn check(&self, credential: &Credential) -> Result<Principal, Fault> {
        let checked = self.prove(credential).await;
        if let Err(fault) = &checked
            && fault.kind() == khaacho_fault::Kind::Unauthenticated
        {
            note_bad_key();
        }
        checked
    }

    async fn prove(&self, credential: &Credential) -> Result<Principal, Fault> {
        let now = self.clock.now();
        let stored = self
            .load(&credential.id)
            .await?
            .ok_or_else(Fault::unauthenticated)?;
        if !credential.proves(&stored.secret_sha256) || !is_valid(&stored, now) {
            return Err(Fault::unauthenticated());
        }
        self.touch(&credential.id, now).await;
        Ok(Principal {
            subject: format!("key_{}", credential.id),
            role: stored.role.0,
            scope: stored.scope.clone(),
        })
    }

    async fn load(&self, id: &str) -> Result<Option<Arc<Stored>>, Fault> {
        if let Some(stored) = self.remembered(id) {
            return Ok(stored);
        }
        let _turn = self.turn(id).await?;
        // Somebody else may have asked for it meanwhile.
        if let Some(stored) = self.remembered(id) {
            return Ok(stored);
        }
        let stored = store::find(&self.db, id).await?.map(Arc::new);
        let mut known = self.lock();
        if known.len() >= REMEMBERED_MAX && !known.contains_key(id) {
            known.retain(|_, entry| entry.loaded.elapsed() < REMEMBERED_FOR && entry.stored.is_some());
            if known.len() >= REMEMBERED_MAX {
                known.clear();
            }
        }
        let touched = known.get(id).and_then(|before| before.touched);
        let entry = Known {
            stored: stored.clone(),
            loaded: Instant::now(),
            touched,
        };
        known.insert(id.to_owned(), entry);
        Ok(stored)
    }

    fn remembered(&self, id: &str) -> Option<Option<Arc<Stored>>> {
        let known = self.lock();
        let fresh = known
            .get(id)
            .filter(|known| known.loaded.elapsed() < REMEMBERED_FOR);
        fresh.map(|known| known.stored.clone())
    }

    /// A turn to ask the database for a key; one that was good before needs none. Keys that nobody knows leave
    /// connections for the rest.
    async fn turn(&self, id: &str) -> Result<Option<SemaphorePermit<'_>>, Fault> {
        let good = self.lock().get(id).is_some_and(|known| known.stored.is_some());
        if good {
            return Ok(None);
        }
        match tokio::time::timeout(TURN, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(Fault::unavailable("too many keys are being looked up").because(OVERLOADED)),
        }
    }

    /// Writes the use of a key once a minute. Losing one costs nothing but a less exact date.
    async fn touch(&self, id: &str, now: DateTime<Utc>) {
        let due = self.lock().get_mut(id).is_some_and(|known| {
            let due = known.touched.is_none_or(|at| at.elapsed() >= TOUCH_EVERY);
            if due {
                known.touched = Some(Instant::now());
            }
            due
        });
        if due && let Err(fault) = store::touch(&self.db, id, now).await {
            tracing::warn!(
                fault.reason = fault.reason(),
                key.id = id,
                "the use of a key was not noted"
            );
        }
    }

    /// Forgets what is known about a key.
    pub(super) fn forget(&self, id: &str) {
        self.lock().remove(id);
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a key that is none.
pub(crate) fn note_bad_key() {
    metrics::counter!("security_events_total", "kind" => "bad_api_key").increment(1);
}

fn is_valid(stored: &Stored, now: DateTime<Utc>) -> bool {
    stored.revoked_at.is_none() && stored.expires_at.is_none_or(|at| now < at)
}
