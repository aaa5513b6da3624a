use crate::{Error, Form, Mistake, Secret, Strings, form, strings::Found};
use std::{fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

/// One variable that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// The default as text, empty when there is none.
    pub default: String,
    /// The value in force, for people: `[REDACTED]` for a secret that is set, empty for nothing.
    pub value_for_display: String,
    /// One sentence: what it does, and the unit.
    pub doc: &'static str,
    /// Whether the value must not be shown.
    pub secret: bool,
    /// Whether the variable was set (to something valid), so that the default is not in force.
    pub given: bool,
}

/// Reads settings and notes mistakes. Ask for everything, then call [`finish`](Self::finish).
#[derive(Debug)]
pub struct Reader<'a> {
    strings: &'a Strings,
    settings: Vec<Setting>,
    mistakes: Vec<Mistake>,
}

impl<'a> Reader<'a> {
    /// A reader of that snapshot.
    pub fn new(strings: &'a Strings) -> Self {
        Self {
            strings,
            settings: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    /// A text.
    pub fn text(&mut self, name: &'static str, default: &str, doc: &'static str) -> String {
        self.read(name, default.to_owned(), doc, "a text", |text| {
            Some(text.to_owned())
        })
    }

    /// A text that may be absent.
    pub fn optional(&mut self, name: &'static str, doc: &'static str) -> Option<String> {
        let value = self.find(name, "a text").map(str::to_owned);
        self.note(
            name,
            String::new(),
            value.clone().unwrap_or_default(),
            doc,
            false,
            value.is_some(),
        );
        value
    }

    /// A text that must be there; the empty text is returned when it is not.
    pub fn required(&mut self, name: &'static str, doc: &'static str) -> String {
        match self.optional(name, doc) {
            Some(text) => text,
            None => {
                self.missing(name, doc);
                String::new()
            }
        }
    }

    /// A text of a form. What is shown of it, here and in the list of mistakes, has no password in it.
    pub fn shaped(&mut self, name: &'static str, default: &str, form: Form, doc: &'static str) -> String {
        let value = self.find_shaped(name, form);
        let (given, value) = (value.is_some(), value.unwrap_or(default));
        let shown = form::without_password(value);
        self.note(name, default.to_owned(), shown, doc, false, given);
        value.to_owned()
    }

    /// [`shaped`](Self::shaped) that may be absent.
    pub fn optional_shaped(&mut self, name: &'static str, form: Form, doc: &'static str) -> Option<String> {
        let value = self.find_shaped(name, form);
        let shown = value.map(form::without_password).unwrap_or_default();
        self.note(name, String::new(), shown, doc, false, value.is_some());
        value.map(str::to_owned)
    }

    /// A secret of a form, such as an address with a password in it; may be absent.
    pub fn secret_shaped(&mut self, name: &'static str, form: Form, doc: &'static str) -> Option<Secret> {
        let value = self.find_shaped(name, form).map(Secret::new);
        let shown = value.as_ref().map(Secret::to_string).unwrap_or_default();
        self.note(name, String::new(), shown, doc, true, value.is_some());
        value
    }

    /// A secret that may be absent.
    pub fn secret(&mut self, name: &'static str, doc: &'static str) -> Option<Secret> {
        let value = self.find(name, "a text").map(Secret::new);
        let shown = value.as_ref().map(Secret::to_string).unwrap_or_default();
        self.note(name, String::new(), shown, doc, true, value.is_some());
        value
    }

    /// A secret that must be there; an empty one is returned when it is not.
    pub fn required_secret(&mut self, name: &'static str, doc: &'static str) -> Secret {
        match self.secret(name, doc) {
            Some(secret) => secret,
            None => {
                self.missing(name, doc);
                Secret::new("")
            }
        }
    }

    /// A number within a range.
    pub fn number<T>(
        &mut self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
        doc: &'static str,
    ) -> T
    where
        T: FromStr + Display + PartialOrd,
    {
        let expected = format!("a number from {} to {}", range.start(), range.end());
        self.read(name, default, doc, &expected, |text| {
            text.parse().ok().filter(|n| range.contains(n))
        })
    }

    /// A number of whole seconds within a range.
    pub fn seconds(
        &mut self,
        name: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
        doc: &'static str,
    ) -> Duration {
        Duration::from_secs(self.number(name, default, range, doc))
    }

    /// A number of whole milliseconds within a range.
    pub fn millis(
        &mut self,
        name: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
        doc: &'static str,
    ) -> Duration {
        Duration::from_millis(self.number(name, default, range, doc))
    }

    /// A yes or no: `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off` in any case.
    pub fn flag(&mut self, name: &'static str, default: bool, doc: &'static str) -> bool {
        self.read(name, default, doc, "true or false", |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Some(true),
                "false" | "0" | "no" | "off" => Some(false),
                _ => None,
            }
        })
    }

