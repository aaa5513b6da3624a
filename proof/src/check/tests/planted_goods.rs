//! Violations of stock and of orders: I5, I6, I10, I11, I12, I22.

use chrono::{DateTime, TimeDelta};

use super::super::input::Run;
use super::{broken_by, finds};

#[test]
fn stock_that_is_not_the_sum_of_its_moves() {
    finds("I5", |run| run.last.stock[0].on_hand_milli -= 1);
    finds("I5", |run| run.last.stock[0].reserved_milli += 1);
}

#[test]
fn a_reservation_that_was_released_twice() {
    finds("I5", |run| {
        let mut again = run
            .last
            .stock_event
            .iter()
            .find(|e| e.kind == "release")
            .expect("one")
            .clone();
        run.last.stock[0].seq += 1;
        again.seq = run.last.stock[0].seq;
        run.last.stock[0].reserved_milli += again.d_reserved_milli;
        run.last.stock_event.push(again);
    });
}

#[test]
fn goods_that_left_without_a_delivery() {
    finds("I5", |run| run.last.orders[0].vendor = "ven_2".to_owned());
}

#[test]
fn stock_that_was_oversold_for_a_moment() {
    let broken = broken_by(|run| {
        // sold before it was there: the end is right, a prefix is not
        let opening = run.last.stock_event.remove(0);
        let moved: Vec<_> = run.last.stock_event.iter_mut().take(1).collect();
        for event in moved {
            event.seq = 1;
        }
        run.last.stock_event.push(crate::views::StockEvent {
            seq: 2,
            kind: "adjust".to_owned(),
            ..opening
        });
    });
    assert!(broken.contains(&"I6".to_owned()), "{broken:?}");
}

#[test]
fn a_hole_in_the_moves_of_a_stock() {
    finds("I6", |run| {
        run.last.stock_event.remove(2);
    });
    finds("I6", |run| {
        run.last.stock[0].reserved_milli = run.last.stock[0].on_hand_milli + 1
    });
}

fn chat_order(run: &mut Run) -> &mut crate::views::Order {
    run.last
        .orders
        .iter_mut()
        .find(|order| order.order_id == "ord_3")
        .expect("there is one")
}

#[test]
fn services_that_tell_different_stories_of_an_order() {
    finds("I10", |run| run.last.hold.retain(|hold| hold.order_id != "ord_3"));
    finds("I10", |run| {
        run.last
            .hold
            .iter_mut()
            .find(|h| h.order_id == "ord_2")
            .unwrap()
            .state = "PENDING".to_owned()
    });
    finds("I10", |run| {
        run.last
            .reservation
            .iter_mut()
            .find(|r| r.order_id == "ord_1")
            .unwrap()
            .state = "PENDING".to_owned()
    });
    finds("I10", |run| chat_order(run).reservation_attempt = Some(2));
    finds("I10", |run| chat_order(run).vendor = "ven_2".to_owned());
    finds("I10", |run| {
        run.last.entry.retain(|entry| entry.kind != "delivery")
    });
    finds("I10", |run| run.last.orders[0].invoice_number = String::new());
    finds("I10", |run| run.last.reservation_line[0].quantity_milli = 1000);
}

#[test]
fn an_order_that_rests_where_none_may() {
    finds("I10", |run| chat_order(run).state = "PLACED".to_owned());
    finds("I10", |run| chat_order(run).state = "EXPIRED".to_owned());
}

#[test]
fn an_offer_that_nobody_withdrew() {
    finds("I10", |run| {
        run.last
            .assignment
            .iter_mut()
            .find(|a| a.order_id == "ord_2")
            .unwrap()
            .answer = "OFFERED".to_owned()
    });
    finds("I10", |run| {
        run.last.assignment.retain(|offer| offer.order_id != "ord_1")
    });
}

