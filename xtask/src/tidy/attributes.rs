//! Whoever switches a lint off says why.

use crate::tidy::Finding;
use crate::tidy::rust::bracket_end;
use crate::tidy::tree::{Tree, line_of};

const OPENINGS: &[&str] = &["#[allow(", "#![allow(", "#[expect(", "#![expect("];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        for opening in OPENINGS {
            for (at, _) in file.code.match_indices(opening) {
                let open = at + opening.len() - 1;
                let arguments = &file.code[open..bracket_end(file.code.as_bytes(), open)];
                if !arguments.contains("reason") {
                    let text = format!("{opening}…)] without `reason = \"…\"`");
                    findings.push(Finding::at(path, line_of(&file.code, at), text));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lint_is_switched_off_with_a_reason() {
        let mut tree = Tree::default();
        let bare = "#[allow(dead_code)]\nfn f() {}\n#![expect(\n    clippy::x,\n)]";
        let explained =
            "#[expect(dead_code, reason = \"read by a macro\")]\n// #[allow(dead_code)]\nfn f() {}";
        tree.add("a/src/bare.rs", bare);
        tree.add("a/src/explained.rs", explained);
        let lines: Vec<usize> = check(&tree).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
