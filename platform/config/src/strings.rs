use std::{collections::BTreeMap, ffi::OsString};

/// A snapshot of environment variables. Cheap to pass around, never changes.
#[derive(Clone, Default)]
pub struct Strings(BTreeMap<String, OsString>);

/// What a name holds.
pub(crate) enum Found<'a> {
    Absent,
    Text(&'a str),
    NotText,
}

impl Strings {
    /// The variables of this process, now.
    pub fn from_env() -> Self {
        // names that are no UTF-8 cannot be asked for, so they may go
        let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self(named.collect())
    }

    /// Given variables, for tests and for commands that compute settings. A later pair wins over an earlier
    /// one.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into().into()))
                .collect(),
        )
    }

    /// The same with one variable added or replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), value.into().into());
        self
    }

    /// The value as it stands, `None` when absent, empty or not UTF-8. Settings are read through
    /// [`Reader`](crate::Reader); this is for the few variables of other programs (`PATH`, `HOME`).
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.find(name) {
            Found::Text(text) => Some(text),
            Found::Absent | Found::NotText => None,
        }
    }

    pub(crate) fn find(&self, name: &str) -> Found<'_> {
        match self.0.get(name).map(|value| value.to_str()) {
            None => Found::Absent,
            Some(None) => Found::NotText,
            // spaces around a value are never meant: they come from dashboards and from `export A= b`
            Some(Some(text)) => match text.trim() {
                "" => Found::Absent,
                text => Found::Text(text),
            },
        }
    }
}

/// Names only: values may be secrets.
impl std::fmt::Debug for Strings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
