//! The list of bugs: what each one is, which invariants have to find it, and in what kind of run.

use super::profile::Profile;

/// A bug that the checker has to find.
#[derive(Debug)]
pub(super) struct Bug {
    /// As in `KHAACHO_PLANTED`.
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    /// One of these has to say so. For bad input the class of the catalogue.
    pub(super) by: &'static [&'static str],
    pub(super) how: How,
    /// Second lines of defence that are taken away, in the run without the bug too: the first line is what is tested.
    pub(super) without: &'static [&'static str],
    /// Settings of the database server that are the bug, where it is none of the program's.
    pub(super) server: &'static [(&'static str, &'static str)],
}

/// How a bug is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// In a run with this profile.
    Run(Profile),
    /// By bad input of this class.
    Abuse(&'static str),
}

impl Bug {
    /// Name of the profile.
    pub(super) fn profile(&self) -> String {
        self.how.name()
    }
}

impl How {
    pub(super) fn name(self) -> String {
        match self {
            Self::Run(profile) => profile.name().to_owned(),
            Self::Abuse(class) => format!("abuse {class}"),
        }
    }
}

/// Bugs that the product has no place for, and why.
pub(super) const NOT_APPLICABLE: [(&str, &str); 3] = [
    (
        "pb17",
        "credit has no clock that voids holds: the order's own jobs release them",
    ),
    (
        "pb25",
        "the product has no audit chain yet, so no row of it can be apart",
    ),
    (
        "pb26",
        "the product has no audit chain yet, so no row of it can be edited",
    ),
];

const fn bug(name: &'static str, says: &'static str, by: &'static [&'static str], profile: Profile) -> Bug {
    Bug {
        name,
        says,
        by,
        how: How::Run(profile),
        without: &[],
        server: &[],
    }
}

/// Statements that take constraints of the database away; what they refuse shall show in the rows.
pub(super) const WITHOUT: [&str; 8] = [
    "alter table inventory.stock drop constraint stock_reserved_bounds",
    "alter table credit.hold drop constraint hold_order_id_key",
    "alter table credit.account drop constraint account_held_paisa_check",
    "drop trigger hold_settles_once on credit.hold",
    "drop trigger entry_balances on credit.entry; drop trigger entry_line_balances on credit.entry_line",
    "drop trigger order_event_edge on orders.order_event",
    "alter table orders.assignment drop constraint assignment_pkey",
    "alter table orders.inbound_message drop constraint inbound_message_provider_account_message_key",
];

/// All bugs that the product has a place for.
pub(super) const BUGS: [Bug; 29] = [
    Bug {
        server: &[("synchronous_commit", "off"), ("wal_writer_delay", "10s")],
        ..bug(
            "pb01",
            "commits do not wait for the disk",
            &["I2"],
            Profile::PowerCuts,
        )
    },
    bug(
        "pb02",
        "the transaction belongs to the request",
        &["I1", "I2", "I7"],
        Profile::Leavers,
    ),
    bug(
        "pb03",
        "a message is acknowledged before it is stored",
        &["I1"],
        Profile::Chat,
    ),
    bug(
        "pb04",
        "the limit is read, then written past",
        &["I8"],
        Profile::Limit,
    ),
    bug(
        "pb05",
        "a tenth more than the limit is let through",
        &["I8"],
        Profile::Limit,
    ),
    Bug {
        without: &[WITHOUT[0]],
        ..bug(
            "pb06",
            "stock is promised without a condition",
            &["I6"],
            Profile::Stock,
        )
    },
    Bug {
        without: &[WITHOUT[0]],
        ..bug(
            "pb07",
            "releasing again gives back again",
            &["I5"],
            Profile::Release,
        )
    },
    Bug {
        without: &[WITHOUT[1]],
        ..bug(
            "pb08",
            "every attempt has a hold of its own",
            &["I4"],
            Profile::Repeat,
        )
    },
    bug(
        "pb09",
        "a request id is looked for first, written last",
        &["I4", "I14"],
        Profile::Keys,
    ),
    bug(
        "pb10",
        "the body under a used key is not compared",
        &["I15"],
        Profile::Keys,
    ),
    bug(
        "pb11",
        "the reply is remembered in another transaction",
        &["I14"],
        Profile::Keys,
    ),
    bug(
        "pb12",
        "a job is handed over before the commit",
        &["I3", "I22"],
        Profile::OneProcess,
    ),
    bug(
        "pb13",
        "jobs are read by a cursor",
        &["I22", "I13"],
        Profile::Jobs,
    ),
    Bug {
        without: &[WITHOUT[5], WITHOUT[6]],
        ..bug(
            "pb14",
            "who lost his lease goes on writing",
            &["I4", "I12"],
            Profile::Lease,
        )
    },
    bug(
        "pb15",
        "a commit without an answer counts as failed",
        &["I2"],
        Profile::PowerCuts,
    ),
    Bug {
        without: &[WITHOUT[2], WITHOUT[3]],
        ..bug(
            "pb16",
            "a posted hold can be released",
            &["I9", "I10"],
            Profile::LateCalls,
        )
    },
    Bug {
        without: &[WITHOUT[4]],
        ..bug("pb18", "an entry has a fee on one side", &["I7"], Profile::Plain)
    },
    bug("pb19", "amounts in floating point", &["I17"], Profile::Plain),
    bug(
        "pb20",
        "an unchecked multiplication",
        &["I17", "I21"],
        Profile::Enormous,
    ),
    Bug {
        without: &[WITHOUT[5]],
        ..bug(
            "pb21",
            "a status is set without a look at the edge",
            &["I12"],
            Profile::Steps,
        )
    },
    bug(
        "pb22",
        "a refused message is tried for ever",
        &["I13"],
        Profile::Refused,
    ),
    bug(
        "pb23",
        "a message counts as sent before it is",
        &["I13"],
        Profile::Refused,
    ),
    Bug {
        without: &[WITHOUT[7]],
        ..bug(
            "pb24",
            "Redis alone knows what was there",
            &["I4"],
            Profile::Forgetful,
        )
    },
    bug("pb27", "a phone in a log line", &["I20"], Profile::Plain),
    Bug {
        how: How::Abuse("B5"),
        ..bug(
            "pb28",
            "a signature over the body written anew",
            &["B5"],
            Profile::Plain,
        )
    },
    Bug {
        how: How::Abuse("B6"),
        ..bug(
            "pb29",
            "the caller's word says how a token is proved",
            &["B6"],
            Profile::Plain,
        )
    },
    bug(
        "pb30",
        "an order is shown to anybody",
        &["I26"],
        Profile::Strangers,
    ),
    bug(
        "pb31",
        "credit is decided on what was",
        &["I8", "I19"],
        Profile::Limit,
    ),
    bug(
        "pb32",
        "calls are repeated without a budget",
        &["I24"],
        Profile::Outages,
    ),
];
