//! Reads the words of all languages (`locales/<language>/*.ftl`) and fails the build unless every language has the
//! messages of English with the same arguments. Writes one function per message, so that a message that does not
//! exist, or an argument too many, too few or of another type, does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

/// The language that the others are held to.
const FIRST: &str = "en";
/// Types of arguments as comments name them, and in Rust. `Words` has a method of the same name for each.
const TYPES: [(&str, &str); 5] = [
    ("Text", "&str"),
    ("Number", "u32"),
    ("Count", "Count"),
    ("Money", "Paisa"),
    ("Day", "Day"),
];

/// A message, or a term under its name with a hyphen before it.
#[derive(Default)]
struct Message {
    /// File, as people find it.
    file: String,
    /// Arguments that its comment declares, in its order: name and type.
    arguments: Vec<(String, String)>,
    /// Variables that its words use, each with what is chosen by it.
    variables: BTreeMap<String, BTreeSet<String>>,
    /// Terms that its words use.
    terms: BTreeSet<String>,
    /// It has words, and nothing that is not read here: functions, attributes, other messages.
    plain: bool,
}

type Messages = BTreeMap<String, Message>;

#[expect(
    clippy::disallowed_methods,
    reason = "variables that cargo sets for build scripts"
)]
fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    println!("cargo::rerun-if-changed=locales");

    let mut problems = Vec::new();
    let mut code = String::new();
    let mut languages = BTreeMap::new();
    for folder in sorted(&root.join("locales"))? {
        let language = name(&folder);
        let files = sorted(&folder)?;
        let mut messages = Messages::new();
        for file in &files {
            let shown = format!("locales/{language}/{}", name(file));
            read(&fs::read_to_string(file)?, &shown, &mut messages, &mut problems);
        }
        code.push_str(&sources(&language, &files));
        languages.insert(language, messages);
    }
    let first = languages.get(FIRST).expect("English is there");
    for (language, messages) in &languages {
        compare(first, language, messages, &mut problems);
    }
    code.push_str(&functions(first, &mut problems));
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    fs::write(out.join("words.rs"), code)
}

fn sorted(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Adds the messages of one file.
fn read(text: &str, file: &str, messages: &mut Messages, problems: &mut Vec<String>) {
    let resource = parser::parse(text).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            let line = text[..error.pos.start].matches('\n').count() + 1;
            problems.push(format!("{file}:{line}: junk: {error}"));
        }
        resource
    });
    for entry in resource.body {
        let (key, words, attributes, comment) = match entry {
            Entry::Message(m) => (m.id.name.to_owned(), m.value, m.attributes, m.comment),
            Entry::Term(t) => (format!("-{}", t.id.name), Some(t.value), t.attributes, t.comment),
            _ => continue,
        };
        let mut message = Message {
            file: file.to_owned(),
            plain: words.is_some() && attributes.is_empty(),
            ..Message::default()
        };
        for line in comment.iter().flat_map(|comment| &comment.content) {
            if let Some(declared) = line.strip_prefix('$') {
                let (name, rest) = declared.split_once(" (").unwrap_or((declared, ""));
                let (kind, _) = rest.split_once(')').unwrap_or_default();
                message.arguments.push((name.to_owned(), kind.to_owned()));
            }
        }
        if let Some(words) = words {
            message.pattern(&words);
        }
        if !message.plain {
            problems.push(format!("{file}: `{key}` is not only text, variables and terms"));
        }
        if let Some(before) = messages.insert(key.clone(), message) {
            problems.push(format!("{file}: `{key}` is in {} already", before.file));
        }
    }
}

