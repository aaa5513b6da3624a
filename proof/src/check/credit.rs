//! I8 and I9: the limit holds at every prefix, and every hold is settled once.

use std::collections::HashMap;

use super::facts::{Facts, retailer_name};
use super::index::Index;
use super::verdict::{Found, Judged};
use crate::views::{AccountEvent, Hold, Views};

/// I8: no prefix of an account's history goes above the limit in force.
pub(super) fn limits(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    prefixes(&facts.last, &mut found);
    Judged::Checked(found)
}

/// I9: a hold is placed once, settled at most once, and stays settled.
pub(super) fn holds(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    resolutions(&facts.last, &mut found);
    let mut before: Option<&Views> = None;
    for views in facts.run.stages() {
        if let Some(before) = before {
            stay_settled(before, views, &mut found);
        }
        before = Some(views);
    }
    Judged::Checked(found)
}

/// Standing of an account while its history is walked through.
#[derive(Debug, Default)]
struct Walk {
    owed: i64,
    held: i64,
    limit: i64,
    blocked: bool,
}

/// Walks through the history of every account, and compares its end with the account.
pub(super) fn prefixes(index: &Index<'_>, found: &mut Found) {
    for (retailer, events) in &index.account_events {
        let entity = retailer_name(retailer);
        let mut walk = Walk::default();
        let mut whole = true;
        for (wanted, event) in (1_i64..).zip(events) {
            found.case();
            if event.seq != wanted {
                found.wrong(
                    &entity,
                    format!("change {wanted} is missing or doubled: found {}", event.seq),
                );
                whole = false;
                break;
            }
            if let Some(message) = walk.step(event) {
                found.shown(&entity, message, vec![format!("{event:?}")]);
            }
        }
        if whole {
            ends(index, retailer, &walk, events.len(), found);
        }
    }
    for account in index
        .views
        .account
        .iter()
        .filter(|a| !index.account_events.contains_key(a.retailer.as_str()))
    {
        found.wrong(
            &retailer_name(&account.retailer),
            "an account without any change".to_owned(),
        );
    }
}

impl Walk {
    /// Goes one change on; says what is wrong with it.
    fn step(&mut self, event: &AccountEvent) -> Option<String> {
        let before = self.limit;
        self.owed += event.d_posted;
        self.held += event.d_held;
        self.limit = event.limit_after;
        let n = event.seq;
        let exposure = self.owed + self.held;
        if event.d_posted + event.d_held > 0 && exposure > event.limit_after {
            let over = exposure - event.limit_after;
            return Some(format!(
                "change {n} ({}) goes {over} paisa above the limit of {}",
                event.kind, event.limit_after
            ));
        }
        if self.held < 0 {
            return Some(format!(
                "after change {n} ({}) {} paisa are held",
                event.kind, self.held
            ));
        }
        let sets_limit = matches!(event.kind.as_str(), "opened" | "limit_set");
        if !sets_limit && event.limit_after != before {
            return Some(format!(
                "change {n} ({}) moves the limit from {before} to {}",
                event.kind, event.limit_after
            ));
        }
        if event.kind == "hold_placed" && self.blocked {
            return Some(format!("change {n} holds credit of a blocked account"));
        }
        match event.kind.as_str() {
            "blocked" => self.blocked = true,
            "unblocked" => self.blocked = false,
            _ => {}
        }
        (!well_formed(event)).then(|| format!("change {n} is no {}", event.kind))
    }
}

fn well_formed(event: &AccountEvent) -> bool {
    let (posted, held) = (event.d_posted, event.d_held);
    match event.kind.as_str() {
        "opened" => event.seq == 1 && (posted, held) == (0, 0),
        "limit_set" | "blocked" | "unblocked" => (posted, held) == (0, 0),
        "hold_placed" => posted == 0 && held > 0 && !event.hold_id.is_empty(),
        "hold_posted" => posted > 0 && held < 0 && posted + held <= 0 && !event.entry_id.is_empty(),
        "hold_released" => posted == 0 && held < 0 && !event.hold_id.is_empty(),
        "payment" => posted < 0 && held == 0 && !event.payment_id.is_empty(),
        _ => false,
    }
}

