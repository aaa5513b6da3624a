//! I20 and I21: logs and answers show no people and no panics.

use std::collections::HashSet;

use super::effects::op_name;
use super::facts::{Facts, digits};
use super::input::Log;
use super::ops::{number, text};
use super::verdict::{Found, Judged};
use crate::history::{Event, Phase};

/// Words of a process that fell over.
const PANICS: [&str; 5] = [
    "panicked at",
    "fatal runtime error",
    "stack overflow",
    "memory allocation of",
    "SIGSEGV",
];
/// Country code of the phones that exist here.
const COUNTRY: &str = "977";
/// Digits of a phone without and with the country code.
const NATIONAL: usize = 10;
const WHOLE: usize = 13;

/// I20.
pub(super) fn no_leak(facts: &Facts<'_>) -> Judged {
    if facts.run.logs.is_empty() {
        return Judged::NotCovered("this run kept no logs of the product's processes");
    }
    let mut found = Found::default();
    let wanted = Wanted::of(facts);
    for log in &facts.run.logs {
        let told = log.each_line(|n, line| {
            found.case();
            if let Some(what) = wanted.leak(line) {
                let message = format!("line {n} shows {what}");
                found.shown(&log_name(log), message, vec![masked(line)]);
            }
        });
        unreadable(log, told, &mut found);
    }
    for op in &facts.ops.all {
        for answer in op.answers().filter(|answer| answer.ph == Phase::Fail) {
            // what a refusal says of a phone that the request itself named is no news to who asked
            let secret = wanted
                .secrets
                .iter()
                .find(|secret| answer.v.to_string().contains(secret.as_str()));
            found.must(secret.is_none(), &op_name(op), || {
                "its refusal shows a secret".to_owned()
            });
        }
    }
    Judged::Checked(found)
}

/// Everything that must not be in a log.
#[derive(Debug, Default)]
struct Wanted {
    phones: HashSet<String>,
    secrets: Vec<String>,
}

impl Wanted {
    fn of(facts: &Facts<'_>) -> Self {
        let listed = |name: &str| -> Vec<String> {
            let list = facts.run.meta.get(name).and_then(serde_json::Value::as_array);
            list.into_iter()
                .flatten()
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        };
        let mut wanted = Self {
            phones: HashSet::new(),
            secrets: listed("secrets")
                .into_iter()
                .filter(|secret| secret.len() >= 8)
                .collect(),
        };
        let asked = facts
            .ops
            .all
            .iter()
            .map(|op| text(op.asked(), "phone").to_owned());
        for phone in listed("phones").into_iter().chain(asked) {
            let phone = digits(&phone);
            if phone.len() < NATIONAL {
                continue;
            }
            wanted.phones.insert(phone[phone.len() - NATIONAL..].to_owned());
            wanted.phones.insert(phone);
        }
        wanted
    }

    /// What a line shows that it must not.
    fn leak(&self, line: &str) -> Option<String> {
        for (start, run) in digit_runs(line) {
            if self.phones.contains(run) {
                return Some(format!("the phone …{}", &run[run.len() - 3..]));
            }
            // a phone of somebody whom the run does not know is one all the same
            let plus = line[..start].ends_with('+');
            if plus && run.len() == WHOLE && run.starts_with(COUNTRY) {
                return Some(format!("an unmasked phone …{}", &run[run.len() - 3..]));
            }
        }
        let secret = self
            .secrets
            .iter()
            .position(|secret| line.contains(secret.as_str()));
        secret.map(|place| format!("secret number {place} of meta.json"))
    }
}

/// Runs of digits with their places.
fn digit_runs(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].find(|c: char| c.is_ascii_digit())?;
        let rest = &line[start..];
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        at = start + len;
        Some((start, &rest[..len]))
    })
}

/// A line without its digits, so that a report leaks nothing either.
fn masked(line: &str) -> String {
    let line: String = line.chars().take(400).collect();
    let mut out = String::new();
    let mut end = 0;
    for (start, run) in digit_runs(&line) {
        out.push_str(&line[end..start]);
        out.push_str(&if run.len() >= NATIONAL {
            "#".repeat(run.len())
        } else {
            run.to_owned()
        });
        end = start + run.len();
    }
    out.push_str(&line[end..]);
    out
}

fn log_name(log: &Log) -> String {
    format!("log {}", log.name)
}

fn unreadable(log: &Log, told: std::io::Result<()>, found: &mut Found) {
    if let Err(error) = told {
        found.wrong(&log_name(log), format!("cannot be read: {error}"));
    }
}

/// I21.
pub(super) fn clean(facts: &Facts<'_>) -> Judged {
    let mut found = Found::default();
    for log in &facts.run.logs {
        let told = log.each_line(|n, line| {
            found.case();
            if PANICS.iter().any(|word| line.contains(word)) {
                found.shown(
                    &log_name(log),
                    format!("line {n} is of a process that fell over"),
                    vec![masked(line)],
                );
            }
        });
        unreadable(log, told, &mut found);
    }
    for mark in facts.ops.marks_of("exit") {
        found.case();
        let planned = mark.v.get("planned").is_some_and(|planned| planned == true);
        let svc = text(&mark.v, "svc");
        found.must(planned, &format!("process {svc}"), || {
            format!("ended by itself with status {:?}", number(&mark.v, "status"))
        });
    }
    let small = has_small_gateway(&facts.run.meta);
    for op in &facts.ops.all {
        for one in &op.tries {
            let Some(answer) = one.answer else { continue };
            found.case();
            let excused = facts.ops.excused(one.asked.t_ns, answer.t_ns);
            // Whoever makes the gateway that small wants to be turned away.
            let told = (text(&answer.v, "reason"), text(&answer.v, "outcome"));
            let shed = small && told == ("OVERLOADED", "not-executed");
            if answer.http >= 500 && !excused && !shed {
                let message = format!("was answered {} while nothing was broken", answer.http);
                found.shown(&op_name(op), message, vec![format!("{answer:?}")]);
            }
            found.must(in_the_table(answer), &op_name(op), || {
                format!(
                    "{} was taken for {:?}, which no row of the table of outcomes says",
                    answer.http, answer.ph
                )
            });
        }
        let no = matches!(op.f, "garbage" | "forged");
        found.must(!no || op.ok().is_none(), &op_name(op), || {
            format!("a {} was taken", op.f)
        });
    }
    Judged::Checked(found)
}

/// Whether the run had a gateway that takes only a few requests at once.
fn has_small_gateway(meta: &serde_json::Value) -> bool {
    let settings = meta.pointer("/scenario/staging/settings");
    let settings = settings.and_then(serde_json::Value::as_array);
    let names = settings
        .into_iter()
        .flatten()
        .filter_map(|pair| pair.get(0)?.as_str());
    names
        .into_iter()
        .any(|name| name == "KHAACHO_GATEWAY_COMMANDS_MAX")
}

/// The closed table of outcomes.
fn in_the_table(answer: &Event) -> bool {
    match (answer.ph, answer.http) {
        (Phase::Ok, 200..=299) => true,
        // never sent: nobody listened
        (Phase::Fail, 0) => !answer.err.is_empty(),
        (
            Phase::Fail,
            400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 414 | 415 | 422 | 429 | 431 | 503 | 504,
        ) => true,
        (Phase::Info, 0 | 409 | 500 | 502 | 503 | 504) => true,
        _ => false,
    }
}
