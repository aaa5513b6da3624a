//! `cargo xtask new-verb`: the files of a new RPC, from the templates in `new_verb/`, and what is left to do by hand.

pub mod compiles;
mod modules;
mod shape;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::tidy::schema::{READING, is_read, snake};
use crate::workspace::Workspace;
use shape::Shape;

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

const WRITE_DOMAIN: Template = Template {
    dir: "src/domain",
    declared_in: "src/domain.rs",
    text: include_str!("new_verb/write_domain.txt"),
};
const WRITE_STORE: Template = store(include_str!("new_verb/write_store.txt"));
const READ_STORE: Template = store(include_str!("new_verb/read_store.txt"));

const fn store(text: &'static str) -> Template {
    Template {
        dir: "src/store",
        declared_in: "src/store.rs",
        text,
    }
}

const fn rpc(text: &'static str) -> Template {
    Template {
        dir: "src/rpc",
        declared_in: "src/rpc.rs",
        text,
    }
}

/// What a person has to paste, filled in.
struct Rest {
    /// The RPC, for the body of a service in its proto file.
    contract: String,
    /// Request and response, for the end of that file.
    messages: String,
    /// What makes the gRPC service answer it, for `src/rpc.rs`.
    registration: String,
    /// The whole list of steps, with these three in it.
    told: String,
}

/// Writes the files, declares their modules and prints the rest of the checklist. Nothing is overwritten.
pub fn run(workspace: &Workspace, service: &str, verb: &str, kind: Kind) -> Result<()> {
    let rest = make(workspace, service, verb, kind)?;
    println!("\n{}", rest.told.trim_end());
    Ok(())
}

fn make(workspace: &Workspace, service: &str, verb: &str, kind: Kind) -> Result<Rest> {
    let names = Names::of(service, verb, kind)?;
    let root = format!("services/{service}");
    ensure!(
        workspace.path(&root).join("Cargo.toml").is_file(),
        "there is no {root}"
    );
    let declared = workspace.path(&format!("{root}/src/rpc.rs"));
    let declared =
        fs::read_to_string(&declared).with_context(|| format!("reading {}", declared.display()))?;
    let shape = Shape::of(&declared);
    let templates = match kind {
        Kind::Write => vec![rpc(shape.write_rpc()), WRITE_DOMAIN, WRITE_STORE],
        Kind::Read => vec![rpc(shape.read_rpc()), READ_STORE],
    };
    let path_of = |template: &Template| format!("{root}/{}/{}.rs", template.dir, names.snake);
    if let Some(taken) = templates
        .iter()
        .map(path_of)
        .find(|path| workspace.path(path).exists())
    {
        bail!("{taken} is already there");
    }
    for template in &templates {
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
    Ok(rest(&names, shape, kind))
}

fn rest(names: &Names, shape: Shape, kind: Kind) -> Rest {
    let (contract, messages, told) = match kind {
        Kind::Write => (
            include_str!("new_verb/write_contract.txt"),
            include_str!("new_verb/write_messages.txt"),
            include_str!("new_verb/write_rest.txt"),
        ),
        Kind::Read => (
            include_str!("new_verb/read_contract.txt"),
            include_str!("new_verb/read_messages.txt"),
            include_str!("new_verb/read_rest.txt"),
        ),
    };
    let (contract, messages) = (names.fill(contract), names.fill(messages));
    let registration = names.fill(shape.registration());
    let told = told
        .replace("{contract}", &contract)
        .replace("{messages}", &messages)
        .replace("{place}", shape.place())
        .replace("{registration}", &registration);
    Rest {
        told: names.fill(&told),
        contract,
        messages,
        registration,
    }
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
        template
            .replace("{Verb}", &self.verb)
            .replace("{verb}", &self.snake)
            .replace("{service}", &self.service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in() {
        let names = Names::of("order", "CancelOrder", Kind::Write).unwrap();
        let filled = names.fill("{Verb} {verb} {service} {}");
        assert_eq!(filled, "CancelOrder cancel_order order {}");
    }

    #[test]
    fn a_name_says_whether_it_reads() {
        assert!(Names::of("order", "GetOrder", Kind::Write).is_err());
        assert!(Names::of("order", "CancelOrder", Kind::Read).is_err());
        assert!(Names::of("order", "cancel_order", Kind::Write).is_err());
    }

    #[test]
    fn the_checklist_holds_what_has_to_be_pasted() {
        for (verb, kind) in [("PackBasket", Kind::Write), ("ListBaskets", Kind::Read)] {
            for shape in [Shape::Passed, Shape::Listed, Shape::Opened] {
                let rest = rest(&Names::of("order", verb, kind).unwrap(), shape, kind);
                for part in [&rest.contract, &rest.messages, &rest.registration] {
                    assert!(rest.told.contains(part.as_str()), "{part} in {}", rest.told);
                }
                for hole in [
                    "{verb}",
                    "{Verb}",
                    "{service}",
                    "{contract}",
                    "{messages}",
                    "{registration}",
                    "{place}",
                ] {
                    assert!(!rest.told.contains(hole), "{hole} in {}", rest.told);
                }
            }
        }
    }
}
