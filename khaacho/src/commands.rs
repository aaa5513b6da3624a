//! What each command does.

pub mod apikey;
pub mod chat;
pub mod config;
pub mod migrate;
pub mod parse;
pub mod serve;
pub mod up;
pub mod why;

use std::collections::BTreeSet;

use khaacho_config::Strings;
use khaacho_telemetry::{Options, Telemetry};

use crate::roles::Role;
use crate::settings::{Purpose, Settings};

/// Exit code of a configuration that cannot be used.
pub const EXIT_CONFIG: u8 = 64;

/// Reads the settings of a process with these roles; the error lists every mistake.
pub fn settings(strings: &Strings, roles: &BTreeSet<Role>, purpose: Purpose) -> anyhow::Result<Settings> {
    Settings::read(strings, roles, purpose)
        .0
        .map_err(anyhow::Error::from)
}

/// Starts logs, traces and metrics.
pub fn telemetry(service: &str, settings: &Settings) -> anyhow::Result<Telemetry> {
    khaacho_telemetry::init(Options {
        service: format!("khaacho-{service}"),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        environment: settings.environment.clone(),
        otlp_endpoint: settings.otlp_endpoint.clone(),
        log_level: settings.log_level.clone(),
        json: settings.log_format == "json",
    })
}

/// Ends at SIGTERM or Ctrl-C. A second signal ends the process at once.
pub async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    #[expect(
        clippy::disallowed_methods,
        reason = "outlives everything that is tracked, to end the process"
    )]
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        std::process::exit(130);
    });
    Ok(())
}
