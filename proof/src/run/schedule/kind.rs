//! Kinds of faults.

use serde::{Deserialize, Serialize};

use crate::harness::Role;

/// Kinds of faults, by the names of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// F1: SIGKILL of a role.
    Kill,
    /// F2: SIGKILL of a role at one of its statements.
    StatementKill,
    /// F3: SIGSTOP of a role, SIGCONT later.
    Stop,
    /// F4: SIGTERM of a role, as in a deploy.
    Term,
    /// F5: PostgreSQL stops as in a power cut.
    PgKill,
    /// F6: sessions are ended by the server.
    PgTerminate,
    /// F7: somebody holds a lock.
    PgLock,
    /// F8: the reply to a COMMIT gets lost.
    ReplyLost,
    /// F9: SIGKILL of Redis.
    RedisKill,
    /// F9: Redis forgets everything.
    RedisFlush,
    /// F9: SIGSTOP of Redis.
    RedisStop,
    /// F10: an edge is slow.
    NetSlow,
    /// F10: an edge passes a few bytes at a time.
    NetSlice,
    /// F10: connections of an edge are reset.
    NetCut,
    /// F10: an edge takes no connections.
    NetRefuse,
    /// F10: an edge takes connections and passes nothing.
    NetBlackHole,
    /// F10: an edge takes connections, and nobody is behind them any more.
    NetHalfOpen,
    /// F10: an edge passes one direction only.
    NetOneWay,
    /// F10: an edge comes and goes.
    NetFlap,
    /// F10: bits flip between a role and Redis. What else is sent over an edge is protected by the checksums of TCP
    /// or by TLS where there is a network; bytes that pass those are trusted, as they are everywhere.
    NetGarble,
    /// F11: edges are cut one by one in any order, and restored in another.
    NetSwizzle,
    /// F12: the providers are away.
    ProviderDown,
    /// F12: the providers answer 500.
    ProviderBroken,
    /// F12: the providers answer 429.
    ProviderBusy,
    /// F12: the providers take messages and do not say so.
    ProviderStall,
    /// F12: answers of the providers get lost.
    ProviderLost,
    /// F12: redirects, giant answers, and recipients that do not exist.
    ProviderOdd,
    /// F13: the disk of the database is full.
    DiskFull,
    /// F14: the clock of a role jumps, and back.
    ClockJump,
    /// F18: calls between roles arrive twice, at once or later.
    CallTwice,
    /// F18: calls between roles arrive late or not at all, or their answers get lost.
    CallLost,
}

/// What a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The process of a role.
    Process,
    /// The clock of a role.
    Clock,
    /// A role's sessions at the database.
    Sessions,
    /// One edge between two processes.
    Edge,
    /// Something that there is one of.
    Thing(&'static str),
}

/// Weights: about what happens in a thousand acknowledged operations, in tenths.
pub(super) const WEIGHTS: [(Kind, u32); 31] = [
    (Kind::Kill, 60),
    (Kind::StatementKill, 30),
    (Kind::Stop, 40),
    (Kind::Term, 12),
    (Kind::PgKill, 24),
    (Kind::PgTerminate, 50),
    (Kind::PgLock, 30),
    (Kind::ReplyLost, 30),
    (Kind::RedisKill, 10),
    (Kind::RedisFlush, 8),
    (Kind::RedisStop, 10),
    (Kind::NetSlow, 18),
    (Kind::NetSlice, 8),
    (Kind::NetCut, 22),
    (Kind::NetRefuse, 18),
    (Kind::NetBlackHole, 16),
    (Kind::NetHalfOpen, 12),
    (Kind::NetOneWay, 10),
    (Kind::NetFlap, 10),
    (Kind::NetGarble, 6),
    (Kind::NetSwizzle, 20),
    (Kind::ProviderDown, 6),
    (Kind::ProviderBroken, 6),
    (Kind::ProviderBusy, 6),
    (Kind::ProviderStall, 5),
    (Kind::ProviderLost, 5),
    (Kind::ProviderOdd, 4),
    (Kind::DiskFull, 8),
    (Kind::ClockJump, 16),
    (Kind::CallTwice, 20),
    (Kind::CallLost, 12),
];

