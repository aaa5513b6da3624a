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
use tokio::signal::unix::{Signal, SignalKind, signal};

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

/// SIGTERM and Ctrl-C. From the moment that this is made they ask the process to stop; before, they end it at once.
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to listen.
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Ends at the first signal. A second one ends the process at once.
    pub async fn asked(mut self) {
        self.next().await;
        #[expect(
            clippy::disallowed_methods,
            reason = "outlives everything that is tracked, to end the process"
        )]
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(130);
        });
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}