/// The account is what its history comes to.
fn ends(index: &Index<'_>, retailer: &str, walk: &Walk, changes: usize, found: &mut Found) {
    let entity = retailer_name(retailer);
    let Some(account) = index.accounts.get(retailer) else {
        found.wrong(&entity, "changes of an account that does not exist".to_owned());
        return;
    };
    let row = (account.owed_paisa, account.held_paisa, account.limit_paisa);
    let sums = (walk.owed, walk.held, walk.limit);
    found.must(row == sums, &entity, || {
        format!("owed, held and limit are {row:?} paisa, its changes come to {sums:?}")
    });
    let blocked = account.state == "BLOCKED";
    found.must(blocked == walk.blocked, &entity, || {
        format!("is {}, its changes say otherwise", account.state)
    });
    let version = i64::try_from(changes).unwrap_or(i64::MAX);
    found.must(account.version == version, &entity, || {
        format!("is at version {}, but changed {version} times", account.version)
    });
    let of_it = |hold: &&Hold| hold.retailer == retailer && hold.state == "PENDING";
    let pending: i64 = index
        .views
        .hold
        .iter()
        .filter(of_it)
        .map(|hold| hold.amount_paisa)
        .sum();
    found.must(pending == account.held_paisa, &entity, || {
        format!(
            "{} paisa are held, pending holds sum to {pending}",
            account.held_paisa
        )
    });
}

/// Every hold was placed once with its amount and settled as its state says.
pub(super) fn resolutions(index: &Index<'_>, found: &mut Found) {
    let mut events: HashMap<&str, Vec<&AccountEvent>> = HashMap::new();
    for event in index
        .account_events
        .values()
        .flatten()
        .filter(|e| !e.hold_id.is_empty())
    {
        events.entry(&event.hold_id).or_default().push(event);
    }
    for hold in &index.views.hold {
        found.case();
        let of_it = events.remove(hold.hold_id.as_str()).unwrap_or_default();
        let kinds: Vec<&str> = of_it.iter().map(|event| event.kind.as_str()).collect();
        let wanted: &[&str] = match hold.state.as_str() {
            "PENDING" => &["hold_placed"],
            "POSTED" => &["hold_placed", "hold_posted"],
            "RELEASED" if hold.amount_paisa == 0 => &[],
            "RELEASED" => &["hold_placed", "hold_released"],
            _ => &["a known state"],
        };
        let entity = format!("hold {} of order {}", hold.hold_id, hold.order_id);
        let rows = || of_it.iter().map(|event| format!("{event:?}")).collect();
        if kinds != wanted {
            let message = format!("is {} after {kinds:?} instead of {wanted:?}", hold.state);
            found.shown(&entity, message, rows());
            continue;
        }
        let amounts = of_it
            .iter()
            .all(|e| e.d_held.abs() == hold.amount_paisa && e.d_posted <= hold.amount_paisa);
        let owners = of_it
            .iter()
            .all(|e| e.retailer == hold.retailer && e.order_id == hold.order_id);
        if !(amounts && owners) {
            let message = format!(
                "of {} paisa of {}: its changes say otherwise",
                hold.amount_paisa, hold.retailer
            );
            found.shown(&entity, message, rows());
        }
    }
    for (hold_id, of_it) in events {
        let entity = retailer_name(&of_it[0].retailer);
        found.wrong(
            &entity,
            format!(
                "{} change(s) of hold {hold_id}, which does not exist",
                of_it.len()
            ),
        );
    }
}

/// What was settled stays as it was.
fn stay_settled(before: &Views, after: &Views, found: &mut Found) {
    let later: HashMap<&str, &Hold> = after
        .hold
        .iter()
        .map(|hold| (hold.hold_id.as_str(), hold))
        .collect();
    for hold in &before.hold {
        let entity = format!("hold {} of order {}", hold.hold_id, hold.order_id);
        let Some(now) = later.get(hold.hold_id.as_str()) else {
            found.wrong(
                &entity,
                format!("was there in {} and is gone in {}", before.label, after.label),
            );
            continue;
        };
        let moved = hold.state != "PENDING" && hold.state != now.state;
        if moved || hold.amount_paisa != now.amount_paisa {
            let (was, is) = ((&hold.state, hold.amount_paisa), (&now.state, now.amount_paisa));
            found.wrong(
                &entity,
                format!("was {was:?} in {} and is {is:?} in {}", before.label, after.label),
            );
        }
    }
}
