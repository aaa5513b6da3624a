//! Settings of a process: its own, and those of the roles it plays. All mistakes are found at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use khaacho_config::{Error, Reader, Secret, Setting, Strings};

use crate::roles::{Role, SERVICES};

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
    pub fn read(strings: &Strings, roles: &BTreeSet<Role>) -> (Result<Self, Error>, Vec<Setting>) {
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
            database_url: r.secret(
                "DATABASE_URL",
                "postgres://…; without it `khaacho up` starts a private server",
            ),
            database_direct_url: r.secret(
                "DATABASE_DIRECT_URL",
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
            redis_url: r.secret(
                "REDIS_URL",
                "redis://host:port; without it every process counts for itself",
            ),
            host: r.text("HOST", "0.0.0.0", "address that listeners bind"),
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
            otlp_endpoint: r.optional(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector:4317; without it no traces leave",
            ),
            log_level: r.text(
                "LOG_LEVEL",
                "info",
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
        if self.environment == "production" && self.unsafe_database {
            r.reject("KHAACHO_UNSAFE_DATABASE", "is on in production", "false");
        }
    }

    /// What a process that is part of a bigger mesh cannot do without.
    pub fn for_split(self) -> Result<Self, String> {
        let mut missing = Vec::new();
        if self.database_url.is_none() {
            missing.push("DATABASE_URL");
        }
        if self.mesh_secret.is_none() {
            missing.push("KHAACHO_MESH_SECRET");
        }
        if missing.is_empty() {
            Ok(self)
        } else {
            Err(format!("not set: {}", missing.join(", ")))
        }
    }
}

fn addresses(r: &mut Reader) -> BTreeMap<&'static str, String> {
    let doc = "host:port of the service, where it runs in another process";
    let names = [
        ("order", "KHAACHO_ORDER_ADDRESS"),
        ("credit", "KHAACHO_CREDIT_ADDRESS"),
        ("inventory", "KHAACHO_INVENTORY_ADDRESS"),
        ("notification", "KHAACHO_NOTIFICATION_ADDRESS"),
    ];
    debug_assert_eq!(names.len(), SERVICES.len());
    let mut found = BTreeMap::new();
    for (role, name) in names {
        let Some(address) = r.optional(name, doc) else {
            continue;
        };
        if address
            .rsplit_once(':')
            .is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err())
        {
            r.reject(name, "is no address", "host:port");
        }
        found.insert(role, address);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::ALL;

    #[test]
    fn every_mistake_is_told_at_once() {
        let strings = Strings::from_pairs([
            ("PORT", "many"),
            ("DB_POOL_MAX", "1000"),
            ("ENVIRONMENT", "moon"),
            ("KHAACHO_MESH_SECRET", "short"),
            ("KHAACHO_ORDER_ADDRESS", "order"),
        ]);
        let error = Settings::read(&strings, &ALL.into())
            .0
            .expect_err("mistakes")
            .to_string();
        for name in [
            "PORT",
            "DB_POOL_MAX",
            "ENVIRONMENT",
            "KHAACHO_MESH_SECRET",
            "KHAACHO_ORDER_ADDRESS",
        ] {
            assert!(error.contains(name), "{name} in {error}");
        }
        assert!(!error.contains("short\""), "values of secrets are never shown");
    }

    #[test]
    fn the_defaults_are_valid() {
        let (settings, read) = Settings::read(&Strings::from_pairs::<String, String>([]), &ALL.into());
        assert!(settings.is_ok());
        assert!(read.iter().all(|s| !s.doc.is_empty()));
    }
}