impl Message {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    if let (InlineExpression::VariableReference { id }, VariantKey::Identifier { name }) =
                        (selector, &variant.key)
                    {
                        let choices = self.variables.entry(id.name.to_owned()).or_default();
                        choices.insert((*name).to_owned());
                    }
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::VariableReference { id } => {
                self.variables.entry(id.name.to_owned()).or_default();
            }
            InlineExpression::TermReference {
                id,
                attribute: None,
                arguments: None,
            } => {
                self.terms.insert(format!("-{}", id.name));
            }
            _ => self.plain = false,
        }
    }

    /// Whether languages choose by this argument as their plurals are, not by what there is to choose from.
    fn counts(&self, argument: &str) -> bool {
        let counts = |kind: &str| ["Number", "Count"].contains(&kind);
        let mut arguments = self.arguments.iter();
        arguments.any(|(name, kind)| name == argument && counts(kind))
    }
}

/// A language has the messages of English and no others, each with the same variables and choices.
fn compare(first: &Messages, language: &str, messages: &Messages, problems: &mut Vec<String>) {
    for (key, english) in first {
        let Some(message) = messages.get(key) else {
            problems.push(format!(
                "locales/{language}: `{key}` of {} is missing",
                english.file
            ));
            continue;
        };
        let mut say = |problem: String| problems.push(format!("{}: `{key}` {problem}", message.file));
        for variable in english.variables.keys() {
            if !message.variables.contains_key(variable) {
                say(format!("does not use `${variable}`, which English uses"));
            }
        }
        for (variable, choices) in &message.variables {
            match english.variables.get(variable) {
                None => say(format!("uses `${variable}`, which English does not use")),
                Some(theirs) if english.counts(variable) || choices == theirs => {}
                Some(theirs) => say(format!(
                    "chooses by `${variable}` {choices:?}, English {theirs:?}"
                )),
            }
        }
        for term in message.terms.iter().filter(|term| !messages.contains_key(*term)) {
            say(format!("uses `{term}`, which is not there"));
        }
    }
    for (key, message) in messages.iter().filter(|(key, _)| !first.contains_key(*key)) {
        problems.push(format!("{}: `{key}` is not in {FIRST}", message.file));
    }
}

/// The files of a language as a constant: `NE_LATN` for `ne-Latn`.
fn sources(language: &str, files: &BTreeSet<PathBuf>) -> String {
    let constant = language.to_uppercase().replace('-', "_");
    let include = |file: &PathBuf| format!("    include_str!({:?}),\n", file.display().to_string());
    let includes: String = files.iter().map(include).collect();
    format!("const {constant}: &[&str] = &[\n{includes}];\n\n")
}

/// One function per English message. The comment gives the arguments: their order must not change with the words.
fn functions(first: &Messages, problems: &mut Vec<String>) -> String {
    let mut code = "impl Words {\n".to_owned();
    for (key, message) in first {
        let mut say = |problem: String| problems.push(format!("{}: `{key}` {problem}", message.file));
        for variable in message.variables.keys() {
            if !message.arguments.iter().any(|(name, _)| name == variable) {
                say(format!("uses `${variable}`, which its comment does not declare"));
            }
        }
        let (mut takes, mut gives) = (String::new(), String::new());
        for (name, kind) in &message.arguments {
            let Some((_, rust)) = TYPES.into_iter().find(|(known, _)| known == kind) else {
                say(format!("declares `${name}` as {kind:?}, not one of {TYPES:?}"));
                continue;
            };
            if !message.variables.contains_key(name) {
                say(format!("declares `${name}`, which it does not use"));
            }
            takes.push_str(&format!(", {name}: {rust}"));
            let method = kind.to_lowercase();
            gives.push_str(&format!("(\"{name}\", self.{method}({name})), "));
        }
        if !key.starts_with('-') {
            let function = key.replace('-', "_");
            code.push_str(&format!("    /// `{key}` of {}.\n", message.file));
            code.push_str(&format!("    fn {function}(&self{takes}) -> String {{\n"));
            code.push_str(&format!("        self.say(\"{key}\", [{gives}])\n    }}\n"));
        }
    }
    code + "}\n"
}
