//! Kinds of runs: a crowd and faults in which a bug of some kind shows soon.

use crate::fakes::Manners;
use crate::run::scenario::{Actors, Catalog, Clients, Credit, Mix, Scenario};
use crate::run::schedule::Kind;
use crate::run::staging::{evenly, together};

/// Places of roles among those of a mesh.
const ORDER: usize = 0;
const CREDIT: usize = 1;
const INVENTORY: usize = 2;
const WORKER: usize = 4;

/// A kind of run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// A bit of everything, and nothing breaks.
    Plain,
    /// Many order for few accounts, each near its limit.
    Limit,
    /// Many order the last packets.
    Stock,
    /// Orders are declined, moved and cancelled while inventory dies.
    Release,
    /// Work is repeated because services die in the middle of it.
    Repeat,
    /// Impatient clients ask again and again under the same keys, and reuse them.
    Keys,
    /// Impatient clients leave in the middle of everything.
    Leavers,
    /// Messages, while those who take them die.
    Chat,
    /// Repeated messages, while Redis forgets.
    Forgetful,
    /// PostgreSQL stops as in a power cut.
    PowerCuts,
    /// All roles in one process, and sessions of the database end.
    OneProcess,
    /// Much work behind the queue.
    Jobs,
    /// A worker that stops for longer than its lease, and others who take over.
    Lease,
    /// Calls that come long after everybody has forgotten them.
    LateCalls,
    /// Quantities that nobody can mean.
    Enormous,
    /// Orders change hands while they are cancelled.
    Steps,
    /// Providers that refuse and break.
    Refused,
    /// People look for what is not theirs.
    Strangers,
    /// Services are away again and again.
    Outages,
}

