//! `khaacho serve` and `khaacho work`.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use khaacho_config::Strings;
use khaacho_lifecycle::Clock;
use tokio::net::TcpListener;

use super::StopSignals;
use crate::cli::Serve;
use crate::compose::{Listeners, Mesh, Plan, compose};
use crate::roles::{Role, SERVICES, parse_roles};
use crate::settings::{Purpose, Settings};

/// Serves roles as one process of a mesh.
pub async fn run(options: &Serve, strings: &Strings) -> anyhow::Result<()> {
    // Whoever starts it may want it to stop before it is ready.
    let signals = StopSignals::listen()?;
    let roles = parse_roles(&options.roles).map_err(anyhow::Error::msg)?;
    let settings = super::settings(strings, &roles, Purpose::Serve)?;
    if options.migrate {
        super::migrate::run(strings).await?;
    }
    let mut listeners = Listeners {
        grpc: Some(bind(&settings.host, settings.grpc_port).await?),
        ..Listeners::default()
    };
    if roles.contains(&Role::Gateway) {
        listeners.http = Some(bind(&settings.host, settings.port).await?);
    } else {
        // Health and metrics of a process without an edge. Several on one machine may share the default port; the
        // first one has it.
        listeners.health = bind(&settings.host, settings.health_port).await.ok();
    }
    let jobs = settings.background_jobs;
    let plan = Plan {
        roles,
        serves: true,
        jobs,
        listens: true,
    };
    until_stopped(signals, &options.roles, plan, listeners, settings).await
}

/// Runs the jobs of all services.
pub async fn work(strings: &Strings) -> anyhow::Result<()> {
    let signals = StopSignals::listen()?;
    let roles: BTreeSet<Role> = SERVICES.into();
    let settings = super::settings(strings, &roles, Purpose::Work)?;
    let health = Some(bind(&settings.host, settings.health_port).await?);
    let plan = Plan {
        roles,
        serves: false,
        jobs: true,
        listens: true,
    };
    until_stopped(
        signals,
        "worker",
        plan,
        Listeners {
            health,
            ..Listeners::default()
        },
        settings,
    )
    .await
}

async fn bind(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((host, port))
        .await
        .with_context(|| format!("cannot listen on {host}:{port}"))
}

async fn until_stopped(
    signals: StopSignals,
    name: &str,
    plan: Plan,
    listeners: Listeners,
    settings: Settings,
) -> anyhow::Result<()> {
    let telemetry = super::telemetry(name, &settings)?;
    let mut asked = pin!(signals.asked());
    let composed = tokio::select! {
        composed = compose(plan, listeners, &settings, Clock::system(), telemetry.clone()) => Some(composed?),
        () = &mut asked => None,
    };
    let Some(mesh) = composed else {
        tracing::info!(role = name, "stopped before anything was started");
        telemetry.shutdown().await;
        return Ok(());
    };
    let failure = tokio::select! {
        () = asked => None,
        failure = mesh.failed() => Some(failure),
        never = announced(name, &mesh) => match never {},
    };
    let clean = mesh.stop().await;
    tracing::info!(role = name, clean, "stopped");
    telemetry.shutdown().await;
    match failure {
        None => Ok(()),
        Some(failure) => anyhow::bail!("{failure}"),
    }
}

/// Says when the process is ready, and goes on for ever.
async fn announced(name: &str, mesh: &Mesh) -> Infallible {
    let shown = |a: Option<SocketAddr>| a.map_or("-".to_owned(), |a| a.to_string());
    match mesh.ready(Duration::from_secs(30)).await {
        Ok(()) => tracing::info!(
            role = name,
            http = shown(mesh.http),
            grpc = shown(mesh.grpc),
            health = shown(mesh.health),
            "ready"
        ),
        Err(why) => tracing::warn!(role = name, why, "started, but not ready yet"),
    }
    std::future::pending().await
}
