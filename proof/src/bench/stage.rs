//! A private PostgreSQL with the data set of the measurements, and meshes on fresh copies of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::drain;
use crate::harness::{Mesh, Mode, Plan, Postgres, Role};
use crate::load::run::{Kind, Offer, Target, measure};
use crate::load::seed;

/// Database with the data set; copied, never used.
const TEMPLATE: &str = "measured";
/// Database of the mesh.
pub const DATABASE: &str = "khaacho";
/// Database of the anchors.
pub const ANCHOR: &str = "anchor";

/// Orders of the past in the data set.
const HISTORY: u64 = 1_000;

/// How the mesh is spread over processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Topology {
    /// Gateway and four services; services run their own jobs.
    Split,
    /// Gateway, four services without jobs, and a worker.
    Worker,
    /// Everything in one process.
    One,
}

/// Where and with what.
#[derive(Debug, Clone, clap::Args)]
pub struct StageArgs {
    /// The program; `khaacho` beside this executable unless given.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Keeps cluster and data set here for the next time; without it both are made anew and thrown away.
    #[arg(long)]
    pub home: Option<PathBuf>,
    /// How the mesh is spread over processes.
    #[arg(long, value_enum, default_value = "split")]
    pub topology: Topology,
    /// The same as `--topology one`.
    #[arg(long)]
    pub all_in_one: bool,
    /// A setting of the mesh, `NAME=VALUE`; `ROLE:NAME=VALUE` for one role. Repeatable.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// A setting of PostgreSQL, `name=value`. Repeatable.
    #[arg(long = "pg", value_name = "NAME=VALUE")]
    pub postgres: Vec<String>,
}

impl StageArgs {
    /// How the mesh is spread.
    #[must_use]
    pub fn topology(&self) -> Topology {
        if self.all_in_one {
            Topology::One
        } else {
            self.topology
        }
    }
}

/// The private server with the data set.
#[derive(Debug)]
pub struct Stage {
    /// The server.
    pub postgres: Postgres,
    /// Directory of everything.
    pub dir: PathBuf,
    /// The program.
    pub binary: PathBuf,
    args: StageArgs,
    // held until the end: two servers on one directory would spoil it
    _lock: std::fs::File,
}

impl Stage {
    /// Starts the server and makes the data set, unless the home has one.
    ///
    /// # Errors
    /// When PostgreSQL or the program do not start, or somebody uses the home.
    pub async fn start(args: &StageArgs) -> anyhow::Result<Self> {
        let binary = crate::harness::program(args.binary.as_deref())?;
        let own = std::env::temp_dir().join(format!("kasauti-bench-{}", std::process::id()));
        let dir = args.home.clone().unwrap_or(own);
        std::fs::create_dir_all(&dir)?;
        let dir = dir.canonicalize()?;
        let lock = std::fs::File::create(dir.join("lock"))?;
        lock.try_lock()
            .with_context(|| format!("{} is in use", dir.display()))?;
        // Statements are counted only where counting is switched on later; the library has to be there from the
        // start.
        let mut settings = vec![
            ("shared_preload_libraries", "pg_stat_statements"),
            ("pg_stat_statements.track", "none"),
            ("pg_stat_statements.track_planning", "on"),
        ];
        let more = pairs(&args.postgres)?;
        settings.extend(more);
        let postgres = Postgres::start_with(&dir, &settings).await?;
        let stage = Self {
            postgres,
            dir,
            binary,
            args: args.clone(),
            _lock: lock,
        };
        stage.make_template().await?;
        stage.make_anchors().await?;
        Ok(stage)
    }

