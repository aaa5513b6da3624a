//! Words of unfinished or untested work, and of one particular machine.

use crate::tidy::Finding;
use crate::tidy::tree::{File, Tree, line_of, occurrences};

/// This directory names the words it looks for.
const OURSELVES: &str = "xtask/src/tidy";

/// In Rust code, tests included.
const CODE: &[(&str, &str)] = &[
    ("todo!", "unfinished code does not land"),
    ("unimplemented!", "unfinished code does not land"),
    ("#[ignore", "a test runs or does not exist"),
];
/// In Rust code that ships.
const SHIPPED: &[(&str, &str)] = &[(".unwrap()", "use expect(\"why it holds\") or an error")];
/// Anywhere, comments and documents included.
const TEXT: &[(&str, &str)] = &[
    ("TODO", "say it in an issue, or do it"),
    ("FIXME", "say it in an issue, or do it"),
    ("/work/", "a path of one machine"),
    ("/tmp/bash_jobs", "a path of one machine"),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.files.iter().filter(|(path, _)| !path.starts_with(OURSELVES)) {
        let reads: [(&str, &[(&str, &str)]); 3] = [
            (rust_code(path, file), CODE),
            (&file.shipped, SHIPPED),
            (&file.text, TEXT),
        ];
        for (text, words) in reads {
            for (word, why) in words {
                let found = occurrences(text, word)
                    .map(|at| Finding::at(path, line_of(text, at), format!("`{word}`: {why}")));
                findings.extend(found);
            }
        }
    }
    findings
}

fn rust_code<'a>(path: &str, file: &'a File) -> &'a str {
    if path.ends_with(".rs") { &file.code } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        let mut tree = Tree::default();
        tree.add(path, text);
        check(&tree).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(
            found(
                "a/src/lib.rs",
                "fn f() { todo!() }\n// TODO later\n#[ignore = \"slow\"]"
            ),
            [1, 3, 2]
        );
        assert_eq!(found("docs/a.md", "see /work/main\nFIXME"), [2, 1]);
    }

    #[test]
    fn unwrap_is_for_tests() {
        let text = "fn f() { x.unwrap(); }\n#[cfg(test)]\nmod tests { fn g() { x.unwrap(); } }";
        assert_eq!(found("a/src/lib.rs", text), [1]);
        assert!(found("a/tests/main.rs", text).is_empty());
        assert!(found("a/src/lib.rs", "x.unwrap_or(1) // .unwrap()").is_empty());
    }
}
