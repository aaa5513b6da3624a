//! How many requests may be in progress at once.
//!
//! Whatever the mesh cannot do in time it should refuse at once: a request that waits in a long queue is answered when
//! nobody waits for it any more, and takes the room of one that could have been. What is important does not share its
//! room with what is not.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;

/// What a request is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// A provider's message: nobody may say it again.
    Webhook,
    /// Something is to be done.
    Command,
    /// Something is to be shown.
    Read,
    /// Whether we are well; never refused.
    Probe,
}

impl Importance {
    const fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Command => "command",
            Self::Read => "read",
            Self::Probe => "probe",
        }
    }
}

/// The room for requests, a part of it for each [`Importance`]. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Room {
    webhooks: Arc<Semaphore>,
    commands: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

/// There is no room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Room {
    /// The room that the limits give.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            webhooks: Arc::new(Semaphore::new(limits.webhooks_max)),
            commands: Arc::new(Semaphore::new(limits.commands_max)),
            reads: Arc::new(Semaphore::new(limits.reads_max)),
        }
    }

    /// A place for a request until it is dropped; probes need none.
    ///
    /// # Errors
    /// When all places of its importance are taken.
    pub(super) fn enter(&self, importance: Importance) -> Result<Option<OwnedSemaphorePermit>, Full> {
        let places = match importance {
            Importance::Probe => return Ok(None),
            Importance::Webhook => &self.webhooks,
            Importance::Command => &self.commands,
            Importance::Read => &self.reads,
        };
        match places.clone().try_acquire_owned() {
            Ok(place) => Ok(Some(place)),
            Err(_) => {
                metrics::counter!("edge_requests_shed_total", "importance" => importance.name()).increment(1);
                Err(Full)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_take_no_room_from_commands_and_places_come_back() {
        let room = Room::new(&Limits {
            webhooks_max: 1,
            commands_max: 2,
            reads_max: 1,
            ..Limits::default()
        });
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
        drop((read, commands));
        assert!(room.enter(Importance::Read).is_ok());
        assert!(room.enter(Importance::Command).is_ok());
        assert_eq!(room.enter(Importance::Webhook).err(), Some(Full));
    }
}
