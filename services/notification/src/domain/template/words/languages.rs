//! What is said about the language of our answers. It has to be understood by somebody who reads another one, too.

use super::super::languages::Spoken;
use super::{Body, Language, Text, Words};
use crate::domain::message::Row;

/// What is written to be asked, and before the name of a language.
const WORD: &str = "LANGUAGE";

pub(super) fn language_heard(say: &Words, data: Spoken) -> Body {
    let language = data.language;
    let keep = keep(language);
    let names = Language::ALL.map(Language::own_name).join(", ");
    Text::of(say.language_heard(&name(say, language), &keep))
        .line(format!("{names}: {WORD}"))
        .body()
        .worded_button(id(language), keep, say.language_keep())
        .button(WORD, say.language_other())
}

pub(super) fn language_set(say: &Words, data: Spoken) -> Body {
    Body::text(say.language_set(&name(say, data.language)))
}

/// Each language is named by itself.
pub(super) fn which_language(say: &Words) -> Body {
    let row = |language: Language| Row {
        id: id(language),
        title: language.own_name().to_owned(),
        description: String::new(),
        word: keep(language),
    };
    Text::of(say.which_language())
        .lines(Language::ALL.map(keep))
        .body()
        .list(say.which_language_button(), Language::ALL.map(row).into())
}

/// Name of a language in another one.
fn name(say: &Words, language: Language) -> String {
    say.language_name(&language.contract_name().to_lowercase())
}

fn id(language: Language) -> String {
    format!("{WORD} {}", language.contract_name())
}

/// What is written to be answered in a language: its name says in which letters.
fn keep(language: Language) -> String {
    format!("{WORD} {}", language.own_name().to_uppercase())
}
