//! `cargo xtask tidy`: the structure and the names that the compiler does not check.
//!
//! Each rule reads a [`Tree`] and returns findings; a new rule is one module and one line in [`RULES`].

mod attributes;
mod generated;
mod layers;
mod names;
mod purity;
mod reasons;
mod rust;
pub mod schema;
mod size;
mod tree;
mod verbs;
mod words;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use tree::Tree;

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    layers::check,
    names::check,
    size::check,
    purity::check,
    verbs::check,
    reasons::check,
    attributes::check,
    words::check,
    generated::check,
];

/// One violation.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// From 1; 0 when the whole file or directory is meant.
    line: usize,
    text: String,
    /// A warning is shown and does not fail the run.
    warning: bool,
}

impl Finding {
    fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            text: text.into(),
            warning: false,
        }
    }

    fn of(path: &str, text: impl Into<String>) -> Self {
        Self::at(path, 0, text)
    }

    fn into_warning(self) -> Self {
        Self {
            warning: true,
            ..self
        }
    }
}

/// Checks the whole workspace, prints every finding and fails unless all are warnings.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tree = Tree::read(workspace)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    for finding in &findings {
        let kind = if finding.warning { "warning" } else { "error" };
        let line = if finding.line == 0 {
            String::new()
        } else {
            format!(":{}", finding.line)
        };
        println!("{kind}: {}{line}: {}", finding.path, finding.text);
    }
    let warnings = findings.iter().filter(|finding| finding.warning).count();
    let errors = findings.len() - warnings;
    println!("{} files, {errors} errors, {warnings} warnings", tree.files.len());
    if errors > 0 {
        bail!("tidy found {errors} errors");
    }
    Ok(())
}
