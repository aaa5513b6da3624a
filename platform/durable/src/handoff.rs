//! The short way of a job: from the transaction that enqueued it straight to a free place of this process's runner.
//! Its row is written under that runner's lease, so that nobody else claims it and no claim has to find it. When the
//! process dies the lease runs out, and the job takes the long way like any other.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

use crate::runner::Claimed;

/// What the enqueuing transaction hands along in memory, so that the job need not read it again.
pub(crate) type Carried = Arc<dyn Any + Send + Sync>;

/// A job on its short way.
pub(crate) struct Handed {
    pub(crate) job: Claimed,
    pub(crate) carried: Option<Carried>,
    /// Given back when the job has ended.
    pub(crate) place: OwnedSemaphorePermit,
}

/// A free place of a runner, reserved before the job's row is written.
pub(crate) struct Place {
    permit: OwnedSemaphorePermit,
    owner: Uuid,
    hand: mpsc::UnboundedSender<Handed>,
}

impl Place {
    /// Who leases the row.
    pub(crate) fn owner(&self) -> Uuid {
        self.owner
    }

    /// Hands the job over, after the commit. A runner that has just stopped gives its leases back or lets them run
    /// out.
    pub(crate) fn hand_over(self, job: Claimed, carried: Option<Carried>) {
        let place = self.permit;
        let _ = self.hand.send(Handed { job, carried, place });
    }
}

/// Where the transactions of a process find its runner.
#[derive(Debug, Default)]
pub(crate) struct Counter(Mutex<Option<Runner>>);

#[derive(Debug)]
struct Runner {
    owner: Uuid,
    places: Arc<Semaphore>,
    hand: mpsc::UnboundedSender<Handed>,
}

impl Counter {
    /// A runner takes handed jobs from now on, this many at once; the one before it gets no more.
    pub(crate) fn open(&self, owner: Uuid, places: usize) -> mpsc::UnboundedReceiver<Handed> {
        // As many messages as there are places: each of them holds one.
        let (hand, handed) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(places));
        *self.lock() = Some(Runner { owner, places, hand });
        handed
    }

    /// The runner stops. Another one that came after it goes on.
    pub(crate) fn close(&self, owner: Uuid) {
        let mut runner = self.lock();
        if runner.as_ref().is_some_and(|it| it.owner == owner) {
            *runner = None;
        }
    }

    /// A free place; `None` without a runner in this process, or when it has enough to do.
    pub(crate) fn place(&self) -> Option<Place> {
        let runner = self.lock();
        let runner = runner.as_ref().filter(|it| !it.hand.is_closed())?;
        let permit = runner.places.clone().try_acquire_owned().ok()?;
        Some(Place {
            permit,
            owner: runner.owner,
            hand: runner.hand.clone(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Runner>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
