//! What the rules read: all files of the workspace in memory, and what Cargo says about its crates.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::tidy::rust;
use crate::workspace::Workspace;

/// The workspace in memory.
#[derive(Default)]
pub struct Tree {
    /// By path relative to the root.
    pub files: BTreeMap<String, File>,
    pub crates: Vec<Crate>,
    /// In git although `.gitignore` says they are made by a tool.
    pub ignored: Vec<String>,
}

/// One file that is in git, or would be.
pub struct File {
    /// Empty for anything that is not UTF-8.
    pub text: String,
    /// Rust and proto only: the text without comments and string contents, line for line.
    pub code: String,
    /// Rust only: the code without `#[cfg(test)]` items; empty in test files.
    pub shipped: String,
}

/// One crate of the workspace.
pub struct Crate {
    /// Its directory relative to the root, as in `services/order`.
    pub dir: String,
    pub name: String,
    /// The crates of the workspace it uses.
    pub uses: Vec<Use>,
}

/// A dependency on another crate of the workspace.
pub struct Use {
    pub dir: String,
    /// Only its tests use it.
    pub dev: bool,
}

impl Tree {
    /// Reads everything from disk.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let mut tree = Self::default();
        for path in workspace.files()? {
            let bytes = std::fs::read(workspace.path(&path)).with_context(|| format!("reading {path}"))?;
            tree.add(&path, String::from_utf8(bytes).unwrap_or_default());
        }
        let ignored = workspace.read(
            "git",
            &["ls-files", "--cached", "--ignored", "--exclude-standard"],
        )?;
        tree.ignored = ignored.lines().map(str::to_owned).collect();
        tree.crates = crates(&workspace.metadata()?)?;
        Ok(tree)
    }

    /// Adds one file.
    pub fn add(&mut self, path: &str, text: impl Into<String>) {
        let text = text.into();
        let rust = path.ends_with(".rs");
        let code = if rust || path.ends_with(".proto") {
            rust::code(&text)
        } else {
            String::new()
        };
        let shipped = if rust && !is_test(path) {
            rust::without_tests(&code)
        } else {
            String::new()
        };
        self.files.insert(path.to_owned(), File { text, code, shipped });
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// All Rust files.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &File)> {
        self.ending(".rs")
    }

    /// All files whose path ends so.
    pub fn ending(&self, suffix: &'static str) -> impl Iterator<Item = (&str, &File)> {
        let files = self.files.iter().filter(move |(path, _)| path.ends_with(suffix));
        files.map(|(path, file)| (path.as_str(), file))
    }
}

/// Files that are compiled for tests only: `tests/…`, `benches/…`, `foo/tests.rs`, `foo/tests/…`.
pub fn is_test(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

fn crates(metadata: &Value) -> Result<Vec<Crate>> {
    let root = metadata["workspace_root"]
        .as_str()
        .context("cargo metadata names no workspace root")?;
    let relative = |path: &str| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .trim_matches('/')
            .to_owned()
    };
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    let mut crates = Vec::new();
    for package in packages {
        let manifest = package["manifest_path"]
            .as_str()
            .context("a package without a manifest path")?;
        let name = package["name"].as_str().context("a package without a name")?;
        let dependencies = package["dependencies"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let uses = dependencies.iter().filter_map(|dependency| {
            let dir = relative(dependency["path"].as_str()?);
            Some(Use {
                dir,
                dev: dependency["kind"] == "dev",
            })
        });
        let dir = relative(manifest.trim_end_matches("Cargo.toml"));
        crates.push(Crate {
            dir,
            name: name.to_owned(),
            uses: uses.collect(),
        });
    }
    Ok(crates)
}

/// The number, from 1, of the line that a byte of the text is in.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Where a word or path stands by itself: neither its start nor its end is in the middle of an identifier.
pub fn occurrences<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = text.as_bytes();
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let end = at + word.len();
        let starts_inside = part(word.as_bytes().first()) && at > 0 && part(bytes.get(at - 1));
        let ends_inside = part(word.as_bytes().last()) && part(bytes.get(end));
        !starts_inside && !ends_inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_not_found_inside_another() {
        let found: Vec<usize> = occurrences("brand rand operand rand()", "rand").collect();
        assert_eq!(found, [6, 19]);
        assert_eq!(occurrences("x.unwrap_or(1)", ".unwrap()").count(), 0);
    }

    #[test]
    fn test_files_are_known_by_their_place() {
        assert!(is_test("services/order/tests/main.rs"));
        assert!(is_test("services/order/src/domain/tests.rs"));
        assert!(!is_test("services/order/src/domain/testset.rs"));
    }

    #[test]
    fn metadata_gives_directories_and_kinds_of_use() {
        let metadata = serde_json::json!({
            "workspace_root": "/w",
            "packages": [{
                "name": "khaacho-order",
                "manifest_path": "/w/services/order/Cargo.toml",
                "dependencies": [
                    { "name": "serde", "kind": null },
                    { "name": "khaacho-ids", "kind": null, "path": "/w/platform/ids" },
                    { "name": "khaacho-testkit", "kind": "dev", "path": "/w/platform/testkit" },
                ],
            }],
        });
        let crates = crates(&metadata).unwrap();
        assert_eq!(crates[0].dir, "services/order");
        let uses: Vec<_> = crates[0]
            .uses
            .iter()
            .map(|used| (used.dir.as_str(), used.dev))
            .collect();
        assert_eq!(uses, [("platform/ids", false), ("platform/testkit", true)]);
    }
}
