//! Settings of the gateway.

mod bounds;

use std::time::Duration;

use http::HeaderValue;
use khaacho_config::{Form, Reader, Secret, form};

use crate::accept;
use crate::limits::Policies;
use crate::webhooks::meta::MetaAuth;
use crate::webhooks::twilio::TwilioAuth;
use crate::webhooks::{self, Verification};

/// What the client library of Redis can read.
pub const REDIS_URL: Form = Form {
    expected: "redis://host:port",
    fits: |text| redis::Client::open(text).is_ok(),
};

/// Settings of the gateway.
#[derive(Debug, Clone)]
pub struct Config {
    /// `production`, `development`, …
    pub environment: String,
    /// `scheme://host[:port]` under which providers reach us.
    pub public_base: String,
    /// Secrets and accounts of Twilio.
    pub twilio: TwilioAuth,
    /// Whether Twilio's signatures are checked.
    pub twilio_verification: Verification,
    /// Secrets of Meta.
    pub meta: MetaAuth,
    /// Origins whose pages may call the API, exactly as browsers send them.
    pub cors_origins: Vec<HeaderValue>,
    /// Whether limits apply.
    pub rate_limits: bool,
    /// The limits.
    pub policies: Policies,
    /// Shared counts of limits; `None`: each process counts for itself.
    pub redis_url: Option<Secret>,
    /// Bearer token of `/metrics` in production.
    pub metrics_token: Option<Secret>,
    /// Proxies of ours in front of us, which append to `X-Forwarded-For`.
    pub proxy_hops: u8,
    /// Whether answers carry a content security policy.
    pub csp: bool,
    /// Budget of a call whose contract names none.
    pub budget: Duration,
    /// For how long the database may be gone before `/health` says 503.
    pub database_grace: Duration,
    /// Bounds of connections, heads and bodies.
    pub limits: accept::Limits,
    /// How long running requests may take at the stop.
    pub drain: Duration,
}

impl Config {
    /// Reads the settings; mistakes are noted in the reader.
    pub fn read(r: &mut Reader<'_>) -> Self {
        let environment = r.text(
            "ENVIRONMENT",
            "development",
            "development, test, staging or production",
        );
        let twilio = read_twilio(r);
        let twilio_verification = read_verification(r, &environment);
        let proxy_hops = r.number(
            "KHAACHO_GATEWAY_PROXY_HOPS",
            0,
            0..=8,
            "own proxies in front of the gateway that append to X-Forwarded-For",
        );
        Self {
            public_base: read_public_base(r, &environment, &twilio),
            meta: read_meta(r),
            cors_origins: read_origins(r),
            rate_limits: r.flag("RATE_LIMIT_ENABLED", true, "whether rate limits apply"),
            policies: bounds::read_policies(r),
            redis_url: r.secret_shaped(
                "REDIS_URL",
                REDIS_URL,
                "redis://host:port; without it every process counts for itself",
            ),
            metrics_token: r.secret(
                "KHAACHO_GATEWAY_METRICS_TOKEN",
                "bearer token of /metrics in production",
            ),
            csp: r.flag(
                "CSP_ENABLED",
                true,
                "whether answers carry a content security policy",
            ),
            budget: r.millis(
                "KHAACHO_GATEWAY_BUDGET_MILLISECONDS",
                5000,
                100..=60_000,
                "time budget of a call whose contract names none",
            ),
            database_grace: r.seconds(
                "KHAACHO_GATEWAY_DATABASE_GRACE_SECONDS",
                30,
                0..=3600,
                "how long the database may be gone before /health answers 503",
            ),
            limits: bounds::read_connections(r, proxy_hops),
            drain: r.seconds(
                "KHAACHO_GATEWAY_DRAIN_SECONDS",
                20,
                0..=300,
                "how long running requests may take at the stop",
            ),
            environment,
            twilio,
            twilio_verification,
            proxy_hops,
        }
    }