impl Profile {
    #[cfg(test)]
    pub(super) const ALL: [Self; 19] = [
        Self::Plain,
        Self::Limit,
        Self::Stock,
        Self::Release,
        Self::Repeat,
        Self::Keys,
        Self::Leavers,
        Self::Chat,
        Self::Forgetful,
        Self::PowerCuts,
        Self::OneProcess,
        Self::Jobs,
        Self::Lease,
        Self::LateCalls,
        Self::Enormous,
        Self::Steps,
        Self::Refused,
        Self::Strangers,
        Self::Outages,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Limit => "limit",
            Self::Stock => "stock",
            Self::Release => "release",
            Self::Repeat => "repeat",
            Self::Keys => "keys",
            Self::Leavers => "leavers",
            Self::Chat => "chat",
            Self::Forgetful => "forgetful",
            Self::PowerCuts => "power-cuts",
            Self::OneProcess => "one-process",
            Self::Jobs => "jobs",
            Self::Lease => "lease",
            Self::LateCalls => "late-calls",
            Self::Enormous => "enormous",
            Self::Steps => "steps",
            Self::Refused => "refused",
            Self::Strangers => "strangers",
            Self::Outages => "outages",
        }
    }

    /// The run; its random numbers come from the seed, its shape from the profile alone.
    pub(super) fn scenario(self, seed: u64) -> Scenario {
        let mut scenario = small(seed);
        match self {
            // many prices: most of them are exact in any arithmetic
            Self::Plain => (scenario.catalog.skus_per_group, scenario.mix.order) = (8, 70),
            Self::Limit | Self::Stock => self.narrow(&mut scenario),
            Self::Keys | Self::Leavers => self.impatient(&mut scenario),
            Self::Chat | Self::Forgetful => self.talkative(&mut scenario),
            // the dearest goods there may be: most orders are more than anybody's credit
            Self::Enormous => {
                (scenario.mix.enormous, scenario.mix.chat) = (20, 0);
                scenario.catalog.price_paisa = (100_000_000, 200_000_000);
            }
            Self::Strangers => scenario.mix.foreign = 30,
            Self::Refused => scenario.manners.never = 200,
            Self::Steps => {
                (scenario.mix.cancel, scenario.ops) = (25, 250);
            }
            Self::LateCalls => {
                scenario.staging.late_releases = true;
                (scenario.mix.cancel, scenario.ops) = (0, 250);
            }
            _ => self.broken(&mut scenario),
        }
        scenario.faults = scenario
            .staging
            .faults
            .as_ref()
            .map_or(0, |all| u64::try_from(all.len()).unwrap_or(0));
        scenario
    }

    /// Much for little.
    fn narrow(self, scenario: &mut Scenario) {
        let actors = &mut scenario.actors;
        (actors.retailers, actors.shared_shops, actors.admins) = (16, 4, 2);
        (scenario.mix.chat, scenario.mix.shared) = (0, 900);
        (scenario.mix.order, scenario.mix.cancel) = (90, 10);
        scenario.ops = 160;
        if self == Self::Limit {
            scenario.catalog.price_paisa = (3_000, 9_000);
            scenario.credit.limit_paisa = (80_000, 80_000);
            scenario.staging.one_after_another = true;
        } else {
            scenario.catalog.hot = 900;
            scenario.catalog.stock = (6, 12);
            scenario.mix.shared = 0;
        }
    }

    /// Clients leave after a moment and ask again.
    fn impatient(self, scenario: &mut Scenario) {
        scenario.clients.leave = 450;
        (scenario.mix.chat, scenario.mix.replay, scenario.mix.reuse) = (200, 12, 8);
        (scenario.actors.retailers, scenario.actors.admins) = (8, 4);
        scenario.ops = 200;
        if self == Self::Keys {
            scenario.staging.faults = Some(evenly(
                Kind::Kill,
                4,
                scenario.ops,
                &[ORDER, CREDIT, INVENTORY],
                300,
            ));
        }
    }

    /// Orders by chat, most of it twice.
    fn talkative(self, scenario: &mut Scenario) {
        (scenario.mix.chat, scenario.mix.dup, scenario.clients.doubled) = (1000, 35, 150);
        (scenario.actors.retailers, scenario.ops) = (8, 150);
        let ops = scenario.ops;
        scenario.staging.faults = Some(if self == Self::Chat {
            let kills = evenly(Kind::Kill, 4, ops, &[ORDER], 400);
            together(vec![kills, evenly(Kind::PgTerminate, 6, ops, &[ORDER], 0)])
        } else {
            evenly(Kind::RedisFlush, 6, ops, &[ORDER], 0)
        });
    }

    /// Things break.
    fn broken(self, scenario: &mut Scenario) {
        (scenario.actors.retailers, scenario.ops) = (8, 200);
        let ops = scenario.ops;
        let faults = match self {
            Self::Release => {
                (
                    scenario.mix.cancel,
                    scenario.actors.admins,
                    scenario.actors.stores_each,
                ) = (25, 2, 2);
                evenly(Kind::Kill, 4, ops, &[INVENTORY, WORKER], 500)
            }
            Self::Repeat => evenly(Kind::Kill, 6, ops, &[INVENTORY, CREDIT, INVENTORY, WORKER], 1200),
            Self::PowerCuts => {
                scenario.mix.chat = 200;
                evenly(Kind::PgKill, 6, ops, &[ORDER], 200)
            }
            Self::OneProcess => {
                scenario.staging.one_process = true;
                // Who asks again mends what was done for an order that was not there: ids are made of what was asked.
                (scenario.mix.chat, scenario.clients.tries) = (0, 1);
                evenly(Kind::PgTerminate, 25, ops, &[ORDER], 0)
            }
            Self::Lease => {
                scenario.staging.jobs_everywhere = true;
                (scenario.mix.cancel, scenario.mix.chat) = (0, 100);
                evenly(Kind::Stop, 3, ops, &[WORKER, ORDER], 8000)
            }
            Self::Outages => evenly(Kind::Kill, 4, ops, &[CREDIT, INVENTORY], 3000),
            _ => Vec::new(),
        };
        scenario.staging.faults = Some(faults);
    }
}

/// A small world in which everything works.
fn small(seed: u64) -> Scenario {
    let drawn = Scenario::draw(seed, 100, 0);
    Scenario {
        actors: Actors {
            retailers: 6,
            shops_each: 1,
            shared_shops: 2,
            vendors: 2,
            stores_each: 1,
            admins: 1,
            // Meta delivers until it is acknowledged, however busy this machine is
            meta: 1000,
        },
        catalog: Catalog {
            groups: 1,
            skus_per_group: 2,
            hot: 300,
            price_paisa: (1_001, 9_999),
            stock: (4_000, 5_000),
        },
        credit: Credit {
            limit_paisa: (20_000_000, 30_000_000),
            over_credit: 0,
            over_stock: 0,
        },
        mix: Mix {
            order: 50,
            replay: 5,
            reuse: 3,
            cancel: 6,
            garbage: 2,
            foreign: 2,
            chat: 400,
            ..drawn.mix
        },
        clients: Clients {
            timeout_ms: (5000, 9000),
            leave: 10,
            doubled: 20,
            tries: 12,
            reply_ms: (3000, 6000),
        },
        manners: Manners::good(),
        small_disk: false,
        staging: Default::default(),
        limits: crate::run::scenario::Limits {
            quiesce_s: 120,
            stuck_s: 60,
            restart_s: 60,
            pg_restart_s: 60,
            vendor_deadline_minutes: 30,
            ..drawn.limits
        },
        ..drawn
    }
}
