//! What a run will be, drawn from its seed and written down in full.

use anyhow::Context as _;
use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::fakes::Manners;

use super::schedule::Kind;

use super::staging::Staging;

/// Everything about a run that is decided before it begins, but the order in which things happen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scenario {
    /// Where every random number comes from.
    pub seed: u64,
    /// Acknowledged operations until the last actor stops.
    pub ops: u64,
    /// Faults.
    pub faults: u64,
    /// Who acts.
    pub actors: Actors,
    /// What is traded.
    pub catalog: Catalog,
    /// How much shops may owe.
    pub credit: Credit,
    /// Weights of a retailer's next operation.
    pub mix: Mix,
    /// How clients wait and repeat.
    pub clients: Clients,
    /// How the providers behave when nothing is broken.
    pub manners: Manners,
    /// When something may break.
    pub nemesis: Nemesis,
    /// Bounds that the run itself keeps to.
    pub limits: Limits,
    /// Whether the database lives on a small file system of its own, where that can be made.
    pub small_disk: bool,
    /// How the stage differs from the usual one.
    #[serde(default)]
    pub staging: Staging,
}

/// Who acts. Each actor does one thing at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Actors {
    /// Retailers.
    pub retailers: usize,
    /// Shops of a retailer, each with a phone and an account of its own.
    pub shops_each: usize,
    /// Shops that any retailer orders for over REST: races for one limit.
    pub shared_shops: usize,
    /// Vendors' people.
    pub vendors: usize,
    /// Stores of each of them.
    pub stores_each: usize,
    /// Operators.
    pub admins: usize,
    /// Share of phones at Meta, in thousandths; the others are at Twilio.
    pub meta: u32,
}

/// What is traded. A group of stores offers a group of products.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Catalog {
    /// Groups.
    pub groups: usize,
    /// Products of a group.
    pub skus_per_group: usize,
    /// Share of orders for the first product of a group, in thousandths.
    pub hot: u32,
    /// Price of a packet, in paisa.
    pub price_paisa: (i64, i64),
    /// Stock of a store at the beginning, in packets.
    pub stock: (i64, i64),
}

/// How much shops may owe.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Credit {
    /// Limit, in paisa.
    pub limit_paisa: (i64, i64),
    /// Share of orders made larger than the credit that is left, in thousandths.
    pub over_credit: u32,
    /// Share of orders made larger than any store's stock, in thousandths.
    pub over_stock: u32,
}

/// Weights.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mix {
    /// An order, by chat or REST.
    pub order: u32,
    /// A delivery of a message that was delivered before.
    pub dup: u32,
    /// The same message id with another text.
    pub twin: u32,
    /// A webhook with a guessed signature.
    pub forged: u32,
    /// A request with the key and body of one that was answered.
    pub replay: u32,
    /// A request with the key of one that was answered, and another body.
    pub reuse: u32,
    /// Cancellation of an own order.
    pub cancel: u32,
    /// Receipt of an own order confirmed.
    pub complete: u32,
    /// Reads of own orders and the own account.
    pub read: u32,
    /// `BALANCE` or `STATUS` by chat.
    pub ask: u32,
    /// Requests and messages that mean nothing.
    pub garbage: u32,
    /// Reads of other people's things.
    pub foreign: u32,
    /// Orders of a quantity that nobody can mean; besides the others.
    pub enormous: u32,
    /// Share of orders by chat, in thousandths.
    pub chat: u32,
    /// Share of orders over REST for a shared shop, in thousandths.
    pub shared: u32,
}

/// How clients wait and repeat.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clients {
    /// Patience with one try, in milliseconds.
    pub timeout_ms: (u64, u64),
    /// Share of tries that are left in the middle, in thousandths.
    pub leave: u32,
    /// Share of messages that are delivered twice at the same time, in thousandths.
    pub doubled: u32,
    /// Tries of a request without a definite answer.
    pub tries: u32,
    /// How long a chat waits for a reply, in milliseconds.
    pub reply_ms: (u64, u64),
}

/// When something may break.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nemesis {
    /// Periods of acknowledged operations; in some nothing breaks.
    pub period_ops: u64,
    /// Share of quiet periods, in thousandths.
    pub quiet: u32,
    /// How long something stays broken, in milliseconds.
    pub hold_ms: (u64, u64),
    /// Share of kills that are repeated while the process recovers, in thousandths.
    pub again: u32,
    /// Only these kinds; all of them when empty.
    pub only: Vec<Kind>,
}

/// Bounds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Limits {
    /// From the last repair to nothing left to do, in seconds.
    pub quiesce_s: u64,
    /// From the start of a role to its being ready.
    pub restart_s: u64,
    /// From the start of PostgreSQL to the mesh being ready.
    pub pg_restart_s: u64,
    /// From the death of Redis to reads being answered.
    pub redis_s: u64,
    /// Without any acknowledgement for this long the run is given up.
    pub stuck_s: u64,
    /// A vendor's time to answer, in minutes.
    pub vendor_deadline_minutes: u32,
}

