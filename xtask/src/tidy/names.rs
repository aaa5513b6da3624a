//! Names that say nothing, and files that every crate has.

use crate::tidy::Finding;
use crate::tidy::tree::{Tree, is_test};

/// What a crate or module of this name holds is anybody's guess.
const REFUSED: &[&str] = &[
    "common", "core", "util", "utils", "shared", "helpers", "misc", "base", "types", "manager", "managers",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.crates {
        let name = package.name.trim_start_matches("khaacho-");
        if REFUSED.contains(&name) {
            findings.push(Finding::of(
                &package.dir,
                format!("`{name}` says nothing about what the crate is for"),
            ));
        }
        let explained = ["platform/", "services/"]
            .iter()
            .any(|parent| package.dir.starts_with(parent));
        if explained && !tree.has(&format!("{}/README.md", package.dir)) {
            findings.push(Finding::of(
                &package.dir,
                "has no README.md: what it provides, never contains, depends on",
            ));
        }
    }
    for (path, _) in tree.rust() {
        if path.ends_with("/mod.rs") {
            findings.push(Finding::of(path, "write foo.rs beside foo/, not foo/mod.rs"));
        }
        // The modules of the contracts' crate carry the names of the proto packages, those of tests what they test.
        let free = path.starts_with("proto/") || is_test(path);
        let module = if free { None } else { refused_module(path) };
        if let Some(name) = module {
            findings.push(Finding::of(
                path,
                format!("`{name}` says nothing about what the module is for"),
            ));
        }
    }
    findings
}

fn refused_module(path: &str) -> Option<&str> {
    let (_, modules) = path.split_once("src/")?;
    modules
        .split('/')
        .map(|part| part.trim_end_matches(".rs"))
        .find(|part| REFUSED.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Crate;

    #[test]
    fn empty_names_and_old_module_files_are_refused() {
        let mut tree = Tree::default();
        for path in [
            "gateway/src/utils.rs",
            "gateway/src/types/order.rs",
            "e2e/tests/world/mod.rs",
        ] {
            tree.add(path, "");
        }
        tree.add("gateway/src/routes.rs", "");
        tree.add("proto/src/common.rs", "");
        tree.add("gateway/src/limits/tests/shared.rs", "");
        assert_eq!(check(&tree).len(), 3);
    }

    #[test]
    fn a_crate_has_a_predictable_name_and_a_readme() {
        let mut tree = Tree::default();
        for (dir, name) in [("platform/core", "khaacho-core"), ("platform/ids", "khaacho-ids")] {
            tree.crates.push(Crate {
                dir: dir.to_owned(),
                name: name.to_owned(),
                uses: Vec::new(),
            });
        }
        tree.add("platform/core/README.md", "");
        let found: Vec<String> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["platform/core", "platform/ids"]);
    }
}
