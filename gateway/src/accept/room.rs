//! How many requests may be in progress at once.
//!
//! Whatever the mesh cannot do in time it should refuse at once: a request that waits in a long queue is answered when
//! nobody waits for it any more, and takes the room of one that could have been. What is important does not share its
//! room with what is not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Limits;

/// Figures at once: whoever collects them asks every few seconds, and writing them takes a while.
const FIGURES_MAX: usize = 4;
/// How often the log says that requests are refused for want of room.
const SAID_EVERY: Duration = Duration::from_secs(1);

/// What a request is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// A provider's message: nobody may say it again.
    Webhook,
    /// Something is to be done.
    Command,
    /// Something is to be shown.
    Read,
    /// Metrics, for whoever watches us.
    Figures,
    /// Whether we are well; never refused.
    Probe,
}

impl Importance {
    const fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Command => "command",
            Self::Read => "read",
            Self::Figures => "figures",
            Self::Probe => "probe",
        }
    }

    /// Whether who asks is known before there is a place: a crowd of strangers takes none from those who are known.
    pub(super) const fn signs_in(self) -> bool {
        matches!(self, Self::Command | Self::Read)
    }
}

/// The room for requests, a part of it for each [`Importance`]. Clones share it.
#[derive(Debug, Clone)]
pub struct Room {
    webhooks: Arc<Semaphore>,
    commands: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    reads: Arc<Semaphore>,
    figures: Arc<Semaphore>,
    said: Arc<Mutex<Option<Instant>>>,
}

/// There is no room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Room that a request has until this is dropped.
pub type Place = OwnedSemaphorePermit;

impl Room {
    /// The room that the limits give.
    pub fn new(limits: &Limits) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            webhooks: places(limits.webhooks_max),
            commands: places(limits.commands_max),
            waiting: places((limits.commands_max * 4 / 5).max(1)),
            reads: places(limits.reads_max),
            figures: places(FIGURES_MAX),
            said: Arc::default(),
        }
    }

    /// A place for a request; probes need none.
    ///
    /// # Errors
    /// When all places of its importance are taken.
    pub fn enter(&self, importance: Importance) -> Result<Option<Place>, Full> {
        let places = match importance {
            Importance::Probe => return Ok(None),
            Importance::Webhook => &self.webhooks,
            Importance::Command => &self.commands,
            Importance::Read => &self.reads,
            Importance::Figures => &self.figures,
        };
        self.take(places, importance).map(Some)
    }

    /// A place for a command that wants to wait for what comes of it, beside its own. Only four fifths of the commands
    /// may: when something is slow, those who wait would else keep everybody out who only wants to hand something in.
    /// Who finds none is refused, for there is more under way already than can be done in time.
    ///
    /// # Errors
    /// When all places are taken.
    pub fn wait(&self) -> Result<Place, Full> {
        self.take(&self.waiting, Importance::Command)
    }

    fn take(&self, places: &Arc<Semaphore>, importance: Importance) -> Result<Place, Full> {
        if let Ok(place) = places.clone().try_acquire_owned() {
            return Ok(place);
        }
        metrics::counter!("edge_requests_shed_total", "importance" => importance.name()).increment(1);
        if self.is_to_be_said() {
            tracing::warn!(
                request.importance = importance.name(),
                "requests are refused: too many are in progress"
            );
        }
        Err(Full)
    }

    fn is_to_be_said(&self) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let due = said.is_none_or(|at| at.elapsed() >= SAID_EVERY);
        if due {
            *said = Some(Instant::now());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Room {
        Room::new(&Limits {
            webhooks_max: 1,
            commands_max: 2,
            reads_max: 1,
            ..Limits::default()
        })
    }

    #[tokio::test]
    async fn reads_take_no_room_from_commands_and_places_come_back() {
        let room = small();
        let read = room.enter(Importance::Read);
        assert!(matches!(read, Ok(Some(_))));
        assert_eq!(room.enter(Importance::Read).err(), Some(Full));
        let commands = [room.enter(Importance::Command), room.enter(Importance::Command)];
        assert!(commands.iter().all(Result::is_ok));
        assert_eq!(room.enter(Importance::Command).err(), Some(Full));
        let webhook = room.enter(Importance::Webhook);
        assert!(webhook.is_ok());
        assert_eq!(room.enter(Importance::Webhook).err(), Some(Full));
        assert!(matches!(room.enter(Importance::Probe), Ok(None)));
        assert!(room.enter(Importance::Figures).is_ok());
        drop((read, commands));
        assert!(room.enter(Importance::Read).is_ok());
        assert!(room.enter(Importance::Command).is_ok());
        assert_eq!(room.enter(Importance::Webhook).err(), Some(Full));
    }

    #[tokio::test]
    async fn not_all_commands_may_wait() {
        let room = small();
        let waits = room.wait();
        assert!(waits.is_ok() && room.wait().is_err());
        drop(waits);
        assert!(room.wait().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_is_said_once_a_second() {
        let room = small();
        assert!(room.is_to_be_said() && !room.is_to_be_said());
        tokio::time::advance(SAID_EVERY).await;
        assert!(room.is_to_be_said() && !room.is_to_be_said());
    }
}
