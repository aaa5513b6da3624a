//! A provider for development and tests: messages go into an outbox that somebody can read, and nothing
//! leaves the house. It has Meta's limits, so what fits here fits there.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use khaacho_ids::NotificationId;

use super::{Accepted, Address, Channel, Lookup, Outgoing, ProviderRef, SendFault, SendResult, Work, check};
use crate::domain::message::{Body, Button, Limits, META};

/// Where simulated messages are kept.
pub trait Outbox: Send + Sync {
    /// Keeps a message; the same provider id again changes nothing.
    fn keep<'a>(&'a self, message: &'a Simulated) -> Work<'a, Result<(), SendFault>>;

    /// When the message with this provider id was kept, or `None`.
    fn kept_at<'a>(
        &'a self,
        provider_message_id: &'a str,
    ) -> Work<'a, Result<Option<DateTime<Utc>>, SendFault>>;
}

/// A message as the simulator shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Made from our id, so a repeated send is the same message.
    pub provider_message_id: String,
    /// Our id.
    pub notification_id: NotificationId,
    /// Recipient: phone in E.164, else user id, else the address as it is.
    pub to: String,
    /// Text.
    pub text: String,
    /// Buttons, or the rows of a list.
    pub buttons: Vec<Button>,
}

impl Simulated {
    /// How the simulator shows a message.
    pub fn of(message: &Outgoing) -> Self {
        let Body { text, buttons, list } = &message.body;
        let rows = list.iter().flat_map(|list| &list.rows);
        let rows = rows.map(|row| Button {
            id: row.id.clone(),
            title: row.title.clone(),
        });
        Self {
            provider_message_id: provider_message_id(message.notification_id),
            notification_id: message.notification_id,
            to: recipient(&message.to),
            text: text.clone(),
            buttons: buttons.iter().cloned().chain(rows).collect(),
        }
    }
}

/// The simulator's channel.
pub struct Simulator {
    outbox: Arc<dyn Outbox>,
}

impl Simulator {
    /// Keeping messages in `outbox`.
    pub fn new(outbox: Arc<dyn Outbox>) -> Self {
        Self { outbox }
    }
}

impl Channel for Simulator {
    fn name(&self) -> &'static str {
        "simulator"
    }

    fn limits(&self) -> Limits {
        META
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Work<'a, SendResult> {
        Box::pin(async move {
            check(&message.body, self.limits())?;
            let simulated = Simulated::of(message);
            self.outbox.keep(&simulated).await?;
            Ok(Accepted {
                provider_message_id: simulated.provider_message_id,
            })
        })
    }

    fn find_sent<'a>(
        &'a self,
        message: &'a Outgoing,
        _since: DateTime<Utc>,
    ) -> Work<'a, Result<Lookup, SendFault>> {
        Box::pin(async move {
            let provider_message_id = provider_message_id(message.notification_id);
            let kept_at = self.outbox.kept_at(&provider_message_id).await?;
            Ok(match kept_at {
                Some(created_at) => Lookup::Candidates(vec![ProviderRef {
                    provider_message_id,
                    created_at,
                }]),
                None => Lookup::Absent,
            })
        })
    }
}

fn provider_message_id(id: NotificationId) -> String {
    format!("sim-{id}")
}

fn recipient(to: &Address) -> String {
    match (&to.phone, &to.user_id) {
        (Some(phone), _) => phone.as_str().to_owned(),
        (None, Some(user_id)) => user_id.clone(),
        (None, None) => to.address.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::channels::fake::outgoing;
    use crate::domain::message::Row;

    #[derive(Default)]
    struct Memory(Mutex<Vec<Simulated>>);

    impl Outbox for Memory {
        fn keep<'a>(&'a self, message: &'a Simulated) -> Work<'a, Result<(), SendFault>> {
            let mut kept = self.0.lock().expect("no test panics with it");
            if !kept.contains(message) {
                kept.push(message.clone());
            }
            Box::pin(async { Ok(()) })
        }

        fn kept_at<'a>(&'a self, id: &'a str) -> Work<'a, Result<Option<DateTime<Utc>>, SendFault>> {
            let kept = self.0.lock().expect("no test panics with it");
            let found = kept.iter().any(|message| message.provider_message_id == id);
            Box::pin(async move { Ok(found.then_some(DateTime::UNIX_EPOCH)) })
        }
    }

    #[tokio::test]
    async fn a_message_is_kept_once_and_found_again() {
        let outbox = Arc::new(Memory::default());
        let simulator = Simulator::new(outbox.clone());
        let message = outgoing(Body::text("Order it?").button("CONFIRM", "Confirm"));
        assert_eq!(
            simulator.find_sent(&message, DateTime::UNIX_EPOCH).await,
            Ok(Lookup::Absent)
        );
        let accepted = simulator.send(&message).await.expect("kept");
        assert_eq!(simulator.send(&message).await, Ok(accepted.clone()));
        let kept = outbox.0.lock().expect("no test panics with it").clone();
        assert_eq!(kept, [Simulated::of(&message)]);
        assert_eq!(kept[0].to, "+9779841234567");
        let found = simulator
            .find_sent(&message, DateTime::UNIX_EPOCH)
            .await
            .expect("found");
        let Lookup::Candidates(found) = found else {
            panic!("{found:?}")
        };
        assert_eq!(found[0].provider_message_id, accepted.provider_message_id);
    }

    #[test]
    fn rows_of_a_list_are_shown_as_buttons() {
        let row = Row {
            id: "1".into(),
            title: "Sugar".into(),
            description: String::new(),
        };
        let shown = Simulated::of(&outgoing(Body::text("Which?").list("Choose", vec![row])));
        assert_eq!(
            shown.buttons,
            [Button {
                id: "1".into(),
                title: "Sugar".into()
            }]
        );
    }
}
