//! The `khaacho` command.

use std::process::ExitCode;

use clap::Parser as _;
use khaacho::cli::{Cli, Command};
use khaacho::commands;
use khaacho_config::Strings;

fn main() -> ExitCode {
    // A private PostgreSQL is supervised by this same program.
    khaacho_pg::embedded::supervise_if_asked();
    let cli = Cli::parse();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("khaacho: a second TLS provider was installed");
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("khaacho: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("khaacho: {error:#}");
            let config = error.downcast_ref::<khaacho_config::Error>().is_some();
            if config {
                ExitCode::from(commands::EXIT_CONFIG)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

async fn run(command: &Command) -> anyhow::Result<()> {
    let strings = Strings::from_env();
    match command {
        Command::Up(options) => commands::up::run(options, &strings).await,
        Command::Serve(options) => commands::serve::run(options, &strings).await,
        Command::Work => commands::serve::work(&strings).await,
        Command::Migrate => commands::migrate::run(&strings).await,
        Command::Config(command) => commands::config::run(command, &strings),
        Command::Chat(options) => commands::chat::run(options).await,
        Command::Parse(options) => commands::parse::run(options),
        Command::Why(options) => commands::why::run(options, &strings).await,
        Command::Apikey(command) => commands::apikey::run(command, &strings).await,
    }
}
