//! Everything that happened to one thing, merged by time: what clients asked, what the services wrote, what their logs
//! say, and what was broken around it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::check::Violation;
use crate::check::input::Run;
use crate::history::{Event, Phase};
use crate::views::Views;

/// Lines of a timeline.
const MOST: usize = 120;
/// Lines of all logs together.
const LOG_LINES: usize = 40;
/// Faults this near to something belong to its story.
const NEAR_NS: i128 = 5_000_000_000;
/// Words of an entity that name what kind of thing it is, or join two of them.
const PLAIN: [&str; 22] = [
    "order",
    "retailer",
    "stock",
    "message",
    "op",
    "of",
    "hold",
    "reservation",
    "entry",
    "notice",
    "invoice",
    "payment",
    "job",
    "log",
    "process",
    "quote",
    "number",
    "key",
    "recipient",
    "journal",
    "attempt",
    "run",
];

/// The story of one thing.
pub(super) struct Story {
    /// Nanoseconds since the run began; nothing where only the services' clock is known.
    told: Vec<(Option<i128>, String)>,
    logged: Vec<String>,
    /// The last fault before the end of the story.
    pub(super) last_fault: Option<String>,
}

impl Story {
    /// Whose rows were wrong first, as far as can be told: the service of the last row.
    pub(super) fn suspect(&self, owner: &str) -> String {
        let service = |line: &&(Option<i128>, String)| {
            let word = line.1.split_whitespace().next().unwrap_or_default();
            ["order:", "credit:", "inventory:", "notification:"].contains(&word)
        };
        let last = self.told.iter().rev().find(service);
        last.map_or(owner.to_owned(), |line| {
            line.1.split(':').next().unwrap_or(owner).to_owned()
        })
    }

    /// Lines to print.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let left_out = self.told.len().saturating_sub(MOST);
        let note = (left_out > 0).then(|| format!("({left_out} more lines at the beginning)"));
        let told = self.told.iter().skip(left_out).map(|(at, line)| match at {
            Some(at) => format!("{:>10.3} s  {line}", *at as f64 / 1e9),
            None => format!("{:>10}    {line}", "?"),
        });
        note.into_iter().chain(told).chain(self.logged.iter().cloned())
    }
}

/// The story of what a violation is about.
pub(super) fn of(run: &Run, violation: &Violation) -> Story {
    let names = names(run, &violation.entity);
    let began = began(run);
    let place = |at: DateTime<Utc>| {
        began
            .and_then(|began| (at - began).num_nanoseconds())
            .map(i128::from)
    };
    let mut told: Vec<(Option<i128>, String)> = Vec::new();
    for event in &run.history {
        if !matches!(event.ph, Phase::Fault | Phase::Heal) && mentions(event, &names) {
            told.push((Some(i128::from(event.t_ns)), spoken(event)));
        }
    }
    let search = Search {
        views: &run.last,
        names: &names,
        place: &place,
    };
    search.orders(&mut told);
    search.credit(&mut told);
    search.stock(&mut told);
    search.work(&mut told);
    for sent in run
        .provider
        .iter()
        .flatten()
        .filter(|sent| !sent.notice.is_empty() && names.contains(&sent.notice))
    {
        let line = format!(
            "provider: {} {} {} {}",
            sent.prov, sent.verdict, sent.notice, sent.reference
        );
        told.push((Some(i128::from(sent.t_ns)), line));
    }
    let times: Vec<i128> = told.iter().filter_map(|(at, _)| *at).collect();
    let near = |at: i128| times.iter().any(|time| (time - at).abs() <= NEAR_NS);
    let mut last_fault = None;
    for event in run
        .history
        .iter()
        .filter(|event| matches!(event.ph, Phase::Fault | Phase::Heal))
    {
        let at = i128::from(event.t_ns);
        if near(at) {
            told.push((Some(at), spoken(event)));
        }
        if event.ph == Phase::Fault && times.iter().max().is_none_or(|end| at <= *end) {
            last_fault = Some(format!(
                "{} {} at {:.3} s",
                event.f,
                event.v,
                event.t_ns as f64 / 1e9
            ));
        }
    }
    // what has no time comes last, in the order of its rows
    told.sort_by_key(|(at, _)| at.unwrap_or(i128::MAX));
    Story {
        told,
        logged: logged(run, &names),
        last_fault,
    }
}

