//! What will run: roles, their addresses and settings, known before anything is started.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ports::free_port;
use super::process::Spec;

/// A part of the mesh that is a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Orders.
    Order,
    /// Credit and ledger.
    Credit,
    /// Products, offers, stock.
    Inventory,
    /// Messages to people.
    Notification,
    /// The jobs of all services.
    Worker,
    /// The edge.
    Gateway,
    /// Everything in one process ([`Mode::AllInOne`]).
    All,
}

impl Role {
    /// The four services, which other roles call.
    pub const SERVICES: [Self; 4] = [Self::Order, Self::Credit, Self::Inventory, Self::Notification];

    /// Lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Credit => "credit",
            Self::Inventory => "inventory",
            Self::Notification => "notification",
            Self::Worker => "worker",
            Self::Gateway => "gateway",
            Self::All => "all",
        }
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["serve", "order"],
            Self::Credit => &["serve", "credit"],
            Self::Inventory => &["serve", "inventory"],
            Self::Notification => &["serve", "notification"],
            Self::Worker => &["work"],
            Self::Gateway => &["serve", "gateway"],
            Self::All => &["serve", "all"],
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(self.name())
    }
}

/// How the roles are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Gateway, four services without jobs, and a worker.
    Split,
    /// One process.
    AllInOne,
}

impl Mode {
    /// Roles in the order of their start.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Split => &[
                Role::Order,
                Role::Credit,
                Role::Inventory,
                Role::Notification,
                Role::Worker,
                Role::Gateway,
            ],
            Self::AllInOne => &[Role::All],
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    http: u16,
    grpc: u16,
    health: u16,
}

/// Thirty characters and more, and no example.
const MESH_SECRET: &str = "9b2d4836b5e0c7d10f4c1e7a19a3f6e58c";

/// A mesh that is not started yet.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Directory of the run; logs go to `logs/<role>.log`.
    pub dir: PathBuf,
    /// The program.
    pub binary: PathBuf,
    /// How the roles are spread.
    pub mode: Mode,
    database_url: String,
    ports: BTreeMap<Role, Ports>,
    everywhere: BTreeMap<String, String>,
    own: BTreeMap<Role, BTreeMap<String, String>>,
}

impl Plan {
    /// A mesh on this database, with settings of a test: no rate limits, warnings in the log, listening on loopback.
    pub fn new(dir: &Path, binary: &Path, mode: Mode, database_url: String) -> Self {
        let ports = || Ports {
            http: free_port(),
            grpc: free_port(),
            health: free_port(),
        };
        let basic = [
            ("ENVIRONMENT", "test"),
            ("KHAACHO_MESH_SECRET", MESH_SECRET),
            ("HOST", "127.0.0.1"),
            ("LOG_LEVEL", "info"),
            ("RATE_LIMIT_ENABLED", "false"),
            ("KHAACHO_GATEWAY_CONNECTIONS_PER_ADDRESS_MAX", "512"),
            ("SUPPORT_PHONE", "+9779748000000"),
        ];
        Self {
            dir: dir.to_owned(),
            binary: binary.to_owned(),
            mode,
            database_url,
            ports: mode.roles().iter().map(|role| (*role, ports())).collect(),
            everywhere: basic
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            own: BTreeMap::new(),
        }
    }

    /// Sets a variable for every role; an own one of a role wins.
    pub fn env_everywhere(&mut self, name: &str, value: &str) {
        self.everywhere.insert(name.to_owned(), value.to_owned());
    }

    /// Sets a variable for one role.
    pub fn env(&mut self, role: Role, name: &str, value: &str) {
        self.own
            .entry(role)
            .or_default()
            .insert(name.to_owned(), value.to_owned());
    }

    /// Sends a role to another address for its database, such as a proxy's.
    pub fn database_url(&mut self, role: Role, url: &str) {
        self.env(role, "DATABASE_URL", url);
    }

    /// Sends the calls of `caller` to `service` through another `host:port`, such as a proxy's.
    pub fn peer(&mut self, caller: Role, service: Role, address: &str) {
        self.env(caller, &address_variable(service), address);
    }

    /// URL of the database itself.
    pub fn direct_url(&self) -> &str {
        &self.database_url
    }

    /// Makes services run their jobs themselves, or leaves them to the worker (the default of [`Mode::Split`]).
    pub fn jobs_in_services(&mut self, jobs: bool) {
        for role in Role::SERVICES {
            self.env(
                role,
                "ENABLE_BACKGROUND_JOBS",
                if jobs { "true" } else { "false" },
            );
        }
    }

