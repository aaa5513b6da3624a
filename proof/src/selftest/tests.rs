use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;

use super::bugs::{BUGS, How, NOT_APPLICABLE, WITHOUT};
use super::chase::{self, Found, Outcome};
use super::profile::Profile;
use super::report::{Row, Summary};
use super::*;

fn outcome(found: Found, seconds: f64) -> Outcome {
    Outcome {
        found,
        seconds,
        ops: 10,
        rounds: 1,
        example: String::new(),
    }
}

#[test]
fn the_list_is_whole_and_every_bug_has_a_run_and_somebody_to_find_it() {
    let mut numbers: BTreeSet<String> = BUGS.iter().map(|bug| bug.name.to_owned()).collect();
    assert_eq!(numbers.len(), BUGS.len(), "no bug is there twice");
    numbers.extend(NOT_APPLICABLE.iter().map(|(bug, _)| (*bug).to_owned()));
    let all: BTreeSet<String> = (1..=32).map(|n| format!("pb{n:02}")).collect();
    assert_eq!(numbers, all);
    for bug in &BUGS {
        assert!(!bug.by.is_empty() && !bug.says.is_empty(), "{}", bug.name);
        assert!(bug.without.iter().all(|statement| WITHOUT.contains(statement)));
    }
}

#[test]
fn names_are_chosen_or_refused() {
    assert_eq!(chosen(&[]).expect("all").len(), BUGS.len());
    let two = chosen(&["pb06".to_owned(), "pb04".to_owned()]).expect("two");
    assert_eq!(
        two.iter().map(|bug| bug.name).collect::<Vec<_>>(),
        ["pb04", "pb06"]
    );
    assert!(chosen(&["pb99".to_owned()]).is_err());
    let why = chosen(&["pb17".to_owned()])
        .expect_err("not applicable")
        .to_string();
    assert!(why.contains("not applicable"), "{why}");
}

#[test]
fn a_clean_run_is_without_the_same_second_lines_of_defence() {
    let how = How::Run(Profile::LateCalls);
    let there = chase::without(&how);
    assert_eq!(there.len(), 2);
    assert!(chase::without(&How::Run(Profile::Limit)).is_empty());
    for bug in &BUGS {
        let there = chase::without(&bug.how);
        assert!(
            bug.without
                .iter()
                .all(|statement| there.iter().any(|one| one == statement))
        );
    }
}

#[test]
fn profiles_have_names_of_their_own_and_faults_within_their_runs() {
    let names: BTreeSet<&str> = Profile::ALL.iter().map(|profile| profile.name()).collect();
    assert_eq!(names.len(), Profile::ALL.len());
    for profile in Profile::ALL {
        let scenario = profile.scenario(1);
        let faults = scenario.staging.faults.clone().unwrap_or_default();
        assert_eq!(scenario.faults, faults.len() as u64);
        assert!(
            faults.iter().all(|fault| fault.after < scenario.ops),
            "{}",
            profile.name()
        );
        assert!(faults.windows(2).all(|pair| pair[0].after <= pair[1].after));
        assert!(
            BUGS.iter().any(|bug| bug.how == How::Run(profile)),
            "{} is for nothing",
            profile.name()
        );
    }
}

#[test]
fn bad_input_is_read_from_its_report() {
    let clean = json!({ "classes": [{ "cases": 160, "failures": [] }] });
    let broken =
        json!({ "classes": [{ "cases": 160, "failures": [{ "id": "B5-1", "name": "x", "what": ["y"] }] }] });
    let read = |told| chase::of_abuse("B5", &told).map(|round| round.broken);
    assert_eq!(read(clean).expect("a report"), Vec::<String>::new());
    assert_eq!(read(broken).expect("a report"), ["B5"]);
    assert!(read(json!({ "classes": [] })).is_err(), "nothing was tried");
}

#[test]
fn a_selftest_holds_only_when_all_was_found_and_clean_runs_were_clean() {
    let bug = &BUGS[3];
    let found = Row::of(bug, &outcome(Found::By("I8".to_owned()), 12.0));
    let missed = Row::of(bug, &outcome(Found::Otherwise(vec!["I24".to_owned()]), 600.0));
    let clean = BTreeMap::from([("limit".to_owned(), Ok(Vec::new()))]);
    let dirty = BTreeMap::from([("limit".to_owned(), Ok(vec!["I8".to_owned()]))]);
    let failed = BTreeMap::from([("limit".to_owned(), Err("no database".to_owned()))]);
    let of = |rows: &[Row], controls| Summary::of(rows, controls, Duration::ZERO);
    assert!(of(std::slice::from_ref(&found), &clean).holds());
    assert!(!of(std::slice::from_ref(&found), &dirty).holds());
    assert!(!of(std::slice::from_ref(&found), &failed).holds());
    assert!(!of(&[], &clean).holds());
    let both = of(&[found, missed], &clean);
    assert!(!both.holds());
    assert_eq!((both.planted, both.found, both.slowest()), (2, 1, 12.0));
    let text = both.markdown();
    assert!(
        text.contains("1 of 2") && text.contains("only I24") && text.contains("pb25"),
        "{text}"
    );
}

#[test]
fn a_program_without_bugs_is_refused() {
    let dir = std::env::temp_dir().join(format!("kasauti-selftest-unit-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    let (plain, with) = (dir.join("plain"), dir.join("with"));
    std::fs::write(&plain, b"a program").expect("a file");
    std::fs::write(&with, b"... KHAACHO_PLANTED ...").expect("a file");
    assert!(planted(&plain).is_err() && planted(&with).is_ok());
    std::fs::remove_dir_all(&dir).expect("gone");
}

#[test]
fn each_profile_has_one_control_before_its_first_bug() {
    let all: Vec<&Bug> = BUGS.iter().collect();
    let searched = searches(&all, true);
    let mut known = std::collections::BTreeSet::new();
    for search in &searched {
        match search {
            Search::Control(bug) => assert!(known.insert(bug.profile()), "{} twice", bug.profile()),
            Search::Bug(bug) => assert!(known.contains(&bug.profile()), "{}", bug.name),
        }
    }
    assert_eq!(searched.len(), all.len() + known.len());
    assert_eq!(searches(&all, false).len(), all.len());
}
