use khaacho_ids::{AccountId, PaymentId};
use proptest::prelude::*;

use super::*;
use crate::domain::hold::hold_id;

fn now() -> DateTime<Utc> {
    "2026-11-22T06:00:00Z".parse().expect("a time")
}

fn post(amount: i64, vat: i64, vendor: i64) -> PostHold {
    PostHold {
        order_id: OrderId::derive(&["o"]),
        order_number: "ORD2611000429".to_owned(),
        amount: Paisa::new(amount),
        vat: Paisa::new(vat),
        vendor_id: VendorId::derive(&["v"]),
        vendor: Paisa::new(vendor),
        delivered_at: now(),
    }
}

fn hold(amount: i64, state: HoldState) -> Hold {
    let order_id = OrderId::derive(&["o"]);
    let account_id = AccountId::derive(&["a"]);
    Hold {
        hold_id: hold_id(order_id),
        account_id,
        order_id,
        amount: Paisa::new(amount),
        state,
    }
}

fn pending(amount: i64, advances: Vec<Advance>) -> Seen {
    Seen::Open {
        hold: hold(amount, HoldState::Pending),
        terms_days: 21,
        advances,
    }
}

fn refused(post: &PostHold, seen: Seen) -> Refusal {
    post.decide(seen, now()).expect_err("a refusal")
}

#[test]
fn a_delivery_becomes_one_entry_and_one_invoice() {
    let Ok(Decision::Post {
        entry,
        invoice,
        allocations,
        ..
    }) = post(113, 13, 90).decide(pending(113, Vec::new()), now())
    else {
        panic!("posted");
    };
    assert_eq!((entry.kind, entry.lines.len()), (EntryKind::Delivery, 4));
    assert_eq!(invoice.due_at, now() + chrono::TimeDelta::days(21));
    assert_eq!(invoice.fiscal_year.to_string(), "2083/84");
    assert!(allocations.is_empty());
}

#[test]
fn a_shop_that_paid_ahead_pays_from_the_advance() {
    let advance = Advance {
        payment_id: PaymentId::derive(&["p"]),
        left: Paisa::new(40),
    };
    let Ok(Decision::Post { allocations, .. }) = post(100, 0, 90).decide(pending(100, vec![advance]), now())
    else {
        panic!("posted");
    };
    assert_eq!(allocations.len(), 1);
    assert_eq!(
        (allocations[0].payment_id, allocations[0].amount),
        (advance.payment_id, Paisa::new(40))
    );
}

#[test]
fn less_than_the_hold_may_be_posted_but_not_more() {
    assert!(post(80, 0, 70).decide(pending(100, Vec::new()), now()).is_ok());
    let above = Refusal::BadAmounts(Wrong::AboveHold {
        held: Paisa::new(100),
    });
    assert_eq!(refused(&post(101, 0, 70), pending(100, Vec::new())), above);
    assert_eq!(
        refused(&post(50, 51, 0), pending(100, Vec::new())),
        Refusal::BadAmounts(Wrong::VatAboveAmount)
    );
}

#[test]
fn a_delivery_in_the_future_has_not_happened() {
    let late = PostHold {
        delivered_at: now() + chrono::TimeDelta::hours(1),
        ..post(1, 0, 1)
    };
    assert_eq!(
        refused(&late, pending(1, Vec::new())),
        Refusal::InFuture {
            field: "delivered_at"
        }
    );
}

#[test]
fn only_a_hold_that_stands_can_be_posted() {
    assert_eq!(refused(&post(1, 0, 1), Seen::Unknown), Refusal::HoldUnknown);
    let released = Seen::Open {
        hold: hold(0, HoldState::Released),
        terms_days: 1,
        advances: Vec::new(),
    };
    assert_eq!(refused(&post(1, 0, 1), released), Refusal::HoldReleased);
}

#[test]
fn the_first_posting_stands() {
    let posted = Posted {
        hold: hold(113, HoldState::Posted),
        amounts: (Paisa::new(113), Paisa::new(13), Paisa::new(90)),
        vendor_id: VendorId::derive(&["v"]),
        entry_id: EntryId::derive(&["delivery"]),
        invoice_number: "INV8384-000001".to_owned(),
        due_at: now(),
    };
    let again = PostHold {
        delivered_at: now() - chrono::TimeDelta::hours(1),
        ..post(113, 13, 90)
    };
    assert_eq!(
        again.decide(Seen::Posted(posted.clone()), now()),
        Ok(Decision::Again(posted.clone()))
    );
    assert_eq!(
        refused(&post(112, 13, 90), Seen::Posted(posted)),
        Refusal::OtherContent
    );
}

proptest! {
    #[test]
    fn every_posting_balances_and_conserves(
        held in 1..=1_000_000_000_i64,
        part in 0.0..=1.0_f64,
        vat_bp in 0..=2_000_i64,
        vendor in 0..=2_000_000_000_i64,
        left in proptest::collection::vec(1..=1_000_000_i64, 0..5),
    ) {
        let amount = ((held as f64 * part) as i64).clamp(1, held);
        let advances: Vec<_> = left
            .iter()
            .enumerate()
            .map(|(n, left)| Advance { payment_id: PaymentId::derive(&[&n.to_string()]), left: Paisa::new(*left) })
            .collect();
        let decision = post(amount, amount * vat_bp / 10_000, vendor).decide(pending(held, advances), now());
        let Ok(Decision::Post { entry, allocations, .. }) = decision else { panic!("posted") };
        prop_assert_eq!(entry.lines.iter().map(|line| line.amount.paisa()).sum::<i64>(), 0);
        prop_assert_eq!(entry.lines[0].amount.paisa(), amount);
        let used: i64 = allocations.iter().map(|allocation| allocation.amount.paisa()).sum();
        prop_assert_eq!(used, amount.min(left.iter().sum()));
    }
}