impl Scenario {
    /// Draws one.
    pub fn draw(seed: u64, ops: u64, faults: u64) -> Self {
        let mut random = Rng::with_seed(seed ^ 0x5ce0_a210);
        let r = &mut random;
        Self {
            seed,
            ops,
            faults,
            actors: Actors {
                retailers: r.usize(16..=24),
                shops_each: r.usize(3..=5),
                shared_shops: r.usize(8..=12),
                vendors: r.usize(6..=8),
                stores_each: r.usize(5..=6),
                admins: r.usize(2..=3),
                meta: r.u32(500..=700),
            },
            catalog: Catalog {
                groups: r.usize(2..=4),
                skus_per_group: r.usize(4..=7),
                hot: r.u32(150..=350),
                price_paisa: (r.i64(1..=20) * 100, r.i64(200..=900) * 100),
                stock: (0, r.i64(60..=400)),
            },
            credit: Credit {
                limit_paisa: (r.i64(0..=5) * 100_000, r.i64(20..=45) * 100_000),
                over_credit: r.u32(270..=330),
                over_stock: r.u32(160..=210),
            },
            mix: Mix {
                order: 44,
                dup: 10,
                twin: 2,
                forged: 1,
                replay: 5,
                reuse: 2,
                cancel: 6,
                complete: 8,
                read: 8,
                ask: 3,
                garbage: 3,
                foreign: 2,
                enormous: 0,
                chat: 550,
                shared: 250,
            },
            clients: Clients {
                timeout_ms: (r.u64(400..=800), r.u64(2000..=4000)),
                leave: r.u32(20..=60),
                doubled: r.u32(20..=80),
                tries: 6,
                reply_ms: (r.u64(1500..=2500), r.u64(4000..=8000)),
            },
            manners: Manners {
                too_many: r.u32(0..=20),
                broken: r.u32(0..=20),
                delay_ms: (0, r.u64(5..=60)),
                early: r.u32(50..=150),
                twice: r.u32(50..=250),
                shuffled: r.u32(50..=250),
                ..Manners::usual()
            },
            nemesis: Nemesis {
                period_ops: 400,
                quiet: 250,
                hold_ms: (100, r.u64(1500..=3500)),
                again: 300,
                only: Vec::new(),
            },
            limits: Limits {
                quiesce_s: 120,
                restart_s: 10,
                pg_restart_s: 30,
                redis_s: 5,
                stuck_s: 120,
                vendor_deadline_minutes: if r.bool() { 1 } else { 30 },
            },
            small_disk: r.u32(0..3) == 0,
            staging: Staging::default(),
        }
        .sized()
    }

    /// Every fourth seed, the first among them, has a gateway so small that it turns requests away in the middle of
    /// everything else.
    #[must_use]
    pub fn crowded(mut self) -> Self {
        if self.seed % 4 == 1 {
            let places = if self.ops < 1000 { "2" } else { "4" };
            for name in ["KHAACHO_GATEWAY_COMMANDS_MAX", "KHAACHO_GATEWAY_READS_MAX"] {
                self.staging.settings.push((name.to_owned(), places.to_owned()));
            }
        }
        self
    }

    /// A short run is not for a large world: that takes longer to make than the run.
    fn sized(mut self) -> Self {
        if self.ops < 1000 {
            let actors = &mut self.actors;
            (actors.retailers, actors.shops_each, actors.shared_shops) = (8, 2, 3);
            (actors.vendors, actors.stores_each, actors.admins) = (3, 2 + usize::from(self.ops > 450) * 4, 1);
            (self.catalog.groups, self.catalog.skus_per_group) = (2, 4);
            self.nemesis.period_ops = 40;
        }
        self
    }

    /// Leaves only faults of these kinds; all of them when none is named.
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn narrow(&mut self, kinds: &[String]) -> anyhow::Result<()> {
        for name in kinds {
            let kind = Kind::named(name).with_context(|| format!("there is no fault {name}"))?;
            self.nemesis.only.push(kind);
        }
        self.small_disk |= self.nemesis.only.contains(&Kind::DiskFull);
        Ok(())
    }

    /// A stream of random numbers of its own for an actor.
    pub fn stream(&self, actor: &str) -> Rng {
        let mixed = actor
            .bytes()
            .fold(self.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Rng::with_seed(mixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_scenario() {
        let json = |seed| serde_json::to_string(&Scenario::draw(seed, 6000, 120)).expect("JSON");
        assert_eq!(json(1), json(1));
        assert_ne!(json(1), json(2));
        let settings = |seed| Scenario::draw(seed, 6000, 120).crowded().staging.settings.len();
        assert_eq!((settings(1), settings(2), settings(5)), (2, 0, 2));
        let read: Scenario = serde_json::from_str(&json(1)).expect("it reads back");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), json(1));
    }

    #[test]
    fn actors_draw_from_streams_of_their_own() {
        let scenario = Scenario::draw(1, 1, 1);
        let draws = |actor: &str| scenario.stream(actor).u64(..);
        assert_eq!(draws("r001"), draws("r001"));
        assert_ne!(draws("r001"), draws("r002"));
    }
}
