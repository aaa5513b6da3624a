//! `domain/` decides without waiting and without looking: what it needs to know is in its arguments, also the time,
//! new ids and chance.

use crate::tidy::Finding;
use crate::tidy::tree::{Tree, line_of, occurrences};

/// Words of I/O, clocks, chance and logs.
const FORBIDDEN: &[&str] = &[
    "async",
    "await",
    "sqlx",
    "tonic",
    "tokio",
    "reqwest",
    "redis",
    "Utc::now",
    "SystemTime",
    "Instant",
    "rand",
    "fastrand",
    "getrandom",
    "new_v4",
    "now_v7",
    "::generate",
    "std::env",
    "std::fs",
    "std::net",
    "std::thread",
    "tracing",
    "metrics",
    "print",
    "println",
    "eprintln",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.rust().filter(|(path, _)| is_domain(path)) {
        for word in FORBIDDEN {
            for at in occurrences(&file.shipped, word) {
                let text = format!("`{word}` in domain/: take what it would give as an argument");
                findings.push(Finding::at(path, line_of(&file.shipped, at), text));
            }
        }
    }
    findings
}

/// `services/<service>/src/domain.rs` and everything below `domain/`.
fn is_domain(path: &str) -> bool {
    let mut parts = path.split('/');
    let service = parts.next() == Some("services") && parts.next().is_some() && parts.next() == Some("src");
    service && matches!(parts.next(), Some("domain.rs" | "domain"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let mut tree = Tree::default();
        tree.add(path, text);
        check(&tree).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn io_clocks_and_chance_are_found() {
        let text = "use chrono::Utc;\nasync fn f() {}\nfn g() { Utc::now(); }\nlet id = OrderId::generate();";
        assert_eq!(lines("services/order/src/domain/place_order.rs", text), [2, 3, 4]);
    }

    #[test]
    fn comments_strings_tests_and_longer_words_are_fine() {
        let text = "// tokio\nlet x = \"async\"; let brand = operand;\n#[cfg(test)]\nmod tests { use rand; }";
        assert!(lines("services/order/src/domain.rs", text).is_empty());
        assert!(lines("services/order/src/domain/place_order/tests.rs", "use rand;").is_empty());
    }

    #[test]
    fn only_the_domain_is_pure() {
        assert!(lines("services/order/src/store/place_order.rs", "async fn f() {}").is_empty());
        assert!(lines("platform/pg/src/domain.rs", "async fn f() {}").is_empty());
    }
}
