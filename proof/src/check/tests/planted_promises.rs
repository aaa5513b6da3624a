//! Violations of what clients see and of what processes leave behind: I19, I20, I21, I24, I25, I26.

use serde_json::json;

use super::super::input::{Log, Run};
use super::{broken_by, finds};
use crate::history::{Event, Phase};

fn answer<'a>(run: &'a mut Run, op: &str) -> &'a mut Event {
    run.history
        .iter_mut()
        .find(|event| event.op == op && event.ph != Phase::Invoke)
        .expect("it was answered")
}

/// Something is broken from the beginning to the end of a run.
fn under_a_fault(run: &mut Run) {
    let end = run.history.last().expect("a history").t_ns;
    for (ph, t_ns) in [(Phase::Fault, 0), (Phase::Heal, end)] {
        run.history.push(Event {
            i: u64::try_from(run.history.len()).unwrap(),
            t_ns,
            p: "nem".to_owned(),
            ph,
            f: "kill".to_owned(),
            op: String::new(),
            attempt: 0,
            http: 0,
            v: json!({ "id": 1, "svc": "credit" }),
            err: String::new(),
        });
    }
}

#[test]
fn a_read_that_shows_less_than_was_acknowledged_before() {
    finds("I19", |run| answer(run, "o-2").v["version"] = json!(2));
    finds("I19", |run| answer(run, "o-1").v["version"] = json!(1));
    finds("I19", |run| answer(run, "o-1").v["owed_paisa"] = json!(1));
    finds("I19", |run| {
        let read = answer(run, "o-3");
        read.v = json!({ "on_hand_milli": 1, "reserved_milli": 0 });
    });
}

#[test]
fn a_snapshot_without_what_was_acknowledged_before_it() {
    finds("I19", |run| run.snaps[0].payment.clear());
    finds("I19", |run| {
        run.snaps[0].orders.retain(|order| order.order_id != "ord_4")
    });
}

#[test]
fn logs_that_show_a_phone_or_a_secret() {
    for line in [
        "sender +9779800000001 wrote",
        "to=9800000002",
        "url=/x?to=%2B9779800000001",
        "somebody else: +9779812345678",
        "key 0f4c1e7a9b2d4836 used",
    ] {
        finds("I20", |run| run.logs = vec![Log::of(line)]);
    }
}