/// When the run began, by the services' clock: as `meta.json` says, or by the first request whose row has a time.
fn began(run: &Run) -> Option<DateTime<Utc>> {
    let told = run
        .meta
        .get("began")
        .and_then(|at| at.as_str())
        .and_then(|at| at.parse().ok());
    told.or_else(|| {
        let answered = run
            .history
            .iter()
            .filter(|event| event.ph == Phase::Ok && !event.op.is_empty());
        answered.take(1000).find_map(|event| {
            let row = run.last.account_event.iter().find(|row| row.cause == event.op)?;
            Some(row.at - TimeDelta::nanoseconds(i64::try_from(event.t_ns).ok()?))
        })
    })
}

/// The names in an entity, and those of what belongs to it.
fn names(run: &Run, entity: &str) -> BTreeSet<String> {
    let words = entity
        .split([' ', '/', '(', ')'])
        .filter(|word| word.len() > 2 && !PLAIN.contains(word));
    let mut names: BTreeSet<String> = words.map(str::to_owned).collect();
    let views = &run.last;
    let orders: Vec<_> = views
        .orders
        .iter()
        .filter(|order| {
            [&order.order_id, &order.number, &order.cause, &order.quote_id]
                .into_iter()
                .any(|id| names.contains(id))
        })
        .collect();
    for order in orders {
        names.extend([order.order_id.clone(), order.number.clone(), order.cause.clone()]);
        names.extend(
            views
                .hold
                .iter()
                .filter(|h| h.order_id == order.order_id)
                .map(|h| h.hold_id.clone()),
        );
        names.extend(
            views
                .notice
                .iter()
                .filter(|n| n.order_id == order.order_id)
                .map(|n| n.notice_id.clone()),
        );
        let reservations = views.reservation.iter().filter(|r| r.order_id == order.order_id);
        names.extend(reservations.map(|r| r.res_id.clone()));
        names.extend(
            views
                .entry
                .iter()
                .filter(|e| e.order_id == order.order_id)
                .map(|e| e.entry_id.clone()),
        );
        let message = views.inbound.iter().find(|m| m.inbound_id == order.cause);
        names.extend(message.map(|m| m.mid.clone()));
    }
    names.retain(|name| !name.is_empty());
    names
}

fn mentions(event: &Event, names: &BTreeSet<String>) -> bool {
    if names.contains(&event.op) {
        return true;
    }
    has_name(&event.v, names)
}

fn has_name(value: &serde_json::Value, names: &BTreeSet<String>) -> bool {
    match value {
        serde_json::Value::String(text) => names.contains(text),
        serde_json::Value::Array(all) => all.iter().any(|one| has_name(one, names)),
        serde_json::Value::Object(all) => all.values().any(|one| has_name(one, names)),
        _ => false,
    }
}

fn spoken(event: &Event) -> String {
    let phase = format!("{:?}", event.ph).to_lowercase();
    let mut v = event.v.clone();
    if let Some(v) = v.as_object_mut() {
        // a report may be shown around
        v.remove("phone");
    }
    let http = if event.http == 0 {
        String::new()
    } else {
        format!(" {}", event.http)
    };
    let err = if event.err.is_empty() {
        String::new()
    } else {
        format!(" ({})", event.err)
    };
    format!("{}: {phase} {} {}{http}{err} {v}", event.p, event.f, event.op)
}

type Told = Vec<(Option<i128>, String)>;

/// Rows that are looked through, by the names that are looked for.
struct Search<'a> {
    views: &'a Views,
    names: &'a BTreeSet<String>,
    place: &'a dyn Fn(DateTime<Utc>) -> Option<i128>,
}

