//! Violations of what was acknowledged and what was sent: I1, I2, I3, I4, I13, I14, I15.

use serde_json::json;

use super::super::input::{Run, Sent};
use super::super::notices::{rupees, sha};
use super::world::VENDOR;
use super::{broken_by, finds};
use crate::history::{Event, Phase};

fn answer<'a>(run: &'a mut Run, op: &str) -> &'a mut Event {
    run.history
        .iter_mut()
        .find(|event| event.op == op && event.ph != Phase::Invoke)
        .expect("it was answered")
}

#[test]
fn a_message_that_was_acknowledged_and_is_lost_or_has_no_outcome() {
    finds("I1", |run| run.last.inbound.retain(|row| row.mid != "m1"));
    finds("I1", |run| run.last.inbound[0].outcome = String::new());
    finds("I1", |run| run.last.inbound[0].outcome = "perhaps".to_owned());
    finds("I1", |run| {
        run.last.inbound[1].outcome_ref = "ord_none".to_owned()
    });
    finds("I1", |run| {
        let twice = run.last.inbound[0].clone();
        run.last.inbound.push(twice);
    });
}

#[test]
fn an_effect_that_was_acknowledged_and_is_gone() {
    finds("I2", |run| run.last.payment.clear());
    finds("I2", |run| {
        run.last.orders.retain(|order| order.order_id != "ord_4")
    });
    finds("I2", |run| {
        run.last.account_event.retain(|event| event.kind != "limit_set")
    });
    finds("I2", |run| {
        run.last
            .order_status
            .retain(|status| status.to_state != "PACKING");
    });
    finds("I2", |run| run.last.stock_event[0].reason = "somebody".to_owned());
}

#[test]
fn an_effect_of_what_was_refused() {
    finds("I2", |run| {
        let refused = answer(run, "r1-ord_4");
        (refused.ph, refused.http) = (Phase::Fail, 422);
    });
    finds("I2", |run| run.last.payment[0].reference = "a1-none".to_owned());
    finds("I2", |run| run.last.inbound[0].mid = "m9".to_owned());
    finds("I2", |run| run.last.orders[3].cause = "r1-other".to_owned());
}

#[test]
fn an_effect_that_happened_twice_though_nobody_knows_whether_once() {
    finds("I2", |run| {
        let unknown = answer(run, "a1-pay");
        (unknown.ph, unknown.http) = (Phase::Info, 0);
        let mut twice = run.last.payment[0].clone();
        twice.payment_id = "pay_2".to_owned();
        run.last.payment.push(twice);
    });
    let once = broken_by(|run| {
        let unknown = answer(run, "a1-limit");
        (unknown.ph, unknown.http, unknown.v) = (Phase::Info, 503, json!({}));
        unknown.t_ns += 1;
        run.history.push(Event {
            i: 9999,
            ph: Phase::Fault,
            t_ns: 1,
            v: json!({ "id": 1 }),
            f: "kill".to_owned(),
            p: "nem".to_owned(),
            op: String::new(),
            attempt: 0,
            http: 0,
            err: String::new(),
        });
    });
    assert_eq!(
        once,
        Vec::<String>::new(),
        "what nobody knows may have happened once"
    );
}

#[test]
fn another_effect_than_was_asked_for() {
    finds("I2", |run| run.last.payment[0].amount_paisa += 1);
    finds("I2", |run| answer(run, "a1-limit").v["version"] = json!(1));
    finds("I2", |run| answer(run, "s-3").v["on_hand_milli"] = json!(1));
    finds("I2", |run| {
        answer(run, "r1-ord_1").v["number"] = json!("ORDother")
    });
}

#[test]
fn a_commit_that_a_snapshot_saw_and_that_was_undone() {
    finds("I2", |run| {
        let mut seen = run.snaps[0].order_status[0].clone();
        seen.n = 77;
        run.snaps[0].order_status.push(seen);
    });
    finds("I2", |run| run.snaps[0].inbound[0].sha = "another".to_owned());
    finds("I2", |run| run.snaps[0].line[0].amount_paisa += 1);
}

#[test]
fn things_that_nobody_asked_for() {
    finds("I3", |run| run.last.orders[0].cause = "r1-nobody".to_owned());
    finds("I3", |run| run.last.order_line[0].quantity_milli = 3000);
    finds("I3", |run| run.last.payment[0].reference = "a1-nobody".to_owned());
    finds("I3", |run| run.last.inbound[0].mid = "m77".to_owned());
    finds("I3", |run| run.last.stock_event[0].reason = "nobody".to_owned());
    finds("I3", |run| {
        let change = run
            .last
            .account_event
            .iter_mut()
            .find(|e| e.kind == "limit_set")
            .expect("one");
        change.cause = "a1-nobody".to_owned();
    });
}

#[test]
fn an_order_in_chat_that_its_sender_never_wrote() {
    finds("I3", |run| {
        let list = run
            .history
            .iter_mut()
            .find(|event| event.op == "r1-m1")
            .expect("the list");
        list.v["lines"] = json!([["RICE", 1000]]);
    });
    finds("I3", |run| {
        let confirm = run
            .history
            .iter_mut()
            .find(|event| event.op == "r1-m2")
            .expect("the confirmation");
        confirm.v["intent"] = json!("balance");
        confirm.v["text"] = json!("BALANCE");
    });
}

