//! Work behind the queue: sending, ending what did not arrive, and writing down voices.

mod send_message;
mod sweep_notifications;
mod transcribe_media;

use std::sync::Arc;

use khaacho_durable::{Door, Runner, Schedule};

use crate::config::Config;
use crate::domain::{Moved, State};
use send_message::Sender;

/// Jobs at once. They mostly wait for their providers or for each other's transaction, so they do not need a connection
/// each; and what is claimed together is read and written together.
const AT_ONCE: usize = 32;

/// The runner of all kinds.
pub(crate) fn runner(door: Door, config: &Config, listens: bool) -> Runner {
    let sender = Arc::new(Sender::new(config));
    let kinds = vec![
        send_message::kind(sender),
        sweep_notifications::kind(config),
        transcribe_media::kind(config),
    ];
    let sweep = Schedule {
        kind: sweep_notifications::KIND,
        every: sweep_notifications::EVERY,
    };
    Runner::new(door, kinds)
        .schedule(sweep)
        .at_once(AT_ONCE)
        .listening(listens)
}

/// Counts messages that changed their state, once that is certain, and tells operators about the bad ends.
pub(crate) fn count(moved: &[Moved]) {
    for Moved { id, template, state } in moved {
        let labels = [
            ("template", template.clone()),
            ("state", state.as_str().to_owned()),
        ];
        metrics::counter!("notifications_total", &labels).increment(1);
        match state {
            State::Escalated => {
                tracing::error!(notification.id = %id, notification.template = %template,
                    "a message that must be known did not arrive in time: tell its recipient another way");
            }
            State::Failed => {
                tracing::warn!(notification.id = %id, notification.template = %template, "a message failed");
            }
            _ => {}
        }
    }
}
