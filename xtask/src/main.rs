//! Developer commands of the workspace: `cargo xtask <command>`.
//!
//! Light on dependencies on purpose: it must build in seconds, before anything else does.

mod breaking;
mod ci;
mod ledger;
mod new_verb;
mod proof;
mod redis;
mod setup;
mod steps;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::bail;

use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <command>

  setup [--tests]                           install what is missing to run the mesh (--tests: and its tests)
  ci                                        every check and test; the last line is `N passed, N failed`
  tidy                                      the checks of structure and naming alone
  new-verb <service> <VerbName> [--read]    the files of a new RPC; docs/add-a-verb.md tells the rest
  new-verb --check                          a new RPC of each kind for every service, compiled in a copy";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let workspace = Workspace::find()?;
    match words[..] {
        ["setup"] => setup::run(setup::Purpose::Up)?,
        ["setup", "--tests"] => setup::run(setup::Purpose::Tests)?,
        ["ci"] => return ci::run(&workspace),
        ["tidy"] => tidy::run(&workspace)?,
        ["new-verb", "--check"] => new_verb::compiles::run(&workspace).map(|_passed| ())?,
        ["new-verb", service, verb] => new_verb::run(&workspace, service, verb, new_verb::Kind::Write)?,
        ["new-verb", service, verb, "--read"] => {
            new_verb::run(&workspace, service, verb, new_verb::Kind::Read)?;
        }
        [] | ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => bail!("no such command: {}\n\n{USAGE}", words.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}
