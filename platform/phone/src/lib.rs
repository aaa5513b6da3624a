//! Phone numbers in E.164. See the crate's README.

use phonenumber::{Mode, country};
use std::{borrow::Cow, fmt, str::FromStr};

#[cfg(test)]
mod tests;

/// Longer texts are no phone number and are not even looked at.
const LONGEST: usize = 64;
/// Digits of a number with its country code: E.164 section 6.
const DIGITS_MAX: usize = 15;

/// Why a text is not a phone number. Does not contain the text: it may be somebody's number after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing in it reads as a phone number.
    #[error("not a phone number")]
    NotANumber,
    /// It reads as a number that no subscriber of that country can have.
    #[error("no such phone number exists")]
    NotValid,
}

/// A phone number in E.164, `+9779841234567`. `Debug` prints it masked.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(Box<str>);

impl Phone {
    /// Reads what people and providers write. Without a country code the number is Nepalese.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::NotANumber);
        }
        let plain = plain(text);
        let e164 = read(&plain)?;
        // Some zeros (after +800) are read in two ways: such a number would be written into a row and not be one when
        // it is read back. What is written so already was read just now.
        if e164 != plain && read(&e164).as_ref() != Ok(&e164) {
            return Err(Error::NotValid);
        }
        Ok(Self(e164.into()))
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For logs: `+97798****567`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// The number in E.164 that the library reads in a text.
fn read(plain: &str) -> Result<String, Error> {
    let number = phonenumber::parse(Some(country::NP), plain).map_err(|_| Error::NotANumber)?;
    if !phonenumber::is_valid(&number) {
        return Err(Error::NotValid);
    }
    let e164 = number.format().mode(Mode::E164).to_string();
    // Some plans that the library knows (Germany's) allow more digits than E.164 does.
    if e164.len() > 1 + DIGITS_MAX {
        return Err(Error::NotValid);
    }
    Ok(e164)
}

/// The text without what the library does not know: a provider's prefix, Devanagari digits, `00` for `+`.
fn plain(text: &str) -> String {
    let text = text.trim();
    let digits: String = bare(text).chars().map(|c| devanagari(c).unwrap_or(c)).collect();
    let digits = digits.trim_start();
    match digits.strip_prefix("00") {
        Some(international) => format!("+{international}"),
        None => digits.to_owned(),
    }
}

fn bare(text: &str) -> &str {
    const PREFIX: &str = "whatsapp:";
    match text.get(..PREFIX.len()) {
        Some(head) if head.eq_ignore_ascii_case(PREFIX) => &text[PREFIX.len()..],
        _ => text,
    }
}

fn devanagari(c: char) -> Option<char> {
    let value = u32::from(c).checked_sub(u32::from('०'))?;
    char::from_digit(value, 10)
}

/// Any text that may be a phone number, for logs: the first six and the last three characters of something
/// long, nothing but stars of something short.
pub fn mask(text: &str) -> String {
    let text = bare(text.trim());
    let count = text.chars().count();
    if count < 12 {
        return "****".to_owned();
    }
    let head: String = text.chars().take(6).collect();
    let tail: String = text.chars().skip(count - 3).collect();
    format!("{head}****{tail}")
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl AsRef<str> for Phone {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Phone {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl serde::Serialize for Phone {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Phone {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
