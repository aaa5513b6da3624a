//! Rate limits and bounds of connections.

use khaacho_config::Reader;

use crate::accept;
use crate::limits::{Policies, Policy, Quota};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// One quota of a setting: name, default and what it says about itself.
type Setting = (&'static str, u32, &'static str);

const API_MINUTE: Setting = ("RATE_LIMIT_PER_MINUTE", 60, "API calls of one principal a minute");
const API_HOUR: Setting = ("RATE_LIMIT_PER_HOUR", 1000, "API calls of one principal an hour");
const PUBLIC: Setting = (
    "RATE_LIMIT_MAX_REQUESTS",
    100,
    "calls of one address without a key in a window",
);
const SENDER_MINUTE: Setting = (
    "RATE_LIMIT_SENDER_PER_MINUTE",
    30,
    "messages of one sender a minute; above it they are only counted",
);
const SENDER_HOUR: Setting = (
    "RATE_LIMIT_SENDER_PER_HOUR",
    100,
    "messages of one sender an hour; above it they are only counted",
);
const SIMULATOR: Setting = (
    "RATE_LIMIT_SIMULATOR_PER_MINUTE",
    600,
    "simulator calls of one address a minute",
);
const LOGIN: Setting = (
    "RATE_LIMIT_LOGIN_PER_15_MINUTES",
    10,
    "attempts to sign in in a quarter of an hour",
);
const LOGIN_DAY: Setting = ("RATE_LIMIT_LOGIN_PER_DAY", 50, "attempts to sign in a day");

/// The limits of all classes of routes.
pub(super) fn read_policies(r: &mut Reader<'_>) -> Policies {
    let window = r.number::<u64>(
        "RATE_LIMIT_WINDOW_MS",
        900_000,
        1000..=86_400_000,
        "window of RATE_LIMIT_MAX_REQUESTS in milliseconds",
    );
    let mut quotas = |settings: &[(Setting, u64)]| {
        let quota = |&((name, default, doc), period): &(Setting, u64)| {
            Quota::per(r.number(name, default, 1..=10_000_000, doc), period)
        };
        settings.iter().map(quota).collect::<Vec<_>>()
    };
    let defaults = Policies::default();
    Policies {
        webhook_sender: Policy {
            quotas: quotas(&[(SENDER_MINUTE, MINUTE), (SENDER_HOUR, HOUR)]),
            ..defaults.webhook_sender
        },
        admin: Policy {
            quotas: quotas(&[(API_MINUTE, MINUTE), (API_HOUR, HOUR)]),
            ..defaults.admin
        },
        public: Policy {
            quotas: quotas(&[(PUBLIC, window / 1000)]),
            ..defaults.public
        },
        simulator: Policy {
            quotas: quotas(&[(SIMULATOR, MINUTE)]),
            ..defaults.simulator
        },
        login: Policy {
            quotas: quotas(&[(LOGIN, 15 * MINUTE), (LOGIN_DAY, DAY)]),
            ..defaults.login
        },
    }
}

/// Behind a proxy all clients share the proxy's address, so only the total counts there.
pub(super) fn read_connections(r: &mut Reader<'_>, proxy_hops: u8) -> accept::Limits {
    let defaults = accept::Limits::default();
    let connections_max = r.number(
        "KHAACHO_GATEWAY_CONNECTIONS_MAX",
        defaults.connections_max,
        1..=100_000,
        "connections at once",
    );
    let per_ip_default = if proxy_hops > 0 {
        connections_max
    } else {
        defaults.per_ip_max
    };
    accept::Limits {
        connections_max,
        per_ip_max: r.number(
            "KHAACHO_GATEWAY_CONNECTIONS_PER_ADDRESS_MAX",
            per_ip_default,
            1..=100_000,
            "connections at once from one address",
        ),
        webhooks_max: r.number(
            "KHAACHO_GATEWAY_WEBHOOKS_MAX",
            defaults.webhooks_max,
            1..=100_000,
            "webhooks in progress at once; more are refused with 503",
        ),
        commands_max: r.number(
            "KHAACHO_GATEWAY_COMMANDS_MAX",
            defaults.commands_max,
            1..=100_000,
            "API requests in progress at once that change something; more are refused with 503",
        ),
        reads_max: r.number(
            "KHAACHO_GATEWAY_READS_MAX",
            defaults.reads_max,
            1..=100_000,
            "API requests in progress at once that only read; more are refused with 503",
        ),
        ..defaults
    }
}
