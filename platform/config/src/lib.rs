#![doc = include_str!("../README.md")]

mod error;
mod reader;
mod secret;
mod strings;
#[cfg(test)]
mod tests;

pub use error::{Error, Mistake};
pub use reader::{Reader, Setting};
pub use secret::Secret;
pub use strings::Strings;
