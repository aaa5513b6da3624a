//! Which money pays which invoice: always the oldest first, on both sides.

use khaacho_ids::{InvoiceId, PaymentId};
use khaacho_money::Paisa;

/// An invoice with something open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    /// Id.
    pub invoice_id: InvoiceId,
    /// Number.
    pub number: String,
    /// What is open, above zero.
    pub open: Paisa,
}

/// A payment with something left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Id.
    pub payment_id: PaymentId,
    /// What is left of it, above zero.
    pub left: Paisa,
}

/// Part of a payment for an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// Payment.
    pub payment_id: PaymentId,
    /// Invoice.
    pub invoice_id: InvoiceId,
    /// Amount, above zero.
    pub amount: Paisa,
}

/// Spreads one payment over invoices in the order given (oldest due first).
pub fn pay_invoices(payment_id: PaymentId, amount: Paisa, invoices: &[OpenInvoice]) -> Vec<Allocation> {
    let mut left = amount;
    let mut allocations = Vec::new();
    for invoice in invoices {
        let part = left.min(invoice.open);
        if part <= Paisa::ZERO {
            break;
        }
        left = less(left, part);
        allocations.push(Allocation {
            payment_id,
            invoice_id: invoice.invoice_id,
            amount: part,
        });
    }
    allocations
}

/// Pays one new invoice from advances in the order given (oldest first).
pub fn use_advances(invoice_id: InvoiceId, amount: Paisa, advances: &[Advance]) -> Vec<Allocation> {
    let mut open = amount;
    let mut allocations = Vec::new();
    for advance in advances {
        let part = open.min(advance.left);
        if part <= Paisa::ZERO {
            break;
        }
        open = less(open, part);
        allocations.push(Allocation {
            payment_id: advance.payment_id,
            invoice_id,
            amount: part,
        });
    }
    allocations
}

fn less(amount: Paisa, part: Paisa) -> Paisa {
    amount.checked_sub(part).expect("a part is at most the whole")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn invoices(open: &[i64]) -> Vec<OpenInvoice> {
        let named = |(n, paisa): (usize, &i64)| OpenInvoice {
            invoice_id: InvoiceId::derive(&[&n.to_string()]),
            number: format!("INV8384-{n:06}"),
            open: Paisa::new(*paisa),
        };
        open.iter().enumerate().map(named).collect()
    }

    fn amounts(allocations: &[Allocation]) -> Vec<i64> {
        allocations
            .iter()
            .map(|allocation| allocation.amount.paisa())
            .collect()
    }

    #[test]
    fn the_oldest_invoice_is_paid_first_and_the_rest_stays_open() {
        let paid = pay_invoices(
            PaymentId::derive(&["p"]),
            Paisa::new(150),
            &invoices(&[100, 100, 100]),
        );
        assert_eq!(amounts(&paid), [100, 50]);
    }

    #[test]
    fn what_no_invoice_needs_is_left_as_an_advance() {
        let paid = pay_invoices(PaymentId::derive(&["p"]), Paisa::new(500), &invoices(&[100]));
        assert_eq!(amounts(&paid), [100]);
    }

    #[test]
    fn a_new_invoice_uses_the_oldest_advance_first() {
        let advances = [("a", 70), ("b", 70)].map(|(name, left)| Advance {
            payment_id: PaymentId::derive(&[name]),
            left: Paisa::new(left),
        });
        let paid = use_advances(InvoiceId::derive(&["i"]), Paisa::new(100), &advances);
        assert_eq!(amounts(&paid), [70, 30]);
        assert_eq!(paid[0].payment_id, advances[0].payment_id);
    }

    proptest! {
        #[test]
        fn allocation_conserves(
            amount in 1..=1_000_000_i64,
            open in proptest::collection::vec(1..=300_000_i64, 0..12),
        ) {
            let invoices = invoices(&open);
            let paid = amounts(&pay_invoices(PaymentId::derive(&["p"]), Paisa::new(amount), &invoices));
            let total: i64 = paid.iter().sum();
            prop_assert_eq!(total, amount.min(open.iter().sum()));
            prop_assert!(paid.iter().zip(&open).all(|(part, open)| *part > 0 && part <= open));
            // all but the last one paid are paid in full
            let full = paid.len().saturating_sub(1);
            prop_assert_eq!(&paid[..full], &open[..full]);
        }

        #[test]
        fn using_advances_conserves(
            amount in 1..=1_000_000_i64,
            left in proptest::collection::vec(1..=300_000_i64, 0..12),
        ) {
            let advances: Vec<_> = left
                .iter()
                .enumerate()
                .map(|(n, left)| Advance { payment_id: PaymentId::derive(&[&n.to_string()]), left: Paisa::new(*left) })
                .collect();
            let used = amounts(&use_advances(InvoiceId::derive(&["i"]), Paisa::new(amount), &advances));
            prop_assert_eq!(used.iter().sum::<i64>(), amount.min(left.iter().sum()));
            prop_assert!(used.iter().zip(&left).all(|(part, left)| *part > 0 && part <= left));
        }
    }
}
