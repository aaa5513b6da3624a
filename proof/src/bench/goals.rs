//! What a fast mesh should reach, as ratios to the same minute's anchors, or as absolute sizes and times where
//! those say more. `must` is the floor, `goal` good work, `moonshot` what grouping could give.

use serde::{Deserialize, Serialize};

use super::cases::Spread;

/// A goal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// `G1`, ….
    pub id: &'static str,
    /// What it is about.
    pub what: &'static str,
    /// Floor, goal, moonshot.
    pub levels: [f64; 3],
    /// Whether more is better.
    pub more: bool,
}

const fn more(id: &'static str, what: &'static str, levels: [f64; 3]) -> Goal {
    Goal {
        id,
        what,
        levels,
        more: true,
    }
}

const fn less(id: &'static str, what: &'static str, levels: [f64; 3]) -> Goal {
    Goal {
        id,
        what,
        levels,
        more: false,
    }
}

/// All goals that have a figure here.
pub const GOALS: [Goal; 23] = [
    more(
        "G1",
        "order placement ÷ order_spread (8 clients)",
        [0.50, 0.75, 1.5],
    ),
    more(
        "G1b",
        "order placement ÷ order_saga (8 clients)",
        [0.60, 0.80, 1.0],
    ),
    more("G2", "hot product ÷ order_hot (64 clients)", [1.0, 3.0, 8.0]),
    more("G2a", "hot product ÷ own spread rate", [0.2, 0.4, 0.8]),
    more("G2b", "hot product at 64 clients ÷ at 8 clients", [1.0, 1.0, 1.0]),
    more("G4", "order placement ÷ best-case Node", [2.0, 3.0, 6.0]),
    more(
        "G5",
        "webhook acknowledgements ÷ insert1 (64 clients)",
        [0.25, 0.40, 0.70],
    ),
    more(
        "G5b",
        "webhook acknowledgements ÷ best-case Node",
        [1.5, 2.5, 5.0],
    ),
    less(
        "G6",
        "acknowledgement p99 at half of the peak, ms",
        [10.0, 3.0, 1.5],
    ),
    less(
        "G7",
        "mesh tax: p50 of an idle order less order_fn_spread's, ms",
        [2.0, 0.8, 0.4],
    ),
    less(
        "G8",
        "confirmation to `placed` at half of the peak, p99, ms",
        [500.0, 50.0, 15.0],
    ),
    less("G9a", "largest part idle, resident MB", [25.0, 12.0, 8.0]),
    less("G9b", "largest part loaded, resident MB", [60.0, 30.0, 15.0]),
    less("G9c", "all parts idle, resident MB", [250.0, 100.0, 60.0]),
    less("G9d", "all parts loaded, resident MB", [250.0, 250.0, 100.0]),
    less("G10a", "slowest part, start to ready, ms", [300.0, 50.0, 15.0]),
    less("G10b", "whole mesh, start to ready, ms", [2000.0, 500.0, 150.0]),
    less("G11", "program, MB", [20.0, 8.0, 5.0]),
    more(
        "P11",
        "good orders at three times the peak ÷ the peak",
        [0.60, 0.80, 0.95],
    ),
    less(
        "P11r",
        "being turned away at three times the peak, p99, ms",
        [200.0, 50.0, 10.0],
    ),
    more("W5", "payments ÷ post2 (8 clients)", [0.25, 0.40, 0.70]),
    more("W5h", "payments of one shop ÷ payments of all", [0.2, 0.4, 0.8]),
    less("W6", "list page, p99 less page_keyset's, ms", [10.0, 3.0, 1.5]),
];

/// A figure beside its goal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Of the goal.
    pub id: String,
    /// Of the goal.
    pub what: String,
    /// Median and range.
    pub value: Spread,
    /// `moonshot`, `goal`, `must` or `missed`.
    pub reached: String,
    /// Floor, goal, moonshot.
    pub levels: [f64; 3],
}

/// Puts a figure beside its goal.
///
/// # Panics
/// When there is no such goal.
#[must_use]
pub fn row(id: &str, value: Spread) -> Row {
    let goal = GOALS
        .iter()
        .find(|goal| goal.id == id)
        .expect("ids are those of the list");
    Row {
        id: goal.id.to_owned(),
        what: goal.what.to_owned(),
        value,
        reached: reached(goal, value.median).to_owned(),
        levels: goal.levels,
    }
}

/// A figure that was measured once.
#[must_use]
pub fn once(id: &str, value: f64) -> Row {
    row(
        id,
        Spread {
            median: value,
            min: value,
            max: value,
            kept: 1,
            dropped: 0,
        },
    )
}

fn reached(goal: &Goal, value: f64) -> &'static str {
    let at_least = |level: f64| if goal.more { value >= level } else { value <= level };
    let [must, good, moonshot] = goal.levels;
    match () {
        () if at_least(moonshot) => "moonshot",
        () if at_least(good) => "goal",
        () if at_least(must) => "must",
        () => "missed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_judged_in_both_directions() {
        for (id, value, wanted) in [
            ("G1", 0.49, "missed"),
            ("G1", 0.5, "must"),
            ("G1", 1.0, "goal"),
            ("G1", 1.5, "moonshot"),
            ("G7", 2.1, "missed"),
            ("G7", 0.8, "goal"),
            ("G7", 0.1, "moonshot"),
        ] {
            assert_eq!(once(id, value).reached, wanted, "{id} {value}");
        }
    }

    #[test]
    fn levels_rise_to_the_moonshot_and_ids_are_unique() {
        for goal in GOALS {
            let [must, good, moonshot] = goal.levels;
            let rising = if goal.more {
                must <= good && good <= moonshot
            } else {
                must >= good && good >= moonshot
            };
            assert!(rising, "{}", goal.id);
            assert_eq!(
                GOALS.iter().filter(|other| other.id == goal.id).count(),
                1,
                "{}",
                goal.id
            );
        }
    }
}
