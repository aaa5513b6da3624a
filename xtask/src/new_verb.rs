//! `cargo xtask new-verb`: the files of a new RPC, from the templates in `new_verb/`, and what is left to do by hand.

mod modules;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::tidy::schema::{READING, is_read, snake};
use crate::workspace::Workspace;

/// Whether the verb changes something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Write,
    Read,
}

/// A template and the place of its file below `services/<service>/`; the module of the same name declares it.
struct Template {
    dir: &'static str,
    declared_in: &'static str,
    text: &'static str,
}

const WRITE: &[Template] = &[
    Template {
        dir: "src/rpc",
        declared_in: "src/rpc.rs",
        text: include_str!("new_verb/write_rpc.txt"),
    },
    Template {
        dir: "src/domain",
        declared_in: "src/domain.rs",
        text: include_str!("new_verb/write_domain.txt"),
    },
    Template {
        dir: "src/store",
        declared_in: "src/store.rs",
        text: include_str!("new_verb/write_store.txt"),
    },
];
const READ: &[Template] = &[
    Template {
        dir: "src/rpc",
        declared_in: "src/rpc.rs",
        text: include_str!("new_verb/read_rpc.txt"),
    },
    Template {
        dir: "src/store",
        declared_in: "src/store.rs",
        text: include_str!("new_verb/read_store.txt"),
    },
];
const WRITE_REST: &str = include_str!("new_verb/write_rest.txt");
const READ_REST: &str = include_str!("new_verb/read_rest.txt");

/// Writes the files, declares their modules and prints the rest of the checklist. Nothing is overwritten.
pub fn run(workspace: &Workspace, service: &str, verb: &str, kind: Kind) -> Result<()> {
    let names = Names::of(service, verb, kind)?;
    let root = format!("services/{service}");
    ensure!(
        workspace.path(&root).join("Cargo.toml").is_file(),
        "there is no {root}"
    );

    let (templates, rest) = if kind == Kind::Write {
        (WRITE, WRITE_REST)
    } else {
        (READ, READ_REST)
    };
    let path_of = |template: &Template| format!("{root}/{}/{}.rs", template.dir, names.snake);
    if let Some(taken) = templates
        .iter()
        .map(path_of)
        .find(|path| workspace.path(path).exists())
    {
        bail!("{taken} is already there");
    }
    for template in templates {
        let path = path_of(template);
        create(&workspace.path(&path), &names.fill(template.text))?;
        // The order of imports depends on the verb.
        workspace.check("rustfmt", &[&path])?;
        println!("made     {path}");
        declare(
            workspace,
            &format!("{root}/{}", template.declared_in),
            &names.snake,
        )?;
    }
    println!("\n{}", names.fill(rest).trim_end());
    Ok(())
}

fn create(path: &Path, text: &str) -> Result<()> {
    let dir = path.parent().context("a file is in a directory")?;
    fs::create_dir_all(dir)?;
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

fn declare(workspace: &Workspace, path: &str, module: &str) -> Result<()> {
    let file = workspace.path(path);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {path}"))?;
    fs::write(&file, modules::declare(&text, module)).with_context(|| format!("writing {path}"))?;
    println!("changed  {path}: declares {module}");
    Ok(())
}

/// The spellings of a verb that the templates need.
struct Names {
    /// `order`
    service: String,
    /// `CancelOrder`
    verb: String,
    /// `cancel_order`
    snake: String,
}

impl Names {
    fn of(service: &str, verb: &str, kind: Kind) -> Result<Self> {
        let camel = verb.starts_with(|first: char| first.is_ascii_uppercase())
            && verb.chars().all(|letter| letter.is_ascii_alphanumeric());
        ensure!(camel, "a verb is written like CancelOrder, not {verb}");
        let readers = READING.join(", ");
        match kind {
            Kind::Write if is_read(verb) => bail!("{verb} reads (as all of {readers} do): add --read"),
            Kind::Read if !is_read(verb) => bail!("a verb that reads starts with one of {readers}"),
            _ => Ok(Self {
                service: service.to_owned(),
                verb: verb.to_owned(),
                snake: snake(verb),
            }),
        }
    }

    fn fill(&self, template: &str) -> String {
        let service = capitalised(&self.service);
        let filled = template
            .replace("{Verb}", &self.verb)
            .replace("{verb}", &self.snake);
        filled
            .replace("{Service}", &service)
            .replace("{service}", &self.service)
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in() {
        let names = Names::of("order", "CancelOrder", Kind::Write).unwrap();
        let filled = names.fill("{Verb} {verb} {Service} {service} {}");
        assert_eq!(filled, "CancelOrder cancel_order Order order {}");
    }

    #[test]
    fn a_name_says_whether_it_reads() {
        assert!(Names::of("order", "GetOrder", Kind::Write).is_err());
        assert!(Names::of("order", "CancelOrder", Kind::Read).is_err());
        assert!(Names::of("order", "cancel_order", Kind::Write).is_err());
    }
}
