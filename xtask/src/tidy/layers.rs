//! Which crate may use which: arrows point down only, and services never know each other.

use crate::tidy::Finding;
use crate::tidy::tree::Tree;

/// A crate may use the layers below its own.
const LAYERS: &[(&str, u8)] = &[
    ("platform/ids", 0),
    ("platform/money", 0),
    ("platform/config", 0),
    ("platform/phone", 0),
    ("platform/text", 0),
    ("platform/planted", 0),
    ("platform/fault", 1),
    ("platform/telemetry", 1),
    ("proto", 1),
    ("platform/pg", 2),
    ("platform/rpc", 2),
    ("platform/durable", 3),
    ("platform/lifecycle", 3),
    ("platform/cache", 3),
    ("services/order", SERVICE),
    ("services/credit", SERVICE),
    ("services/inventory", SERVICE),
    ("services/notification", SERVICE),
    ("gateway", SERVICE),
    ("khaacho", 5),
    // the proof uses nothing of ours, so that no mistake of ours can hide from it
    ("proof", 0),
];
const SERVICE: u8 = 4;

/// The only arrows within a layer: who starts tasks needs the crate that owns them.
const SIDEWAYS: &[(&str, &str)] = &[
    ("platform/durable", "platform/lifecycle"),
    ("platform/cache", "platform/lifecycle"),
];

/// Crates that never ship: they may use everything, and only tests may use `platform/testkit`.
const TESTING: &[&str] = &["platform/testkit", "e2e", "fuzz", "xtask"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.crates {
        let manifest = format!("{}/Cargo.toml", package.dir);
        let testing = TESTING.contains(&package.dir.as_str());
        if !testing && layer(&package.dir).is_none() {
            findings.push(Finding::of(
                &manifest,
                "the crate has no layer: give it one in xtask/src/tidy/layers.rs",
            ));
        }
        for used in package
            .uses
            .iter()
            .filter(|used| !testing && used.dir != package.dir)
        {
            if let Some(why) = refused(&package.dir, &used.dir, used.dev) {
                findings.push(Finding::of(&manifest, format!("may not use {}: {why}", used.dir)));
            }
        }
    }
    findings
}

fn layer(dir: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == dir)
        .map(|(_, layer)| *layer)
}

/// Why one crate may not use another; none when it may.
fn refused(user: &str, used: &str, dev: bool) -> Option<String> {
    if used == "platform/testkit" {
        return (!dev).then(|| "only tests do (dev-dependencies)".to_owned());
    }
    if TESTING.contains(&used) {
        return Some("nothing uses it".to_owned());
    }
    let (user_layer, used_layer) = (layer(user)?, layer(used)?);
    if user_layer == SERVICE && used_layer == SERVICE {
        return Some("services know each other by their contracts only".to_owned());
    }
    let allowed =
        used_layer < user_layer || SIDEWAYS.contains(&(user, used)) || (dev && used_layer < SERVICE);
    (!allowed)
        .then(|| format!("it is in layer {used_layer}, this crate in layer {user_layer}; arrows point down"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_point_down() {
        assert_eq!(refused("services/order", "platform/durable", false), None);
        assert_eq!(refused("khaacho", "services/order", false), None);
        assert_eq!(refused("platform/durable", "platform/lifecycle", false), None);
        assert!(refused("platform/fault", "platform/rpc", false).is_some());
        assert!(refused("platform/lifecycle", "platform/durable", false).is_some());
        assert!(refused("platform/fault", "proto", false).is_some());
    }

    #[test]
    fn services_never_use_each_other_not_even_in_tests() {
        assert!(refused("services/order", "services/credit", false).is_some());
        assert!(refused("services/order", "services/credit", true).is_some());
        assert!(refused("gateway", "services/order", true).is_some());
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        assert_eq!(refused("platform/pg", "platform/testkit", true), None);
        assert!(refused("services/order", "platform/testkit", false).is_some());
        assert!(refused("khaacho", "e2e", true).is_some());
    }
}
