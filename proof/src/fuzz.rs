//! `kasauti fuzz`: every target of `fuzz/targets` in turn, by cargo-fuzz and libFuzzer. What a target adds to its
//! corpus stays in a directory of the run; an input that breaks a property is kept, and named.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::Context as _;
use tokio::process::Command;

use crate::ledger::{self, Kind, Line};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Only these targets: `meta,twilio`.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// The targets.
    #[arg(long, default_value = "fuzz/targets")]
    pub targets: PathBuf,
    /// Where corpora and broken inputs go; default: a new directory under the system's temporary one.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Adds a line to this ledger of proofs.
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// Runs the command; the answer is whether every property held.
///
/// # Errors
/// When cargo-fuzz is not there, or a target cannot be built.
pub async fn main(args: Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("kasauti-fuzz-{}", std::process::id())),
    };
    let all = targets(&args.targets).await?;
    for name in &args.only {
        anyhow::ensure!(all.contains(name), "there is no target {name}");
    }
    let chosen = all
        .iter()
        .filter(|name| args.only.is_empty() || args.only.contains(name));
    let (mut targets, mut executions, mut crashes) = (0_u64, 0_u64, 0_u64);
    for name in chosen {
        let tried = run(&args.targets, name, &dir.join(name), args.seconds).await?;
        let per_second = tried.executions / args.seconds;
        println!("{name}: {} inputs, {per_second} a second", tried.executions);
        if let Some(broken) = &tried.broken {
            println!("{name} BROKEN: {broken}");
        }
        targets += 1;
        executions += tried.executions;
        crashes += u64::from(tried.broken.is_some());
    }
    println!("{executions} inputs over {targets} targets, {crashes} broke a property");
    if let Some(ledger) = &args.ledger {
        let line = Line::new(Kind::Fuzz, began.elapsed().as_secs_f64())
            .whole(args.only.is_empty())
            .violations(crashes)
            .count("fuzz.executions", executions)
            .count("fuzz.targets", targets)
            .count("fuzz.crashes", crashes);
        ledger::append(ledger, &line)?;
    }
    Ok(crashes == 0)
}

/// What came of one target.
#[derive(Debug, PartialEq, Eq)]
struct Tried {
    executions: u64,
    /// What the fuzzer said of the input that broke it.
    broken: Option<String>,
}

/// Names of the targets.
async fn targets(of: &Path) -> anyhow::Result<Vec<String>> {
    let out = cargo_fuzz("list", of).output().await?;
    let said = String::from_utf8_lossy(&out.stderr);
    anyhow::ensure!(
        out.status.success(),
        "cargo-fuzz cannot be run (`cargo install cargo-fuzz --locked`): {said}"
    );
    let names: Vec<String> = String::from_utf8(out.stdout)?
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    anyhow::ensure!(!names.is_empty(), "{} has no targets", of.display());
    Ok(names)
}

async fn run(targets: &Path, name: &str, dir: &Path, seconds: u64) -> anyhow::Result<Tried> {
    let (found, broken) = (dir.join("found"), dir.join("broken"));
    std::fs::create_dir_all(&found)?;
    std::fs::create_dir_all(&broken)?;
    let kept = targets.join("corpus").join(name);
    let out = cargo_fuzz("run", targets)
        // no sanitizer: there is no unsafe code to watch, and a stable compiler is enough
        .args(["--sanitizer", "none", name])
        .arg(&found)
        .arg(&kept)
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .args(["-print_final_stats=1", "-max_len=4096", "-timeout=5"])
        .output()
        .await?;
    let said = String::from_utf8_lossy(&out.stderr);
    std::fs::write(dir.join("log"), said.as_bytes())?;
    tried(&said, out.status.success()).with_context(|| format!("{name}: see {}", dir.join("log").display()))
}

/// Reads what libFuzzer said at its end.
fn tried(said: &str, well: bool) -> anyhow::Result<Tried> {
    let after = |line: &str, name: &str| line.strip_prefix(name).map(|rest| rest.trim().to_owned());
    let executions = said
        .lines()
        .find_map(|line| after(line, "stat::number_of_executed_units:"));
    // It began, and something ended it before it could count: an overflow of the stack, or want of memory.
    if executions.is_none() && !well && said.contains("INFO: Seed:") {
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        return Ok(Tried {
            executions: 0,
            broken: Some(format!("it died: {}", last.unwrap_or_default())),
        });
    }
    let executions = executions.context("the fuzzer did not say how many inputs it tried")?;
    let told = said.lines().find_map(|line| {
        let what = line.contains("panicked at") || line.contains("ERROR: libFuzzer");
        what.then(|| line.trim().to_owned())
    });
    let input = said
        .lines()
        .find_map(|line| Some(line.split_once("Test unit written to ")?.1.to_owned()));
    let broken = (!well).then(|| format!("{} by {}", told.unwrap_or_default(), input.unwrap_or_default()));
    Ok(Tried {
        executions: executions.parse()?,
        broken,
    })
}

fn cargo_fuzz(verb: &str, targets: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["fuzz", verb, "--fuzz-dir"])
        .arg(targets)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_says_at_its_end_is_read() {
        let well =
            "#2 INITED cov: 3\nstat::number_of_executed_units: 12345\nstat::average_exec_per_sec: 205\n";
        let read = tried(well, true).expect("it says how many");
        assert_eq!(
            read,
            Tried {
                executions: 12345,
                broken: None
            }
        );
        let broken = format!(
            "thread '<unnamed>' panicked at src/x.rs:1:2:\n{well}artifact_prefix='b/'; Test unit written to b/crash-1\n"
        );
        let read = tried(&broken, false)
            .expect("it says how many")
            .broken
            .expect("it broke");
        assert!(
            read.contains("src/x.rs:1:2") && read.contains("b/crash-1"),
            "{read}"
        );
        assert!(tried("error: could not compile", false).is_err());
        let died = tried("INFO: Seed: 7\nthread has overflowed its stack\n", false).expect("it began");
        assert_eq!(died.executions, 0);
        assert!(died.broken.expect("it broke").contains("overflowed"));
    }
}
