use std::collections::BTreeSet;

use super::*;

#[test]
fn every_bug_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = Bug::ALL.iter().map(|bug| bug.name()).collect();
    assert_eq!(names.len(), Bug::ALL.len());
    for bug in Bug::ALL {
        assert_eq!(Bug::named(bug.name()), Some(bug));
    }
    assert_eq!(Bug::named("pb99"), None);
    assert_eq!(Bug::named(""), None);
}

#[cfg(not(feature = "planted"))]
#[test]
fn without_the_feature_no_bug_is_there() {
    const NONE: bool = on(Bug::LimitReadThenWrite);
    const { assert!(!NONE, "the compiler knows it") };
    for bug in Bug::ALL {
        assert!(!on(bug), "{bug:?}");
        assert_eq!(
            sql(bug, "select 1 where true", "where true", ""),
            "select 1 where true"
        );
        assert_eq!(stale(bug, 1, 1), 1);
        assert_eq!(stale(bug, 1, 2), 2);
    }
}

#[cfg(feature = "planted")]
#[test]
fn without_a_name_in_the_environment_no_bug_is_there() {
    for bug in Bug::ALL {
        assert!(!on(bug), "{bug:?}");
        assert_eq!(sql(bug, "select 1", "nothing", ""), "select 1");
        assert_eq!((stale(bug, 1, 1), stale(bug, 1, 2)), (1, 2));
    }
}
