//! Backups that lack what was acknowledged, or have what never was: I23.

use serde_json::{Value, json};

use super::super::Standing;
use super::super::input::Run;
use super::{clean, judge};
use crate::history::{Event, Phase};
use crate::views::{Account, Order, Stock, Views};

fn mark(run: &mut Run, f: &str, v: Value) {
    let last = run.history.last().expect("a history").clone();
    run.history.push(Event {
        i: last.i + 1,
        t_ns: last.t_ns + 1,
        p: "run".to_owned(),
        ph: Phase::Mark,
        f: f.to_owned(),
        op: String::new(),
        attempt: 0,
        http: 0,
        v,
        err: String::new(),
    });
}

/// A clean run with a whole backup, taken after everything.
fn saved(at_rest: bool) -> Run {
    let mut run = clean();
    mark(&mut run, "backup_begins", json!({}));
    let after = run.history.last().expect("the mark").i;
    let v = if at_rest {
        json!({ "at": "rest", "after": after })
    } else {
        json!({ "after": after })
    };
    mark(&mut run, "backup", v);
    run.restored = Some(Views {
        label: "restored".to_owned(),
        ..run.last.clone()
    });
    run
}

/// What the shop, the vendor and the stock were before the first order, and a backup of that.
fn saved_early(run: &mut Run, after: u64) {
    mark(run, "backup", json!({ "after": after }));
    run.restored = Some(Views {
        label: "restored".to_owned(),
        account: vec![Account {
            limit_paisa: super::world::LIMIT,
            held_paisa: 0,
            owed_paisa: 0,
            version: 1,
            ..run.last.account[0].clone()
        }],
        account_event: run.last.account_event[..1].to_vec(),
        stock: vec![Stock {
            on_hand_milli: 100_000,
            reserved_milli: 0,
            seq: 1,
            ..run.last.stock[0].clone()
        }],
        stock_event: run.last.stock_event[..1].to_vec(),
        ..Views::default()
    });
}

/// Answer of an operation, by its line.
fn answered(run: &Run, op: &str) -> u64 {
    let answer = run
        .history
        .iter()
        .find(|event| event.op == op && event.ph == Phase::Ok);
    answer.expect("acknowledged").i
}

#[track_caller]
fn standing(run: &Run) -> (Standing, u64, Vec<String>) {
    let verdict = judge(run);
    let finding = verdict.finding("I23").expect("listed");
    let told = verdict.violations.iter().filter(|one| one.invariant == "I23");
    (
        finding.standing,
        finding.cases,
        told.map(|one| format!("{}: {}", one.entity, one.message))
            .collect(),
    )
}

#[track_caller]
fn broken_by(at_rest: bool, plant: impl FnOnce(&mut Views)) {
    let mut run = saved(at_rest);
    plant(run.restored.as_mut().expect("restored"));
    let (standing, _, told) = standing(&run);
    assert_eq!(standing, Standing::Violated, "{told:?}");
}

#[test]
fn a_whole_backup_holds() {
    for at_rest in [false, true] {
        let (standing, cases, told) = standing(&saved(at_rest));
        assert_eq!((standing, told), (Standing::Held, Vec::new()));
        assert!(cases > 50, "{cases} cases");
    }
}

#[test]
fn what_was_acknowledged_later_need_not_be_in_it() {
    let mut run = clean();
    // its line number is between the answer of `s-3` and the first order
    let first = answered(&run, "s-3") + 1;
    saved_early(&mut run, first);
    assert_eq!(standing(&run).0, Standing::Held, "{:?}", standing(&run).2);

    let mut run = clean();
    let later = answered(&run, "r1-ord_1") + 1;
    saved_early(&mut run, later);
    let (standing, _, told) = standing(&run);
    assert_eq!(standing, Standing::Violated);
    assert!(
        told.iter().any(|one| one.starts_with("op r1-ord_1:"))
            && !told.iter().any(|one| one.contains("ord_2")),
        "{told:?}"
    );
}

#[test]
fn an_empty_backup() {
    for at_rest in [false, true] {
        broken_by(at_rest, |restored| *restored = Views::default());
    }
}

#[test]
fn a_backup_without_half_of_the_orders() {
    broken_by(false, |restored| {
        let half = restored.orders.len() / 2;
        let kept: Vec<Order> = restored.orders.drain(..half).collect();
        restored.orders = kept;
    });
}

#[test]
fn a_backup_without_a_payment_or_a_message_or_a_key() {
    broken_by(false, |restored| restored.payment.clear());
    broken_by(false, |restored| {
        restored.inbound.pop();
    });
    broken_by(false, |restored| restored.idem.clear());
}

#[test]
fn a_backup_without_what_a_snapshot_before_it_saw() {
    // a line that no operation is acknowledged by
    broken_by(false, |restored| {
        restored.order_status.pop();
    });
    broken_by(false, |restored| restored.hold.clear());
}

#[test]
fn a_backup_with_an_order_that_never_was() {
    broken_by(false, |restored| {
        let order = Order {
            order_id: "ord_nowhere".to_owned(),
            ..restored.orders[0].clone()
        };
        restored.orders.push(order);
    });
}

#[test]
fn a_backup_at_rest_that_is_not_the_end() {
    broken_by(true, |restored| {
        restored.inbound.pop();
    });
    broken_by(true, |restored| restored.orders[0].state = "PACKING".to_owned());
    broken_by(true, |restored| restored.invoice[0].open_paisa += 1);
}

#[test]
fn a_backup_that_does_not_balance() {
    broken_by(false, |restored| restored.account[0].owed_paisa += 1);
}

#[test]
fn a_backup_that_nobody_can_place_in_time() {
    let mut run = saved(false);
    run.history.retain(|event| event.f != "backup");
    assert_eq!(standing(&run).0, Standing::Violated);
}

#[test]
fn a_backup_that_cannot_be_restored() {
    let mut run = clean();
    mark(&mut run, "not_restored", json!({ "error": "pg_restore failed" }));
    let (standing, cases, told) = standing(&run);
    assert_eq!((standing, cases), (Standing::Violated, 1));
    assert_eq!(
        told,
        ["backup: the backup could not be restored: pg_restore failed"]
    );
}

#[test]
fn a_backup_between_operations_is_counted() {
    let seen = |run: &Run| {
        let counters = judge(run).sometimes;
        let mut named = counters.iter().filter(|one| one.name.starts_with("backup taken"));
        named.next().expect("counted").seen
    };
    assert_eq!(seen(&saved(true)), Some(0));
    let mut run = saved(false);
    let mut late = run
        .history
        .iter()
        .find(|event| event.op == "o-1")
        .expect("a read")
        .clone();
    late.op = "o-late".to_owned();
    for ph in [Phase::Invoke, Phase::Ok] {
        late.i = run.history.last().expect("a history").i + 1;
        late.ph = ph;
        run.history.push(late.clone());
    }
    assert_eq!(seen(&run), Some(1));
}
