//! How soon the mesh serves again: counted from the last repair of what that needs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::harness::Role;

use super::edges::{self, Far};

/// When things were mended last, in nanoseconds of the run.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    last: Mutex<BTreeMap<String, u64>>,
}

impl Repairs {
    /// Something works again since then.
    pub(super) fn mended(&self, what: &str, at: u64) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last.entry(what.to_owned()).or_default();
        *known = at.max(*known);
    }

    /// The later of a time and the last repairs of these things.
    pub(super) fn since(&self, at: u64, needs: &[String]) -> u64 {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mended = needs.iter().filter_map(|what| last.get(what)).copied();
        mended.fold(at, u64::max)
    }
}

/// What a role needs to be ready: its process, its database, and the way there.
pub(super) fn needs(role: Role) -> Vec<String> {
    let way = edges::name(role, Far::Database);
    vec![
        format!("process {role}"),
        format!("clock {role}"),
        format!("edge {way}"),
        "postgres".to_owned(),
    ]
}

/// What a read of accounts through the gateway needs.
pub(super) fn needs_of_reads() -> Vec<String> {
    let mut needs = needs(Role::Gateway);
    needs.extend(super::repairs::needs(Role::Credit));
    for far in [Far::Service(Role::Credit), Far::Cache] {
        needs.push(format!("edge {}", edges::name(Role::Gateway, far)));
    }
    needs.push(format!("edge {}", edges::name(Role::Credit, Far::Cache)));
    needs.push("locks".to_owned());
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_needed_delays_the_count() {
        let repairs = Repairs::default();
        repairs.mended("edge order>postgres", 70);
        repairs.mended("edge order>postgres", 60);
        repairs.mended("process credit", 90);
        assert_eq!(repairs.since(50, &needs(Role::Order)), 70);
        assert_eq!(repairs.since(80, &needs(Role::Order)), 80);
        assert_eq!(repairs.since(50, &needs(Role::Credit)), 90);
        assert_eq!(repairs.since(50, &needs_of_reads()), 90);
        assert_eq!(repairs.since(50, &needs(Role::Worker)), 50);
    }
}
