//! Turning the hold of a delivered order into a debt.

use chrono::{DateTime, Days, Utc};
use khaacho_durable::Command;
use khaacho_ids::{EntryId, InvoiceId, OrderId, VendorId};
use khaacho_money::Paisa;
use serde::Serialize;

use super::allocation::{Advance, Allocation, use_advances};
use super::fiscal_year::FiscalYear;
use super::hold::{Hold, HoldState};
use super::journal::{DeliveryAmounts, Entry, EntryKind, delivery_lines};
use super::{CLOCK_SKEW, Refusal, Wrong};

#[cfg(test)]
mod tests;

/// Posts a delivered order: one balanced entry, one invoice.
#[derive(Debug, Clone, Serialize)]
pub struct PostHold {
    /// Order.
    pub order_id: OrderId,
    /// Order number, for the invoice.
    pub order_number: String,
    /// What the shop owes, above zero.
    pub amount: Paisa,
    /// VAT inside it, not negative.
    pub vat: Paisa,
    /// Who delivered.
    pub vendor_id: VendorId,
    /// What the vendor gets without VAT, not negative.
    pub vendor: Paisa,
    /// When it was delivered.
    pub delivered_at: DateTime<Utc>,
}

/// The order's hold as the database has it, locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// None.
    Unknown,
    /// One that is not posted yet (or was released).
    Open {
        /// The hold.
        hold: Hold,
        /// Days from delivery to the due date.
        terms_days: u32,
        /// Payments that no invoice needed so far, oldest first.
        advances: Vec<Advance>,
    },
    /// One that was posted.
    Posted(Posted),
}

/// A posting that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The hold.
    pub hold: Hold,
    /// Amounts of its invoice.
    pub amounts: (Paisa, Paisa, Paisa),
    /// Vendor of its invoice.
    pub vendor_id: VendorId,
    /// Journal entry.
    pub entry_id: EntryId,
    /// Invoice number.
    pub invoice_number: String,
    /// Due date.
    pub due_at: DateTime<Utc>,
}

/// A new invoice; its number is drawn when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Derived from the order.
    pub invoice_id: InvoiceId,
    /// Its year.
    pub fiscal_year: FiscalYear,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// What shall be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A new posting.
    Post {
        /// The hold, still pending.
        hold: Hold,
        /// Its journal entry.
        entry: Entry,
        /// Its invoice.
        invoice: Invoice,
        /// What advances pay of it at once.
        allocations: Vec<Allocation>,
    },
    /// It was posted before.
    Again(Posted),
}

impl PostHold {
    fn amounts(&self) -> (Paisa, Paisa, Paisa) {
        (self.amount, self.vat, self.vendor)
    }

    fn post(
        &self,
        hold: Hold,
        terms_days: u32,
        advances: &[Advance],
        now: DateTime<Utc>,
    ) -> Result<Decision, Refusal> {
        if self.amount > hold.amount {
            return Err(Refusal::BadAmounts(Wrong::AboveHold { held: hold.amount }));
        }
        if self.vat > self.amount {
            return Err(Refusal::BadAmounts(Wrong::VatAboveAmount));
        }
        if self.delivered_at > now + CLOCK_SKEW {
            return Err(Refusal::InFuture {
                field: "delivered_at",
            });
        }
        let order = self.order_id.to_string();
        let amounts = DeliveryAmounts {
            amount: self.amount,
            vat: self.vat,
            vendor: self.vendor,
        };
        let entry = Entry {
            entry_id: EntryId::derive(&["delivery", &order]),
            kind: EntryKind::Delivery,
            account_id: hold.account_id,
            order_id: Some(self.order_id),
            payment_id: None,
            effective_at: self.delivered_at,
            lines: delivery_lines(hold.account_id, self.vendor_id, amounts)?,
        };
        let due_at = self
            .delivered_at
            .checked_add_days(Days::new(u64::from(terms_days)));
        let invoice = Invoice {
            invoice_id: InvoiceId::derive(&["invoice", &order]),
            fiscal_year: FiscalYear::of(now),
            issued_at: now,
            due_at: due_at.ok_or(Refusal::InFuture {
                field: "delivered_at",
            })?,
        };
        let allocations = use_advances(invoice.invoice_id, self.amount, advances);
        Ok(Decision::Post {
            hold,
            entry,
            invoice,
            allocations,
        })
    }
}

impl Command for PostHold {
    const NAME: &'static str = "PostHold";
    type Snapshot = Seen;
    type Decision = Decision;
    type Refusal = Refusal;

    fn decide(&self, seen: Seen, now: DateTime<Utc>) -> Result<Decision, Refusal> {
        match seen {
            Seen::Unknown => Err(Refusal::HoldUnknown),
            Seen::Open { hold, .. } if hold.state == HoldState::Released => Err(Refusal::HoldReleased),
            Seen::Open {
                hold,
                terms_days,
                advances,
            } => self.post(hold, terms_days, &advances, now),
            // the delivery time is not compared: the first posting's due date stands, whatever a retry says
            Seen::Posted(posted) => {
                match (posted.amounts, posted.vendor_id) == (self.amounts(), self.vendor_id) {
                    true => Ok(Decision::Again(posted)),
                    false => Err(Refusal::OtherContent),
                }
            }
        }
    }
}