#[test]
fn logs_that_show_nothing() {
    for line in [
        "+97798****001",
        "trace 9779800000001234 and 4980000000111",
        "span 98000000",
        "ten 9811111111",
    ] {
        let broken = broken_by(|run| run.logs = vec![Log::of(line)]);
        assert_eq!(broken, Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_report_of_a_leak_leaks_nothing() {
    let mut run = super::clean();
    run.logs = vec![Log::of("sender +9779800000001 wrote")];
    let verdict = super::judge(&run);
    let told = serde_json::to_string(&verdict.violations).unwrap();
    assert!(told.contains("I20") && !told.contains("9800000001"), "{told}");
}

#[test]
fn a_process_that_falls_over() {
    finds("I21", |run| {
        run.logs = vec![Log::of("thread 'main' panicked at src/main.rs:1:1")]
    });
    finds("I21", |run| {
        let exit = run
            .history
            .iter_mut()
            .find(|event| event.f == "exit")
            .expect("one");
        exit.v["planned"] = json!(false);
    });
}

#[test]
fn an_error_while_nothing_is_broken_and_one_that_is_excused() {
    let fails = |run: &mut Run| {
        let failed = answer(run, "o-1");
        (failed.ph, failed.http, failed.v) = (Phase::Info, 503, json!({}));
    };
    finds("I21", fails);
    let excused = broken_by(|run| {
        under_a_fault(run);
        fails(run);
    });
    assert_eq!(excused, Vec::<String>::new());
}

#[test]
fn a_request_is_turned_away_where_that_is_wanted_and_nowhere_else() {
    let shed = |run: &mut Run, outcome: &str| {
        let refused = answer(run, "o-1");
        let told = json!({ "reason": "OVERLOADED", "outcome": outcome });
        (refused.ph, refused.http, refused.v) = (Phase::Fail, 503, told);
    };
    let small = |run: &mut Run| {
        let settings = json!([["KHAACHO_GATEWAY_COMMANDS_MAX", "2"]]);
        run.meta["scenario"] = json!({ "staging": { "settings": settings } });
    };
    finds("I21", |run| shed(run, "not-executed"));
    finds("I21", |run| {
        small(run);
        shed(run, "unknown");
    });
    let wanted = broken_by(|run| {
        small(run);
        shed(run, "not-executed");
    });
    assert_eq!(wanted, Vec::<String>::new());
}

#[test]
fn an_answer_that_no_row_of_the_table_says() {
    finds("I21", |run| answer(run, "x-3").http = 418);
    finds("I21", |run| {
        let taken = answer(run, "x-3");
        (taken.ph, taken.http) = (Phase::Ok, 200);
    });
}

#[test]
fn a_mesh_that_does_not_come_back_in_time() {
    finds("I24", |run| {
        let rest = run
            .history
            .iter_mut()
            .find(|event| event.f == "quiescent")
            .expect("one");
        rest.v["waited_ms"] = json!(120_001);
    });
    finds("I24", |run| {
        let back = run
            .history
            .iter_mut()
            .find(|event| event.f == "restarted")
            .expect("one");
        back.v["ms"] = json!(10_001);
    });
}

#[test]
fn an_operation_without_an_answer_with_two_or_with_a_late_one() {
    finds("I24", |run| {
        run.history
            .retain(|event| !(event.op == "o-1" && event.ph == Phase::Ok))
    });
    finds("I24", |run| {
        let twice = answer(run, "o-1").clone();
        run.history.push(twice);
    });
    finds("I24", |run| {
        let late = answer(run, "o-1");
        late.v["ms"] = json!(5_001.5);
        late.v["budget_ms"] = json!(3_000);
    });
    let stopped = broken_by(|run| {
        let late = answer(run, "o-1");
        (late.v["ms"], late.v["budget_ms"]) = (json!(9_000), json!(5_000));
        let fault = Event {
            ph: Phase::Fault,
            p: "nem".to_owned(),
            f: "stop".to_owned(),
            op: String::new(),
            attempt: 0,
            http: 0,
            v: json!({ "id": 9, "svc": "gateway" }),
            ..late.clone()
        };
        run.history.push(fault);
    });
    assert_eq!(
        stopped,
        Vec::<String>::new(),
        "nobody answers while the gateway is stopped"
    );
    finds("I24", |run| {
        let lost = answer(run, "o-1");
        (lost.ph, lost.http, lost.err) = (Phase::Info, 0, "cut: connection reset".to_owned());
    });
    let impatient = broken_by(|run| {
        let left = answer(run, "o-1");
        (left.ph, left.http, left.err) = (Phase::Info, 0, "timeout".to_owned());
    });
    assert_eq!(
        impatient,
        Vec::<String>::new(),
        "a client may go away when it likes"
    );
}

#[test]
fn what_a_process_keeps() {
    let resources = |run: &mut Run, v: serde_json::Value| {
        run.history
            .iter_mut()
            .find(|event| event.f == "resources")
            .expect("one")
            .v = v;
    };
    finds("I25", |run| {
        resources(run, json!({ "processes": { "order": { "rss_kb": 90_000 } } }))
    });
    finds("I25", |run| {
        resources(run, json!({ "processes": { "order": { "fds": 200 } } }))
    });
    finds("I25", |run| resources(run, json!({ "sessions": 90 })));
    finds("I25", |run| resources(run, json!({ "idle_in_transaction": 1 })));
}

#[test]
fn somebody_who_sees_anothers_things() {
    finds("I26", |run| {
        let shown = answer(run, "x-2");
        (shown.ph, shown.http) = (Phase::Ok, 200);
    });
    finds("I26", |run| answer(run, "x-2").http = 409);
}

#[test]
fn repeats_beyond_a_tenth_are_found() {
    let calls = |repeated: i64| serde_json::json!({ "handled": 1000, "repeated": repeated, "processes": 6, "seconds": 10 });
    let with = |repeated| {
        broken_by(move |run| {
            let mut mark = run
                .history
                .iter()
                .find(|event| event.f == "quiescent")
                .expect("one")
                .clone();
            mark.f = "calls".to_owned();
            mark.v = calls(repeated);
            run.history.push(mark);
        })
    };
    assert!(
        !with(160).iter().any(|name| name == "I24"),
        "a tenth and one a second"
    );
    assert!(with(161).iter().any(|name| name == "I24"));
}