    /// One of the given words, in any case. The word comes back as it stands in `allowed`.
    pub fn choice(
        &mut self,
        name: &'static str,
        default: &'static str,
        allowed: &[&'static str],
        doc: &'static str,
    ) -> &'static str {
        let expected = format!("one of {}", allowed.join(", "));
        let find = |text: &str| {
            allowed
                .iter()
                .copied()
                .find(|word| word.eq_ignore_ascii_case(text))
        };
        self.read(name, default, doc, &expected, find)
    }

    /// Texts of a form, separated by commas; spaces around them and empty ones are dropped.
    pub fn list(&mut self, name: &'static str, form: Form, doc: &'static str) -> Vec<String> {
        let text = self.find(name, form.expected).unwrap_or_default();
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let mut right = Vec::new();
        for (at, item) in items.enumerate() {
            if (form.fits)(item) {
                right.push(item.to_owned());
            } else {
                self.reject(name, format!("entry {} has another form", at + 1), form.expected);
            }
        }
        self.note(
            name,
            String::new(),
            right.join(","),
            doc,
            false,
            !right.is_empty(),
        );
        right
    }

    /// Notes a mistake that only the caller can see: settings that contradict each other, a key that is too
    /// short. `problem` must not contain a secret.
    pub fn reject(&mut self, name: &str, problem: impl Into<String>, expected: impl Into<String>) {
        let mistake = Mistake {
            name: name.to_owned(),
            problem: problem.into(),
            expected: expected.into(),
        };
        // A variable that two parts of a process read is wrong once.
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    /// Notes that a variable is missing that something else makes necessary, unless it was read, rightly or wrongly.
    pub fn demand(&mut self, name: &str, problem: &str, expected: &str) {
        let given = self.settings.iter().any(|s| s.name == name && s.given);
        let wrong = self.mistakes.iter().any(|mistake| mistake.name == name);
        if !given && !wrong {
            self.reject(name, problem, expected);
        }
    }

    /// Everything read so far, one row a variable, in the order of the first reads.
    pub fn settings(&self) -> Vec<Setting> {
        self.settings.clone()
    }

    /// Every mistake, or nothing. Takes the mistakes out: a second call reports only later ones.
    pub fn finish(&mut self) -> Result<(), Error> {
        Error::of(std::mem::take(&mut self.mistakes))
    }

    fn read<T: Display>(
        &mut self,
        name: &'static str,
        default: T,
        doc: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> T {
        let default_text = default.to_string();
        let found = self.find(name, expected);
        let value = found.and_then(parse);
        if let (Some(text), None) = (found, &value) {
            self.reject(name, format!("{text:?} is not possible"), expected);
        }
        let given = value.is_some();
        let value = value.unwrap_or(default);
        self.note(name, default_text, value.to_string(), doc, false, given);
        value
    }

    /// The text, when it has the form. A wrong one is not quoted: it may be a password that slipped.
    fn find_shaped(&mut self, name: &'static str, form: Form) -> Option<&'a str> {
        let found = self.find(name, form.expected)?;
        let fits = (form.fits)(found);
        if !fits {
            self.reject(name, "the value has another form", form.expected);
        }
        fits.then_some(found)
    }

    fn find(&mut self, name: &'static str, expected: &str) -> Option<&'a str> {
        match self.strings.find(name) {
            Found::Absent => None,
            Found::Text(text) => Some(text),
            Found::NotText => {
                self.reject(name, "the value is not UTF-8", expected);
                None
            }
        }
    }

    fn missing(&mut self, name: &'static str, doc: &str) {
        self.reject(name, "not set", doc);
    }

    fn note(
        &mut self,
        name: &'static str,
        default: String,
        value_for_display: String,
        doc: &'static str,
        secret: bool,
        given: bool,
    ) {
        let setting = Setting {
            name,
            default,
            value_for_display,
            doc,
            secret,
            given,
        };
        match self.settings.iter_mut().find(|known| known.name == name) {
            None => self.settings.push(setting),
            // once read as a secret, it is one for every reader
            Some(known) if setting.secret && !known.secret => *known = setting,
            Some(_) => {}
        }
    }
}
