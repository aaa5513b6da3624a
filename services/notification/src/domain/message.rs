//! What one message says, independent of who carries it: text, and up to three buttons or one list.

mod split;

use serde::{Deserialize, Serialize};

pub use split::{shorten, split};

/// Most reply buttons of one message (WhatsApp).
pub const BUTTONS_MAX: usize = 3;
/// Longest title of a button, in characters.
pub const BUTTON_TITLE_MAX: usize = 20;
/// Longest id of a button, in characters.
pub const BUTTON_ID_MAX: usize = 256;
/// Most rows of a list, all sections together.
pub const ROWS_MAX: usize = 10;
/// Longest id of a list row, in characters.
pub const ROW_ID_MAX: usize = 200;
/// Longest title of a list row, in characters.
pub const ROW_TITLE_MAX: usize = 24;
/// Longest description of a list row, in characters.
pub const ROW_DESCRIPTION_MAX: usize = 72;
/// Room for the marker `(12/34) ` in front of a part.
const MARKER_MAX: usize = 10;

/// A reply button. The id comes back when it is tapped; a person may type its word instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Returned by the provider on a tap, at most 256 characters, without outer spaces.
    pub id: String,
    /// Shown on the button, at most 20 characters.
    pub title: String,
    /// What to type instead of a tap; empty when that is the id itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub word: String,
}

/// A list to choose one row from, opened by its own button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Title of the button that opens the list, at most 20 characters.
    pub button: String,
    /// One to ten rows.
    pub rows: Vec<Row>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Returned by the provider when the row is chosen, at most 200 characters.
    pub id: String,
    /// First line, at most 24 characters.
    pub title: String,
    /// Second line, at most 72 characters; empty for none.
    #[serde(default)]
    pub description: String,
    /// What to type instead of choosing the row; empty when that is the id itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub word: String,
}

/// One message: text with either buttons or a list or neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The text, never empty. May be longer than a provider takes: see [`Body::parts`].
    pub text: String,
    /// At most three; empty for none.
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// Instead of buttons.
    #[serde(default)]
    pub list: Option<List>,
}

/// How much text one provider takes in one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters of a message that is only text.
    pub text: usize,
    /// Characters of a message with buttons or a list; `None` where the provider has neither.
    pub interactive: Option<usize>,
}

/// WhatsApp Cloud API.
pub const META: Limits = Limits {
    text: 4_096,
    interactive: Some(1_024),
};
/// Twilio Messages API: session messages are text only.
pub const TWILIO: Limits = Limits {
    text: 1_600,
    interactive: None,
};

