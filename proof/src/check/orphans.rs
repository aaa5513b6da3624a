//! I11 and I22: nothing is left over, and what waits to be done is done once.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;

use super::facts::{Facts, order_name};
use super::index::Index;
use super::verdict::{Found, Judged};
use crate::views::Job;

/// A job may be this late when the snapshot is taken: it has just come due.
const LATE: TimeDelta = TimeDelta::seconds(5);
/// A job that was due for so long while everything worked is found by nobody.
const FORGOTTEN: TimeDelta = TimeDelta::seconds(30);

/// I11: nothing refers to what is not there, and no work is unfinished.
pub(super) fn none_left(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    of_no_order(&facts.last, &mut found);
    if facts.ops.quiescent() {
        unfinished(facts, &mut found);
    }
    Judged::Checked(found)
}

fn of_no_order(index: &Index<'_>, found: &mut Found) {
    let views = index.views;
    let holds = views.hold.iter().map(|row| ("hold", &row.hold_id, &row.order_id));
    let reservations = views
        .reservation
        .iter()
        .map(|row| ("reservation", &row.res_id, &row.order_id));
    let entries = views
        .entry
        .iter()
        .map(|row| ("entry", &row.entry_id, &row.order_id));
    let invoices = views
        .invoice
        .iter()
        .map(|row| ("invoice", &row.invoice_id, &row.order_id));
    let notices = views
        .notice
        .iter()
        .map(|row| ("notice", &row.notice_id, &row.order_id));
    for (kind, id, order_id) in holds
        .chain(reservations)
        .chain(entries)
        .chain(invoices)
        .chain(notices)
    {
        found.case();
        let there = order_id.is_empty() || index.orders.contains_key(order_id.as_str());
        found.must(there, &format!("{kind} {id}"), || {
            format!("belongs to order {order_id}, which does not exist")
        });
    }
    for order_id in index
        .order_lines
        .keys()
        .chain(index.statuses.keys())
        .chain(index.assignments.keys())
    {
        let there = index.orders.contains_key(order_id);
        found.must(there, &order_name(order_id), || {
            "has rows and does not exist".to_owned()
        });
    }
    let payments: HashSet<&str> = views.payment.iter().map(|row| row.payment_id.as_str()).collect();
    for entry in views.entry.iter().filter(|entry| entry.kind == "payment") {
        let there = payments.contains(entry.payment_id.as_str());
        found.must(there, &format!("entry {}", entry.entry_id), || {
            format!("records no payment: {}", entry.payment_id)
        });
    }
    let reservations: HashSet<&str> = views.reservation.iter().map(|row| row.res_id.as_str()).collect();
    for line in &views.reservation_line {
        let there = reservations.contains(line.res_id.as_str());
        found.must(there, &format!("reservation {}", line.res_id), || {
            "has lines and does not exist".to_owned()
        });
    }
}

/// Work that is due and was not done, or that fails and is tried again.
fn unfinished(facts: &Facts<'_>, found: &mut Found) {
    let views = facts.last.views;
    // who waits behind another one of his key is not late; the first of them is what counts
    let waits = |job: &&Job| views.taken_at.is_some_and(|at| job.run_at > at) && !job.ordering_key.is_empty();
    let first = views
        .job
        .iter()
        .filter(waits)
        .map(|job| (job.service.as_str(), job.ordering_key.as_str()));
    let first: HashSet<(&str, &str)> = first.collect();
    for job in views.job.iter().filter(|job| !job.parked) {
        found.case();
        let entity = format!("job {} ({} of {})", job.job_id, job.kind, job.service);
        let behind = first.contains(&(job.service.as_str(), job.ordering_key.as_str()));
        let late = !behind && views.taken_at.is_some_and(|at| job.run_at + LATE < at);
        found.must(!late, &entity, || {
            let leased = if job.leased { "somebody's" } else { "nobody's" };
            format!(
                "is due since {} and {leased} after {} tries",
                job.run_at, job.attempts
            )
        });
        found.must(late || job.faults == 0, &entity, || {
            format!("failed {} times and waits until {}", job.faults, job.run_at)
        });
    }
    for row in &views.inbound {
        found.case();
        found.must(
            !row.outcome.is_empty(),
            &super::facts::message_name(&row.provider, &row.mid),
            || "still waits to be handled".to_owned(),
        );
    }
}

/// Whether a job is due for so long that nobody looks for it any more: not behind another one of its key, nobody's,
/// and not to come.
fn forgotten(views: &crate::views::Views, job: &Job) -> bool {
    let Some(at) = views.taken_at else { return false };
    let same = |other: &&Job| other.service == job.service && other.ordering_key == job.ordering_key;
    let mut others = views.job.iter().filter(|other| other.job_id != job.job_id);
    let behind = !job.ordering_key.is_empty() && others.any(|other| same(&other));
    !job.parked && !job.leased && !behind && job.run_at + FORGOTTEN < at
}

/// I22: the product's outbox is its jobs, its inbox the unique keys of what they do. No job was given up, and each
/// message has each of its parts once.
pub(super) fn handed_on_once(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    let views = facts.last.views;
    let mut jobs: HashSet<&str> = HashSet::new();
    for job in &views.job {
        found.case();
        let entity = format!("job {} ({} of {})", job.job_id, job.kind, job.service);
        found.must(!job.parked, &entity, || {
            format!("was given up after {} tries", job.attempts)
        });
        found.must(jobs.insert(&job.job_id), &entity, || "is there twice".to_owned());
        found.must(!forgotten(views, job), &entity, || {
            format!("is due since {} and was never handed on", job.run_at)
        });
    }
    let mut parts: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for notice in &views.notice {
        parts
            .entry(&notice.dedup_key)
            .or_default()
            .push((notice.part, notice.parts));
    }
    for (key, mut there) in parts {
        found.case();
        there.sort_unstable();
        let of = there[0].1;
        let numbers: Vec<i64> = there.iter().map(|part| part.0).collect();
        let whole = numbers == (1..=of).collect::<Vec<_>>() && there.iter().all(|part| part.1 == of);
        // a copy for a closed window has only the parts that could not go
        let copy = key.ends_with(":template");
        let once = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        found.must(whole || (copy && once), &format!("notice {key}"), || {
            format!("has parts {numbers:?} of {of}")
        });
    }
    Judged::Checked(found)
}
