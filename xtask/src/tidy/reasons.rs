//! Every refusal that a caller can meet has a page that says what it means and what to do.

use std::collections::BTreeMap;

use crate::tidy::Finding;
use crate::tidy::schema::reasons;
use crate::tidy::tree::Tree;

/// Where the reasons that every service may answer are defined.
const COMMON_AT: &str = "platform/fault";
const COMMON: &[&str] = &[
    "INVALID_ARGUMENT",
    "REQUEST_ID_REUSED",
    "STALE_VERSION",
    "DEADLINE_EXCEEDED",
    "UNAVAILABLE",
    "INTERNAL",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "RATE_LIMITED",
    "CONCURRENT_UPDATE",
    "NOT_FOUND",
    "REFUSED",
];

const PAGES: &str = "docs/reasons/";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut known: BTreeMap<String, String> = COMMON
        .iter()
        .map(|name| ((*name).to_owned(), COMMON_AT.to_owned()))
        .collect();
    known.extend(reasons(tree).into_iter().map(|reason| (reason.name, reason.path)));

    let mut findings = Vec::new();
    for (name, path) in &known {
        let page = format!("{PAGES}{name}.md");
        if !tree.has(&page) {
            findings.push(Finding::of(path, format!("reason {name} has no page {page}")));
        }
    }
    for (path, _) in tree.ending(".md").filter(|(path, _)| path.starts_with(PAGES)) {
        let name = path.trim_start_matches(PAGES).trim_end_matches(".md");
        if name != "README" && !known.contains_key(name) {
            findings.push(Finding::of(path, "no contract has this reason"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_and_pages_match_both_ways() {
        let mut tree = Tree::default();
        let text = "enum OrderReason { ORDER_REASON_UNSPECIFIED = 0; ORDER_REASON_QUOTE_USED = 1; }";
        tree.add("proto/khaacho/order/v1/order_reason.proto", text);
        COMMON
            .iter()
            .for_each(|name| tree.add(&format!("docs/reasons/{name}.md"), ""));
        tree.add("docs/reasons/README.md", "");
        tree.add("docs/reasons/QUOTE_LOST.md", "");

        let texts: Vec<String> = check(&tree).into_iter().map(|finding| finding.text).collect();
        let missing = "reason QUOTE_USED has no page docs/reasons/QUOTE_USED.md";
        assert_eq!(texts, [missing, "no contract has this reason"]);
    }
}
