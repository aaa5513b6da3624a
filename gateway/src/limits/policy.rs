//! How much of what each class of routes allows.

use std::time::Duration;

/// So many units in so much time, with the whole amount available at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Units per period, and the size of a burst.
    pub units: u32,
    /// The period.
    pub period: Duration,
}

impl Quota {
    /// A quota of `units` per `seconds`. Both count as at least one.
    pub const fn per(units: u32, seconds: u64) -> Self {
        let units = if units == 0 { 1 } else { units };
        let seconds = if seconds == 0 { 1 } else { seconds };
        Self {
            units,
            period: Duration::from_secs(seconds),
        }
    }

    /// Microseconds after which one unit has come back. Rounded up, so that rounding never allows more.
    pub(super) fn interval(&self) -> i64 {
        let period = i64::try_from(self.period.as_micros()).unwrap_or(i64::MAX / 2);
        let units = i64::from(self.units.max(1));
        period / units + i64::from(period % units != 0)
    }

    /// Microseconds that a time stamp may be ahead: the whole burst.
    pub(super) fn burst(&self) -> i64 {
        self.interval().saturating_mul(i64::from(self.units.max(1)))
    }
}

/// The limit of one class of routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Name in metrics and keys.
    pub name: &'static str,
    /// All of them must have room; a refusal takes from none of them.
    pub quotas: Vec<Quota>,
    /// What happens above the limit.
    pub excess: Excess,
}

/// What happens above a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// 429.
    Refuse,
    /// The request is taken and its work is put off: a provider would not deliver it again.
    Delay,
}

/// The policies of the edge. The defaults are those of the product's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    /// Messages of one sender. Providers call from few addresses, so they are never counted by address.
    pub webhook_sender: Policy,
    /// Calls of one signed-in principal or API key.
    pub admin: Policy,
    /// Calls of one address without a principal.
    pub public: Policy,
    /// Messages through the simulator, by address.
    pub simulator: Policy,
    /// Attempts to sign in, by account and network.
    pub login: Policy,
}

impl Default for Policies {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        Self {
            webhook_sender: Policy {
                name: "webhook_sender",
                quotas: vec![Quota::per(30, MINUTE), Quota::per(100, HOUR)],
                excess: Excess::Delay,
            },
            admin: Policy::refusing("admin", vec![Quota::per(60, MINUTE), Quota::per(1000, HOUR)]),
            public: Policy::refusing("public", vec![Quota::per(100, 15 * MINUTE)]),
            simulator: Policy::refusing("simulator", vec![Quota::per(120, MINUTE)]),
            login: Policy::refusing(
                "login",
                vec![Quota::per(10, 15 * MINUTE), Quota::per(50, 24 * HOUR)],
            ),
        }
    }
}

impl Policy {
    /// A policy whose excess is refused.
    pub fn refusing(name: &'static str, quotas: Vec<Quota>) -> Self {
        Self {
            name,
            quotas,
            excess: Excess::Refuse,
        }
    }
}
