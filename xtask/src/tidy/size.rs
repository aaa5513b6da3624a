//! A file that does not fit into a head is two files.

use crate::tidy::Finding;
use crate::tidy::tree::Tree;

/// Longer Rust files are shown.
const LINES_WARN: usize = 300;
/// Longer Rust files are refused.
const LINES_MAX: usize = 500;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        let lines = file.text.lines().count();
        let finding = Finding::of(
            path,
            format!("{lines} lines; aim at 200, the limit is {LINES_MAX}"),
        );
        if lines > LINES_MAX {
            findings.push(finding);
        } else if lines > LINES_WARN {
            findings.push(finding.into_warning());
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_warn_and_longer_ones_fail() {
        let mut tree = Tree::default();
        for lines in [300, 301, 500, 501] {
            tree.add(&format!("a/src/of_{lines}.rs"), "x\n".repeat(lines));
        }
        let warnings: Vec<bool> = check(&tree).iter().map(|finding| finding.warning).collect();
        assert_eq!(warnings, [true, true, false]);
    }
}
