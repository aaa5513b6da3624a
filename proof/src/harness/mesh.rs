//! A running mesh.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::client::Client;
use super::plan::{Plan, Role};
use super::ports::free_port;
use super::process::{Process, Signal, Spec};
use super::usage::{Usage, usage};
use super::wait::eventually;

/// Start of a process on a machine that is busy.
const START: Duration = Duration::from_secs(60);
/// Drain at the end: the program gives itself 25 s.
const STOP: Duration = Duration::from_secs(40);

/// Processes of one program, all by role. Methods take `&self`: faults come from other tasks than requests. Dropping
/// it kills them.
#[derive(Debug)]
pub struct Mesh {
    plan: Plan,
    client: Client,
    owner: String,
    processes: Mutex<BTreeMap<Role, Process>>,
}

impl Mesh {
    /// Starts all roles, waits until they are ready, and makes an owner's key.
    ///
    /// # Errors
    /// When one does not become ready; what started is ended.
    pub async fn start(plan: Plan) -> anyhow::Result<Self> {
        std::fs::create_dir_all(plan.dir.join("logs"))?;
        let mut mesh = Self {
            client: Client::new(&plan.http(), None),
            owner: String::new(),
            plan,
            processes: Mutex::default(),
        };
        let roles = mesh.roles();
        for role in roles {
            mesh.spawn(*role)?;
        }
        for role in roles {
            mesh.ready(*role, START).await?;
        }
        mesh.owner = mesh.apikey("owner", None).await?;
        Ok(mesh)
    }

