//! What a run can be told beside its scenario: used where one thing is to be looked at, not everything.

use serde::{Deserialize, Serialize};

use super::schedule::{Kind, Planned};

/// How the stage differs from the usual one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Staging {
    /// Whether all roles are one process.
    pub one_process: bool,
    /// Settings of all roles, beside the usual ones.
    pub settings: Vec<(String, String)>,
    /// Whether services run jobs too, not only the worker: then somebody can take over from it.
    pub jobs_everywhere: bool,
    /// Settings of the database server; they win.
    pub postgres: Vec<(String, String)>,
    /// Statements that are run once the schemas exist and before a role starts.
    pub statements: Vec<String>,
    /// Faults that are said in full; `None` draws them.
    pub faults: Option<Vec<Planned>>,
    /// Whether everybody orders for the same shared shop, until it has enough messages, and then for the next.
    pub one_after_another: bool,
    /// Whether somebody asks credit again to release holds that were posted meanwhile.
    pub late_releases: bool,
}

/// So many faults of one kind in equal distances over a run, each on one of these roles in turn.
pub fn evenly(kind: Kind, count: u64, ops: u64, roles: &[usize], hold_ms: u64) -> Vec<Planned> {
    let one = |n: u64| Planned {
        id: n,
        after: ops * n / (count + 1),
        kind,
        role: roles
            .get(usize::try_from(n).unwrap_or(0) % roles.len().max(1))
            .copied()
            .unwrap_or(0),
        hold_ms,
        again: false,
        dice: n.wrapping_mul(0x9e37_79b9_7f4a_7c15),
    };
    (1..=count).map(one).collect()
}

/// Faults of several kinds in the order of their times, numbered anew.
pub fn together(parts: Vec<Vec<Planned>>) -> Vec<Planned> {
    let mut all: Vec<Planned> = parts.into_iter().flatten().collect();
    all.sort_by_key(|fault| fault.after);
    for (fault, id) in all.iter_mut().zip(1..) {
        fault.id = id;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_spread_and_numbered() {
        let kills = evenly(Kind::Kill, 3, 400, &[1, 4], 50);
        let places: Vec<(u64, usize)> = kills.iter().map(|fault| (fault.after, fault.role)).collect();
        assert_eq!(places, [(100, 4), (200, 1), (300, 4)]);
        let both = together(vec![kills, evenly(Kind::PgKill, 1, 400, &[0], 50)]);
        let ids: Vec<u64> = both.iter().map(|fault| fault.id).collect();
        assert_eq!(ids, [1, 2, 3, 4]);
        assert!(both.windows(2).all(|pair| pair[0].after <= pair[1].after));
    }
}
