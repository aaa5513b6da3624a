//! What only a person can do: the shop is told so, and the message waits for that person.

use khaacho_money::Paisa;

use crate::domain::interpret::{Intent, Meaning, Pay};

/// A matter for a person.
pub(super) struct Matter {
    /// Reason code of the message's outcome.
    pub(super) reason: &'static str,
    /// What the shop is told.
    pub(super) words: String,
}

/// What of a message a person has to look at, most urgent first.
pub(super) fn matter(intent: Intent, meaning: &Meaning, support_phone: &str) -> Option<Matter> {
    let (reason, words) = match intent {
        Intent::Human => ("ASKED", "A person will write to you or call you.".to_owned()),
        Intent::Payment => payment(meaning),
        Intent::DeliveryIssue => ("DELIVERY_ISSUE", sorry(meaning)),
        Intent::Complaint => ("COMPLAINT", sorry(meaning)),
        Intent::Stop => (
            "STOP",
            "A person will see to it that you get no more messages than your orders need.".to_owned(),
        ),
        Intent::Start => (
            "START",
            "A person will see to it that our messages reach you.".to_owned(),
        ),
        Intent::Change => (
            "CHANGE",
            "An order that is placed can only be changed by a person, who will have a look.".to_owned(),
        ),
        _ => return None,
    };
    let call = if support_phone.is_empty() {
        String::new()
    } else {
        format!(" If it is urgent, call {support_phone}.")
    };
    Some(Matter {
        reason,
        words: format!("{words}{call}"),
    })
}

/// A claim is recorded for a person and never posted.
fn payment(meaning: &Meaning) -> (&'static str, String) {
    let amount = meaning
        .amount_paisa
        .map(|paisa| format!(" of {}", Paisa::new(paisa)));
    let amount = amount.unwrap_or_default();
    match meaning.pay {
        Some(Pay::Promise) => (
            "PAYMENT_PROMISE",
            format!(
                "Thank you. A person will note that you will pay{}.",
                amount.replace(" of", "")
            ),
        ),
        _ => (
            "PAYMENT_CLAIM",
            format!(
                "Thank you. A person will check the payment{amount} and record it; your balance changes then."
            ),
        ),
    }
}

fn sorry(meaning: &Meaning) -> String {
    let order = meaning.order_ref.as_ref().map(|number| format!(" of {number}"));
    let order = order.unwrap_or_default();
    format!("We are sorry. A person will look into what you wrote{order}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(pay: Pay) -> Meaning {
        Meaning {
            intent: Intent::Payment,
            confidence: 900,
            also: Vec::new(),
            lines: Vec::new(),
            asks: Vec::new(),
            exclude: Vec::new(),
            about: Vec::new(),
            unknown: Vec::new(),
            order_ref: None,
            amount_paisa: Some(15_000_000),
            pay: Some(pay),
        }
    }

    #[test]
    fn a_payment_is_told_with_its_amount_and_posts_nothing() {
        let claim = matter(Intent::Payment, &meaning(Pay::Made), "").expect("a matter");
        assert_eq!(claim.reason, "PAYMENT_CLAIM");
        assert!(
            claim.words.contains("payment of Rs 1,50,000 and"),
            "{}",
            claim.words
        );
        let promise = matter(Intent::Payment, &meaning(Pay::Promise), "+977").expect("a matter");
        assert_eq!(promise.reason, "PAYMENT_PROMISE");
        assert!(
            promise
                .words
                .ends_with("pay Rs 1,50,000. If it is urgent, call +977."),
            "{}",
            promise.words
        );
        assert!(matter(Intent::Order, &meaning(Pay::Made), "").is_none());
    }
}
