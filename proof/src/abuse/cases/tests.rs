//! The tables are what they claim to be.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use super::*;
use crate::abuse::case::{Send, Want};

/// What is sent, as a number, without the mark that every case has.
fn content(send: &Send) -> u64 {
    let mut send = send.clone();
    let unmark = |request: &mut Request| request.headers.retain(|(name, _)| name != "X-Request-Id");
    match &mut send {
        Send::Http(request) | Send::Storm(request, _) => unmark(request),
        Send::Steps(requests) => requests.iter_mut().for_each(unmark),
        Send::Raw(_) | Send::Frames(..) | Send::Rpc(_) | Send::Crowd(..) => {}
    }
    let mut hasher = DefaultHasher::new();
    send.hash(&mut hasher);
    hasher.finish()
}

fn world() -> World {
    let key = |digit: char| format!("kha_{}_{}", digit.to_string().repeat(12), "k".repeat(43));
    World {
        owner: key('1'),
        support: key('2'),
        retailer: key('3'),
        revoked: key('4'),
        phone: "+9779756633230".to_owned(),
    }
}

static TABLES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    Class::ALL
        .into_iter()
        .flat_map(|class| of(class, &world()))
        .collect()
});

#[test]
fn every_class_has_its_least_number_of_cases() {
    let mut sum = 0;
    for class in Class::ALL {
        let count = TABLES.iter().filter(|case| case.class == class).count();
        assert!(
            count >= class.least(),
            "{class:?} has {count} of {} cases",
            class.least()
        );
        sum += count;
    }
    assert!(sum >= 1000, "{sum}");
}

#[test]
fn ids_names_and_contents_are_unique() {
    let mut ids = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut contents = BTreeSet::new();
    for case in TABLES.iter().cloned().chain(with_limits(&world())) {
        assert!(ids.insert(case.id.clone()), "{} twice", case.id);
        assert!(
            names.insert((case.class, case.name.clone())),
            "{} {} twice",
            case.id,
            case.name
        );
        // A few repeat another one on purpose: a delivery that comes again.
        let repeats =
            matches!(case.class, Class::B5 | Class::B12 | Class::B13) || case.name.starts_with("limits on");
        assert!(
            contents.insert(content(&case.send)) || repeats,
            "{} {} repeats another",
            case.id,
            case.name
        );
    }
}

#[test]
fn no_case_allows_everything() {
    for case in TABLES.iter() {
        let open = matches!(case.expect.want, Want::Survive);
        let wire = matches!(case.send, Send::Frames(..) | Send::Rpc(_));
        assert!(!open || wire, "{} {} wants nothing", case.id, case.name);
        let flood = matches!(case.send, Send::Storm(..) | Send::Crowd(..));
        if let Want::Status(set) = &case.expect.want {
            assert!(
                !set.is_empty() && set.iter().all(|status| *status < 500 || *status == 503 && flood),
                "{} {}",
                case.id,
                case.name
            );
        }
    }
}

#[test]
fn the_tables_are_the_same_each_time() {
    let again = Class::ALL.into_iter().flat_map(|class| of(class, &world()));
    for (one, other) in TABLES.iter().zip(again) {
        assert_eq!((&one.id, &one.name), (&other.id, &other.name));
        assert_eq!(content(&one.send), content(&other.send), "{}", one.id);
    }
}
