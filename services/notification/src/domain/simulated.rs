//! What the built-in provider's phones show.

use khaacho_ids::NotificationId;

use super::Outbound;
use super::message::{Body, Button};

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
    pub fn of(message: &Outbound) -> Self {
        let Body { text, buttons, list } = &message.body;
        let rows = list.iter().flat_map(|list| &list.rows);
        let rows = rows.map(|row| Button {
            id: row.id.clone(),
            title: row.title.clone(),
            word: row.word.clone(),
        });
        Self {
            provider_message_id: format!("sim-{}", message.id),
            notification_id: message.id,
            to: message.recipient.name().unwrap_or_default().to_owned(),
            text: text.clone(),
            buttons: buttons.iter().cloned().chain(rows).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Row;
    use crate::domain::outbound::tests::outbound;

    #[test]
    fn rows_of_a_list_are_shown_as_buttons() {
        let row = Row {
            id: "1".into(),
            title: "Sugar".into(),
            description: String::new(),
            word: String::new(),
        };
        let message = Outbound {
            body: Body::text("Which?").list("Choose", vec![row]),
            ..outbound(&[])
        };
        let shown = Simulated::of(&message);
        let sugar = Button {
            id: "1".into(),
            title: "Sugar".into(),
            word: String::new(),
        };
        assert_eq!(shown.buttons, [sugar]);
        assert_eq!(shown.provider_message_id, format!("sim-{}", message.id));
    }
}