impl Kind {
    /// As in the history.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::StatementKill => "statement_kill",
            Self::Stop => "stop",
            Self::Term => "term",
            Self::PgKill => "pg_kill",
            Self::PgTerminate => "pg_terminate",
            Self::PgLock => "pg_lock",
            Self::ReplyLost => "reply_lost",
            Self::RedisKill => "redis_kill",
            Self::RedisFlush => "redis_flush",
            Self::RedisStop => "redis_stop",
            Self::NetSlow => "net_slow",
            Self::NetSlice => "net_slice",
            Self::NetCut => "net_cut",
            Self::NetRefuse => "net_refuse",
            Self::NetBlackHole => "net_black_hole",
            Self::NetHalfOpen => "net_half_open",
            Self::NetOneWay => "net_one_way",
            Self::NetFlap => "net_flap",
            Self::NetGarble => "net_garble",
            Self::NetSwizzle => "net_swizzle",
            Self::ProviderDown => "provider_down",
            Self::ProviderBroken => "provider_broken",
            Self::ProviderBusy => "provider_busy",
            Self::ProviderStall => "provider_stall",
            Self::ProviderLost => "provider_lost",
            Self::ProviderOdd => "provider_odd",
            Self::DiskFull => "disk_full",
            Self::ClockJump => "clock_jump",
            Self::CallTwice => "call_twice",
            Self::CallLost => "call_lost",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        WEIGHTS
            .into_iter()
            .map(|(kind, _)| kind)
            .find(|kind| kind.name() == name)
    }

    /// What it hits.
    pub fn target(self) -> Target {
        match self {
            Self::Kill | Self::StatementKill | Self::Stop | Self::Term => Target::Process,
            // A server without disk must not be restarted by somebody else meanwhile.
            Self::PgKill | Self::DiskFull => Target::Thing("postgres"),
            Self::PgTerminate => Target::Thing("sessions"),
            Self::PgLock => Target::Thing("locks"),
            Self::ReplyLost => Target::Sessions,
            Self::RedisKill | Self::RedisFlush | Self::RedisStop => Target::Thing("redis"),
            Self::NetSlow
            | Self::NetSlice
            | Self::NetCut
            | Self::NetRefuse
            | Self::NetBlackHole
            | Self::NetHalfOpen
            | Self::NetOneWay
            | Self::NetFlap
            | Self::NetGarble => Target::Edge,
            Self::NetSwizzle => Target::Thing("network"),
            Self::ClockJump => Target::Clock,
            Self::CallTwice | Self::CallLost => Target::Thing("calls"),
            Self::ProviderDown
            | Self::ProviderBroken
            | Self::ProviderBusy
            | Self::ProviderStall
            | Self::ProviderLost
            | Self::ProviderOdd => Target::Thing("provider"),
        }
    }

    /// The fault's number in the catalogue.
    pub fn number(self) -> &'static str {
        match self {
            Self::Kill => "F1",
            Self::StatementKill => "F2",
            Self::Stop => "F3",
            Self::Term => "F4",
            Self::PgKill => "F5",
            Self::PgTerminate => "F6",
            Self::PgLock => "F7",
            Self::ReplyLost => "F8",
            Self::RedisKill | Self::RedisFlush | Self::RedisStop => "F9",
            Self::NetSwizzle => "F11",
            Self::DiskFull => "F13",
            Self::ClockJump => "F14",
            Self::CallTwice | Self::CallLost => "F18",
            _ if self.target() == Target::Edge => "F10",
            _ => "F12",
        }
    }
}

/// The name of what a fault of a role hits, such as `process order`.
pub fn name_of(target: Target, role: Role, edge: &str) -> String {
    match target {
        Target::Process => format!("process {role}"),
        Target::Clock => format!("clock {role}"),
        Target::Sessions => format!("sessions {role}"),
        Target::Edge => format!("edge {edge}"),
        Target::Thing(name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for (kind, _) in WEIGHTS {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.name());
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(
            (Kind::NetCut.number(), Kind::ProviderOdd.number()),
            ("F10", "F12")
        );
        assert_eq!(name_of(Kind::Kill.target(), Role::Order, ""), "process order");
        assert_ne!(Kind::ClockJump.target(), Kind::Kill.target());
    }
}