#[test]
fn two_of_what_an_order_has_one_of() {
    finds("I4", |run| {
        let mut second = run.last.hold[0].clone();
        second.hold_id = "hld_random".to_owned();
        run.last.hold.push(second);
    });
    finds("I4", |run| {
        let mut second = run.last.orders[0].clone();
        second.order_id = "ord_twin".to_owned();
        run.last.orders.push(second);
    });
    finds("I4", |run| {
        let mut second = run.last.entry[0].clone();
        second.entry_id = "ent_twin".to_owned();
        run.last.entry.push(second);
    });
    finds("I4", |run| {
        let mut second = run.last.reservation[2].clone();
        (second.res_id, second.attempt) = ("rsv_twin".to_owned(), 2);
        run.last.reservation.push(second);
    });
    finds("I4", |run| {
        let mut second = run.snaps[0].invoice[0].clone();
        second.invoice_id = "inv_twin".to_owned();
        run.snaps[0].invoice.push(second);
    });
}

#[test]
fn a_message_that_never_arrived_or_arrived_too_often() {
    finds("I13", |run| {
        run.last
            .notice
            .retain(|notice| notice.template != "order_delivered")
    });
    finds("I13", |run| run.last.notice[0].state = "QUEUED".to_owned());
    finds("I13", |run| {
        run.provider
            .as_mut()
            .expect("a log")
            .retain(|sent| !sent.notice.contains("order_packing"))
    });
    finds("I13", |run| {
        let log = run.provider.as_mut().expect("a log");
        let again: Vec<Sent> = log.iter().take(1).cloned().collect();
        log.extend(again);
    });
    finds("I13", |run| run.last.attempt[0].result = "permanent".to_owned());
}

#[test]
fn a_message_may_arrive_twice_after_a_lost_answer() {
    let twice = broken_by(|run| {
        let first = run.last.attempt[0].clone();
        run.last.attempt[0].result = "ambiguous".to_owned();
        run.last.attempt[0].provider_ref = String::new();
        run.last.attempt.push(crate::views::Attempt { n: 2, ..first });
        run.last.notice[0].attempts = 2;
        let log = run.provider.as_mut().expect("a log");
        let again: Vec<Sent> = log.iter().take(1).cloned().collect();
        log.extend(again);
    });
    assert_eq!(twice, Vec::<String>::new());
}

#[test]
fn a_message_is_tried_again_after_a_final_no() {
    finds("I13", |run| {
        let first = run.last.attempt[0].clone();
        run.last.attempt[0].result = "permanent".to_owned();
        run.last.attempt.push(crate::views::Attempt { n: 2, ..first });
        run.last.notice[0].attempts = 2;
    });
}

#[test]
fn a_message_goes_to_somebody_else_or_names_another_amount() {
    finds("I13", |run| {
        run.last.notice[0].to_hash = sha(VENDOR);
        run.provider.as_mut().expect("a log")[0].to = VENDOR.to_owned();
    });
    finds("I13", |run| {
        run.provider.as_mut().expect("a log")[0].to = VENDOR.to_owned()
    });
    finds("I13", |run| {
        run.provider.as_mut().expect("a log")[0].text = "Total: Rs 226.10".to_owned()
    });
}

#[test]
fn a_provider_has_a_message_that_nobody_sent() {
    finds("I13", |run| {
        let log = run.provider.as_mut().expect("a log");
        let mut stranger = log[0].clone();
        (stranger.notice, stranger.reference) = (String::new(), "SM1".to_owned());
        log.push(stranger);
    });
}

#[test]
fn amounts_are_written_as_people_here_write_them() {
    let written = [0, 5, 100, 52_500, 12_345_678, 1_234_567_800, -99].map(rupees);
    let wanted = [
        "Rs 0",
        "Rs 0.05",
        "Rs 1",
        "Rs 525",
        "Rs 1,23,456.78",
        "Rs 1,23,45,678",
        "-Rs 0.99",
    ];
    assert_eq!(written, wanted);
}

#[test]
fn a_repeated_request_that_is_answered_otherwise() {
    finds("I14", |run| {
        answer(run, "r1-again").v["order_id"] = json!("ord_2")
    });
    finds("I14", |run| {
        let again = answer(run, "r1-again");
        (again.ph, again.http) = (Phase::Fail, 409);
    });
    finds("I14", |run| run.snaps[0].idem[0].reply_sha = "another".to_owned());
    finds("I14", |run| {
        let again = answer(run, "r1-again");
        (again.ph, again.http) = (Phase::Fail, 401);
    });
}

#[test]
fn a_used_key_that_takes_another_body() {
    finds("I15", |run| {
        let taken = answer(run, "r1-other");
        (taken.ph, taken.http) = (Phase::Ok, 202);
    });
    finds("I15", |run| {
        answer(run, "r1-other").v["reason"] = json!("CREDIT_SHORT")
    });
    finds("I15", |run| run.last.orders[3].cause = "r1-other".to_owned());
    let busy = broken_by(|run| {
        let shed = answer(run, "r1-other");
        (shed.http, shed.v) = (429, json!({ "reason": "RATE_LIMITED" }));
    });
    assert_eq!(
        busy,
        Vec::<String>::new(),
        "to be too busy says nothing about the key"
    );
}

#[test]
fn a_message_that_nobody_works_on_is_lost_even_before_rest() {
    finds("I1", |run| {
        let mark = run.history.iter_mut().find(|event| event.f == "quiescent");
        mark.expect("there is one").f = "not_quiescent".to_owned();
        run.last.inbound[0].outcome = String::new();
    });
}