impl Search<'_> {
    fn has(&self, ids: &[&String]) -> bool {
        ids.iter().any(|id| self.names.contains(*id))
    }

    fn orders(&self, told: &mut Told) {
        for row in &self.views.inbound {
            if self.has(&[&row.mid, &row.outcome_ref, &row.inbound_id]) {
                let (mid, kind) = (&row.mid, &row.kind);
                let line = format!(
                    "order: message {mid} {kind} → {} {}",
                    row.outcome, row.outcome_ref
                );
                told.push(((self.place)(row.received_at), line));
            }
        }
        for row in &self.views.order_status {
            if self.has(&[&row.order_id, &row.cause]) {
                let line = format!(
                    "order: {} move {} {} → {} by {} ({}, cause {})",
                    row.order_id, row.n, row.from_state, row.to_state, row.actor, row.note, row.cause
                );
                told.push(((self.place)(row.at), line));
            }
        }
        for row in &self.views.assignment {
            if self.has(&[&row.order_id]) {
                let (n, vendor) = (row.attempt, &row.vendor);
                let line = format!("order: offer {n} to {vendor} ({}) → {}", row.method, row.answer);
                told.push(((self.place)(row.decided_at), line));
            }
        }
    }

    fn credit(&self, told: &mut Told) {
        for row in &self.views.account_event {
            let of_order = self.has(&[&row.order_id, &row.hold_id, &row.entry_id, &row.payment_id]);
            if of_order || self.has(&[&row.retailer, &row.cause]) {
                let line = format!(
                    "credit: {} change {} {} owed {:+} held {:+} limit {} {}",
                    row.retailer, row.seq, row.kind, row.d_posted, row.d_held, row.limit_after, row.order_id
                );
                told.push(((self.place)(row.at), line));
            }
        }
        for row in &self.views.entry {
            if self.has(&[&row.entry_id, &row.order_id, &row.payment_id]) {
                let line = format!("credit: entry {} {} {}", row.entry_id, row.kind, row.retailer);
                told.push(((self.place)(row.recorded_at), line));
            }
        }
    }

    fn stock(&self, told: &mut Told) {
        for row in &self.views.stock_event {
            let whole = self.names.contains(&row.vendor) && self.names.contains(&row.sku);
            if whole || self.has(&[&row.order_id, &row.res_id, &row.reason]) {
                let (on_hand, reserved) = (row.d_on_hand_milli, row.d_reserved_milli);
                let line = format!(
                    "inventory: {}/{} move {} {} on hand {on_hand:+} reserved {reserved:+} {} {}",
                    row.vendor, row.sku, row.seq, row.kind, row.res_id, row.reason
                );
                told.push(((self.place)(row.at), line));
            }
        }
    }

    fn work(&self, told: &mut Told) {
        for row in &self.views.notice {
            if self.has(&[&row.notice_id, &row.order_id, &row.dedup_key]) {
                let (id, template) = (&row.notice_id, &row.template);
                let line = format!(
                    "notification: {id} {template} {} after {} tries",
                    row.state, row.attempts
                );
                told.push((None, line));
            }
        }
        for row in &self.views.job {
            if self.has(&[&row.job_id, &row.ordering_key]) {
                let line = format!("{}: job {} {} waits", row.service, row.job_id, row.kind);
                told.push(((self.place)(row.run_at), line));
            }
        }
    }
}

/// Lines of the processes' logs that name one of them.
fn logged(run: &Run, names: &BTreeSet<String>) -> Vec<String> {
    // short names, such as a number of three digits, would find everything
    let names: Vec<&String> = names.iter().filter(|name| name.len() >= 6).collect();
    let mut found = Vec::new();
    for log in &run.logs {
        // one that cannot be read is a finding of its own
        let _ = log.each_line(|_, line| {
            if found.len() < LOG_LINES && names.iter().any(|name| line.contains(name.as_str())) {
                found.push(format!(
                    "{}: {}",
                    log.name,
                    line.chars().take(300).collect::<String>()
                ));
            }
        });
    }
    found
}
