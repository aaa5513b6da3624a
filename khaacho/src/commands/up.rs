//! `khaacho up`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use khaacho_config::Strings;
use khaacho_lifecycle::Clock;
use khaacho_pg::embedded::{Durability, Embedded, Supervisor};
use tokio::net::TcpListener;

use crate::cli::Up;
use crate::compose::{Listeners, Mesh, Plan, compose};
use crate::local::{DataDir, Running};
use crate::roles::ALL;
use crate::settings::{Purpose, Settings};
use crate::{demo, migrate};

/// Starts the whole mesh in one process, with embedded defaults, until it is stopped.
pub async fn run(options: &Up, strings: &Strings) -> anyhow::Result<()> {
    let started = Instant::now();
    let data = DataDir::open(&options.data_dir)?;
    let mut strings = with_defaults(strings.clone(), options, &data)?;
    let checked = super::settings(&strings, &ALL.into(), Purpose::Alone)?;
    let database = database(&checked, &data).await?;
    strings = strings.with("DATABASE_URL", database.url.clone());
    let settings = super::settings(&strings, &ALL.into(), Purpose::Alone)?;
    println!(
        "1/4 environment   {}, data in {}",
        settings.environment,
        data.path().display()
    );
    let report = migrate::migrate(&database.url).await?;
    println!("2/4 database      {}; {}", database.told, migrate::told(&report));

    let telemetry = super::telemetry("up", &settings)?;
    let port = settings.port;
    let http = TcpListener::bind((settings.host.as_str(), port))
        .await
        .with_context(|| format!("port {port} is taken; choose another one with --port"))?;
    let grpc = match TcpListener::bind(("127.0.0.1", settings.grpc_port)).await {
        Ok(listener) => listener,
        // Nothing outside needs a fixed port here.
        Err(_taken) => TcpListener::bind("127.0.0.1:0").await?,
    };
    let plan = Plan {
        roles: ALL.into(),
        serves: true,
        jobs: true,
        listens: false,
    };
    let listeners = Listeners {
        grpc: Some(grpc),
        http: Some(http),
        health: None,
    };
    let mesh = compose(plan, listeners, &settings, Clock::system(), telemetry.clone()).await?;
    mesh.ready(Duration::from_secs(30))
        .await
        .map_err(anyhow::Error::msg)?;
    let url = format!(
        "http://127.0.0.1:{}",
        mesh.http.context("the gateway listens")?.port()
    );
    println!(
        "3/4 server        gateway {url}, gRPC {}",
        mesh.grpc.context("gRPC listens")?
    );
    if !options.no_demo {
        demo::load(&mesh.doors["inventory"], &mesh.peers)
            .await
            .context("the demonstration could not be loaded")?;
    }
    println!(
        "4/4 background    jobs of order, credit, inventory, notification{}",
        redis_told(&settings)
    );

    let key = owner_key(&mesh).await?;
    let database_url = if database.private.is_some() {
        database.url.clone()
    } else {
        String::new()
    };
    let running = Running {
        pid: rustix::process::getpid().as_raw_nonzero().get(),
        http: url.clone(),
        grpc: mesh.grpc.context("gRPC listens")?.to_string(),
        database_url,
    };
    data.announce(&running)?;
    println!(
        "\n{}",
        ready_line(
            &url,
            &running,
            key.as_deref(),
            !options.no_demo,
            started.elapsed()
        )?
    );

    let failure = tokio::select! {
        () = super::StopSignals::listen()?.asked() => None,
        failure = mesh.failed() => Some(failure),
    };
    println!("stopping …");
    data.withdraw();
    mesh.stop().await;
    if let Some(private) = database.private {
        tokio::task::spawn_blocking(move || private.stop()).await??;
    }
    telemetry.shutdown().await;
    match failure {
        None => Ok(()),
        Some(failure) => anyhow::bail!("{failure}"),
    }
}

/// What `up` sets where nothing is set: a person's terminal, a single machine, a demonstration.
fn with_defaults(strings: Strings, options: &Up, data: &DataDir) -> anyhow::Result<Strings> {
    let mut strings = strings;
    if let Some(port) = options.port {
        strings = strings.with("PORT", port.to_string());
    }
    let defaults = [
        ("LOG_FORMAT", "text".to_owned()),
        ("LOG_LEVEL", "warn".to_owned()),
        ("RATE_LIMIT_PER_MINUTE", "60000".to_owned()),
        ("RATE_LIMIT_PER_HOUR", "1000000".to_owned()),
        ("RATE_LIMIT_SIMULATOR_PER_MINUTE", "60000".to_owned()),
        ("KHAACHO_MESH_SECRET", data.mesh_secret()?),
    ];
    for (name, value) in defaults {
        if strings.get(name).is_none_or(str::is_empty) {
            strings = strings.with(name, value);
        }
    }
    Ok(strings)
}

struct Database {
    url: String,
    told: String,
    private: Option<Embedded>,
}

async fn database(settings: &Settings, data: &DataDir) -> anyhow::Result<Database> {
    if let Some(url) = &settings.database_url {
        let told = "the server of DATABASE_URL".to_owned();
        return Ok(Database {
            url: url.expose().to_owned(),
            told,
            private: None,
        });
    }
    let private = start_private(data.path()).await?;
    let told = "private PostgreSQL".to_owned();
    Ok(Database {
        url: private.url().to_owned(),
        told,
        private: Some(private),
    })
}

/// Starts the private server of a data directory.
pub async fn start_private(home: &Path) -> anyhow::Result<Embedded> {
    let home = home.to_owned();
    tokio::task::spawn_blocking(move || {
        Embedded::start(&home, Durability::Durable, Supervisor::CurrentExe, None)
    })
    .await?
}

fn redis_told(settings: &Settings) -> &'static str {
    if settings.redis_url.is_some() {
        "; with Redis"
    } else {
        "; without Redis"
    }
}

/// Makes the first owner key; `None` when one was made before.
async fn owner_key(mesh: &Mesh) -> anyhow::Result<Option<String>> {
    let db = mesh.gateway_db.as_ref().context("the gateway has a database")?;
    if !khaacho_gateway::auth::list_api_keys(db, None).await?.is_empty() {
        return Ok(None);
    }
    let now = Clock::system().now();
    let key =
        khaacho_gateway::auth::create_api_key(db, "first owner", khaacho_rpc::Role::Owner, None, now).await?;
    Ok(Some(key.secret_text))
}

fn ready_line(
    url: &str,
    running: &Running,
    key: Option<&str>,
    demo: bool,
    took: Duration,
) -> anyhow::Result<String> {
    let mut lines = vec![
        format!("ready in {:.1} s", took.as_secs_f64()),
        format!("  gateway   {url}   (API {url}/docs, health {url}/health, metrics {url}/metrics)"),
        format!("  gRPC      {}   (health and reflection)", running.grpc),
    ];
    lines.push(match key {
        Some(key) => format!("  owner     {key}   (shown once; `khaacho apikey create` makes others)"),
        None => "  owner     the key was shown at the first start; `khaacho apikey create` makes others"
            .to_owned(),
    });
    if demo {
        let from = demo::first_phone()?;
        lines.push(format!(
            "  next      khaacho chat --from {from} \"2 bora jeera masino, 1 bora chini\""
        ));
    }
    Ok(lines.join("\n"))
}
