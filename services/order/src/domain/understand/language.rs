//! The word that sets the language of answers.

use super::words;
use crate::domain::language::Language;

/// Words that ask for it.
const WORDS: [&str; 7] = [
    "language",
    "languages",
    "bhasa",
    "bhasha",
    "bhaasa",
    "bhaasha",
    "भाषा",
];
/// Words that may stand beside the name of a language.
const BESIDE: [&str; 12] = [
    "to",
    "in",
    "is",
    "ma",
    "maa",
    "mein",
    "please",
    "pls",
    "मा",
    "में",
    "change",
    "set",
];
/// Names of languages, each in the letters that it is read in. A name in Latin letters of what is read in either script
/// means Latin letters.
const NAMES: [(Language, &str); 4] = [
    (
        Language::En,
        "en english eng inglish angreji angrezi अंग्रेजी अङ्ग्रेजी अंग्रेज़ी इङ्लिस",
    ),
    (Language::Ne, "ne devanagari नेपाली देवनागरी"),
    (
        Language::NeLatn,
        "ne_latn ne-latn nepali roman romanised romanized latin nepalese",
    ),
    (Language::Hi, "hi hindi हिन्दी हिंदी"),
];

/// What somebody wants of the language of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To see which there are.
    Choice,
    /// This one.
    Language(Language),
}

/// Reads `LANGUAGE`, `LANGUAGE nepali`, `भाषा नेपाली`, `nepali bhasa`. One word that names none of our languages shows which
/// there are; more of them are a sentence.
pub fn language(text: &str) -> Option<Wanted> {
    let words = words(text);
    let asks = |word: &String| WORDS.contains(&word.as_str());
    let first = words.first().is_some_and(asks);
    let last = words.len() == 2 && words.last().is_some_and(asks);
    if !(first || last) {
        return None;
    }
    let rest: Vec<&str> = words
        .iter()
        .filter(|word| !asks(word))
        .map(String::as_str)
        .filter(|word| !BESIDE.contains(word))
        .collect();
    let named = rest.iter().filter_map(|word| named(word)).collect::<Vec<_>>();
    match (rest.as_slice(), named.as_slice()) {
        ([], _) => Some(Wanted::Choice),
        ([_], [only]) => Some(Wanted::Language(*only)),
        // `nepali roman`, `nepali devanagari`: the second one says in which letters.
        (
            [_, _],
            [
                Language::Ne | Language::NeLatn,
                letters @ (Language::Ne | Language::NeLatn),
            ],
        ) => Some(Wanted::Language(*letters)),
        ([_], []) if first => Some(Wanted::Choice),
        _ => None,
    }
}

fn named(word: &str) -> Option<Language> {
    let mut all = NAMES.iter();
    let found = all.find(|(_, names)| names.split_whitespace().any(|name| name == word));
    found.map(|(language, _)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_named_in_the_letters_that_it_is_read_in() {
        for (text, language) in [
            ("LANGUAGE english", Language::En),
            ("language: Nepali", Language::NeLatn),
            ("bhasa nepali", Language::NeLatn),
            ("Nepali bhasa", Language::NeLatn),
            ("LANGUAGE NEPALI ROMAN", Language::NeLatn),
            ("LANGUAGE नेपाली", Language::Ne),
            ("भाषा नेपाली", Language::Ne),
            ("नेपाली भाषा", Language::Ne),
            ("bhasha nepali devanagari", Language::Ne),
            ("language hindi please", Language::Hi),
            ("भाषा हिन्दी।", Language::Hi),
        ] {
            assert_eq!(super::language(text), Some(Wanted::Language(language)), "{text}");
        }
    }

    #[test]
    fn every_button_sets_its_language() {
        for language in Language::ALL {
            let tapped = format!("LANGUAGE {}", language.name());
            assert_eq!(super::language(&tapped), Some(Wanted::Language(language)));
        }
    }

    #[test]
    fn without_one_that_we_speak_the_choice_is_shown() {
        for text in [
            "LANGUAGE",
            "language?",
            "bhasa",
            "भाषा",
            "Language please",
            "change language",
            "LANGUAGE newari",
        ] {
            assert_eq!(super::language(text), Some(Wanted::Choice), "{text}");
        }
    }

    #[test]
    fn sentences_and_lists_are_not_taken_for_it() {
        for text in [
            "",
            "nepali",
            "2 language book",
            "nepali chamal 2 bora",
            "language book 2 dozen",
            "which language do you speak",
            "yo kun bhasa ho",
        ] {
            assert_eq!(super::language(text), None, "{text}");
        }
    }
}
