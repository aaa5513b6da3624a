//! One mesh with a proxy between each of its processes and the database.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::join_all;
use sqlx::postgres::PgConnection;

use crate::fakes;
use crate::harness::{Mesh, Mode, Plan, Postgres, Role};
use crate::proxy::{GrpcProxy, PgProxy};

use super::provider::Provider;
use super::scenario::Chapter;
use super::world::{self, World};

/// A role is ready again within this time, or the point has failed.
pub(super) const BACK: Duration = Duration::from_secs(30);
/// Worlds that are made at a time.
const AT_ONCE: usize = 4;
/// Who calls whom.
const EDGES: [(Role, Role); 13] = [
    (Role::Gateway, Role::Order),
    (Role::Gateway, Role::Credit),
    (Role::Gateway, Role::Inventory),
    (Role::Gateway, Role::Notification),
    (Role::Worker, Role::Order),
    (Role::Worker, Role::Credit),
    (Role::Worker, Role::Inventory),
    (Role::Worker, Role::Notification),
    (Role::Order, Role::Credit),
    (Role::Order, Role::Inventory),
    (Role::Order, Role::Notification),
    (Role::Credit, Role::Order),
    (Role::Inventory, Role::Order),
];

/// A mesh, what it stands on, and what stands in between.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) mesh: Mesh,
    pub(super) postgres: Postgres,
    pub(super) provider: Provider,
    pub(super) sessions: BTreeMap<Role, PgProxy>,
    /// By caller and callee; empty when no mode needs them.
    pub(super) calls: BTreeMap<(Role, Role), GrpcProxy>,
    /// Last, so that what lies in it has ended.
    _scratch: Scratch,
}

