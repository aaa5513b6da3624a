use std::fmt;

/// One thing that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The variable.
    pub name: String,
    /// What is wrong, with the value unless it is a secret.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

/// Everything that is wrong with the settings, in the order in which they were read. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    mistakes: Vec<Mistake>,
}

impl Error {
    pub(crate) fn of(mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Self { mistakes })
        }
    }

    /// The single mistakes.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// Both lists in one, so that several readers can report together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.mistakes.extend(other.mistakes);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.mistakes.len();
        write!(
            f,
            "{count} setting{} wrong",
            if count == 1 { " is" } else { "s are" }
        )?;
        for Mistake {
            name,
            problem,
            expected,
        } in &self.mistakes
        {
            write!(f, "\n  {name}: {problem}, expected {expected}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
