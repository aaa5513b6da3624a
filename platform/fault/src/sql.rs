//! What a database error means to a caller.

use crate::{Fault, reason};
use sqlx::Error;

/// Name of the constraint that a statement violated, if that is what went wrong.
pub fn constraint(error: &Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}

/// The database is away or makes no sense → `Unavailable`; out of time → `Late`; another transaction was in the way →
/// `Conflict`; a text that the database cannot hold → `Invalid`; everything else, a violated constraint that nobody
/// expected included, is our own mistake.
impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match &error {
            Error::Io(_)
            | Error::Tls(_)
            | Error::Protocol(_)
            | Error::PoolTimedOut
            | Error::PoolClosed
            | Error::WorkerCrashed => Fault::unavailable(error),
            Error::Database(database) => {
                let code = database.code();
                match code.as_deref().map(meaning) {
                    Some(Meaning::Late) => Fault::late().cause(error),
                    Some(Meaning::InTheWay) => Fault::conflict(reason::CONCURRENT_UPDATE).cause(error),
                    Some(Meaning::Away) => Fault::unavailable(error),
                    Some(Meaning::NotText) => {
                        Fault::invalid("text", "must not contain the character U+0000").cause(error)
                    }
                    Some(Meaning::Mistake) | None => Fault::bug(error),
                }
            }
            _ => Fault::bug(error),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Late,
    InTheWay,
    Away,
    NotText,
    Mistake,
}

/// Reads an SQLSTATE.
pub(crate) fn meaning(sqlstate: &str) -> Meaning {
    match sqlstate {
        // statement_timeout or a cancel request
        "57014" => Meaning::Late,
        // serialization failure, deadlock, lock_timeout
        "40001" | "40P01" | "55P03" => Meaning::InTheWay,
        // administrator or crash shutdown, starting up, database dropped, idle session ended
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => Meaning::Away,
        // idle in transaction too long, whole transaction too long
        "25P03" | "25P04" => Meaning::Away,
        // a replica, or a primary that is being demoted
        "25006" => Meaning::Away,
        // connection exceptions; no disk, memory or connections left
        code if code.starts_with("08") || code.starts_with("53") => Meaning::Away,
        // U+0000, which PostgreSQL keeps in no text; and bytes that are no UTF-8
        "22021" | "22P05" => Meaning::NotText,
        _ => Meaning::Mistake,
    }
}
