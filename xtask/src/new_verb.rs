//! `cargo xtask new-verb`.

use anyhow::Result;

use crate::workspace::Workspace;

/// Whether the verb changes something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Write,
    Read,
}

pub fn run(_workspace: &Workspace, _service: &str, _verb: &str, _kind: Kind) -> Result<()> {
    Ok(())
}
