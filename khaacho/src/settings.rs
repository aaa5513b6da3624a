//! Settings of a process: its own, and those of the roles it plays. All mistakes are found at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use khaacho_config::{Error, Form, Reader, Secret, Setting, Strings, form};
use khaacho_gateway::REDIS_URL;
use khaacho_phone::Phone;

use crate::roles::Role;

/// What the client library of PostgreSQL can read.
const DATABASE: Form = Form {
    expected: "postgres://user:password@host:port/database",
    fits: |text| {
        let ours = text.starts_with("postgres://") || text.starts_with("postgresql://");
        ours && text.parse::<sqlx::postgres::PgConnectOptions>().is_ok()
    },
};
/// The exporter speaks gRPC without TLS.
const COLLECTOR: Form = Form {
    expected: "http://host:port",
    fits: |text| form::is_url(text, &["http"]),
};
const LOG_FILTER: Form = Form {
    expected: "a level, or levels for modules, such as `info` or `warn,khaacho=debug`",
    fits: khaacho_telemetry::is_log_filter,
};
/// Variables that say where services run, by the service's name.
const ADDRESSES: [(Role, &str); 4] = [
    (Role::Order, "KHAACHO_ORDER_ADDRESS"),
    (Role::Credit, "KHAACHO_CREDIT_ADDRESS"),
    (Role::Inventory, "KHAACHO_INVENTORY_ADDRESS"),
    (Role::Notification, "KHAACHO_NOTIFICATION_ADDRESS"),
];

/// What settings are read for: it says which ones have to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A process that brings its own database and secret, or a command of one call.
    Alone,
    /// A process that serves its roles as a part of a mesh.
    Serve,
    /// A process that runs the jobs of its roles, whose services are served by others.
    Work,
    /// Nobody knows yet, somebody only looks: in production a part of a mesh.
    Look,
}

/// Everything that a process reads from its environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `development`, `test`, `staging` or `production`.
    pub environment: String,
    /// Database of all schemas; `None` for a private server (`up` only).
    pub database_url: Option<Secret>,
    /// Direct database address for migrations, where `database_url` is that of a pooler.
    pub database_direct_url: Option<Secret>,
    /// Connections of each service's pool.
    pub pool_max: u32,
    /// Longest statement.
    pub statement_timeout: Duration,
    /// Whether an unsafe database (fsync off and the like) is accepted; for tests.
    pub unsafe_database: bool,
    /// Redis; `None` runs without.
    pub redis_url: Option<Secret>,
    /// Address that listeners bind.
    pub host: String,
    /// Port of the gateway.
    pub port: u16,
    /// Port of gRPC.
    pub grpc_port: u16,
    /// Port of a worker's health.
    pub health_port: u16,
    /// Addresses of services that run in other processes, by name.
    pub addresses: BTreeMap<&'static str, String>,
    /// Secret that mesh tokens are signed with.
    pub mesh_secret: Option<Secret>,
    /// Whether service processes run their jobs themselves.
    pub background_jobs: bool,
    /// Whether reflection is served.
    pub reflection: bool,
    /// OTLP collector.
    pub otlp_endpoint: Option<String>,
    /// Filter of log lines.
    pub log_level: String,
    /// `json` or `text`.
    pub log_format: &'static str,
    /// How long a stop may take.
    pub shutdown: Duration,
    /// Settings of the gateway.
    pub gateway: khaacho_gateway::Config,
    /// Settings of the order service.
    pub order: khaacho_order::Config,
    /// Settings of the credit service.
    pub credit: khaacho_credit::Config,
    /// Settings of the inventory service.
    pub inventory: khaacho_inventory::Config,
    /// Settings of the notification service.
    pub notification: khaacho_notification::Config,
}