    /// Whether this is production, where nothing is taken on trust.
    pub fn is_production(&self) -> bool {
        self.environment.trim().eq_ignore_ascii_case("production")
    }

    /// How the webhooks of one provider are checked.
    pub(crate) fn webhooks(&self, provider: webhooks::Provider) -> webhooks::Settings {
        let verification = match provider {
            webhooks::Provider::Twilio => self.twilio_verification,
            webhooks::Provider::Meta | webhooks::Provider::Simulator => Verification::ON,
        };
        webhooks::Settings {
            verification,
            public_base: self.public_base.clone(),
            twilio: self.twilio.clone(),
            meta: self.meta.clone(),
        }
    }
}

fn read_twilio(r: &mut Reader<'_>) -> TwilioAuth {
    let tokens = [
        r.secret(
            "TWILIO_AUTH_TOKEN",
            "Auth Token with which Twilio signs its webhooks",
        ),
        r.secret(
            "TWILIO_AUTH_TOKEN_SECONDARY",
            "second Auth Token while one is being rotated",
        ),
    ];
    let account = r.optional(
        "TWILIO_ACCOUNT_SID",
        "account (AC…) whose webhooks are taken; absent: any",
    );
    TwilioAuth {
        auth_tokens: tokens.into_iter().flatten().collect(),
        shared_keys: Vec::new(),
        account_sids: account.into_iter().collect(),
    }
}

fn read_verification(r: &mut Reader<'_>, environment: &str) -> Verification {
    let skip = r.flag(
        "TWILIO_SKIP_VALIDATION",
        false,
        "takes Twilio webhooks without a signature; never in production",
    );
    match (skip, Verification::off(environment)) {
        (false, _) => Verification::ON,
        (true, Some(off)) => off,
        (true, None) => {
            r.reject("TWILIO_SKIP_VALIDATION", "is on in production", "false");
            Verification::ON
        }
    }
}

fn read_meta(r: &mut Reader<'_>) -> MetaAuth {
    let secrets = [
        r.secret(
            "WHATSAPP_APP_SECRET",
            "app secret with which Meta signs its webhooks",
        ),
        r.secret(
            "WHATSAPP_APP_SECRET_SECONDARY",
            "second app secret while one is being rotated",
        ),
    ];
    MetaAuth {
        app_secrets: secrets.into_iter().flatten().collect(),
        verify_token: r.secret("WHATSAPP_VERIFY_TOKEN", "token of Meta's webhook handshake"),
    }
}

/// The public address signs nothing by itself, but Twilio's signatures cover it: without the right one every
/// webhook would be refused.
fn read_public_base(r: &mut Reader<'_>, environment: &str, twilio: &TwilioAuth) -> String {
    let given = [
        r.optional_shaped(
            "PUBLIC_BASE_URL",
            form::HTTP_URL,
            "https://host under which the providers reach the gateway",
        ),
        r.optional_shaped(
            "WEBHOOK_URL",
            form::HTTP_URL,
            "the same as a whole webhook address, when PUBLIC_BASE_URL is absent",
        ),
        r.optional_shaped("RENDER_EXTERNAL_URL", form::HTTP_URL, "the same, set by Render"),
    ];
    let port = r.number::<u16>("PORT", 8080, 0..=65535, "port of the gateway");
    let given = given.into_iter().flatten().next();
    if given.is_none() && twilio.is_configured() && environment.trim().eq_ignore_ascii_case("production") {
        r.demand(
            "PUBLIC_BASE_URL",
            "not set",
            "https://host, because Twilio's signatures cover it",
        );
    }
    given.unwrap_or_else(|| format!("http://localhost:{port}"))
}

fn read_origins(r: &mut Reader<'_>) -> Vec<HeaderValue> {
    let doc = "origins (https://host) whose pages may call the API, separated by commas";
    let origins = r.list("CORS_ORIGINS", form::ORIGIN, doc);
    // The form leaves nothing that a header could not hold.
    origins
        .iter()
        .filter_map(|origin| HeaderValue::try_from(origin).ok())
        .collect()
}
