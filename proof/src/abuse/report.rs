//! What came of all cases: a table for people, JSON for programs.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::case::{Call, Case, Class, Script, Send, Step};
use crate::ledger::{Kind, Line};

/// A case that does not hold.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Id of the case, or of the class where the whole class is meant.
    pub id: String,
    /// Name of the case.
    pub name: String,
    /// What is wrong.
    pub what: Vec<String>,
    /// What was seen.
    pub seen: String,
    /// What was sent.
    pub sent: String,
    /// A command that does it again.
    pub again: String,
}

impl Failure {
    /// A case, and what is wrong with it.
    pub fn of(case: &Case, what: Vec<String>) -> Self {
        Self::seen(case, what, "")
    }

    /// With what was seen.
    pub fn seen(case: &Case, what: Vec<String>, seen: &str) -> Self {
        Self {
            id: case.id.clone(),
            name: case.name.clone(),
            what,
            seen: seen.to_owned(),
            sent: sent(&case.send),
            again: format!("kasauti abuse --case {}", case.id),
        }
    }

    /// A class as a whole.
    pub fn of_class(class: Class, label: &str, what: Vec<String>) -> Self {
        Self {
            id: label.to_owned(),
            name: format!("{} as a whole", class.title()),
            what,
            seen: String::new(),
            sent: String::new(),
            again: format!("kasauti abuse --class {}", class.name()),
        }
    }
}

/// What was sent, short enough to read.
fn sent(send: &Send) -> String {
    let text = match send {
        Send::Http(request) => String::from_utf8_lossy(&request.bytes()).into_owned(),
        Send::Steps(requests) => {
            let all: Vec<String> = requests
                .iter()
                .take(4)
                .map(|r| String::from_utf8_lossy(&r.bytes()).into_owned())
                .collect();
            format!("{} requests in turn: {}", requests.len(), all.join("\n--\n"))
        }
        Send::Storm(request, times) => format!("{times} times {}", String::from_utf8_lossy(&request.bytes())),
        Send::Raw(script) => format!("HTTP/1: {}", steps(script)),
        Send::Frames(port, script) => format!("HTTP/2 to {port:?}: {}", steps(script)),
        Send::Rpc(call) => rpc(call),
        Send::Crowd(script, count) => format!("{count} connections, each: {}", steps(script)),
    };
    let short: String = text.chars().take(1200).collect();
    if short.len() < text.len() {
        format!("{short} …")
    } else {
        short
    }
}

fn steps(script: &Script) -> String {
    let told = |step: &Step| match step {
        Step::Bytes(bytes) => shown(bytes),
        Step::Repeat(bytes, times, pause) => {
            format!("{times} times {} every {} ms", shown(bytes), pause.as_millis())
        }
        other => format!("{other:?}"),
    };
    script
        .steps
        .iter()
        .take(20)
        .map(told)
        .collect::<Vec<_>>()
        .join(", then ")
}

fn rpc(call: &Call) -> String {
    let data: Vec<String> = call.data.iter().map(|data| shown(data)).collect();
    let token = call
        .token
        .as_ref()
        .map(|token| (&token.claims, &token.signer, &token.twist));
    let metadata: Vec<_> = call
        .metadata
        .iter()
        .take(8)
        .map(|(name, value)| (name, shown(value)))
        .collect();
    format!(
        "{} {metadata:?} token {token:?} data {data:?} reset {}",
        call.path, call.reset
    )
}

/// Bytes as a text literal.
fn shown(bytes: &[u8]) -> String {
    let start: String = bytes
        .iter()
        .take(300)
        .flat_map(|byte| byte.escape_ascii())
        .map(char::from)
        .collect();
    if bytes.len() > 300 {
        format!("b\"{start}\"… ({} bytes)", bytes.len())
    } else {
        format!("b\"{start}\"")
    }
}

/// One class.
#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    /// `B5`, or `limits` for the part with limits on.
    pub label: String,
    /// What it is about.
    pub title: &'static str,
    /// Cases.
    pub cases: usize,
    /// Resident memory before, in KiB.
    pub memory_before_kib: u64,
    /// Resident memory afterwards, in KiB.
    pub memory_after_kib: u64,
    /// What does not hold.
    pub failures: Vec<Failure>,
}