    /// What it was started from.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Roles in the order of their start.
    pub fn roles(&self) -> &'static [Role] {
        self.plan.mode.roles()
    }

    /// `http://127.0.0.1:port` of the gateway.
    pub fn http(&self) -> String {
        self.plan.http()
    }

    /// A client without key. All clients of a mesh share connections.
    pub fn stranger(&self) -> Client {
        self.client.clone()
    }

    /// A client with the owner's key.
    pub fn owner(&self) -> Client {
        self.client.with_key(Some(&self.owner))
    }

    /// The owner's key.
    pub fn owner_key(&self) -> &str {
        &self.owner
    }

    /// Makes an API key by the program's command line; `scope` for roles `vendor` and `retailer`.
    ///
    /// # Errors
    /// When the program says no.
    pub async fn apikey(&self, role: &str, scope: Option<&str>) -> anyhow::Result<String> {
        let mut args = vec!["apikey", "create", "--name", "kasauti", "--role", role];
        args.extend(scope.iter().flat_map(|scope| ["--scope", scope]));
        let home = self.plan.dir.join("home");
        let home = home.display().to_string();
        args.extend(["--data-dir", &home]);
        let first = self.roles().first().context("a mesh has roles")?;
        let mut environment = self.plan.environment(*first);
        // The database itself: what stands in between for the roles is not for the command line.
        environment.insert("DATABASE_URL".to_owned(), self.plan.direct_url().to_owned());
        let told = run_to_end(&self.plan.binary, &args, environment).await?;
        let key = told.lines().last().unwrap_or_default().trim().to_owned();
        anyhow::ensure!(key.starts_with("kha_"), "`apikey create` printed {told:?}");
        Ok(key)
    }

    /// Process of a role, when it runs.
    pub fn pid(&self, role: Role) -> Option<u32> {
        self.lock().get(&role).map(Process::pid)
    }

    /// What a role's process takes of the machine, when it runs.
    pub fn usage(&self, role: Role) -> Option<Usage> {
        self.pid(role).and_then(usage)
    }

    /// Starts a role, if it does not run; does not wait.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self, role: Role) -> anyhow::Result<()> {
        let mut processes = self.lock();
        if let std::collections::btree_map::Entry::Vacant(entry) = processes.entry(role) {
            entry.insert(Process::start(&self.plan.spec(role))?);
        }
        Ok(())
    }

    /// SIGKILL; returns when it is gone. The id of the process comes back, or `None` when it did not run.
    ///
    /// # Errors
    /// Never today; a caller should treat one as the end of the run.
    pub fn kill(&self, role: Role) -> anyhow::Result<Option<u32>> {
        let gone = self.lock().remove(&role);
        Ok(gone.map(|mut process| {
            process.kill();
            process.pid()
        }))
    }

    /// Sends any signal, such as `STOP` and `CONT`.
    ///
    /// # Errors
    /// When the role does not run.
    pub fn signal(&self, role: Role, signal: Signal) -> anyhow::Result<()> {
        let processes = self.lock();
        processes
            .get(&role)
            .with_context(|| format!("{role} does not run"))?
            .signal(signal)
    }

    /// SIGTERM, and waits for its end; one that does not end in time is killed.
    ///
    /// # Errors
    /// When it does not run or does not end in time.
    pub async fn terminate(&self, role: Role, within: Duration) -> anyhow::Result<ExitStatus> {
        let process = self.lock().remove(&role);
        let mut process = process.with_context(|| format!("{role} does not run"))?;
        process.signal(Signal::TERM)?;
        process.wait(within).await
    }

    /// Roles that ended by themselves since the last look; they count as not running from then on.
    pub fn ended(&self) -> Vec<(Role, ExitStatus)> {
        let mut processes = self.lock();
        let all = processes.iter_mut();
        let ended: Vec<_> = all
            .filter_map(|(role, process)| Some((*role, process.ended()?)))
            .collect();
        for (role, _) in &ended {
            processes.remove(role);
        }
        ended
    }

    /// Whether a role says now that it is ready.
    pub async fn is_ready(&self, role: Role) -> bool {
        self.look(role).await.is_ok()
    }

    /// Waits until a role is ready; how long it took comes back.
    ///
    /// # Errors
    /// When it is not in time, or ended.
    pub async fn ready(&self, role: Role, within: Duration) -> anyhow::Result<Duration> {
        let began = Instant::now();
        let what = format!(
            "{role} to be ready (its log is {}/logs/{role}.log)",
            self.plan.dir.display()
        );
        eventually(&what, within, || self.look(role)).await?;
        Ok(began.elapsed())
    }

    /// Kills a role, starts it again and waits until it is ready; how long that took comes back.
    ///
    /// # Errors
    /// When it is not ready in time.
    pub async fn restart(&self, role: Role, within: Duration) -> anyhow::Result<Duration> {
        let began = Instant::now();
        self.kill(role)?;
        self.spawn(role)?;
        self.ready(role, within).await?;
        Ok(began.elapsed())
    }

    /// Ends all roles with SIGTERM, the gateway first, the services that it calls last.
    ///
    /// # Errors
    /// When one does not end, or not cleanly.
    pub async fn stop(self) -> anyhow::Result<()> {
        for role in self.roles().iter().rev() {
            if self.pid(*role).is_some() {
                // A stopped process does not see SIGTERM.
                let _ = self.signal(*role, Signal::CONT);
                let status = self.terminate(*role, STOP).await?;
                anyhow::ensure!(status.success(), "{role} ended with {status}");
            }
        }
        Ok(())
    }

    async fn look(&self, role: Role) -> Result<(), String> {
        if self.pid(role).is_none() {
            return Err("it does not run".to_owned());
        }
        let client = Client::new(&self.plan.health(role), None).patient(Duration::from_secs(2));
        match client.get("/ready").await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(answer.text()),
            Err(lost) => Err(lost.to_string()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Role, Process>> {
        self.processes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the program to its end; its standard output comes back.
async fn run_to_end(
    binary: &Path,
    args: &[&str],
    environment: BTreeMap<String, String>,
) -> anyhow::Result<String> {
    let done = tokio::process::Command::new(binary)
        .args(args)
        .env_clear()
        .envs(environment)
        .kill_on_drop(true)
        .output();
    let done = tokio::time::timeout(START, done)
        .await
        .context("it does not end")??;
    anyhow::ensure!(
        done.status.success(),
        "khaacho {} ended with {}: {}",
        args.join(" "),
        done.status,
        String::from_utf8_lossy(&done.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Lets `khaacho up` bring a database up to date and load the demonstration, as people do, and ends it.
pub(super) async fn load_demonstration(binary: &Path, dir: &Path, url: &str) -> anyhow::Result<()> {
    let port = free_port();
    let log = dir.join("logs/kasauti-seed.log");
    let mut environment = BTreeMap::from([
        ("DATABASE_URL".to_owned(), url.to_owned()),
        ("HOST".to_owned(), "127.0.0.1".to_owned()),
        ("PORT".to_owned(), port.to_string()),
        ("KHAACHO_GRPC_PORT".to_owned(), free_port().to_string()),
    ]);
    environment.insert("ENVIRONMENT".to_owned(), "test".to_owned());
    // A run may be about a server that loses commits; what is loaded here is no part of any run.
    environment.insert("KHAACHO_UNSAFE_DATABASE".to_owned(), "true".to_owned());
    let home = dir.join("home").display().to_string();
    let mut process = Process::start(&Spec {
        name: "seed".to_owned(),
        program: binary.to_owned(),
        args: ["up", "--data-dir", &home].map(str::to_owned).into(),
        env: environment.into_iter().collect(),
        log: log.clone(),
        user: None,
        at_our_death: "KILL",
    })?;
    let mut look = || {
        let told = std::fs::read_to_string(&log).unwrap_or_default();
        match process.ended() {
            _ if told.contains("\nready in ") => Ok(()),
            Some(status) => Err(format!("`khaacho up` ended with {status}: {told}")),
            None => Err(told),
        }
    };
    eventually("the demonstration to be loaded", START, || {
        std::future::ready(look())
    })
    .await?;
    process.signal(Signal::TERM)?;
    process.wait(STOP).await?;
    Ok(())
}
