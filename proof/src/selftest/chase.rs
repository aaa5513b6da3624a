//! Looks for one bug: one short run after the other, until its invariant says so or time is up.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;

use crate::check::{Standing, Verdict};
use crate::run;

use super::bugs::{BUGS, Bug, How};
use super::early;

/// The variable that names a bug.
pub(super) const VARIABLE: &str = "KHAACHO_PLANTED";
/// A run that takes longer than this is given up.
const RUN_MAX: Duration = Duration::from_secs(400);

/// What became of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Found {
    /// By this invariant, one of those that have to.
    By(String),
    /// Only others complained.
    Otherwise(Vec<String>),
    /// Nothing complained.
    Not,
    /// No run could be carried out.
    Failed(String),
}

/// A search and what it took.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) seconds: f64,
    /// Operations that were asked for.
    pub(super) ops: u64,
    pub(super) rounds: u64,
    /// The first thing that was found, in words.
    pub(super) example: String,
}

/// What one round says.
pub(super) struct Round {
    pub(super) broken: Vec<String>,
    ops: u64,
    example: String,
}

/// Looks for a bug.
pub(super) async fn chase(bug: &Bug, binary: &Path, dir: &Path, limit: Duration, keep: bool) -> Outcome {
    let began = Instant::now();
    let mut outcome = Outcome {
        found: Found::Not,
        seconds: 0.0,
        ops: 0,
        rounds: 0,
        example: String::new(),
    };
    let mut others: Vec<String> = Vec::new();
    while began.elapsed() < limit {
        outcome.rounds += 1;
        let at = dir.join(format!("{}-{}", bug.name, outcome.rounds));
        let round = round(&bug.how, Some(bug), binary, &at, outcome.rounds).await;
        outcome.seconds = began.elapsed().as_secs_f64();
        let round = match round {
            Ok(round) => round,
            Err(error) => {
                outcome.found = Found::Failed(format!("{error:#}"));
                // A bug that lets no run come to its end is not found by that; twice is enough to know.
                if outcome.rounds >= 2 {
                    break;
                }
                continue;
            }
        };
        outcome.ops += round.ops;
        let named = bug
            .by
            .iter()
            .find(|wanted| round.broken.iter().any(|broken| broken == *wanted));
        if let Some(named) = named {
            outcome.found = Found::By((*named).to_owned());
            outcome.example = round.example;
            if !keep {
                let _ = std::fs::remove_dir_all(&at);
            }
            return outcome;
        }
        for broken in round.broken {
            if !others.contains(&broken) {
                others.push(broken);
            }
        }
        outcome.found = if others.is_empty() {
            Found::Not
        } else {
            Found::Otherwise(others.clone())
        };
        if matches!(bug.how, How::Abuse(_)) {
            // Bad input is the same each time.
            break;
        }
    }
    outcome
}

/// The same kind of run without a bug; what complained comes back.
pub(super) async fn control(how: &How, binary: &Path, dir: &Path) -> Result<Vec<String>, String> {
    let at = dir.join(format!("clean-{}", how.name().replace(' ', "-")));
    let round = round(how, None, binary, &at, 1)
        .await
        .map_err(|error| format!("{error:#}"))?;
    if round.broken.is_empty() {
        let _ = std::fs::remove_dir_all(&at);
    }
    Ok(round.broken)
}

async fn round(how: &How, bug: Option<&Bug>, binary: &Path, at: &Path, seed: u64) -> anyhow::Result<Round> {
    let one = async {
        match how {
            How::Run(profile) => {
                let mut scenario = profile.scenario(seed);
                scenario.staging.statements.extend(without(how));
                if let Some(bug) = bug {
                    let settings = &mut scenario.staging.settings;
                    // It does not start with a server that loses commits unless it is told to.
                    settings.push(if bug.server.is_empty() {
                        (VARIABLE.to_owned(), bug.name.to_owned())
                    } else {
                        ("KHAACHO_UNSAFE_DATABASE".to_owned(), "true".to_owned())
                    });
                    let server = bug.server.iter();
                    let server = server.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
                    scenario.staging.postgres.extend(server);
                }
                let wanted = bug.map_or(&[][..], |bug| bug.by);
                let verdict = tokio::select! {
                    ended = run::directed(binary, at, scenario) => ended?,
                    (_, verdict) = early::finds(at, wanted) => only(verdict, wanted),
                };
                Ok(of_run(&verdict, wanted))
            }
            How::Abuse(class) => abuse(class, bug, binary, at).await,
        }
    };
    tokio::time::timeout(RUN_MAX, one)
        .await
        .context("the run does not come to its end")?
}

/// Everything that any bug of a profile wants away: the clean run is without it too.
pub(super) fn without(how: &How) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for statement in BUGS
        .iter()
        .filter(|bug| bug.how == *how)
        .flat_map(|bug| bug.without)
    {
        if !all.iter().any(|there| there == statement) {
            all.push((*statement).to_owned());
        }
    }
    all
}

/// What can be judged before the end.
fn only(mut verdict: Verdict, wanted: &[&str]) -> Verdict {
    let named = |name: &str| wanted.contains(&name) && early::knows(name);
    verdict.findings.retain(|finding| named(&finding.invariant));
    verdict.violations.retain(|violation| named(&violation.invariant));
    verdict
}

fn of_run(verdict: &Verdict, wanted: &[&str]) -> Round {
    let violated = verdict
        .findings
        .iter()
        .filter(|finding| finding.standing == Standing::Violated);
    let named = |violation: &&crate::check::Violation| wanted.contains(&violation.invariant.as_str());
    let example = verdict.violations.iter().find(named);
    Round {
        broken: violated.map(|finding| finding.invariant.clone()).collect(),
        ops: verdict.totals.operations,
        example: example.map_or(String::new(), |one| format!("{}: {}", one.entity, one.message)),
    }
}

/// Bad input is sent by another process of ours, which hands its environment on.
async fn abuse(class: &str, bug: Option<&Bug>, binary: &Path, at: &Path) -> anyhow::Result<Round> {
    std::fs::create_dir_all(at)?;
    let mut command = tokio::process::Command::new(own_program()?);
    command
        .arg("abuse")
        .arg("--class")
        .arg(class)
        .arg("--binary")
        .arg(binary)
        .arg("--dir")
        .arg(at);
    command.env_remove(VARIABLE).kill_on_drop(true);
    if let Some(bug) = bug {
        command.env(VARIABLE, bug.name);
    }
    let log = std::fs::File::create(at.join("abuse.log"))?;
    command.stdout(log.try_clone()?).stderr(log);
    let _ = command.status().await?;
    let told: Value = serde_json::from_slice(&std::fs::read(at.join("abuse.json"))?)?;
    of_abuse(class, &told)
}

fn own_program() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe()?)
}

/// Reads `abuse.json`.
pub(super) fn of_abuse(class: &str, told: &Value) -> anyhow::Result<Round> {
    let classes = told["classes"].as_array().context("abuse.json has no classes")?;
    let (mut ops, mut example, mut failed) = (0, String::new(), false);
    for one in classes {
        ops += one["cases"].as_u64().unwrap_or_default();
        for failure in one["failures"].as_array().into_iter().flatten() {
            failed = true;
            if example.is_empty() {
                example = format!("{} {}: {}", failure["id"], failure["name"], failure["what"]);
            }
        }
    }
    anyhow::ensure!(ops > 0, "no case of {class} was tried");
    Ok(Round {
        broken: if failed {
            vec![class.to_owned()]
        } else {
            Vec::new()
        },
        ops,
        example,
    })
}
