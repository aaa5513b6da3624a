//! Violations of credit and of the journal: I7, I8, I9, I17, I18.

use super::{broken_by, clean, finds, judge};

#[test]
fn an_entry_with_one_leg() {
    finds("I7", |run| {
        run.last.line.pop();
    });
    finds("I7", |run| run.last.line[0].amount_paisa += 1);
}

#[test]
fn an_account_that_owes_something_else_than_the_ledger_says() {
    finds("I7", |run| run.last.account[0].owed_paisa += 1);
    finds("I7", |run| {
        run.last.line[0].account = "receivable:acc_2".to_owned()
    });
}

#[test]
fn an_invoice_that_is_open_by_the_wrong_amount() {
    finds("I7", |run| run.last.invoice[0].open_paisa += 1);
    finds("I7", |run| run.last.payment[0].unallocated_paisa += 1);
    finds("I7", |run| {
        run.last.allocation[0].invoice_id = "inv_none".to_owned()
    });
}

#[test]
fn a_limit_that_was_exceeded_for_a_moment() {
    let broken = broken_by(|run| {
        // the limit falls to a paisa less than is used, and a hold is placed under it all the same
        let total = run
            .last
            .account_event
            .iter()
            .find(|e| e.kind == "hold_placed")
            .expect("one")
            .d_held;
        for event in run.last.account_event.iter_mut().filter(|e| e.seq < 8) {
            event.limit_after = total - 1;
        }
    });
    assert!(broken.contains(&"I8".to_owned()), "{broken:?}");
}

#[test]
fn a_lowered_limit_is_no_violation_until_something_is_held_under_it() {
    let lowered = broken_by(|run| {
        let event = run
            .last
            .account_event
            .iter_mut()
            .rfind(|e| e.kind == "limit_set")
            .expect("one");
        let seq = event.seq;
        for event in run.last.account_event.iter_mut().filter(|e| e.seq >= seq) {
            event.limit_after = 5;
        }
        run.last.account[0].limit_paisa = 5;
        run.snaps.clear();
        for event in run
            .history
            .iter_mut()
            .filter(|e| matches!(e.f.as_str(), "limit" | "get_account"))
        {
            if event.v.get("limit_paisa").is_some() {
                event.v["limit_paisa"] = serde_json::json!(5);
            }
        }
    });
    assert_eq!(lowered, Vec::<String>::new());
}

#[test]
fn a_hole_in_the_changes_of_an_account() {
    finds("I8", |run| {
        run.last.account_event.remove(1);
    });
    finds("I8", |run| run.last.account[0].version += 1);
    finds("I8", |run| run.last.account[0].held_paisa += 1);
}

#[test]
fn credit_that_is_held_of_a_blocked_account() {
    finds("I8", |run| {
        run.last.account_event[0].kind = "blocked".to_owned();
        run.last.account_event[0].seq = 1;
    });
}

#[test]
fn a_hold_that_is_settled_twice() {
    finds("I9", |run| {
        let posted = run
            .last
            .account_event
            .iter()
            .find(|e| e.kind == "hold_posted")
            .expect("one")
            .clone();
        let seq = run.last.account_event.iter().map(|e| e.seq).max().expect("some") + 1;
        run.last.account_event.push(crate::views::AccountEvent {
            seq,
            kind: "hold_released".to_owned(),
            d_posted: 0,
            ..posted
        });
    });
}

#[test]
fn a_hold_that_comes_back_or_changes_its_amount() {
    finds("I9", |run| run.snaps[0].hold[1].state = "POSTED".to_owned());
    finds("I9", |run| run.last.hold[0].amount_paisa += 1);
    finds("I9", |run| {
        run.last.hold.remove(0);
    });
}

#[test]
fn amounts_that_were_calculated_otherwise() {
    finds("I17", |run| run.last.order_line[0].amount_paisa += 1);
    finds("I17", |run| run.last.orders[0].vat_paisa += 1);
    finds("I17", |run| run.last.orders[0].total_paisa -= 1);
    finds("I17", |run| run.last.invoice[0].vat_paisa += 1);
    finds("I17", |run| {
        // balanced, but the vendor gets a paisa of the tax office
        run.last.line[1].amount_paisa -= 1;
        run.last.line[2].amount_paisa += 1;
    });
    finds("I17", |run| {
        let told = run
            .history
            .iter_mut()
            .find(|e| e.f == "get_order" && e.http == 200)
            .expect("one");
        told.v["total_paisa"] = serde_json::json!(22_612);
    });
}

#[test]
fn vat_is_rounded_half_up_once_on_the_sum() {
    // 13 % of 20,010 paisa are 2,601.3; of 150 paisa 19.5
    let mut run = clean();
    run.last.orders.truncate(1);
    let order = &mut run.last.orders[0];
    (order.subtotal_paisa, order.vat_paisa, order.total_paisa) = (150, 20, 170);
    let line = run.last.order_line[0].clone();
    run.last.order_line = vec![
        crate::views::OrderLine {
            quantity_milli: 500,
            unit_price_paisa: 100,
            amount_paisa: 50,
            ..line.clone()
        },
        crate::views::OrderLine {
            n: 2,
            quantity_milli: 1000,
            unit_price_paisa: 100,
            amount_paisa: 100,
            ..line
        },
    ];
    let verdict = judge(&run);
    let sums = verdict
        .violations
        .iter()
        .filter(|v| v.invariant == "I17" && v.message.contains("its lines make"));
    assert_eq!(sums.count(), 0);
}

#[test]
fn a_snapshot_that_does_not_balance_while_something_is_broken() {
    finds("I18", |run| run.snaps[0].line[0].amount_paisa += 1);
    finds("I18", |run| run.snaps[0].stock[0].reserved_milli += 1);
    finds("I18", |run| run.snaps[0].account[0].held_paisa += 1);
}
