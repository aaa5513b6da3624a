use khaacho_fault::Fault;

use crate::domain::{Refusal, State};

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotificationUnknown => {
                Fault::not_found("NOTIFICATION_UNKNOWN").say("there is no such notification")
            }
            Refusal::MediaUnknown => Fault::not_found("MEDIA_UNKNOWN").say("there is no such medium"),
            Refusal::TemplateUnknown { notice, problem } => {
                Fault::invalid(format!("notices[{notice}].template"), problem).because("TEMPLATE_UNKNOWN")
            }
            Refusal::RecipientMissing { notice } => Fault::invalid(
                format!("notices[{notice}].recipient"),
                "needs an address, a phone or a user id",
            )
            .because("RECIPIENT_MISSING"),
            Refusal::StillUnderWay { state } => {
                let sentence = match state {
                    State::Delivered | State::Read => "the notification has arrived",
                    _ => "the notification is still being tried",
                };
                Fault::refused("STILL_UNDER_WAY")
                    .say(sentence)
                    .fact("state", state.as_str())
            }
        }
    }
}
