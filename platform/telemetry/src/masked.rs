use std::fmt;

/// A phone number for logs: `+97798****567`. Anything short becomes stars.
pub fn mask_phone(text: &str) -> String {
    khaacho_phone::mask(text)
}

/// Wraps a phone number (or a text that contains nothing else) so that it prints masked.
///
/// ```
/// # use khaacho_telemetry::Masked;
/// assert_eq!(Masked("+9779841234567").to_string(), "+97798****567");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_phone(self.0.as_ref()))
    }
}

impl<T: AsRef<str>> fmt::Debug for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
