//! What is wrong with something that somebody typed.

/// One field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Path of the field, `product.sku`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// Everything that is wrong, collected, so that it can be told at once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Flaws(Vec<Flaw>);

impl Flaws {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a flaw.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Flaw {
            field: field.into(),
            message: message.into(),
        });
    }

    /// Notes a flaw unless `good`.
    pub fn unless(&mut self, good: bool, field: &str, message: &str) {
        if !good {
            self.add(field, message);
        }
    }

    /// Notes a flaw unless the text has 1 to `most` characters and no control characters.
    pub fn text(&mut self, field: &str, text: &str, most: usize) {
        let count = text.chars().count();
        let good = (1..=most).contains(&count) && !text.chars().any(char::is_control);
        self.unless(
            good,
            field,
            &format!("1 to {most} characters without control characters"),
        );
    }

    /// Keeps the value of a parser, or notes its error.
    pub fn keep<T, E: std::fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All flaws, in the order of their discovery.
    pub fn into_vec(self) -> Vec<Flaw> {
        self.0
    }
}