impl Tally {
    /// Nothing yet.
    pub fn new(class: Class, label: &str, cases: usize) -> Self {
        Self {
            label: label.to_owned(),
            title: class.title(),
            cases,
            memory_before_kib: 0,
            memory_after_kib: 0,
            failures: Vec::new(),
        }
    }

    /// Cases that do not hold.
    pub fn failed(&self) -> usize {
        let mut ids: Vec<&str> = self.failures.iter().map(|failure| failure.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }
}

/// All classes.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Classes in their order.
    pub classes: Vec<Tally>,
    /// Seconds that it took.
    pub seconds: f64,
    /// Classes of the catalogue that do not apply yet, and why.
    pub left_out: Vec<&'static str>,
}

impl Report {
    /// Whether all hold.
    pub fn holds(&self) -> bool {
        !self.classes.is_empty() && self.classes.iter().all(|tally| tally.failures.is_empty())
    }

    /// The table and the failures.
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:<8} {:<24} {:>6} {:>7} {:>7}  {:>14}\n",
            "class", "about", "cases", "passed", "failed", "memory MiB"
        );
        for tally in &self.classes {
            let memory = format!(
                "{} → {}",
                tally.memory_before_kib / 1024,
                tally.memory_after_kib / 1024
            );
            let failed = tally.failed();
            let passed = tally.cases.saturating_sub(failed);
            out.push_str(&format!(
                "{:<8} {:<24} {:>6} {passed:>7} {failed:>7}  {memory:>14}\n",
                tally.label, tally.title, tally.cases
            ));
        }
        let cases: usize = self.classes.iter().map(|tally| tally.cases).sum();
        out.push_str(&format!(
            "{cases} cases in {:.0} s; left out: {}\n",
            self.seconds,
            self.left_out.join("; ")
        ));
        for failure in self.classes.iter().flat_map(|tally| &tally.failures) {
            out.push_str(&format!(
                "\n{} {}\n  {}\n",
                failure.id,
                failure.name,
                failure.what.join("\n  ")
            ));
            if !failure.seen.is_empty() {
                out.push_str(&format!("  seen: {}\n", failure.seen));
            }
            if !failure.sent.is_empty() {
                let sent: String = failure.sent.chars().take(400).collect();
                out.push_str(&format!("  sent: {sent:?}\n"));
            }
            out.push_str(&format!("  again: {}\n", failure.again));
        }
        out
    }

    /// For the ledger of proofs.
    pub fn line(&self) -> Line {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let cases: usize = self.classes.iter().map(|tally| tally.cases).sum();
        let failed = number(self.classes.iter().map(Tally::failed).sum());
        Line::new(Kind::Abuse, self.seconds)
            .violations(failed)
            .count("cases", number(cases))
            .count("failed", failed)
    }

    /// Writes `abuse.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let mut value = serde_json::to_value(self)?;
        value["holds"] = self.holds().into();
        fs::write(dir.join("abuse.json"), serde_json::to_vec_pretty(&value)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::{Expect, Maker, Request};
    use super::*;

    #[test]
    fn a_failure_fails_the_report_and_tells_how_to_repeat_it() {
        let mut make = Maker::new(Class::B1);
        make.add(
            "x",
            Send::Http(Request::new("GET", "/live")),
            Expect::status(&[200]),
        );
        let cases = make.done();
        let mut tally = Tally::new(Class::B1, "B1", 1);
        let report = |tally: &Tally| Report {
            classes: vec![tally.clone()],
            seconds: 1.0,
            left_out: Vec::new(),
        };
        assert!(report(&tally).holds());
        tally
            .failures
            .push(Failure::of(&cases[0], vec!["status 500".to_owned()]));
        let told = report(&tally).table();
        assert!(!report(&tally).holds());
        assert!(
            told.contains("kasauti abuse --case B1-001") && told.contains("status 500"),
            "{told}"
        );
    }

    #[test]
    fn nothing_run_is_nothing_proved() {
        let report = Report {
            classes: Vec::new(),
            seconds: 0.0,
            left_out: Vec::new(),
        };
        assert!(!report.holds());
    }
}
