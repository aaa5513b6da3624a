//! The commands of the tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use khaacho_durable::{Command, NewJob, Transact, Tx};
use khaacho_fault::Fault;
use serde::{Deserialize, Serialize};

/// Writes one effect. Refused while an effect `closed` is there.
#[derive(Serialize, Default)]
pub struct Note {
    pub label: String,
    #[serde(skip)]
    jobs: Vec<NewJob>,
    #[serde(skip)]
    first: &'static str,
    #[serde(skip)]
    conflicts: Option<Arc<AtomicU32>>,
    #[serde(skip)]
    panics: bool,
    #[serde(skip)]
    afterwards: Option<fn()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub effect: i64,
}

impl Note {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    pub fn and(mut self, job: NewJob) -> Self {
        self.jobs.push(job);
        self
    }

    /// Runs a statement before it decides, such as one that waits.
    pub fn first(mut self, statement: &'static str) -> Self {
        self.first = statement;
        self
    }

    /// Loses a serialization conflict this many times.
    pub fn conflicts(mut self, times: u32) -> Self {
        self.conflicts = Some(Arc::new(AtomicU32::new(times)));
        self
    }

    pub fn panics(mut self) -> Self {
        self.panics = true;
        self
    }

    pub fn afterwards(mut self, action: fn()) -> Self {
        self.afterwards = Some(action);
        self
    }
}

impl Command for Note {
    const NAME: &'static str = "Note";
    type Snapshot = bool;
    type Decision = ();
    type Refusal = Fault;

    fn decide(&self, closed: bool, _now: DateTime<Utc>) -> Result<(), Fault> {
        assert!(!self.panics, "a bug of ours, on purpose");
        if closed {
            Err(Fault::refused("CLOSED"))
        } else {
            Ok(())
        }
    }
}

impl Transact for Note {
    type Reply = Receipt;

    async fn load(&self, tx: &mut Tx) -> Result<bool, Fault> {
        if !self.first.is_empty() {
            sqlx::raw_sql(self.first).execute(tx.conn()).await?;
        }
        let left = self
            .conflicts
            .as_ref()
            .map_or(0, |left| left.load(Ordering::SeqCst));
        if let (1.., Some(counter)) = (left, &self.conflicts) {
            counter.fetch_sub(1, Ordering::SeqCst);
            let lost = "do $$ begin raise exception using errcode = '40001', message = 'on purpose'; end $$";
            sqlx::raw_sql(lost).execute(tx.conn()).await?;
        }
        let closed = sqlx::query_scalar("select exists (select from shop.effect where label = 'closed')");
        Ok(closed.fetch_one(tx.conn()).await?)
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<Receipt, Fault> {
        let effect = sqlx::query_scalar("insert into shop.effect (label) values ($1) returning id")
            .bind(&self.label)
            .fetch_one(tx.conn())
            .await?;
        for job in &self.jobs {
            tx.enqueue(job.clone());
        }
        if let Some(action) = self.afterwards {
            tx.after_commit(action);
        }
        Ok(Receipt { effect })
    }
}

/// Only enqueues jobs, and is not remembered.
pub struct Unremembered(pub Vec<NewJob>);

impl Serialize for Unremembered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Command for Unremembered {
    const NAME: &'static str = "Unremembered";
    type Snapshot = ();
    type Decision = ();
    type Refusal = Fault;

    fn decide(&self, (): (), _now: DateTime<Utc>) -> Result<(), Fault> {
        Ok(())
    }
}

impl Transact for Unremembered {
    type Reply = ();
    const REMEMBERED: bool = false;

    async fn load(&self, _tx: &mut Tx) -> Result<(), Fault> {
        Ok(())
    }

    async fn save(&self, (): (), tx: &mut Tx) -> Result<(), Fault> {
        for job in &self.0 {
            tx.enqueue(job.clone());
        }
        Ok(())
    }
}