#[test]
fn rows_of_an_order_that_does_not_exist() {
    finds("I11", |run| run.last.hold[0].order_id = "ord_none".to_owned());
    finds("I11", |run| {
        run.last.reservation[0].order_id = "ord_none".to_owned()
    });
    finds("I11", |run| run.last.payment.clear());
}

#[test]
fn work_that_nobody_finished() {
    finds("I11", |run| run.last.job[0].run_at = DateTime::UNIX_EPOCH);
    finds("I11", |run| run.last.job[0].faults = 3);
    finds("I11", |run| run.last.inbound[0].outcome = String::new());
    let behind = broken_by(|run| {
        run.last.job[0].ordering_key = "ord_1".to_owned();
        let mut later = run.last.job[0].clone();
        (later.job_id, later.run_at) = ("job_2".to_owned(), DateTime::UNIX_EPOCH);
        run.last.job.push(later);
    });
    assert_eq!(behind, Vec::<String>::new(), "who waits for his turn is not late");
    let just_due =
        broken_by(|run| run.last.job[0].run_at = run.last.taken_at.unwrap() - TimeDelta::seconds(1));
    assert_eq!(
        just_due,
        Vec::<String>::new(),
        "a job that has just come due is no orphan"
    );
}

#[test]
fn an_order_that_moves_where_no_edge_leads() {
    finds("I12", |run| {
        let at = run
            .last
            .order_status
            .iter()
            .position(|s| s.to_state == "PACKING")
            .expect("one");
        run.last.order_status[at].to_state = "DELIVERED".to_owned();
        run.last.order_status[at + 1].from_state = "DELIVERED".to_owned();
    });
}

#[test]
fn a_hole_a_jump_and_a_row_that_is_ahead_of_its_history() {
    finds("I12", |run| {
        run.last.order_status.remove(1);
    });
    finds("I12", |run| {
        run.last.order_status[1].from_state = "ACCEPTED".to_owned()
    });
    finds("I12", |run| run.last.orders[0].state = "DELIVERED".to_owned());
    finds("I12", |run| {
        // nothing follows what is final
        let last = run
            .last
            .order_status
            .iter()
            .rfind(|s| s.order_id == "ord_2")
            .unwrap()
            .clone();
        run.last.order_status.push(crate::views::OrderStatus {
            n: last.n + 1,
            from_state: "CANCELLED".to_owned(),
            to_state: "PENDING".to_owned(),
            ..last
        });
        run.last.orders[1].state = "PENDING".to_owned();
    });
}

#[test]
fn a_client_that_is_told_an_older_status_than_before() {
    finds("I12", |run| {
        let pack = run
            .history
            .iter_mut()
            .find(|e| e.f == "pack" && e.http == 200)
            .expect("one");
        pack.v["version"] = serde_json::json!(99);
    });
    finds("I12", |run| {
        let read = run
            .history
            .iter_mut()
            .find(|e| e.f == "get_order" && e.http == 200)
            .expect("one");
        read.v["status"] = serde_json::json!("ORDER_STATUS_CANCELLED");
    });
}

#[test]
fn work_that_was_given_up_and_parts_that_are_missing() {
    finds("I22", |run| run.last.job[0].parked = true);
    finds("I22", |run| run.last.notice[0].parts = 2);
    finds("I22", |run| {
        let twice = run.last.notice[0].clone();
        run.last.notice.push(twice);
    });
}

#[test]
fn a_job_that_was_never_taken_is_found() {
    finds("I22", |run| {
        run.last.job[0].run_at = chrono::DateTime::UNIX_EPOCH;
        run.last.job[0].parked = false;
        run.last.job[0].leased = false;
    });
}

#[test]
fn what_is_held_for_nobody_is_a_phantom() {
    finds("I3", |run| "ord_never".clone_into(&mut run.last.hold[0].order_id));
    finds("I3", |run| {
        "ord_never".clone_into(&mut run.last.notice[0].order_id)
    });
}