impl Settings {
    /// Reads the settings of a process with these roles; the error lists every mistake. Also returns what was read,
    /// for the summary. Settings of roles that are not played keep their defaults: a credit process needs no
    /// provider's credentials.
    pub fn read(
        strings: &Strings,
        roles: &BTreeSet<Role>,
        purpose: Purpose,
    ) -> (Result<Self, Error>, Vec<Setting>) {
        let mut reader = Reader::new(strings);
        let r = &mut reader;
        let nothing = Strings::from_pairs::<String, String>([]);
        let mut unused = Reader::new(&nothing);
        let settings = Self {
            environment: r.text(
                "ENVIRONMENT",
                "development",
                "development, test, staging or production",
            ),
            database_url: r.secret_shaped(
                "DATABASE_URL",
                DATABASE,
                "postgres://…; without it `khaacho up` starts a private server",
            ),
            database_direct_url: r.secret_shaped(
                "DATABASE_DIRECT_URL",
                DATABASE,
                "the database without a pooler, for migrations",
            ),
            pool_max: r.number("DB_POOL_MAX", 8, 2..=64, "connections of each service's pool"),
            statement_timeout: r.millis(
                "DB_STATEMENT_TIMEOUT",
                5000,
                100..=60_000,
                "longest statement, in milliseconds",
            ),
            unsafe_database: r.flag(
                "KHAACHO_UNSAFE_DATABASE",
                false,
                "accept a database that may lose acknowledged commits; for tests only",
            ),
            redis_url: r.secret_shaped(
                "REDIS_URL",
                REDIS_URL,
                "redis://host:port; without it every process counts for itself",
            ),
            host: r.shaped("HOST", "0.0.0.0", form::HOST, "address that listeners bind"),
            port: r.number("PORT", 8080, 0..=65535, "port of the gateway"),
            grpc_port: r.number("KHAACHO_GRPC_PORT", 50051, 0..=65535, "port of gRPC"),
            health_port: r.number("HEALTH_PORT", 10001, 0..=65535, "port of a worker's health"),
            addresses: addresses(r),
            mesh_secret: r.secret(
                "KHAACHO_MESH_SECRET",
                "at least 32 characters; signs the calls between services",
            ),
            background_jobs: r.flag(
                "ENABLE_BACKGROUND_JOBS",
                true,
                "service processes run their jobs themselves",
            ),
            reflection: r.flag("KHAACHO_GRPC_REFLECTION", true, "serve gRPC reflection"),
            otlp_endpoint: r.optional_shaped(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                COLLECTOR,
                "http://collector:4317; without it no traces leave",
            ),
            log_level: r.shaped(
                "LOG_LEVEL",
                "info",
                LOG_FILTER,
                "filter of log lines, such as `info` or `warn,khaacho=debug`",
            ),
            log_format: r.choice("LOG_FORMAT", "json", &["json", "text"], "form of log lines"),
            shutdown: r.seconds(
                "KHAACHO_SHUTDOWN_SECONDS",
                25,
                1..=300,
                "how long a stop may take",
            ),
            gateway: khaacho_gateway::Config::read(if roles.contains(&Role::Gateway) {
                &mut *r
            } else {
                &mut unused
            }),
            order: khaacho_order::Config::read(if roles.contains(&Role::Order) {
                &mut *r
            } else {
                &mut unused
            }),
            credit: khaacho_credit::Config::read(if roles.contains(&Role::Credit) {
                &mut *r
            } else {
                &mut unused
            }),
            inventory: khaacho_inventory::Config::read(if roles.contains(&Role::Inventory) {
                &mut *r
            } else {
                &mut unused
            }),
            notification: khaacho_notification::Config::read(if roles.contains(&Role::Notification) {
                &mut *r
            } else {
                &mut unused
            }),
        };
        settings.check(r);
        settings.check_complete(r, roles, purpose);
        let read = reader.settings();
        (reader.finish().map(|()| settings), read)
    }

    fn check(&self, r: &mut Reader) {
        if !["development", "test", "staging", "production"].contains(&self.environment.as_str()) {
            r.reject(
                "ENVIRONMENT",
                "is unknown",
                "development, test, staging or production",
            );
        }
        if let Some(secret) = &self.mesh_secret {
            if secret.expose().len() < 32 {
                r.reject("KHAACHO_MESH_SECRET", "is too short", "at least 32 characters");
            }
            let text = secret.expose().to_lowercase();
            let local = self.environment == "production" && text.contains("local-only");
            if text.contains("change-me") || text.contains("example") || local {
                r.reject("KHAACHO_MESH_SECRET", "is an example", "a secret of your own");
            }
        }
        if let Some(phone) = &self.order.operator_phone
            && Phone::parse(phone).is_err()
        {
            let name = "KHAACHO_ORDER_OPERATOR_PHONE";
            r.reject(
                name,
                "is no number that anybody can have",
                "a phone that gets messages",
            );
        }
        if self.environment == "production" && self.unsafe_database {
            r.reject("KHAACHO_UNSAFE_DATABASE", "is on in production", "false");
        }
    }

    /// What a process that is part of a bigger mesh cannot do without: the database, the secret, and the services
    /// that its roles call.
    fn check_complete(&self, r: &mut Reader, roles: &BTreeSet<Role>, purpose: Purpose) {
        let production = self.environment == "production";
        if purpose == Purpose::Alone || (purpose == Purpose::Look && !production) {
            return;
        }
        let mut mandatory = |name, expected| r.demand(name, "not set", expected);
        mandatory("DATABASE_URL", DATABASE.expected);
        mandatory(
            "KHAACHO_MESH_SECRET",
            "at least 32 characters, the same in all processes",
        );
        let work = purpose == Purpose::Work;
        for (role, name) in ADDRESSES {
            let here = roles.contains(&role) && !work;
            let calls_all = roles.contains(&Role::Gateway) || roles.contains(&Role::Order) || work;
            if calls_all && !here {
                mandatory(name, "host:port of that service, which this process calls");
            }
        }
    }
}

fn addresses(r: &mut Reader) -> BTreeMap<&'static str, String> {
    let doc = "host:port of the service, where it runs in another process";
    let mut found = BTreeMap::new();
    for (role, name) in ADDRESSES {
        if let Some(address) = r.optional_shaped(name, form::ADDRESS, doc) {
            found.insert(role.name(), address);
        }
    }
    found
}

#[cfg(test)]
mod tests;
