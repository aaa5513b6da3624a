//! `kasauti`: the touchstone of the mesh.

use clap::{Parser, Subcommand};

/// Proves the promises of a mesh from outside, and measures it.
#[derive(Debug, Parser)]
#[command(name = "kasauti", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs seeded actors against a mesh under faults and checks what they saw.
    Run(kasauti::run::Args),
    /// Looks for bugs that were planted on purpose, to test the checker.
    Selftest(kasauti::selftest::Args),
    /// Checks a stored run once more.
    Check(kasauti::check::Args),
    /// Sends fixed bad input and asserts that nothing comes of it.
    Abuse(kasauti::abuse::Args),
    /// Crashes at every point at which anything can become durable.
    Crashpoints(kasauti::crashpoints::Args),
    /// Offers load at a fixed rate and prints latencies from the intended send times.
    Load(kasauti::load::Args),
    /// Measures the mesh against what this machine's PostgreSQL can do in the same minute.
    Bench(kasauti::bench::Args),
    /// Breaks everything that the mesh stands on, one after the other, and tells what people see.
    Matrix(kasauti::matrix::Args),
    /// Gives every reader of what others wrote to a fuzzer.
    Fuzz(kasauti::fuzz::Args),
    /// Generates the scorecard from the ledger of proofs.
    Scorecard(kasauti::scorecard::Args),
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let done = match Cli::parse().command {
        Command::Run(args) => kasauti::run::main(args).await,
        Command::Selftest(args) => kasauti::selftest::main(args).await,
        Command::Check(args) => kasauti::check::main(args).await,
        Command::Abuse(args) => kasauti::abuse::main(args).await,
        Command::Crashpoints(args) => kasauti::crashpoints::main(args).await,
        Command::Load(args) => kasauti::load::main(args).await,
        Command::Bench(args) => kasauti::bench::main(args).await,
        Command::Matrix(args) => kasauti::matrix::main(args).await,
        Command::Fuzz(args) => kasauti::fuzz::main(args).await,
        Command::Scorecard(args) => kasauti::scorecard::main(args).await,
    };
    match done {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::from(1),
        Err(error) => {
            eprintln!("kasauti: {error:#}");
            std::process::ExitCode::from(2)
        }
    }
}