    /// `127.0.0.1:port` at which a role really serves gRPC.
    pub fn grpc(&self, role: Role) -> String {
        format!("127.0.0.1:{}", self.ports(role).grpc)
    }

    /// `http://127.0.0.1:port` of the gateway.
    pub fn http(&self) -> String {
        let edge = match self.mode {
            Mode::Split => Role::Gateway,
            Mode::AllInOne => Role::All,
        };
        format!("http://127.0.0.1:{}", self.ports(edge).http)
    }

    /// `http://127.0.0.1:port` of a role's `/ready`, `/live` and `/metrics`.
    pub fn health(&self, role: Role) -> String {
        let ports = self.ports(role);
        let port = match role {
            Role::Gateway | Role::All => ports.http,
            _ => ports.health,
        };
        format!("http://127.0.0.1:{port}")
    }

    /// The whole environment of a role.
    pub fn environment(&self, role: Role) -> BTreeMap<String, String> {
        let ports = self.ports(role);
        let mut all = self.everywhere.clone();
        let mut set = |name: &str, value: String| all.insert(name.to_owned(), value);
        set("DATABASE_URL", self.database_url.clone());
        set("PORT", ports.http.to_string());
        set("KHAACHO_GRPC_PORT", ports.grpc.to_string());
        set("HEALTH_PORT", ports.health.to_string());
        if self.mode == Mode::Split {
            set("ENABLE_BACKGROUND_JOBS", "false".to_owned());
            for service in Role::SERVICES {
                set(&address_variable(service), self.grpc(service));
            }
        }
        all.extend(self.own.get(&role).cloned().unwrap_or_default());
        all
    }

    pub(super) fn spec(&self, role: Role) -> Spec {
        Spec {
            name: role.name().to_owned(),
            program: self.binary.clone(),
            args: role.args().iter().map(|arg| (*arg).to_owned()).collect(),
            env: self.environment(role).into_iter().collect(),
            log: self.dir.join("logs").join(format!("{role}.log")),
            user: None,
            at_our_death: "KILL",
        }
    }

    fn ports(&self, role: Role) -> Ports {
        // A role of the other mode serves nothing; port 0 of it can be bound and never reached.
        self.ports.get(&role).copied().unwrap_or(Ports {
            http: 0,
            grpc: 0,
            health: 0,
        })
    }
}

fn address_variable(service: Role) -> String {
    format!("KHAACHO_{}_ADDRESS", service.name().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_settings_win_and_peers_are_wired() {
        let mut plan = Plan::new(
            Path::new("/x"),
            Path::new("/y"),
            Mode::Split,
            "postgres://a".to_owned(),
        );
        plan.env_everywhere("LOG_LEVEL", "warn");
        plan.env(Role::Order, "LOG_LEVEL", "debug");
        plan.peer(Role::Order, Role::Credit, "127.0.0.1:1");
        plan.database_url(Role::Credit, "postgres://b");
        let (order, credit) = (plan.environment(Role::Order), plan.environment(Role::Credit));
        assert_eq!(
            (order["LOG_LEVEL"].as_str(), credit["LOG_LEVEL"].as_str()),
            ("debug", "warn")
        );
        assert_eq!(order["KHAACHO_CREDIT_ADDRESS"], "127.0.0.1:1");
        assert_eq!(
            plan.environment(Role::Worker)["KHAACHO_CREDIT_ADDRESS"],
            plan.grpc(Role::Credit)
        );
        assert_eq!(
            (order["DATABASE_URL"].as_str(), credit["DATABASE_URL"].as_str()),
            ("postgres://a", "postgres://b")
        );
        assert_eq!(credit["ENABLE_BACKGROUND_JOBS"], "false");
        assert!(plan.http().ends_with(&plan.environment(Role::Gateway)["PORT"]));
    }

    #[test]
    fn one_process_runs_its_own_jobs() {
        let plan = Plan::new(
            Path::new("/x"),
            Path::new("/y"),
            Mode::AllInOne,
            "postgres://a".to_owned(),
        );
        let all = plan.environment(Role::All);
        assert!(!all.contains_key("ENABLE_BACKGROUND_JOBS") && !all.contains_key("KHAACHO_CREDIT_ADDRESS"));
        assert_eq!(plan.health(Role::All), plan.http());
    }
}