impl Body {
    /// Text alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            buttons: Vec::new(),
            list: None,
        }
    }

    /// The same with one more button.
    #[must_use]
    pub fn button(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.buttons.push(Button {
            id: id.into(),
            title: title.into(),
            word: String::new(),
        });
        self
    }

    /// The same with one more button, whose id says more than the word that a person would type.
    #[must_use]
    pub fn worded_button(
        mut self,
        id: impl Into<String>,
        word: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        self.buttons.push(Button {
            id: id.into(),
            title: title.into(),
            word: word.into(),
        });
        self
    }

    /// The same with a list.
    #[must_use]
    pub fn list(mut self, button: impl Into<String>, rows: Vec<Row>) -> Self {
        self.list = Some(List {
            button: button.into(),
            rows,
        });
        self
    }

    /// Whether a provider has to draw more than text.
    pub fn is_interactive(&self) -> bool {
        !self.buttons.is_empty() || self.list.is_some()
    }

    /// The rule of WhatsApp that this body breaks, or `None`. Length of the text is not judged: see
    /// [`Body::parts`].
    pub fn misfit(&self) -> Option<&'static str> {
        if self.text.trim().is_empty() {
            return Some("text is empty");
        }
        if !self.buttons.is_empty() && self.list.is_some() {
            return Some("a message has buttons or a list, not both");
        }
        self.misfit_of_buttons()
            .or_else(|| self.list.as_ref().and_then(List::misfit))
    }

    fn misfit_of_buttons(&self) -> Option<&'static str> {
        if self.buttons.len() > BUTTONS_MAX {
            return Some("more than 3 buttons");
        }
        for (at, button) in self.buttons.iter().enumerate() {
            if button.id.trim() != button.id || !fits(&button.id, BUTTON_ID_MAX) {
                return Some("button id is empty, has outer spaces or is longer than 256 characters");
            }
            if !fits(&button.title, BUTTON_TITLE_MAX) {
                return Some("button title is empty or longer than 20 characters");
            }
            if self.buttons[..at]
                .iter()
                .any(|other| other.id == button.id || other.title == button.title)
            {
                return Some("two buttons share an id or a title");
            }
        }
        None
    }

    /// The same message for a provider without buttons: every choice that the text does not name yet follows
    /// as a numbered word, so nobody is left without a way to answer.
    #[must_use]
    pub fn flattened(&self) -> Body {
        let buttons = self
            .buttons
            .iter()
            .map(|button| (typed(&button.word, &button.id), &button.title));
        let rows = self
            .list
            .iter()
            .flat_map(|list| &list.rows)
            .map(|row| (typed(&row.word, &row.id), &row.title));
        let mut text = self.text.clone();
        let mut number = 0;
        for (word, title) in buttons.chain(rows) {
            if names_choice(&self.text, word) {
                continue;
            }
            number += 1;
            text.push_str(if number == 1 { "\n\nReply with one of:" } else { "" });
            let same = word.eq_ignore_ascii_case(title);
            text.push_str(&if same {
                format!("\n{number}. {word}")
            } else {
                format!("\n{number}. {word} ({title})")
            });
        }
        Body::text(text)
    }

    /// The messages that carry this body to a provider with these limits, in order; nothing is cut off.
    /// Several are numbered `(1/2) `, and the last one has the buttons or the list.
    pub fn parts(&self, limits: Limits) -> Vec<Body> {
        let body = if limits.interactive.is_none() {
            self.flattened()
        } else {
            self.clone()
        };
        let last_max = limits
            .interactive
            .filter(|_| body.is_interactive())
            .unwrap_or(limits.text);
        if chars(&body.text) <= last_max {
            return vec![body];
        }
        let mut texts = split(&body.text, limits.text - MARKER_MAX);
        if let Some(last) = texts.pop() {
            texts.extend(split(&last, last_max - MARKER_MAX));
        }
        let count = texts.len();
        let mut parts: Vec<Body> = texts
            .into_iter()
            .enumerate()
            .map(|(at, text)| Body::text(format!("({}/{count}) {text}", at + 1)))
            .collect();
        if let Some(last) = parts.last_mut() {
            last.buttons = body.buttons;
            last.list = body.list;
        }
        parts
    }
}

impl List {
    fn misfit(&self) -> Option<&'static str> {
        if !fits(&self.button, BUTTON_TITLE_MAX) {
            return Some("the list's button is empty or longer than 20 characters");
        }
        if self.rows.is_empty() || self.rows.len() > ROWS_MAX {
            return Some("a list has 1 to 10 rows");
        }
        for (at, row) in self.rows.iter().enumerate() {
            if !fits(&row.id, ROW_ID_MAX) || self.rows[..at].iter().any(|other| other.id == row.id) {
                return Some("row id is empty, repeated or longer than 200 characters");
            }
            if !fits(&row.title, ROW_TITLE_MAX) || chars(&row.description) > ROW_DESCRIPTION_MAX {
                return Some("row title or description is too long");
            }
        }
        None
    }
}

/// What a person types for a choice.
fn typed<'a>(word: &'a str, id: &'a str) -> &'a str {
    if word.is_empty() { id } else { word }
}

/// Whether the text already tells the reader this choice: a word by its name, a number as the start of a
/// line.
fn names_choice(text: &str, word: &str) -> bool {
    if word.chars().all(|digit| digit.is_ascii_digit()) {
        return text
            .lines()
            .any(|line| line.strip_prefix(word).is_some_and(|rest| rest.starts_with(". ")));
    }
    text.contains(word)
}

fn fits(text: &str, max: usize) -> bool {
    !text.is_empty() && chars(text) <= max
}

/// Length as the providers count it: code points.
pub(crate) fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests;
