//! What only a person can do: the sender is told so, and the message waits for that person.

use serde_json::json;

use super::super::handle_message::Reply;
use crate::domain::echo::echo;
use crate::domain::interpret::{Intent, Meaning, Pay};

/// A matter for a person.
pub(super) struct Matter<'a> {
    /// Reason code of the message's outcome.
    pub(super) reason: &'static str,
    meaning: &'a Meaning,
}

/// What of a message a person has to look at, most urgent first.
pub(super) fn matter(intent: Intent, meaning: &Meaning) -> Option<Matter<'_>> {
    let reason = match intent {
        Intent::Human => "ASKED",
        // A claim is recorded for a person and never posted.
        Intent::Payment if meaning.pay == Some(Pay::Promise) => "PAYMENT_PROMISE",
        Intent::Payment => "PAYMENT_CLAIM",
        Intent::DeliveryIssue => "DELIVERY_ISSUE",
        Intent::Complaint => "COMPLAINT",
        Intent::Stop => "STOP",
        Intent::Start => "START",
        Intent::Change => "CHANGE",
        _ => return None,
    };
    Some(Matter { reason, meaning })
}

impl Matter<'_> {
    /// What the shop is told.
    pub(super) fn told(&self, support_phone: &str) -> Reply {
        let order = self.meaning.order_ref.as_deref().map(echo);
        let data = json!({
            "matter": self.reason, "amount_paisa": self.meaning.amount_paisa, "order": order,
            "support_phone": support_phone,
        });
        ("for_person", data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(pay: Pay) -> Meaning {
        Meaning {
            intent: Intent::Payment,
            confidence: 900,
            amount_paisa: Some(15_000_000),
            pay: Some(pay),
            ..Meaning::default()
        }
    }

    #[test]
    fn a_payment_is_told_with_its_amount() {
        let made = meaning(Pay::Made);
        let claim = matter(Intent::Payment, &made).expect("a matter");
        assert_eq!(claim.reason, "PAYMENT_CLAIM");
        let (template, data) = claim.told("+977");
        assert_eq!(template, "for_person");
        assert_eq!(
            data,
            json!({
                "matter": "PAYMENT_CLAIM", "amount_paisa": 15_000_000, "order": null, "support_phone": "+977"
            })
        );
        let promised = meaning(Pay::Promise);
        let promise = matter(Intent::Payment, &promised).expect("a matter");
        assert_eq!(promise.reason, "PAYMENT_PROMISE");
        assert!(matter(Intent::Order, &made).is_none());
    }
}
