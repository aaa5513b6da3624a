//! The language of answers: what was set, else what the sender's messages show. He is told once which it is, and sets it
//! with a tap or a word.

use khaacho_durable::Finished;
use khaacho_fault::Fault;
use khaacho_rpc::{Principal, Role};
use serde_json::json;

use super::handle_message::{Reply, Talk};
use super::shop_message::still_waits;
use crate::domain::Buyer;
use crate::domain::basket::State;
use crate::domain::finish_message::{After, Outcome, Spoken};
use crate::domain::language::{Language, Speech, detect};
use crate::domain::receive_message::Inbound;
use crate::domain::understand::Wanted;
use crate::peers::Party;

/// What the conversation shows with this message. What is tapped has our words, and what a picture is called may be
/// anybody's.
pub(super) fn heard(speech: Speech, inbound: &Inbound) -> Speech {
    let written = inbound.kind == "text" && inbound.reply_id.is_empty();
    speech.heard(written.then(|| detect(&inbound.text)).flatten())
}

/// The language to tell him of with the end of this message. Not while a basket or a question waits, which it would push
/// out of sight, nor beside a no or a matter for a person.
pub(super) fn to_tell(
    speech: &Speech,
    (outcome, state): (&Outcome, &State),
    replies: &[Reply],
    after: &After,
) -> Option<Language> {
    let calm = match outcome {
        Outcome::Ordered(_) => true,
        Outcome::Answered => !replies.is_empty(),
        Outcome::Refused(_) | Outcome::NeedsHuman(_) => false,
    };
    let good = calm && *state == State::Idle && after.opted_out.is_none();
    speech.untold().filter(|_| good)
}

/// Tells him which language he is answered in.
pub(super) fn told(language: Language) -> Reply {
    ("language_heard", json!({ "language": language.name() }))
}

/// Does what somebody wants of the language of answers. What waits goes on waiting.
pub(super) async fn handle(talk: &mut Talk<'_>, party: &Party, wanted: Wanted) -> Result<Finished, Fault> {
    let state = talk.waiting.state.clone();
    let reply = match wanted {
        Wanted::Choice => ("which_language", json!({})),
        Wanted::Language(language) => {
            let spoken = spoken(party, language);
            set(talk, &spoken).await?;
            talk.chose(spoken);
            ("language_set", json!({ "language": language.name() }))
        }
    };
    let replies = [reply].into_iter().chain(still_waits(&state)).collect();
    talk.answer(Outcome::Answered, state, replies).await
}

/// For whom the sender sets it: for all of his shops, since one person reads the answers of all. Of a stranger only the
/// conversation remembers it.
fn spoken(party: &Party, language: Language) -> Spoken {
    let id = |buyer: &Buyer| buyer.account_id.clone();
    let (account_ids, vendor_id) = match party {
        Party::Shop(buyer, _) => (vec![id(buyer)], None),
        Party::Shops(several) => (several.iter().map(|(buyer, _)| id(buyer)).collect(), None),
        Party::Vendor(vendor) => (Vec::new(), Some(vendor.vendor_id.clone())),
        Party::Unknown => (Vec::new(), None),
    };
    Spoken {
        account_ids,
        vendor_id,
        language,
    }
}

/// Sets it where accounts and vendors are kept. A second try repeats the requests of the first, and so sets nothing over
/// what came after it.
async fn set(talk: &Talk<'_>, spoken: &Spoken) -> Result<(), Fault> {
    let (peers, language) = (&talk.service.peers, spoken.language);
    let request = |id: &str| format!("{}:language:{id}", talk.inbound_id);
    let by = |id: &str, role| {
        talk.ctx().on_behalf_of(Principal {
            subject: id.to_owned(),
            role,
            scope: Some(id.to_owned()),
        })
    };
    for id in &spoken.account_ids {
        let ctx = by(id, Role::Retailer);
        peers.set_language(&ctx, request(id), id, language).await?;
    }
    if let Some(id) = &spoken.vendor_id {
        let ctx = by(id, Role::Vendor);
        peers.set_vendor_language(&ctx, request(id), id, language).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbound(kind: &str, text: &str, reply_id: &str) -> Inbound {
        Inbound {
            contact: crate::domain::Contact::default(),
            provider_message_id: String::new(),
            profile_name: String::new(),
            kind: kind.to_owned(),
            text: text.to_owned(),
            reply_id: reply_id.to_owned(),
            context_id: String::new(),
            sent_at: None,
            payload: json!({}),
            cart: Vec::new(),
            attached: crate::domain::attached::Attached::default(),
        }
    }

    #[test]
    fn only_what_was_written_is_heard() {
        let speech = Speech::default();
        let text = "malai 2 bora chini chahiyo";
        let language = |kind, reply_id| heard(speech, &inbound(kind, text, reply_id)).language;
        assert_eq!(language("text", ""), Some(Language::NeLatn));
        assert_eq!(language("interactive", "CONFIRM quo_1"), None);
        assert_eq!(language("image", ""), None);
    }

    #[test]
    fn a_good_moment_is_one_with_nothing_in_hand() {
        let speech = Speech::default().heard(Some(Language::NeLatn));
        let replies = [("thanks", json!({}))];
        let tell = |outcome: &Outcome, state: &State, replies: &[Reply], after: &After| {
            to_tell(&speech, (outcome, state), replies, after)
        };
        let (answered, idle, after) = (Outcome::Answered, State::Idle, After::default());
        let now = Some(Language::NeLatn);
        assert_eq!(tell(&answered, &idle, &replies, &after), now);
        assert_eq!(
            tell(&Outcome::Ordered("ord_1".to_owned()), &idle, &[], &after),
            now
        );
        assert_eq!(tell(&answered, &idle, &[], &after), None, "a reaction");
        let basket = State::Confirming {
            quote_id: "quo_1".to_owned(),
        };
        assert_eq!(tell(&answered, &basket, &replies, &after), None);
        let person = Outcome::NeedsHuman("COMPLAINT".to_owned());
        assert_eq!(tell(&person, &idle, &replies, &after), None);
        let no = Outcome::Refused("PRODUCT_UNKNOWN".to_owned());
        assert_eq!(tell(&no, &idle, &replies, &after), None);
        let stop = After {
            opted_out: Some(true),
            ..After::default()
        };
        assert_eq!(tell(&answered, &idle, &replies, &stop), None);
        let told = Speech { told: true, ..speech };
        assert_eq!(to_tell(&told, (&answered, &idle), &replies, &after), None);
    }
}
