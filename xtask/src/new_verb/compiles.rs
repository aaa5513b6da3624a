//! Whether `new-verb` makes what it promises: a verb of each kind for every service, pasted as the checklist says into
//! a copy of the workspace, compiles. The copy stays below the target directory, so that only the first run is slow.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{Kind, Rest, make};
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// The services, and the gRPC service of each that gets the new verbs.
const SERVICES: [(&str, &str); 4] = [
    ("credit", "PaymentService"),
    ("inventory", "StockService"),
    ("notification", "TemplateService"),
    ("order", "OrderService"),
];
const VERBS: [(&str, Kind); 2] = [("AnnotateSample", Kind::Write), ("ListSamples", Kind::Read)];
/// What the services are built from.
const COPIED: [&str; 3] = ["platform/", "proto/", "services/"];
/// Where they stand in the copy. Cargo tells packages apart by their place in the workspace: at the same place they
/// would overwrite what the workspace itself has compiled in the target directory that both share.
const PLACE: &str = "copy";

/// Makes the verbs in the copy and compiles the four services, their tests of decisions included.
pub fn run(workspace: &Workspace) -> Result<Outcome> {
    let target = workspace.target()?;
    let home = target.join("new-verb");
    let (fresh, kept) = (home.join("fresh"), home.join("kept"));
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    copy(workspace, &fresh)?;
    let made = Workspace::at(&fresh.join(PLACE));
    for (service, grpc) in SERVICES {
        for (verb, kind) in VERBS {
            let rest = make(&made, service, verb, kind)?;
            paste(&made, service, grpc, &rest)?;
        }
    }
    // Files that are the same keep their age: what they make need not be compiled again.
    take_over(&fresh, &kept)?;
    let packages = SERVICES.map(|(service, _)| format!("khaacho-{service}"));
    let mut args = vec!["check", "--offline", "--lib", "--profile", "test"];
    args.extend(packages.iter().flat_map(|package| ["--package", package]));
    let mut cargo = Workspace::at(&kept).command("cargo", &args);
    let status = cargo.env("CARGO_TARGET_DIR", &target).status()?;
    if !status.success() {
        bail!("a new verb does not compile; the copy is {}", kept.display());
    }
    Ok(Outcome::Passed)
}

/// Copies what the services need, and a manifest that has no other members.
fn copy(workspace: &Workspace, to: &Path) -> Result<()> {
    for path in workspace.files()? {
        let place = if !path.contains('/') {
            to.join(&path)
        } else if COPIED.iter().any(|dir| path.starts_with(dir)) {
            to.join(PLACE).join(&path)
        } else {
            continue;
        };
        write(&place, &fs::read(workspace.path(&path))?)?;
    }
    let manifest = fs::read_to_string(to.join("Cargo.toml"))?;
    write(&to.join("Cargo.toml"), of_the_copy(&manifest)?.as_bytes())
}

/// The workspace's manifest with only the members that are copied, at their place.
fn of_the_copy(manifest: &str) -> Result<String> {
    let (before, rest) = manifest
        .split_once("members = [")
        .context("the manifest lists its members")?;
    let (_, after) = rest.split_once(']').context("the list of members ends")?;
    let after = after
        .replace("default-members = [\"khaacho\"]\n", "")
        .replace("path = \"", &format!("path = \"{PLACE}/"));
    let members = ["proto", "platform/*", "services/*"].map(|member| format!("\"{PLACE}/{member}\""));
    Ok(format!("{before}members = [{}]{after}", members.join(", ")))
}

/// Follows the checklist.
fn paste(workspace: &Workspace, service: &str, grpc: &str, rest: &Rest) -> Result<()> {
    let contract = workspace.path(&format!("proto/khaacho/{service}/v1/{service}_service.proto"));
    let text = fs::read_to_string(&contract)?;
    let text = below(&text, &format!("service {grpc} {{"), &rest.contract)?;
    fs::write(&contract, format!("{text}\n{}", rest.messages))?;
    let rpc = workspace.path(&format!("services/{service}/src/rpc.rs"));
    let text = fs::read_to_string(&rpc)?;
    let text = below(&text, &format!("{grpc} "), &rest.registration)?;
    fs::write(&rpc, text)?;
    Ok(())
}

/// The text with more below its first line that holds `mark` and opens a block.
fn below(text: &str, mark: &str, more: &str) -> Result<String> {
    let opens = |line: &&str| line.contains(mark) && line.trim_end().ends_with('{');
    let line = text.lines().find(opens);
    let line = line.with_context(|| format!("no block begins with {mark}"))?;
    let (before, after) = text.split_once(line).context("the line is in the text")?;
    Ok(format!(
        "{before}{line}\n{more}{}",
        after.strip_prefix('\n').unwrap_or(after)
    ))
}

/// Makes `kept` hold what `fresh` holds, without touching files that are the same.
fn take_over(fresh: &Path, kept: &Path) -> Result<()> {
    let mut wanted = BTreeSet::new();
    below_of(fresh, fresh, &mut wanted)?;
    let mut there = BTreeSet::new();
    if kept.exists() {
        below_of(kept, kept, &mut there)?;
    }
    for gone in there.difference(&wanted) {
        fs::remove_file(kept.join(gone))?;
    }
    for path in &wanted {
        let text = fs::read(fresh.join(path))?;
        if fs::read(kept.join(path)).ok().as_ref() != Some(&text) {
            write(&kept.join(path), &text)?;
        }
    }
    fs::remove_dir_all(fresh).context("removing the fresh copy")
}

/// All files below a directory, relative to `root`.
fn below_of(root: &Path, dir: &Path, found: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            below_of(root, &path, found)?;
        } else {
            let relative = path.strip_prefix(root)?;
            found.insert(relative.to_str().context("names are UTF-8")?.to_owned());
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().context("a file is in a directory")?;
    fs::create_dir_all(dir)?;
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_pasted_below_the_line_that_opens_the_block() {
        let text = "use x::StockService;\nserve!(x::StockService {\n    a;\n});\n";
        let pasted = below(text, "StockService ", "    b;\n").unwrap();
        assert_eq!(
            pasted,
            "use x::StockService;\nserve!(x::StockService {\n    b;\n    a;\n});\n"
        );
        assert!(below(text, "OfferService ", "").is_err());
    }

    #[test]
    fn the_copy_has_only_its_own_members_at_their_place() {
        let manifest = "[workspace]\nmembers = [\n    \"proto\",\n    \"e2e\",\n]\ndefault-members = [\"khaacho\"]\n\n\
                        [x]\npg = { path = \"platform/pg\" }\n";
        let copied = "[workspace]\nmembers = [\"copy/proto\", \"copy/platform/*\", \"copy/services/*\"]\n\n\
                      [x]\npg = { path = \"copy/platform/pg\" }\n";
        assert_eq!(of_the_copy(manifest).unwrap(), copied);
    }
}
