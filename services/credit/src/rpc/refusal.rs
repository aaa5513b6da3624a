//! Every refusal as a caller sees it: the error contract on one page.

use khaacho_fault::{Fault, reason};
use khaacho_money::Paisa;
use khaacho_proto::credit::v1::CreditReason;

use crate::domain::open_account::PHONE_ACCOUNTS_MAX;
use crate::domain::{Refusal, Wrong};

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::AccountUnknown => {
                Fault::not_found(name(CreditReason::AccountUnknown)).say("there is no such account")
            }
            Refusal::AccountExists { field } => Fault::refused(name(CreditReason::AccountExists))
                .say(exists(field))
                .fact("field", field),
            Refusal::PhoneFull => Fault::refused(name(CreditReason::PhoneFull))
                .say(format!(
                    "one of these phones acts for {PHONE_ACCOUNTS_MAX} accounts already"
                ))
                .fact("field", "phones"),
            Refusal::AccountBlocked { reason } => Fault::refused(name(CreditReason::AccountBlocked))
                .say(format!("this account is blocked: {reason}"))
                .fact("block_reason", reason),
            Refusal::CreditShort {
                amount,
                available,
                limit,
            } => credit_short(amount, available, limit),
            Refusal::HoldUnknown => {
                Fault::not_found(name(CreditReason::HoldUnknown)).say("this order has no hold")
            }
            Refusal::HoldReleased => Fault::refused(name(CreditReason::HoldReleased))
                .say("the credit of this order was released before"),
            Refusal::HoldPosted => Fault::refused(name(CreditReason::HoldPosted))
                .say("the credit of this order is a debt already"),
            Refusal::BadAmounts(wrong) => bad_amounts(wrong),
            Refusal::PaymentReferenceUsed => Fault::refused(name(CreditReason::PaymentReferenceUsed))
                .say("a payment with this reference was recorded before"),
            Refusal::ReasonMissing => {
                Fault::invalid("reason", "is mandatory").because(name(CreditReason::ReasonMissing))
            }
            Refusal::OtherContent => Fault::refused(reason::REQUEST_ID_REUSED)
                .say("this order was held or posted before with other content"),
            Refusal::InFuture { field } => Fault::invalid(field, "lies in the future"),
        }
    }
}

fn exists(field: &str) -> &'static str {
    match field {
        "code" => "another account has this code",
        _ => "another account has one of these phones; if it is the same person's, say shared_phone",
    }
}

/// Says what would cure it: paying the missing amount, or ordering for what is left.
fn credit_short(amount: Paisa, available: Paisa, limit: Paisa) -> Fault {
    let short = Paisa::new(amount.paisa() - available.paisa());
    let cure = if available > Paisa::ZERO {
        format!("pay {short} or order for at most {available}")
    } else {
        format!("pay {short} first")
    };
    let left = available.max(Paisa::ZERO);
    Fault::refused(name(CreditReason::CreditShort))
        .say(format!(
            "the order costs {amount} and {left} of the credit limit of {limit} is left: {cure}"
        ))
        .fact("amount_paisa", amount.paisa())
        .fact("available_paisa", available.paisa())
        .fact("short_paisa", short.paisa())
        .fact("limit_paisa", limit.paisa())
}

fn bad_amounts(wrong: Wrong) -> Fault {
    let fault = Fault::refused(name(CreditReason::BadAmounts));
    match wrong {
        Wrong::AboveHold { held } => fault
            .say(format!("the amount is more than the {held} that was held"))
            .fact("held_paisa", held.paisa()),
        Wrong::VatAboveAmount => fault.say("the VAT is more than the amount that it is part of"),
        Wrong::TooLarge => fault.say("the amounts are too large"),
    }
}

/// The reason without the enum's prefix.
fn name(reason: CreditReason) -> &'static str {
    reason.as_str_name().trim_start_matches("CREDIT_REASON_")
}

#[cfg(test)]
mod tests {
    use khaacho_fault::Kind;

    use super::*;

    #[test]
    fn a_short_credit_names_the_amount_that_cures_it() {
        let [amount, available, limit] = [5_250_00, 1_000_00, 50_000_00].map(Paisa::new);
        let fault = Fault::from(Refusal::CreditShort {
            amount,
            available,
            limit,
        });
        assert_eq!((fault.kind(), fault.reason()), (Kind::Refused, "CREDIT_SHORT"));
        assert_eq!(
            fault.sentence(),
            "the order costs Rs 5,250 and Rs 1,000 of the credit limit of Rs 50,000 is left: \
             pay Rs 4,250 or order for at most Rs 1,000"
        );
        assert_eq!(fault.facts()["available_paisa"], "100000");
        assert_eq!(fault.facts()["short_paisa"], "425000");
        assert_eq!(fault.facts()["limit_paisa"], "5000000");
    }

    #[test]
    fn below_the_exposure_only_paying_helps() {
        let [amount, available, limit] = [100_00, -50_00, 0].map(Paisa::new);
        let fault = Fault::from(Refusal::CreditShort {
            amount,
            available,
            limit,
        });
        assert!(
            fault
                .sentence()
                .ends_with("Rs 0 of the credit limit of Rs 0 is left: pay Rs 150 first")
        );
    }

    #[test]
    fn a_missing_reason_names_its_field() {
        let fault = Fault::from(Refusal::ReasonMissing);
        assert_eq!((fault.kind(), fault.reason()), (Kind::Invalid, "REASON_MISSING"));
        assert_eq!(fault.violations()[0].field, "reason");
    }

    #[test]
    fn a_block_says_why() {
        let fault = Fault::from(Refusal::AccountBlocked {
            reason: "cheque bounced".to_owned(),
        });
        assert_eq!(fault.facts()["block_reason"], "cheque bounced");
    }
}