impl Stage {
    /// Starts everything; logs go to `dir`.
    ///
    /// # Errors
    /// When something does not start.
    pub(super) async fn start(dir: &Path, binary: &Path, with_calls: bool) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir.join("logs"))?;
        let scratch = scratch()?;
        let postgres = Postgres::start(&scratch.0).await?;
        postgres.seed(binary).await?;
        let mut plan = Plan::new(dir, binary, Mode::Split, postgres.url("khaacho"));
        let provider = Provider::start(&plan.http()).await?;
        for (name, value) in fakes::settings(&provider.url) {
            plan.env_everywhere(name, &value);
        }
        // What only measures shall not run between the actions.
        plan.env_everywhere("KHAACHO_CREDIT_DRIFT_CHECK_SECONDS", "3600");
        plan.env_everywhere("KHAACHO_INVENTORY_DRIFT_SECONDS", "3600");
        plan.env_everywhere("KHAACHO_INVENTORY_INDEX_SECONDS", "1");
        plan.env_everywhere("LOG_LEVEL", "warn");
        let mut sessions = BTreeMap::new();
        for role in Mode::Split.roles() {
            let proxy = PgProxy::start(postgres.address().parse()?)?;
            let url = format!("postgres://khaacho@{}/khaacho", proxy.addr());
            plan.database_url(*role, &url);
            sessions.insert(*role, proxy);
        }
        let mut calls = BTreeMap::new();
        for (caller, callee) in EDGES.into_iter().filter(|_| with_calls) {
            let proxy = GrpcProxy::start(plan.grpc(callee).parse()?)?;
            plan.peer(caller, callee, &proxy.addr().to_string());
            calls.insert((caller, callee), proxy);
        }
        Ok(Self {
            mesh: Mesh::start(plan).await?,
            postgres,
            provider,
            sessions,
            calls,
            _scratch: scratch,
        })
    }

    /// Ends everything.
    ///
    /// # Errors
    /// When something does not end cleanly.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.mesh.stop().await?;
        self.postgres.stop().await
    }

    /// The proxy of a role's sessions.
    pub(super) fn sessions_of(&self, role: Role) -> anyhow::Result<&PgProxy> {
        self.sessions
            .get(&role)
            .with_context(|| format!("{role} has no proxy"))
    }

    /// Tells all proxies what is background.
    pub(super) fn background(&self, known: &Arc<HashSet<(String, String)>>) {
        for proxy in self.sessions.values() {
            proxy.background(known.clone());
        }
    }

    /// Makes worlds, a few at a time, and waits until the catalogue knows their goods.
    ///
    /// # Errors
    /// When one cannot be made.
    pub(super) async fn worlds(&self, first: u32, chapters: &[Chapter]) -> anyhow::Result<Vec<World>> {
        let owner = self.mesh.owner();
        let key = self.mesh.owner_key();
        let mut made = Vec::new();
        let mut number = first;
        for few in chapters.chunks(AT_ONCE) {
            let mut making = Vec::new();
            for chapter in few {
                making.push(world::make(&owner, key, number, chapter.wanted()));
                number += 1;
            }
            for world in join_all(making).await {
                made.push(world?);
            }
        }
        for world in made.iter().rev().take(4) {
            world::known(&owner, world).await?;
        }
        Ok(made)
    }

    /// A killed role comes back.
    ///
    /// # Errors
    /// When it does not.
    pub(super) async fn kill(&self, role: Role) -> anyhow::Result<()> {
        self.mesh.kill(role)?;
        self.mesh.spawn(role)?;
        self.mesh.ready(role, BACK).await?;
        Ok(())
    }

    /// The database is cut off and comes back, and all roles with it.
    ///
    /// # Errors
    /// When one does not.
    pub(super) async fn power_cut(&self) -> anyhow::Result<()> {
        self.postgres.restart_immediately().await?;
        for role in self.mesh.roles() {
            self.mesh.ready(*role, BACK).await?;
        }
        Ok(())
    }

    /// The time that a vendor has for his answer is over.
    ///
    /// # Errors
    /// When the database does not answer, or the order waits for nobody.
    pub(super) async fn deadline_passes(&self, order: &str) -> anyhow::Result<()> {
        let id = order.trim_start_matches("ord_").to_owned();
        let mut connection: PgConnection = self.postgres.connect("khaacho").await?;
        let sql = "with due as (
                update orders.purchase_order set vendor_deadline_at = now() where id = $1::uuid returning id)
            update orders.job set run_at = now() where kind = 'expire_offer' and body->>'order_id' = $2
                and exists (select from due)";
        let moved = sqlx::query(sql)
            .bind(&id)
            .bind(order)
            .execute(&mut connection)
            .await?;
        anyhow::ensure!(moved.rows_affected() > 0, "nobody is waited for with {order}");
        sqlx::query("select pg_notify('khaacho_orders_job', '')")
            .execute(&mut connection)
            .await?;
        Ok(())
    }

    /// Id and number of the newest order of a shop.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn order_of(&self, account: &str) -> anyhow::Result<Option<(String, String)>> {
        let mut connection: PgConnection = self.postgres.connect("khaacho").await?;
        let sql = "select order_id, number from assay_v1.orders where retailer = $1 order by placed_at desc limit 1";
        Ok(sqlx::query_as(sql)
            .bind(account)
            .fetch_optional(&mut connection)
            .await?)
    }
}

/// A directory that goes with its value.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What a failed run leaves in memory helps nobody; its logs are elsewhere.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Two clusters of PostgreSQL with their logs and write-ahead logs; containers often have 64 MB.
const MEMORY_MIN: u64 = 4 << 30;

/// A directory in memory where there is one: the point of a run is not how fast a disk is.
fn scratch() -> anyhow::Result<Scratch> {
    let memory = Path::new("/dev/shm");
    let free = rustix::fs::statvfs(memory).map_or(0, |disk| disk.f_bavail * disk.f_frsize);
    let base = if free >= MEMORY_MIN {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let dir = base.join(format!(
        "kasauti-crash-{}-{}",
        std::process::id(),
        fastrand::u32(..)
    ));
    std::fs::create_dir_all(&dir)?;
    Ok(Scratch(dir))
}
