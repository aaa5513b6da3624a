//! Fingerprints of requests: two requests have the same one exactly when they ask for the same.
//!
//! A fingerprint is the hash of a command's serialised form, so the forms are compared.

use crate::random::{one, text, whole};
use crate::{Inputs, Source};
use chrono::{DateTime, Utc};
use khaacho_credit::domain::Method;
use khaacho_credit::domain::record_payment::RecordPayment;
use khaacho_ids::{AccountId, PaymentId};
use khaacho_inventory::domain::offer::Terms;
use khaacho_inventory::domain::set_offer::SetOffer;
use khaacho_inventory::domain::vendor::id_of;
use khaacho_money::Paisa;
use khaacho_order::domain::Asked;
use khaacho_order::domain::place_order::PlaceOrder;

type Payment = (AccountId, i64, Method, String, Option<DateTime<Utc>>);

pub(crate) fn payments_are_the_same_exactly_when_all_they_say_is(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let one = payment(&mut rng);
        let other = if rng.bool() {
            near(&mut rng, &one)
        } else {
            payment(&mut rng)
        };
        let print = |asked: &Payment| {
            let (account_id, amount, method, reference, received_at) = asked.clone();
            let command = RecordPayment {
                payment_id: PaymentId::generate(),
                account_id,
                amount: Paisa::new(amount),
                method,
                reference,
                received_at,
            };
            serde_json::to_vec(&command).expect("a command can be written")
        };
        // The new id is not part of what was asked for.
        assert_eq!(print(&one), print(&one.clone()), "run {run}");
        assert_eq!(
            print(&one) == print(&other),
            one == other,
            "run {run}: {one:?} {other:?}"
        );
    }
}

fn payment(rng: &mut Source) -> Payment {
    let methods = [
        Method::Cash,
        Method::BankTransfer,
        Method::MobileMoney,
        Method::Cheque,
    ];
    let time = DateTime::from_timestamp(rng.i64(0..2_000_000_000), rng.u32(..1_000_000_000));
    (
        AccountId::derive(&[*one(rng, &["a", "b"])]),
        whole(rng),
        *one(rng, &methods),
        text(rng, 8),
        time.filter(|_| rng.bool()),
    )
}

fn near(rng: &mut Source, payment: &Payment) -> Payment {
    let mut near = payment.clone();
    match rng.u8(..6) {
        0 => near.1 = near.1.wrapping_add(1),
        1 => near.3.push(*one(rng, &[' ', '\0', '"', '\u{301}'])),
        2 => near.4 = near.4.map(|time| time + chrono::TimeDelta::nanoseconds(1)),
        3 => near.0 = AccountId::derive(&["c"]),
        4 => near.4 = None,
        _ => {}
    }
    near
}

pub(crate) fn orders_are_the_same_exactly_when_all_their_lines_are(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let lines = |rng: &mut Source| -> Vec<[String; 3]> {
            (0..rng.usize(..4))
                .map(|_| [text(rng, 4), text(rng, 3), text(rng, 2)])
                .collect()
        };
        let one = lines(&mut rng);
        let other = if rng.bool() {
            moved(&mut rng, &one)
        } else {
            lines(&mut rng)
        };
        let print = |lines: &[[String; 3]]| {
            let asked = lines.iter().map(|[sku, quantity, unit]| Asked {
                sku: sku.clone(),
                quantity: quantity.clone(),
                unit: unit.clone(),
                called: Vec::new(),
            });
            let command = PlaceOrder {
                own_account: None,
                quote_id: String::new(),
                asked: asked.collect(),
                quoted: None,
            };
            serde_json::to_vec(&command).expect("a command can be written")
        };
        assert_eq!(
            print(&one) == print(&other),
            one == other,
            "run {run}: {one:?} {other:?}"
        );
    }
}

/// The same letters in other fields: what a hash over joined texts would take for the same.
fn moved(rng: &mut Source, lines: &[[String; 3]]) -> Vec<[String; 3]> {
    let mut lines = lines.to_vec();
    if lines.is_empty() {
        return lines;
    }
    let (line, field) = (rng.usize(..lines.len()), rng.usize(..2));
    if let Some(letter) = lines[line][field].pop() {
        lines[line][field + 1].insert(0, letter);
    }
    lines
}

pub(crate) fn offers_are_the_same_exactly_when_their_terms_are(inputs: Inputs) {
    for (run, mut rng) in inputs {
        let terms = |rng: &mut Source| Terms {
            price: Paisa::new(rng.i64(1..4)),
            lead_time_days: rng.u32(..3),
            minimum_quantity: rng.u32(..3),
            active: rng.bool(),
        };
        let (one, other) = (terms(&mut rng), terms(&mut rng));
        let print = |terms: &Terms| {
            let command = SetOffer {
                vendor_id: id_of("V01"),
                sku: "A-1".parse().expect("a sku"),
                terms: *terms,
            };
            serde_json::to_vec(&command).expect("a command can be written")
        };
        let same = (one.price, one.lead_time_days, one.minimum_quantity, one.active)
            == (
                other.price,
                other.lead_time_days,
                other.minimum_quantity,
                other.active,
            );
        assert_eq!(print(&one) == print(&other), same, "run {run}: {one:?} {other:?}");
    }
}