    /// A mesh on a fresh copy of the data set. `count` switches the counting of statements on.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn mesh(&self, topology: Topology, more: &[(&str, &str)], count: bool) -> anyhow::Result<Mesh> {
        self.mesh_of(&self.binary, topology, more, count).await
    }

    /// [`Stage::mesh`] of another program.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn mesh_of(
        &self,
        binary: &Path,
        topology: Topology,
        more: &[(&str, &str)],
        count: bool,
    ) -> anyhow::Result<Mesh> {
        self.postgres.reset(DATABASE, TEMPLATE).await?;
        if binary != self.binary {
            migrate(binary, &self.postgres.url(DATABASE)).await?;
        }
        let track = if count { "top" } else { "none" };
        self.postgres
            .execute(
                "postgres",
                &format!(
                    "alter database {DATABASE} set pg_stat_statements.track = '{track}'; \
                     alter database {DATABASE} set pg_stat_statements.track_utility = on"
                ),
            )
            .await?;
        self.postgres.execute("postgres", "checkpoint").await?;
        self.start_mesh(binary, DATABASE, topology, more).await
    }

    async fn start_mesh(
        &self,
        binary: &Path,
        database: &str,
        topology: Topology,
        more: &[(&str, &str)],
    ) -> anyhow::Result<Mesh> {
        let mode = match topology {
            Topology::One => Mode::AllInOne,
            Topology::Split | Topology::Worker => Mode::Split,
        };
        let mut plan = Plan::new(&self.dir, binary, mode, self.postgres.url(database));
        let quiet = [
            ("LOG_LEVEL", "warn"),
            // no order of a run may run into the end of its offer
            ("KHAACHO_ORDER_VENDOR_DEADLINE_MINUTES", "1440"),
            ("KHAACHO_GATEWAY_CONNECTIONS_MAX", "1024"),
        ];
        for (name, value) in quiet.iter().chain(more) {
            plan.env_everywhere(name, value);
        }
        if topology == Topology::Split {
            plan.jobs_in_services(true);
        }
        for (name, value) in pairs(&self.args.settings)? {
            match name.split_once(':') {
                Some((role, name)) => plan.env(role_named(role)?, name, value),
                None => plan.env_everywhere(name, value),
            }
        }
        let mesh = Mesh::start(plan).await?;
        if topology == Topology::Split {
            mesh.terminate(Role::Worker, Duration::from_secs(10)).await?;
        }
        Ok(mesh)
    }

    async fn make_template(&self) -> anyhow::Result<()> {
        let mut connection = self.postgres.connect("postgres").await?;
        let (there,): (bool,) = sqlx::query_as("select exists (select from pg_database where datname = $1)")
            .bind(TEMPLATE)
            .fetch_one(&mut connection)
            .await?;
        if !there {
            let making = "measured_making";
            self.postgres
                .execute(
                    "postgres",
                    &format!("drop database if exists {making} with (force)"),
                )
                .await?;
            self.postgres
                .execute("postgres", &format!("create database {making}"))
                .await?;
            migrate(&self.binary, &self.postgres.url(making)).await?;
            let mesh = self.start_mesh(&self.binary, making, Topology::One, &[]).await?;
            let http = mesh.http();
            let mut database = self.postgres.connect(making).await?;
            seed::seed(address(&http), mesh.owner_key(), &mut database).await?;
            drop(database);
            self.make_history(&http, mesh.owner_key(), making).await?;
            mesh.stop().await?;
            self.postgres.execute(making, "vacuum analyze").await?;
            self.postgres.end_sessions(making).await?;
            self.postgres
                .execute(
                    "postgres",
                    &format!("alter database {making} rename to {TEMPLATE}"),
                )
                .await?;
        }
        // a kept data set may be older than the program
        migrate(&self.binary, &self.postgres.url(TEMPLATE)).await
    }

    /// Orders of the past, so that PostgreSQL has seen what its tables hold: a mesh that is a minute old plans
    /// otherwise.
    async fn make_history(&self, http: &str, key: &str, database: &str) -> anyhow::Result<()> {
        let target = Target {
            address: address(http).to_owned(),
            key: key.to_owned(),
            sink: None,
        };
        let mut offer = Offer::peak(Kind::W3, 8, 300.0);
        (offer.count, offer.warm_up, offer.refused) = (HISTORY, 0.0, 0.0);
        let ran = measure(&offer, &target, || None).await?;
        anyhow::ensure!(
            ran.summary.good == HISTORY,
            "no past orders: {:?}",
            ran.summary.errors
        );
        let left = drain::until_done_in(self, database, Duration::from_secs(120)).await?;
        anyhow::ensure!(left.done, "past orders are not done: {left}");
        Ok(())
    }

    async fn make_anchors(&self) -> anyhow::Result<()> {
        let drop = format!("drop database if exists {ANCHOR} with (force)");
        self.postgres.execute("postgres", &drop).await?;
        self.postgres
            .execute("postgres", &format!("create database {ANCHOR}"))
            .await
    }

    /// Stops the server and, unless it is kept, removes everything.
    ///
    /// # Errors
    /// When the server does not end.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.postgres.stop().await
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if self.args.home.is_none() {
            // The server ends with its field, after this; what it still holds open is gone all the same.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

async fn migrate(binary: &Path, url: &str) -> anyhow::Result<()> {
    let done = tokio::process::Command::new(binary)
        .arg("migrate")
        .env_clear()
        .env("DATABASE_URL", url)
        .kill_on_drop(true)
        .output()
        .await?;
    anyhow::ensure!(
        done.status.success(),
        "`khaacho migrate` failed: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}

/// `host:port` of `http://host:port`.
#[must_use]
pub fn address(http: &str) -> &str {
    http.trim_start_matches("http://").trim_end_matches('/')
}

fn pairs(settings: &[String]) -> anyhow::Result<Vec<(&str, &str)>> {
    settings
        .iter()
        .map(|text| {
            text.split_once('=')
                .with_context(|| format!("{text} is not NAME=VALUE"))
        })
        .collect()
}

fn role_named(name: &str) -> anyhow::Result<Role> {
    let all = [Role::All, Role::Worker, Role::Gateway];
    Role::SERVICES
        .into_iter()
        .chain(all)
        .find(|role| role.name() == name)
        .with_context(|| format!("there is no role {name}"))
}

/// Directory of PostgreSQL's programs, for those that the harness does not start.
///
/// # Errors
/// When there is none.
pub fn programs() -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
    {
        let bin = entry.path().join("bin");
        if bin.join("pgbench").exists() {
            let major = entry.file_name().to_string_lossy().parse().unwrap_or(0);
            found.push((major, bin));
        }
    }
    found.sort();
    let newest = found.pop().map(|(_, bin)| bin);
    newest.context("there is no pgbench under /usr/lib/postgresql (Debian: package postgresql)")
}

/// A file of the stage that everybody may read.
pub(super) fn write(dir: &Path, name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let path = dir.join(name);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
