//! One verb, one name, the same files: `rpc/`, and `domain/` and `store/` when it changes something. What a read needs
//! of the store often serves several reads, so its file there may have another name.

use crate::tidy::Finding;
use crate::tidy::schema::{Rpc, rpcs, snake};
use crate::tidy::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rpc in rpcs(tree)
        .iter()
        .filter(|rpc| tree.has(&format!("services/{}/Cargo.toml", rpc.service)))
    {
        let missing: Vec<String> = files_of(rpc).into_iter().filter(|path| !tree.has(path)).collect();
        if !missing.is_empty() {
            findings.push(Finding::of(
                &rpc.path,
                format!("{} has no {}", rpc.name, missing.join(", ")),
            ));
        }
    }
    findings
}

/// The files an RPC must have.
fn files_of(rpc: &Rpc) -> Vec<String> {
    let layers: &[&str] = if rpc.read {
        &["rpc"]
    } else {
        &["rpc", "domain", "store"]
    };
    let verb = snake(&rpc.name);
    layers
        .iter()
        .map(|layer| format!("services/{}/src/{layer}/{verb}.rs", rpc.service))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_has_three_files_and_a_read_one() {
        let mut tree = Tree::default();
        tree.add("services/order/Cargo.toml", "");
        let rpcs = "rpc GetOrder(A) returns (B); rpc PlaceOrder(A) returns (B);";
        tree.add(
            "proto/khaacho/order/v1/order_service.proto",
            format!("package khaacho.order.v1; {rpcs}"),
        );
        tree.add(
            "proto/khaacho/ops/v1/ops_service.proto",
            "package khaacho.ops.v1; rpc RetryJob(A) returns (B);",
        );
        assert_eq!(check(&tree).len(), 2);
        let files = "has no services/order/src/rpc/get_order.rs";
        assert_eq!(check(&tree)[0].text, format!("GetOrder {files}"));

        for path in [
            "rpc/place_order.rs",
            "domain/place_order.rs",
            "rpc/get_order.rs",
            "store/get_order.rs",
        ] {
            tree.add(&format!("services/order/src/{path}"), "");
        }
        let texts: Vec<String> = check(&tree).into_iter().map(|finding| finding.text).collect();
        assert_eq!(
            texts,
            ["PlaceOrder has no services/order/src/store/place_order.rs"]
        );
    }
}
