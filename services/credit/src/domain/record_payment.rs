//! Recording money that a shop paid.

use chrono::{DateTime, Utc};
use khaacho_durable::Command;
use khaacho_ids::{AccountId, EntryId, PaymentId};
use khaacho_money::Paisa;
use serde::Serialize;

use super::allocation::{Allocation, OpenInvoice, pay_invoices};
use super::journal::{Entry, EntryKind, payment_lines};
use super::{Allocated, CLOCK_SKEW, Method, Refusal};

/// Records a payment: one balanced entry, and the oldest due invoices are paid.
#[derive(Debug, Clone, Serialize)]
pub struct RecordPayment {
    /// New id; not part of what was asked for.
    #[serde(skip)]
    pub payment_id: PaymentId,
    /// Account.
    pub account_id: AccountId,
    /// Amount, above zero.
    pub amount: Paisa,
    /// Method.
    pub method: Method,
    /// Reference; empty only for cash.
    pub reference: String,
    /// When it was received; now when nobody says.
    pub received_at: Option<DateTime<Utc>>,
}

/// What recording needs to know. The account is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// No such account.
    Unknown,
    /// Its open invoices, oldest due first, as many as the amount can reach.
    Open(Vec<OpenInvoice>),
}

/// What shall be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Its journal entry.
    pub entry: Entry,
    /// What it pays. The rest of it is an advance.
    pub allocations: Vec<Allocation>,
    /// The same by invoice number, for the reply.
    pub allocated: Vec<Allocated>,
}

impl Command for RecordPayment {
    const NAME: &'static str = "RecordPayment";
    type Snapshot = Seen;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Seen, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        let Seen::Open(invoices) = seen else {
            return Err(Refusal::AccountUnknown);
        };
        let received_at = self.received_at.unwrap_or(now);
        if received_at > now + CLOCK_SKEW {
            return Err(Refusal::InFuture { field: "received_at" });
        }
        let entry = Entry {
            entry_id: EntryId::derive(&["payment", &self.payment_id.to_string()]),
            kind: EntryKind::Payment,
            account_id: self.account_id,
            order_id: None,
            payment_id: Some(self.payment_id),
            effective_at: received_at,
            lines: payment_lines(self.account_id, self.method, self.amount)?,
        };
        let allocations = pay_invoices(self.payment_id, self.amount, &invoices);
        // allocations follow the order of the invoices and skip none
        let allocated = allocations
            .iter()
            .zip(&invoices)
            .map(|(part, invoice)| Allocated {
                invoice_number: invoice.number.clone(),
                amount: part.amount,
            })
            .collect();
        Ok(Decision {
            received_at,
            entry,
            allocations,
            allocated,
        })
    }
}

#[cfg(test)]
mod tests {
    use khaacho_ids::InvoiceId;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T06:00:00Z".parse().expect("a time")
    }

    fn pay(amount: i64) -> RecordPayment {
        RecordPayment {
            payment_id: PaymentId::derive(&["p"]),
            account_id: AccountId::derive(&["a"]),
            amount: Paisa::new(amount),
            method: Method::MobileMoney,
            reference: "TX1".to_owned(),
            received_at: None,
        }
    }

    fn open(paisa: &[i64]) -> Seen {
        let named = |(n, paisa): (usize, &i64)| OpenInvoice {
            invoice_id: InvoiceId::derive(&[&n.to_string()]),
            number: format!("INV8384-{n:06}"),
            open: Paisa::new(*paisa),
        };
        Seen::Open(paisa.iter().enumerate().map(named).collect())
    }

    #[test]
    fn money_comes_in_and_the_debt_falls() {
        let decision = pay(150).decide(open(&[100, 100]), now()).expect("recorded");
        let lines: Vec<_> = decision
            .entry
            .lines
            .iter()
            .map(|line| (line.ledger_account.as_str(), line.amount.paisa()))
            .collect();
        assert_eq!(lines[0], ("mobile_money", 150));
        assert_eq!(lines[1].1, -150);
        assert_eq!(decision.received_at, now());
        let allocated: Vec<_> = decision
            .allocated
            .iter()
            .map(|part| (part.invoice_number.as_str(), part.amount.paisa()))
            .collect();
        assert_eq!(allocated, [("INV8384-000000", 100), ("INV8384-000001", 50)]);
    }

    #[test]
    fn money_from_the_future_is_refused() {
        let later = RecordPayment {
            received_at: Some(now() + chrono::TimeDelta::hours(1)),
            ..pay(1)
        };
        assert_eq!(
            later.decide(open(&[]), now()),
            Err(Refusal::InFuture { field: "received_at" })
        );
        let skewed = RecordPayment {
            received_at: Some(now() + CLOCK_SKEW),
            ..pay(1)
        };
        assert!(skewed.decide(open(&[]), now()).is_ok());
    }

    #[test]
    fn a_stranger_cannot_pay() {
        assert_eq!(pay(1).decide(Seen::Unknown, now()), Err(Refusal::AccountUnknown));
    }
}
