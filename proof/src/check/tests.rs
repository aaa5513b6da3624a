//! A clean run holds, and every violation that is planted in it is found by name.

use super::*;

mod planted_backup;
mod planted_goods;
mod planted_money;
mod planted_promises;
mod planted_talk;
mod story;
mod world;

use story::clean;

/// Breaks a clean run and says which invariants are broken then.
fn broken_by(plant: impl FnOnce(&mut Run)) -> Vec<String> {
    let mut run = clean();
    plant(&mut run);
    judge(&run).broken().into_iter().map(str::to_owned).collect()
}

/// The planted violation must be found under this name; others may see it too.
#[track_caller]
fn finds(invariant: &str, plant: impl FnOnce(&mut Run)) {
    let broken = broken_by(plant);
    assert!(
        broken.iter().any(|name| name == invariant),
        "{invariant} did not find it, {broken:?} did"
    );
}

#[test]
fn a_clean_run_holds_and_covers_everything_that_applies() {
    let verdict = judge(&clean());
    assert_eq!(verdict.violations, []);
    assert!(verdict.held);
    for finding in &verdict.findings {
        let wanted = match finding.invariant.as_str() {
            "I16" => Standing::NotApplicable,
            "I23" => Standing::NotCovered,
            _ => Standing::Held,
        };
        assert_eq!(finding.standing, wanted, "{finding:?}");
        assert_eq!(finding.reason.is_empty(), wanted == Standing::Held, "{finding:?}");
    }
    assert_eq!(verdict.findings.len(), 26);
}

#[test]
fn an_empty_run_covers_nothing_and_says_so() {
    let verdict = judge(&Run::default());
    assert!(verdict.held);
    let held = verdict
        .findings
        .iter()
        .filter(|finding| finding.standing == Standing::Held);
    // the whole journal of nothing is zero, which is no case either
    assert_eq!(
        held.map(|finding| finding.invariant.as_str()).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
}

#[test]
fn a_run_without_rest_leaves_the_matrix_alone_and_is_broken_by_name() {
    let broken = broken_by(|run| {
        without_rest(run);
        run.last.job[0].run_at = chrono::DateTime::UNIX_EPOCH;
        run.last.orders[0].state = "PLACED".to_owned();
    });
    let named = |name: &str| broken.iter().any(|one| one == name);
    assert!(named("I24") && !named("I10"), "{broken:?}");
}

#[test]
fn orders_are_judged_while_only_messages_are_on_their_way() {
    finds("I10", |run| {
        without_rest(run);
        run.last.job.push(crate::views::Job {
            service: "notification".to_owned(),
            faults: 3,
            ..run.last.job[0].clone()
        });
        run.last.orders[0].state = "PLACED".to_owned();
    });
}

fn without_rest(run: &mut Run) {
    let mark = run.history.iter_mut().find(|event| event.f == "quiescent");
    mark.expect("there is one").f = "not_quiescent".to_owned();
}

#[test]
fn what_was_there_before_the_first_actor_is_nobodys_phantom() {
    let mut run = clean();
    let mut start = crate::views::Views {
        label: "start".to_owned(),
        ..crate::views::Views::default()
    };
    start.account = run.last.account.clone();
    start.account_event = run
        .last
        .account_event
        .iter()
        .filter(|e| e.kind == "opened")
        .cloned()
        .collect();
    run.history.retain(|event| event.f != "account");
    run.start = Some(start);
    let verdict = judge(&run);
    let broken = verdict.broken();
    assert!(!broken.contains(&"I3"), "{:?}", verdict.violations);
}

#[test]
fn the_verdict_and_the_report_are_written_and_read_again() {
    let dir = tempdir("verdict");
    let mut run = clean();
    run.last.stock[0].reserved_milli += 1;
    run.save(&dir);
    let read = check(&dir).expect("the run can be read");
    assert!(!read.held && read.broken().contains(&"I5"));
    let stored: Verdict = serde_json::from_slice(&std::fs::read(dir.join("verdict.json")).unwrap()).unwrap();
    assert_eq!(stored, read);
    let report = std::fs::read_to_string(dir.join("report.md")).unwrap();
    assert!(
        report.contains("### I5 stock ven_1/RICE") && report.contains("**I16** not applicable"),
        "{report}"
    );
    assert!(
        report.contains("inventory: ven_1/RICE move 1 opening"),
        "the timeline of the stock is told: {report}"
    );
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_run_without_its_last_views_is_no_verdict() {
    let dir = tempdir("nothing");
    std::fs::write(dir.join("history.jsonl"), "").unwrap();
    let error = check(&dir).expect_err("nothing to judge");
    assert!(error.to_string().contains("views/final"), "{error:#}");
    std::fs::remove_dir_all(dir).unwrap();
}

fn tempdir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("kasauti-check-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a temporary directory");
    dir
}
